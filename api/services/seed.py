"""Loads the figures that come with the project (`seed/`, a Data Package) into an empty database, in one transaction."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from api import models
from api.catalogue import index_of
from api.database import Database
from api.services import boundaries, projections, schema
from api.services.described import UNHELD, Revision, revise, table_of
from api.services.ranges import key_of
from api.services.releasing import COUNTED_BY, finish_release
from api.services.sizes import note_sizes
from api.services.staged import to_end, to_stand
from api.settings import SEED

_BATCH = 5_000

Row = dict[str, Any]
Progress = Callable[[str], None]


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been published in this database yet."""
    return connection.execute(select(models.Release.id).limit(1)).first() is None


def load(
    connection: Connection,
    *,
    progress: Progress,
    folder: Path = SEED,
    projected: bool = True,
) -> int:
    """Load the package in `folder`; `progress` is told what is being loaded. Returns the number of observations.

    Unless they are wanted `projected`, the projections that come with the figures are left out, to be computed anew.
    """
    loaded = _Loader(connection, folder, progress).load()
    if projected:
        progress("projections")
        projections.complete(connection, folder=folder)
    return loaded


def fill(url: str, *, projected: bool = True, folder: Path = SEED) -> str:
    """Make a database with the figures of a package at an address, and give the address back: for tests and tools."""
    database = Database(url)
    database.create()
    with database.begin() as connection:
        schema.migrate(connection)
    with database.begin() as connection:
        load(connection, progress=lambda _: None, projected=projected, folder=folder)
        note_sizes(connection)
    database.engine.dispose()
    return url


def definitions(folder: Path = SEED) -> list[Row]:
    """The indices of a package as rows: each is a file of its own. ValueError where one cannot be an index."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted((folder / "indices").glob("*.json"))]
    return [
        {"id": index_of(given).id, "content": {name: part for name, part in given.items() if name != "id"}}
        for given in found
    ]


class _Loader:
    """One loading: the connection, and the numbers that slugs and codes were given."""

    def __init__(self, connection: Connection, folder: Path, progress: Progress) -> None:
        self.connection = connection
        self.folder = folder
        self.progress = progress
        self.releases = list(self._read("releases", release="id"))
        self.later: defaultdict[int, list[Revision]] = defaultdict(list)
        """What a release says otherwise than those before it, by its number."""
        # Numbered in the order of the files, so that rows ordered by number are ordered by code or position; but that
        # the codes of a place stand side by side, the oldest first, so that its figures come in the order of time.
        self.regions = {code: number for number, code in enumerate(self._codes(), 1)}
        slugs = dict.fromkeys(row["indicator"] for row in self._read("indicators"))
        self.indicators = {slug: number for number, slug in enumerate(slugs, 1)}
        self.files = {row["source_file"]: number for number, row in enumerate(self._read("source_files"), 1)}

    def _codes(self) -> list[str]:
        """The codes of all regions, in the order of the newest code of their place, and then of their age."""
        after = {
            row["predecessor"]: row["successor"] for row in self._read("region_successions") if row["kind"] == "recoded"
        }

        def key(code: str) -> tuple[str, int]:
            steps = 0
            while code in after:
                code, steps = after[code], steps - 1
            return code, steps

        return sorted((row["region"] for row in self._read("regions")), key=key)

    def load(self) -> int:
        self.progress("places")
        self._geography()
        self.progress("sources, components and indicators")
        self._catalogue()
        for model, rows in boundaries.of_package(self.folder, self.regions):
            self._insert(model, rows)
        of_each = {number: self._observations(slug) for slug, number in self.indicators.items()}
        figures = list(chain.from_iterable(of_each.values()))
        self.progress("published figures and known gaps")
        self._described_since(of_each)
        self.progress("coverage of each release")
        for release in self.releases:
            number = release["id"]
            self._insert(models.Release, [release])
            described = set(revise(self.connection, number, self.later[number]))
            # Levels stand in the first release, and in no later one.
            described |= COUNTED_BY if release is self.releases[0] else set()
            finish_release(self.connection, number, _changes(figures, number), described=described, only_new=False)
        return len(figures)

    def _described_since(self, of_each: dict[int, list[Row]]) -> None:
        """Load what is said since some release: no release names a file, or tells of a gap, before the figures of it.

        A quoted figure stands in the releases after its publication.
        """
        first_of = {number: min(row["first_release"] for row in rows) for number, rows in of_each.items() if rows}
        firsts: dict[int, int] = {}
        for row in chain.from_iterable(of_each.values()):
            file, first = row["source_file_id"], row["first_release"]
            firsts[file] = min(first, firsts.get(file, first))
        named = update(table_of(models.SourceFile)).where(models.SourceFile.id == bindparam("file"))
        self.connection.execute(named, [{"file": file, "first_release": first} for file, first in firsts.items()])
        self._insert(
            models.Gap,
            (
                row | {"first_release": first_of.get(row["indicator_id"], 1)}
                for row in self._numbered("gaps", indicator=self.indicators, region=self.regions)
            ),
        )
        editions = {row["name"]: row["published_by"] for row in self._read("published_by") if row["kind"] == "edition"}
        renamed = {"region": "region_code", "level": "level_id"}
        since = {edition: _first_after(self.releases, day) for edition, day in editions.items()}
        quoted = self._numbered("published_figures", renamed, indicator=self.indicators)
        self._insert(models.PublishedFigure, (row | {"first_release": since[row["edition"]]} for row in quoted))

    def _geography(self) -> None:
        regions = self.regions
        self._insert(models.Level, self._read("levels", level="id"))
        self._insert(
            models.Region, (row | {"id": regions[row["code"]]} for row in self._read("regions", region="code"))
        )
        self._insert(models.RegionLevel, self._numbered("region_levels", {"level": "level_id"}, region=regions))
        self._insert(models.RegionParent, self._numbered("region_parents", region=regions, parent=regions))
        self._insert(models.RegionAlias, self._numbered("region_aliases", region=regions))
        self._insert(
            models.RegionSuccession, self._numbered("region_successions", predecessor=regions, successor=regions)
        )

    def _catalogue(self) -> None:
        self._say(models.Source, self._read("sources", source="id"))
        # No release names a file before it has figures of it: which those are is known later.
        self._insert(
            models.SourceFile,
            (
                row | {"id": self.files[row["slug"]], "first_release": UNHELD}
                for row in self._read("source_files", source_file="slug", source="source_id")
            ),
        )
        self._say(models.Component, self._read("components", component="id"))
        renamed = {"indicator": "slug", "component": "component_id", "source": "source_id"}
        indicators = [
            row | {"id": self.indicators[row["slug"]]}
            for row in self._numbered("indicators", renamed, denominator=self.indicators)
        ]
        # Indicators that others are divided by come first: the foreign key looks at each row.
        self._say(models.Indicator, sorted(indicators, key=lambda row: row["denominator_id"] is not None))
        self._insert(models.IndexDefinition, definitions(self.folder))

    def _say(self, model: type[models.Base], rows: Iterable[Row]) -> None:
        """Load rows that say since which release they hold; what is said anew of a thing waits for its release."""
        first: dict[Any, Row] = {}
        for row in sorted(rows, key=lambda row: row.setdefault("first_release", 1)):
            if row["id"] in first:
                self.later[row["first_release"]].append(Revision(model, [row]))
            else:
                first[row["id"]] = row
        self._insert(model, first.values())

    def _observations(self, slug: str) -> list[Row]:
        """The observations of an indicator, of all releases; their series are there then."""
        self.progress(slug)
        indicator = self.indicators[slug]
        name = f"observations/{slug}"
        regions = sorted({self.regions[row["region"]] for row in self._read(name)})
        self._insert(models.Series, ({"indicator_id": indicator, "region_id": region} for region in regions))
        made = select(models.Series.region_id, models.Series.id).where(models.Series.indicator_id == indicator)
        numbers = dict(self.connection.execute(made).all())
        series = {code: numbers.get(region) for code, region in self.regions.items()}
        return [row | {"series_id": series[row.pop("region")]} for row in self._numbered(name, source_file=self.files)]

    def _read(self, name: str, **renamed: str) -> Iterator[Row]:
        """The rows of a file, empty cells as None, numbers read, some columns under another name."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {
                    renamed.get(column, column): _READERS.get(column, str)(text) if text else None
                    for column, text in row.items()
                }

    def _numbered(self, name: str, renamed: dict[str, str] | None = None, **numbers: dict[str, int]) -> Iterator[Row]:
        """The rows of a file with each named column (`region`) turned into the number it was given (`region_id`)."""
        for row in self._read(name, **(renamed or {})):
            given = {column: row.pop(column) for column in numbers}
            yield row | {f"{column}_id": numbers[column][value] if value else None for column, value in given.items()}

    def _insert(self, model: type[models.Base], rows: Any) -> None:
        rows = iter(rows)
        while batch := list(islice(rows, _BATCH)):
            self.connection.execute(insert(model), batch)


def _first_after(releases: list[Row], day: str) -> int:
    """The first release that was published on a day or after it. ValueError where there is none."""
    number = next((int(row["id"]) for row in releases if day <= row["published_at"].date().isoformat()), None)
    if number is None:
        raise ValueError(f"No release of the package was published on {day} or after it: correct published_by.")
    return number


def _changes(figures: list[Row], release: int) -> Iterator[Row]:
    """What a release changes, as it is staged: the figures that begin with it, and the end of those none follows."""
    begun = [row for row in figures if row["first_release"] == release]
    ended = {key_of(row) for row in figures if row["last_release"] == release - 1}
    yield from map(to_stand, begun)
    yield from map(to_end, sorted(ended.difference(map(key_of, begun))))


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
