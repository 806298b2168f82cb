"""How SDMX's addresses leave parts open, and how they name versions."""

from __future__ import annotations

ANY = frozenset({"*", "all", "~", "+", "latest"})
"""Ways to leave a part open. Every artefact has one version, so that the latest is the only one."""


def is_version(asked: str, version: str) -> bool:
    """Whether a version is one of those asked for: as it is, cut (`1.0`), or with a plus (`1.0+.0`, and later)."""
    texts = [text if text in ANY else text.replace("+", "") for text in asked.split(",")]
    return any(text in ANY or version in {text, f"{text}.0", f"{text}.0.0"} for text in texts)
