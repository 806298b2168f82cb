"""Compares the committed document with that of the last version, and fails on a break that the changelog does not tell.

`released/` holds the document of each version, without words and examples. A break passes where a line under
`## Unreleased` in CHANGELOG.md begins with `*breaking*` and names the operation (``GET /v1/levels``, ``/v1/levels`` or
``listLevels``) or the schema (``LevelItem``) in backquotes. `--close` keeps the document of a version that was just
given its heading.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from api.settings import ROOT
from openapi.breaking import Break, breaks

DOCUMENT = ROOT / "openapi" / "openapi.json"
RELEASED = ROOT / "openapi" / "released"
CHANGELOG = ROOT / "CHANGELOG.md"
_WORDS = frozenset({"description", "summary", "example", "examples", "title"})
_NAMED = frozenset({"properties", "paths", "schemas", "responses", "parameters", "headers", "content"})
"""Where keys are names of things rather than words of OpenAPI."""


def last_version(changelog: str) -> str:
    """The newest version that has a heading. ValueError where there is none."""
    found = re.search(r"^## (\d+\.\d+\.\d+)\b", changelog, flags=re.MULTILINE)
    if found is None:
        raise ValueError("CHANGELOG.md has no heading of a version, such as `## 0.1.0 - 2026-11-22`")
    return found[1]


def admitted(changelog: str) -> set[str]:
    """What the lines marked *breaking* under `## Unreleased` name in backquotes."""
    section = re.search(r"^## Unreleased$(.*?)(?=^## |\Z)", changelog, flags=re.MULTILINE | re.DOTALL)
    lines = re.split(r"^\s*[-*] ", section[1] if section else "", flags=re.MULTILINE)
    return {name for line in lines if line.startswith("*breaking*") for name in re.findall(r"`([^`]+)`", line)}


def untold(old: Any, new: Any, changelog: str) -> list[Break]:
    """The breaks from one document to another that a changelog does not tell."""
    told = admitted(changelog)
    return [item for item in breaks(old, new) if told.isdisjoint(item.names)]


def bare(document: Any, *, named: bool = False) -> Any:
    """A document without what is written for people: what is left is what clients are made from."""
    if isinstance(document, list):
        return [bare(item) for item in document]
    if not isinstance(document, dict):
        return document
    return {
        name: bare(item, named=not named and name in _NAMED)
        for name, item in document.items()
        if named or name not in _WORDS
    }


def close(version: str) -> Path:
    """Keep the committed document as that of a version. FileExistsError where it has one: a version never changes."""
    path = RELEASED / f"{version}.json"
    document = bare(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    with path.open("x", encoding="utf-8") as file:
        file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def main() -> int:
    """Compare, or keep the document of a version. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--close", action="store_true", help="keep the document as that of the last version")
    changelog = CHANGELOG.read_text(encoding="utf-8")
    version = last_version(changelog)
    if parser.parse_args().close:
        try:
            print(f"{close(version).relative_to(ROOT)} written")
        except FileExistsError:
            print(f"The document of {version} is kept already, and a version never changes.", file=sys.stderr)
            return 1
        return 0
    kept = RELEASED / f"{version}.json"
    if not kept.exists():
        print(f"The document of {version} is missing: `python -m openapi.compare --close` keeps it.", file=sys.stderr)
        return 1
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (kept, DOCUMENT))
    found = untold(old, new, changelog)
    for item in found:
        print(item, file=sys.stderr)
    if found:
        print(
            f"{len(found)} changes break clients of {version}. Undo them, or tell each under `## Unreleased` in "
            "CHANGELOG.md, in a line that begins with *breaking* and names the operation or schema in backquotes.",
            file=sys.stderr,
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
