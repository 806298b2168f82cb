"""Files as partners sent them, kept for good under their SHA-256: the same file sent again is the same file."""

from __future__ import annotations

from pathlib import Path


def file_of(drafts: str | Path, sha256: str) -> Path:
    """Where a file of a digest is kept. No name that a caller gives is ever part of a path."""
    return Path(drafts) / "files" / sha256[:2] / sha256
