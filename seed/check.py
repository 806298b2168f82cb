"""Compares every figure in `seed/` with what a running service answers: `make seed-check`.

Reads the service as any client would, page by page, and fails on the first kinds of difference it finds: a figure
that is missing, that nobody compiled, or that has another value, status, limit, name or unit; a figure that a release
holds before its publisher had published it, or a file that a release names before it holds figures of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parent
_SHOWN = 10

Key = tuple[str, str, str]
Figure = tuple[float | None, str, float | None, float | None, str, str]
Files = dict[str, set[str]]
"""The files whose figures have stood in the releases up to each, by its number."""


def compiled() -> dict[Key, Figure]:
    """The current figures in `seed/`: indicator, region, period -> value, status, lower and upper limit, name, unit."""
    names = {row["region"]: row["name"] for row in _read(SEED / "regions.csv")}
    units = {row["indicator"]: row["unit"] for row in _read(SEED / "indicators.csv")}
    figures: dict[Key, Figure] = {}
    for path in sorted((SEED / "observations").glob("*.csv")):
        for row in _read(path):
            if row["last_release"]:
                continue
            key = (path.stem, row["region"], row["period"])
            if key in figures:
                raise SystemExit(f"{key} stands twice in seed/")
            value, lower, upper = (float(row[name]) if row.get(name) else None for name in ("value", "lower", "upper"))
            figures[key] = (value, row["status"], lower, upper, names[row["region"]], units[path.stem])
    return figures


def files_used(seed: Path = SEED) -> Files:
    """The files that each release has figures of, or that one before it had."""
    releases = [row["release"] for row in _read(seed / "releases.csv")]
    used: Files = {number: set() for number in releases}
    for path in sorted((seed / "observations").glob("*.csv")):
        for row in _read(path):
            for number in releases[releases.index(row["first_release"]) :]:
                used[number].add(row["source_file"])
    return used


def days_of_files(seed: Path = SEED) -> dict[str, str]:
    """The day of each file: that of its version, or one by which its figures had been published; empty without any."""
    bounds = {(row["kind"], row["name"]): row["published_by"] for row in _read(seed / "published_by.csv")}
    files = _read(seed / "source_files.csv")
    return {
        row["source_file"]: row["version_date"] or bounds.get(("source-file", row["source_file"]), "") for row in files
    }


def too_early(seed: Path = SEED) -> list[str]:
    """What releases hold before it was published: files of a later day, or of a day that nothing bounds."""
    days = {row["release"]: row["published_at"][:10] for row in _read(seed / "releases.csv")}
    known = days_of_files(seed)
    return [
        f"release {number} of {days[number]} holds figures of {file}, which is of {known[file] or 'a day not known'}"
        for number, files in files_used(seed).items()
        for file in sorted(files)
        if not known[file] or known[file] > days[number]
    ]


def named(base: str, releases: Iterable[str]) -> Files:
    """The files that the service at an address names at some releases."""
    found: Files = {}
    for number in releases:
        sources = _get(f"{base}/v1/sources?release={number}&limit=1000")["data"]
        addresses = (f"{base}/v1/sources/{source['id']}?release={number}" for source in sources)
        found[number] = {file["id"] for address in addresses for file in _get(address)["data"]["files"]}
    return found


def served(base: str) -> dict[Key, Figure]:
    """The figures of the service at an address, each under the code it was published under, from page to page."""
    figures: dict[Key, Figure] = {}
    address: str | None = "/v1/series?history=own&limit=10000"
    while address:
        page = _get(base + address)
        for series in page["data"]:
            for row in series["observations"]:
                key = (series["indicator"], series["region"], row["period"])
                if key in figures:
                    raise SystemExit(f"{key} is served twice")
                limits = row["bounds"] or {"lower": None, "upper": None}
                said = (series["region_name"], series["unit"])
                figures[key] = (row["value"], row["status"], limits["lower"], limits["upper"], *said)
        address = page["links"]["next"]
        print(f"\r  {len(figures):,} figures read from {base}", end="", flush=True)
    print()
    return figures


def main() -> int:
    """Compare, and tell. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="address of the running service, such as http://127.0.0.1:8000")
    base = parser.parse_args().base.rstrip("/")
    here, there, used = compiled(), served(base), files_used()
    files = named(base, used)
    differences = [
        *too_early(),
        *(
            f"release {number}: {file} is named or has figures, but not both"
            for number in used
            for file in sorted(used[number] ^ files[number])
        ),
        *(f"{key} is not served" for key in here.keys() - there.keys()),
        *(f"{key} is served, but nobody compiled it" for key in there.keys() - here.keys()),
        *(
            f"{key}: compiled {here[key]}, served {there[key]}"
            for key in here.keys() & there
            if here[key] != there[key]
        ),
    ]
    for line in sorted(differences)[:_SHOWN]:
        print(line, file=sys.stderr)
    print(f"compiled {len(here):,}, served {len(there):,}, different {len(differences):,}")
    return 1 if differences or not here else 0


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _get(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=60) as response:
        page: dict[str, Any] = json.load(response)
    return page


if __name__ == "__main__":
    sys.exit(main())
