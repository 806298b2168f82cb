"""A release as a Data Package: a ZIP of tables, with what describes them for people and for machines.

https://specs.frictionlessdata.io/data-package/
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from api.answers import catalogue, places, provenance, releases
from api.answers.reading import Reading
from api.catalogue import Source
from api.columns import CHANGES, INDICATORS, OBSERVATIONS, REGIONS, SOURCES, STATUSES, Column, key_of
from api.encoders import csv, csvw
from api.exports.tables import all_observations
from api.filters import IndicatorFilter, Page, RegionFilter
from api.rows import Answer

_OF = {"region": "regions", "published_region": "regions", "indicator": "indicators", "source": "sources"}
"""The tables that columns refer to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    name: str
    title: str
    columns: tuple[Column, ...]
    answer: Answer


def write_package(reading: Reading, file: BinaryIO) -> None:
    """Write the package of a release: the same bytes for the same release, whenever it is written."""
    moment = datetime.fromisoformat(reading.catalogue.release.published_at)
    with zipfile.ZipFile(file, "w") as archive:
        package = _Archive(archive, moment)
        tables = list(_tables(reading))
        resources = [_described(table, *package.add(f"{table.name}.csv", csv.stream(table.answer))) for table in tables]
        figures = tables[0]
        metadata = csvw.described(figures.answer, figures.columns, url="observations.csv")
        package.add("observations.csv-metadata.json", [orjson.dumps(metadata, option=orjson.OPT_INDENT_2)])
        descriptor = _descriptor(reading, figures.answer, resources)
        package.add("datapackage.json", [orjson.dumps(descriptor, option=orjson.OPT_INDENT_2)])
        package.add("README.md", [_readme(reading, figures.answer, tables).encode()])


class _Archive:
    """A ZIP whose entries are written as they are read, all at the moment of the release."""

    def __init__(self, archive: zipfile.ZipFile, moment: datetime) -> None:
        self._archive = archive
        self._date = moment.timetuple()[:6]

    def add(self, name: str, parts: Iterable[bytes]) -> tuple[int, str]:
        """Add a file; how many bytes it has, and their SHA-256."""
        entry = zipfile.ZipInfo(name, self._date)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        length, digest = 0, hashlib.sha256()
        with self._archive.open(entry, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)
                length += len(part)
                digest.update(part)
        return length, digest.hexdigest()


def _tables(reading: Reading) -> Iterator[_Table]:
    yield _Table(
        name="observations",
        title="Observations: every figure of the release",
        columns=OBSERVATIONS,
        answer=all_observations(reading),
    )
    yield _Table(
        name="regions",
        title="Regions: every code there ever was",
        columns=REGIONS,
        answer=places.list_regions(reading, RegionFilter(valid_on="any")),
    )
    yield _Table(
        name="indicators",
        title="Indicators: what is measured",
        columns=INDICATORS,
        answer=catalogue.list_indicators(reading, IndicatorFilter()),
    )
    yield _Table(
        name="sources",
        title="Sources: where the figures come from, and under which licence",
        columns=SOURCES,
        answer=catalogue.list_sources(reading, Page()),
    )
    yield _Table(
        name="changes",
        title="Changes: what differs from the release before; empty in the first one",
        columns=CHANGES,
        answer=releases.all_changes(reading),
    )


def _described(table: _Table, length: int, digest: str) -> dict[str, Any]:
    """A table as a resource of the package."""
    references = [
        {"fields": column.name, "reference": {"resource": _OF[column.name], "fields": _first(_OF[column.name])}}
        for column in table.columns
        if column.name in _OF
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": length,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": key_of(table.columns),
            **({"foreignKeys": references} if references else {}),
        },
    }


def _first(table: str) -> str:
    return {"regions": REGIONS, "indicators": INDICATORS, "sources": SOURCES}[table][0].name


def _field(column: Column) -> dict[str, Any]:
    constraints = {} if column.optional else {"constraints": {"required": True}}
    return {"name": column.name, "type": column.kind, "description": column.description, **constraints}


def _sources(reading: Reading, figures: Answer) -> list[Source]:
    """The sources of the figures, and that of the places that they are of."""
    names = dict.fromkeys([*(item["id"] for item in figures.meta["source"]), places.GEOGRAPHY_SOURCE])
    return [reading.catalogue.sources[name] for name in names]


def _descriptor(reading: Reading, figures: Answer, resources: list[dict[str, Any]]) -> dict[str, Any]:
    release = reading.catalogue.release
    sources = _sources(reading, figures)
    licences = dict.fromkeys((source.licence, source.licence_url) for source in sources)
    return {
        "profile": "tabular-data-package",
        "name": f"uk-regional-digital-capital-{release.id}",
        "title": f"{provenance.SERVICE}, release {release.id}",
        "description": f"{release.reason} {_attribution(sources)}",
        "homepage": reading.settings.public_url,
        "version": str(release.id),
        "created": release.published_at,
        "licenses": [{"title": title, "path": path} for title, path in licences],
        "sources": [{"title": f"{source.publisher}, {source.title}", "path": source.url} for source in sources],
        "resources": resources,
    }


def _attribution(sources: list[Source]) -> str:
    return " ".join(dict.fromkeys(source.attribution for source in sources))


def _readme(reading: Reading, figures: Answer, tables: list[_Table]) -> str:
    release, sources = reading.catalogue.release, _sources(reading, figures)
    licences = [f"- {source.publisher}, {source.title}: {source.licence} ({source.licence_url})" for source in sources]
    parts = [
        f"# {provenance.SERVICE}, release {release.id}",
        f"Published {release.published_at[:10]} ({release.kind}). {release.reason}",
        "Beside the tables: `datapackage.json` and `observations.csv-metadata.json` say the same for machines.",
        *(_told(table) for table in tables),
        "## Statuses",
        "\n".join(f"- `{code}`: {meaning}" for code, meaning in STATUSES.items()),
        "An empty value is missing, not zero; its status says why.",
        "## Licence and attribution",
        _attribution(sources),
        "\n".join(licences),
        "## How to cite",
        figures.meta["citation"],
    ]
    return "\n\n".join(parts) + "\n"


def _told(table: _Table) -> str:
    """A table and its columns, in their order, for people."""
    described = {"status": "Status, see below."}
    columns = [f"- `{column.name}`: {described.get(column.name, column.description)}" for column in table.columns]
    return "\n".join([f"## {table.name}.csv", "", f"{table.title}.", "", *columns])
