"""A file of a draft is read and checked, by a process of its own: polars takes more memory than a web worker has.

The database of the service is asked for little and never held: figures are checked by a copy of what is published, in
which what the draft says of indicators and places holds already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from api.catalogue import Catalogue
from api.checks import STANDING_SCHEMA, Allowed, Checked, check
from api.database import Database
from api.errors import Problem
from api.models import Observation, Series
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.readers import Reading, ReadLimits, Unreadable, read
from api.services.drafts import kept, lifecycle, parts, previews, rows, uploads
from api.services.drafts.lifecycle import DraftInfo
from api.services.drafts.previewing import make_preview
from api.services.drafts.uploads import UploadInfo
from api.settings import Settings

_SHOWN = 100
"""Faults that stand with an upload; all of them are in its table."""
_FAULT = ("row", "column", "value", "severity", "code", "message", "nearest")


def check_upload(database: Database, settings: Settings, upload: UploadInfo) -> None:
    """Read and check a file that was claimed, write its good rows down, and note what came of it.

    Where all files of the draft are good then, the copy is made in which it is published already.
    """
    drafts = Path(settings.drafts_path)
    with database.connect() as connection:
        draft = lifecycle.by_id(connection, upload.draft_id)
        said = parts.of_draft(connection, upload.draft_id)
    if draft is None:
        return
    try:
        reading = _read(settings, upload)
        _note(database, upload, "checking")
        with _catalogue(database, settings, draft, said) as (catalogue, connection):
            checked = _checked(catalogue, connection, draft, reading, upload)
            counts, outcome = _written(catalogue, drafts, upload, reading, checked)
    except Unreadable as refused:
        fault = {"row": refused.row, "column": refused.column, "code": refused.code, "message": refused.message}
        outcome = {
            "faults": [{**fault, "severity": "error", "value": None, "nearest": ", ".join(refused.near) or None}]
        }
        _end(database, upload, state="refused", counts=None, outcome=outcome)
    except Problem as problem:  # what the draft says of its indicators and places is at fault
        told = [{"code": item.code, "column": item.path, "message": item.message} for item in problem.faults]
        blank = dict.fromkeys(_FAULT) | {"severity": "error"}
        _end(database, upload, state="refused", counts=None, outcome={"faults": [blank | item for item in told]})
    else:
        _end(database, upload, state="checked", counts=counts, outcome=outcome)
    make_preview(database, settings, upload.draft_id)


def allowed_of(catalogue: Catalogue, owner: str, regions: list[str] | None, indicators: list[str] | None) -> Allowed:
    """What a key may write: figures of its owner's indicators, of some of them, and of some places and all within."""
    own = {item.slug for item in catalogue.indicators.values() if item.owner == owner}
    codes = None
    if regions is not None:
        numbers = {item.id for item in catalogue.regions.values() if item.code in regions}
        codes = frozenset(
            item.code
            for item in catalogue.regions.values()
            if item.id in numbers or not numbers.isdisjoint(item.parents)
        )
    return Allowed(indicators=frozenset(own if indicators is None else own & set(indicators)), regions=codes)


def standing_of(connection: Connection, catalogue: Catalogue, slugs: set[str]) -> pl.DataFrame:
    """The figures that stand of some indicators, as checks take them."""
    numbers = [item.id for item in catalogue.indicators.values() if item.slug in slugs]
    said = (Observation.period, Observation.period_start, Observation.period_duration)
    columns = (Series.indicator_id, Series.region_id, *said, Observation.value, Observation.status)
    statement = (
        select(*columns, Observation.lower, Observation.upper)
        .join(Observation, Observation.series_id == Series.id)
        .where(Series.indicator_id.in_(numbers), Observation.last_release.is_(None))
    )
    found = connection.execute(statement).all() if numbers else []
    return pl.DataFrame([tuple(row) for row in found], schema=STANDING_SCHEMA, orient="row")


def _read(settings: Settings, upload: UploadInfo) -> Reading:
    limits, options = settings.limits, upload.options
    return read(
        kept.file_of(settings.drafts_path, upload.sha256),
        name=upload.name,
        media_type=upload.media_type,
        reader=options.get("reader"),
        mapping=options.get("map"),
        constants=options.get("set"),
        sheet=options.get("sheet"),
        limits=ReadLimits(rows=limits.max_upload_rows, unpacked_bytes=limits.max_unpacked_bytes),
    )


@contextmanager
def _catalogue(
    database: Database, settings: Settings, draft: DraftInfo, said: list[parts.Part]
) -> Iterator[tuple[Catalogue, Connection]]:
    """The catalogue that the draft's figures are checked by, and a connection to the figures that stand."""
    drafts = Path(settings.drafts_path)
    with database.connect() as connection:
        release, mark = previews.newest_of(connection)
    copy = previews.copy_of(database, drafts, release, mark)
    own = previews.described(copy, drafts, draft, said, url=settings.public_url) if said else copy
    opened = Database(f"sqlite:///{own}")
    try:
        with opened.connect() as connection:
            yield load_catalogue(connection, all_releases(connection)[-1]), connection
    finally:
        opened.engine.dispose()
        if own != copy:
            previews.remove(own)


def _checked(
    catalogue: Catalogue, connection: Connection, draft: DraftInfo, reading: Reading, upload: UploadInfo
) -> Checked:
    frame, options = reading.frame, upload.options
    named = set(frame["indicator"].drop_nulls().unique()) if "indicator" in frame.columns else set()
    allowed = allowed_of(catalogue, draft.owner, options.get("regions"), options.get("indicators"))
    standing = standing_of(connection, catalogue, named)
    return check(frame, catalogue=catalogue, standing=standing, allowed=allowed, today=datetime.now(UTC).date())


def _written(
    catalogue: Catalogue, drafts: Path, upload: UploadInfo, reading: Reading, checked: Checked
) -> tuple[dict[str, int], dict[str, Any]]:
    """Write down the good rows and the table of the others; counts, and what is told of the file."""
    folder = rows.folder_of(drafts, upload.draft_id)
    folder.mkdir(parents=True, exist_ok=True)
    names = pl.DataFrame(
        {"indicator_id": list(catalogue.indicators), "indicator": [item.slug for item in catalogue.indicators.values()]}
    )
    codes = pl.DataFrame(
        {"region_id": list(catalogue.regions), "region": [item.code for item in catalogue.regions.values()]}
    )
    good = checked.rows.join(names, on="indicator_id", how="left").join(codes, on="region_id", how="left")
    good.select(*rows.COLUMNS).write_csv(rows.file_of(drafts, upload.draft_id, upload.id))
    checked.write_table(reading.frame, rows.faults_of(drafts, upload.draft_id, upload.id))
    lost = reading.faults.height
    counts = {**checked.counts, "rows": checked.counts["rows"] + lost, "errors": checked.counts["errors"] + lost}
    lines = reading.faults.with_columns(pl.lit("error").alias("severity")).select(*_FAULT)
    faults = pl.concat([lines, checked.faults.select(*_FAULT)], how="vertical_relaxed")
    first = faults.sort(pl.col("severity") != "error", "row", maintain_order=True).head(_SHOWN)
    by_code = faults.group_by("severity", "code").len().sort("severity", "code")
    outcome = {
        "reader": reading.reader,
        "encoding": reading.encoding,
        "sheet": reading.sheet,
        "columns": reading.columns,
        "unused": list(reading.unused),
        "passed_over": reading.passed_over,
        "indicators": sorted(good["indicator"].unique()),
        "counts": [{"severity": one, "code": two, "rows": three} for one, two, three in by_code.iter_rows()],
        "faults": first.to_dicts(),
    }
    return counts, outcome


def _note(database: Database, upload: UploadInfo, step: str) -> None:
    with database.begin() as connection:
        uploads.note_step(connection, upload.id, step)


def _end(database: Database, upload: UploadInfo, **told: Any) -> None:
    with database.begin() as connection:
        uploads.note_outcome(connection, upload.id, **told)
