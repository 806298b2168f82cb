"""Loads the figures that come with the project (`seed/`, a Data Package) into an empty database, in one transaction."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from api import models
from api.catalogue import index_of
from api.database import Database
from api.services import schema
from api.services.coverage import note_first_sources, refresh_coverage
from api.services.described import note_fingerprint
from api.services.ranges import note_changes
from api.settings import ROOT

SEED = ROOT / "seed"
_BATCH = 5_000

Row = dict[str, Any]
Progress = Callable[[str], None]


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been published in this database yet."""
    return connection.execute(select(models.Release.id).limit(1)).first() is None


def load(connection: Connection, *, progress: Progress, folder: Path = SEED, projections: bool = True) -> int:
    """Load the package in `folder`; `progress` is told what is being loaded. Returns the number of observations.

    Without `projections` those that come with the figures are left out, to be computed anew.
    """
    loader = _Loader(connection, folder, progress)
    loaded = loader.load()
    if projections:
        loader.load_projections()
    return loaded


def fill(url: str, *, projections: bool = True) -> str:
    """Make a database with the figures of the package at an address, and give the address back: for tests and tools."""
    database = Database(url)
    database.create()
    with database.begin() as connection:
        schema.migrate(connection)
    with database.begin() as connection:
        load(connection, progress=lambda _: None, projections=projections)
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
        # Numbered in the order of the files, so that rows ordered by number are ordered by code or position; but that
        # the codes of a place stand side by side, the oldest first, so that its figures come in the order of time.
        self.regions = {code: number for number, code in enumerate(self._codes(), 1)}
        self.indicators = {row["indicator"]: number for number, row in enumerate(self._read("indicators"), 1)}
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
        releases = list(self._read("releases", release="id"))
        self._insert(models.Release, releases)
        loaded = sum(self._observations(slug) for slug in self.indicators)
        self.progress("published figures and known gaps")
        renamed = {"region": "region_code", "level": "level_id"}
        self._insert(models.PublishedFigure, self._numbered("published_figures", renamed, indicator=self.indicators))
        self._insert(models.Gap, self._numbered("gaps", indicator=self.indicators, region=self.regions))
        self.progress("coverage of each release")
        note_first_sources(self.connection, list(self.indicators.values()))
        for release in releases:
            refresh_coverage(self.connection, release=release["id"], indicators=self.indicators.values())
            note_fingerprint(self.connection, release["id"])
            note_changes(self.connection, release["id"])
        return loaded

    def load_projections(self) -> None:
        """Load what was projected of these figures: a running service computes no projection."""
        self.progress("projections")
        pair = select(models.Series.indicator_id, models.Series.region_id, models.Series.id)
        series = {(indicator, region): number for indicator, region, number in self.connection.execute(pair)}
        rows = self._numbered("projections", {"release": "release_id"}, indicator=self.indicators, region=self.regions)
        self._insert(
            models.Projection,
            (row | {"series_id": series[row.pop("indicator_id"), row.pop("region_id")]} for row in rows),
        )

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
        self._insert(models.Source, self._read("sources", source="id"))
        self._insert(
            models.SourceFile,
            (
                row | {"id": self.files[row["slug"]]}
                for row in self._read("source_files", source_file="slug", source="source_id")
            ),
        )
        self._insert(models.Component, self._read("components", component="id"))
        renamed = {"indicator": "slug", "component": "component_id", "source": "source_id"}
        indicators = [
            row | {"id": self.indicators[row["slug"]]}
            for row in self._numbered("indicators", renamed, denominator=self.indicators)
        ]
        # Indicators that others are divided by come first: the foreign key looks at each row.
        self._insert(models.Indicator, sorted(indicators, key=lambda row: row["denominator_id"] is not None))
        self._insert(models.IndexDefinition, definitions(self.folder))

    def _observations(self, slug: str) -> int:
        self.progress(slug)
        indicator = self.indicators[slug]
        name = f"observations/{slug}"
        regions = sorted({self.regions[row["region"]] for row in self._read(name)})
        self._insert(models.Series, ({"indicator_id": indicator, "region_id": region} for region in regions))
        made = select(models.Series.region_id, models.Series.id).where(models.Series.indicator_id == indicator)
        numbers = dict(self.connection.execute(made).all())
        series = {code: numbers.get(region) for code, region in self.regions.items()}
        rows = [row | {"series_id": series[row.pop("region")]} for row in self._numbered(name, source_file=self.files)]
        self._insert(models.Observation, rows)
        return len(rows)

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
