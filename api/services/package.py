"""The figures that come with the project (`seed/`, a Data Package), read as rows of the database.

A package tells of each row since which of its releases it holds. What it says anew of something is a further row.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from api import models
from api.catalogue.indices import row_of
from api.services.described import Model
from api.services.ranges import in_utc, key_of
from api.services.staged import to_end, to_stand
from api.settings import SEED

Row = dict[str, Any]
Codes = Mapping[str, int]
"""The numbers that the database has for slugs and codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of what the rows of a package refer to."""

    regions: Codes
    indicators: Codes
    files: Codes


def definitions(folder: Path = SEED) -> list[Row]:
    """The indices of a package as rows: each version is a file of its own. ValueError where one cannot be an index.

    Each has the release that it came with; those of releases that the package ends before are left out.
    """
    found = [json.loads(path.read_text("utf-8")) for path in sorted((folder / "indices").glob("*.json"))]
    with (folder / "releases.csv").open(encoding="utf-8", newline="") as file:
        last = max(int(row["release"]) for row in csv.DictReader(file))
    rows = [{"first_release": given.pop("first_release", 1), **row_of(given)} for given in found]
    return [row for row in rows if row["first_release"] <= last]


class Package:
    """A package in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name: str = json.loads((folder / "datapackage.json").read_text("utf-8"))["name"]
        self.releases = list(self._read("releases", release="id"))
        """Its releases, oldest first, as rows."""

    def actor(self, release: int) -> str:
        """Who publishes a release of it: by this a database that holds the release is known."""
        return f"{self.name}, release {release}"

    def held(self, connection: Connection) -> dict[int, int]:
        """The releases of it that a database holds, and their numbers there.

        Code that did not note who published a release published those of a package under their numbers: with their
        moments, and nobody else's are reconstructed.
        """
        actors = {self.actor(row["id"]): row["id"] for row in self.releases}
        own = {row["id"]: row for row in self.releases}
        found = {}
        release = models.Release
        columns = (release.id, release.actor, release.published_at, release.reconstructed)
        for number, actor, moment, reconstructed in connection.execute(select(*columns)):
            if actor in actors:
                found[actors[actor]] = number
            elif actor is None and number in own and (reconstructed or in_utc(moment) == own[number]["published_at"]):
                found[number] = number
        return found

    def regions(self) -> list[str]:
        """The codes of all regions as they are numbered: in the order of the newest code of their place, then of age.

        So rows ordered by number are ordered by code, and the figures of a place come in the order of time.
        """
        after = {
            row["predecessor"]: row["successor"] for row in self._read("region_successions") if row["kind"] == "recoded"
        }

        def key(code: str) -> tuple[str, int]:
            steps = 0
            while code in after:
                code, steps = after[code], steps - 1
            return code, steps

        return sorted((row["region"] for row in self._read("regions")), key=key)

    def indicators(self, *, after: int = 0) -> list[str]:
        """The slugs of indicators, in their order; those alone that no release up to one knows."""
        first: dict[str, int] = {}
        for row in self._read("indicators"):
            first[row["indicator"]] = min(row["first_release"], first.get(row["indicator"], row["first_release"]))
        return [slug for slug, release in first.items() if release > after]

    def files(self, *, after: int = 0) -> list[str]:
        """The identifiers of the files that figures were read from; those alone that no release up to one has."""
        files = [row["source_file"] for row in self._read("source_files")]
        if not after:
            return files
        known = {
            row["source_file"]
            for slug in self.indicators()
            for row in self._read(f"observations/{slug}")
            if row["first_release"] <= after
        }
        return [slug for slug in files if slug not in known]

    def figures(self, slug: str, numbers: Numbers) -> list[Row]:
        """The observations of an indicator, of all releases; each has the number of its region as `region_id`."""
        return list(self._numbered(f"observations/{slug}", region=numbers.regions, source_file=numbers.files))

    def described(self, numbers: Numbers, figures: Mapping[str, list[Row]]) -> dict[Model, list[Row]]:
        """The rows of each table that is not of figures, each with its `first_release`.

        No release names a file, or tells of a gap, before the figures of it, and a quoted figure stands in the releases
        after its publication.
        """
        regions, indicators = numbers.regions, numbers.indicators
        of_indicator, of_file = _first_releases(figures, numbers)
        renamed = {"indicator": "slug", "component": "component_id", "source": "source_id"}
        found: dict[Model, Iterator[Row] | list[Row]] = {
            models.Level: self._read("levels", level="id"),
            models.Region: (row | {"id": regions[row["code"]]} for row in self._read("regions", region="code")),
            models.RegionLevel: self._numbered("region_levels", {"level": "level_id"}, region=regions),
            models.RegionParent: self._numbered("region_parents", region=regions, parent=regions),
            models.RegionAlias: self._numbered("region_aliases", region=regions),
            models.RegionSuccession: self._numbered("region_successions", predecessor=regions, successor=regions),
            models.Source: self._read("sources", source="id"),
            models.SourceFile: (
                row | {"id": numbers.files[row["slug"]], "first_release": of_file[numbers.files[row["slug"]]]}
                for row in self._read("source_files", source_file="slug", source="source_id")
                if numbers.files[row["slug"]] in of_file
            ),
            models.Component: self._read("components", component="id"),
            models.Indicator: (
                row | {"id": indicators[row["slug"]]}
                for row in self._numbered("indicators", renamed, denominator=indicators)
            ),
            models.IndexDefinition: definitions(self.folder),
            models.Gap: (
                row | {"first_release": of_indicator.get(row["indicator_id"], 1)}
                for row in self._numbered("gaps", indicator=indicators, region=regions)
            ),
            models.PublishedFigure: self._quoted(indicators),
        }
        return {model: [{"first_release": 1, **row} for row in rows] for model, rows in found.items()}

    def _quoted(self, indicators: Codes) -> Iterator[Row]:
        """What others printed; since the release that compared it with a figure here, with what came of that."""
        editions = {row["name"]: row["published_by"] for row in self._read("published_by") if row["kind"] == "edition"}
        since = {edition: self._first_after(day) for edition, day in editions.items()}
        matched = self._numbered("published_matches", {"match_region": "match_region_code"}, indicator=indicators)
        matches = {row.pop("id"): row for row in matched}
        renamed = {"region": "region_code", "level": "level_id"}
        for row in self._numbered("published_figures", renamed, indicator=indicators):
            first = since[row["edition"]]
            match = matches.get(row["id"])
            if match is None or match["first_release"] > first:
                yield row | {"first_release": first}
            if match is not None:
                yield row | match | {"first_release": max(first, match["first_release"])}

    def _first_after(self, day: str) -> int:
        """The first release that was published on a day or after it. ValueError where there is none."""
        known = (int(row["id"]) for row in self.releases if day <= row["published_at"].date().isoformat())
        number = next(known, None)
        if number is None:
            raise ValueError(f"No release of the package was published on {day} or after it: correct published_by.")
        return number

    def _read(self, name: str, **renamed: str) -> Iterator[Row]:
        """The rows of a file, empty cells as None, numbers read, some columns under another name."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {
                    renamed.get(column, column): _READERS.get(column, str)(text) if text else None
                    for column, text in row.items()
                }

    def _numbered(self, name: str, renamed: dict[str, str] | None = None, **numbers: Codes) -> Iterator[Row]:
        """The rows of a file with each named column (`region`) turned into the number it was given (`region_id`)."""
        for row in self._read(name, **(renamed or {})):
            given = {column: row.pop(column) for column in numbers}
            yield row | {f"{column}_id": numbers[column][value] if value else None for column, value in given.items()}


def changes_of(figures: list[Row], release: int) -> Iterator[Row]:
    """What a release changes, as it is staged: the figures that begin with it, and the end of those none follows.

    `figures` have their series as `series_id`.
    """
    begun = [row for row in figures if row["first_release"] == release]
    ended = {key_of(row) for row in figures if row["last_release"] == release - 1}
    yield from map(to_stand, begun)
    yield from map(to_end, sorted(ended.difference(map(key_of, begun))))


def _first_releases(figures: Mapping[str, list[Row]], numbers: Numbers) -> tuple[dict[int, int], dict[int, int]]:
    """The first release with figures of each indicator, and of each file."""
    of_indicator = {
        numbers.indicators[slug]: min(row["first_release"] for row in rows) for slug, rows in figures.items() if rows
    }
    of_file: dict[int, int] = {}
    for row in chain.from_iterable(figures.values()):
        file, first = row["source_file_id"], row["first_release"]
        of_file[file] = min(first, of_file.get(file, first))
    return of_indicator, of_file


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("value", "lower", "upper", "bound_value", "latitude", "longitude"), float),
    **dict.fromkeys(
        ("position", "rank_order", "decimals", "hex_q", "hex_r", "release", "first_release", "last_release"), int
    ),
    **dict.fromkeys(("measured", "reconstructed", "over_time"), _boolean),
    "published_at": datetime.fromisoformat,
    "content": json.loads,
}
"""How the columns are read that do not hold text."""
