"""The figures that most tests ask: the package in `seed/` as it ended with release 4. A plugin of pytest.

Later releases change none of what these say, and three times the figures would take three times as long to load for
tests that load them dozens of times. What the whole package says is looked at in `tests/seed` and `tests/whole`.
"""

from __future__ import annotations

import atexit
import csv
import os
import shutil
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "seed"
LAST = 4


def write(folder: Path, last: int = LAST) -> Path:
    """Write the package as it ended with a release into a folder, and give the folder back."""
    (folder / "observations").mkdir(parents=True)
    for name in ("indices", "boundaries", "datapackage.json"):
        (folder / name).symlink_to(PACKAGE / name)
    files: set[str] = set()
    for path in sorted((PACKAGE / "observations").glob("*.csv")):
        rows = _until(last, _read(path))
        files |= {row["source_file"] for row in rows}
        if rows:
            _write(folder / "observations" / path.name, rows, like=path)
    releases = [row for row in _read(PACKAGE / "releases.csv") if int(row["release"]) <= last]
    day = releases[-1]["published_at"][:10]
    editions = {row["name"] for row in _read(PACKAGE / "published_by.csv") if row["published_by"] <= day}
    tables = {path.stem: _until(last, _read(path)) for path in PACKAGE.glob("*.csv")}
    tables |= {
        "releases": releases,
        "projections": [row for row in tables["projections"] if int(row["release"]) <= last],
        "source_files": [row for row in tables["source_files"] if row["source_file"] in files],
        "published_by": [row for row in tables["published_by"] if row["published_by"] <= day],
        "published_figures": [row for row in tables["published_figures"] if row["edition"] in editions],
    }
    known = {row["indicator"] for row in tables["indicators"]}
    tables["gaps"] = [row for row in tables["gaps"] if row["indicator"] in known]
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", rows, like=PACKAGE / f"{name}.csv")
    return folder


def _until(last: int, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows that stand in some release up to the last one, as they stand there."""
    standing = [row for row in rows if int(row.get("first_release") or 1) <= last]
    ends = {"last_release": ""}
    return [row | ends if row.get("last_release") and int(row["last_release"]) >= last else row for row in standing]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]], *, like: Path) -> None:
    columns = like.read_text("utf-8").partition("\n")[0].split(",")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if "SEED_PATH" not in os.environ:
    _made = Path(tempfile.mkdtemp(prefix="digital-capital-package-"))
    _made.chmod(0o755)
    os.environ["SEED_PATH"] = str(write(_made / "seed"))
    atexit.register(shutil.rmtree, _made, ignore_errors=True)
