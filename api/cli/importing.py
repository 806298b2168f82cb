"""`flask data import`: a file of figures, checked and published as a partner's upload is, with the same messages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import marshmallow as ma
from flask import current_app

from api.cli.common import ready_database, reports_faults, waiting
from api.cli.following import NO_FILES, follow
from api.database import Database
from api.errors import first
from api.http.uploads import pairs_of
from api.models.partner import READERS
from api.schemas import draft_bodies as schemas
from api.schemas.index.bodies import faults_of
from api.services.audit import Actor
from api.services.drafts import kept, lifecycle, parts, publishing, rows, uploads
from api.services.drafts.uploads import UploadInfo
from api.services.tables import FaultsError
from api.settings import Settings

_SHOWN = 20
"""Faults that are printed: all of them are in the table that is written."""
_STEPS = ("Keeping the file", "Reading and checking it", "Publishing")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--owner", required=True, help="Whose figures they are: readers are told it.")
@click.option("--note", "reason", required=True, help="Why: readers are told it with the release.")
@click.option("--indicator", help="The indicator of all rows, where the file has no such column.")
@click.option("--reader", type=click.Choice(READERS), help="The kind of file; recognised without it.")
@click.option("--sheet", help="The sheet of a workbook; without it the first that has a table.")
@click.option("--map", "mapped", multiple=True, help="Which column is which, as value:Figure; several: several times.")
@click.option("--set", "constant", multiple=True, help="A value for all rows, as period:2026; several: several times.")
@click.option(
    "--describe", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='Indicators and places of the owner, as JSON: {"indicators": {id: {...}}, "places": {code: {...}}}.',
)  # fmt: skip
@click.option("--correction", is_flag=True, help="Mistakes are put right by it, rather than figures added.")
@click.option("--faults", "table", type=click.Path(path_type=Path), help="Where to write the rows with faults, as CSV.")
@click.option("--dry-run", is_flag=True, help="Check it and say what would be published, and publish nothing.")
@NO_FILES
@reports_faults
def import_file(file: Path, *, owner: str, reason: str, describe: Path | None, table: Path | None, correction: bool,
                dry_run: bool, no_files: bool, **given: Any) -> None:  # fmt: skip
    """Check the figures in FILE as an upload is checked, and publish them as the next release.

    FILE is CSV, gzip of it, XLSX, Parquet, JSON-stat or SDMX-CSV, of ONS or Nomis, or a wide table. All errors are told
    at once; with any, nothing is published. The same as /v1/drafts does for holders of keys.
    """
    settings: Settings = current_app.extensions["settings"]
    actor = Actor(name=" ".join(owner.split()))
    with ready_database() as database, click.progressbar(length=len(_STEPS), label=_STEPS[0]) as bar:
        with database.begin(waiting=waiting) as connection:
            kind = "correction" if correction else "release"
            draft = lifecycle.create(connection, actor, reason=reason, kind=kind, publish_at=None).id
            for part in _described(describe):
                parts.put(connection, actor, draft, part, url=settings.public_url)
        upload = _kept(database, actor, draft, file, given)
        _go_on(bar, 1)
        checked = _checked(database, settings, upload)
        _go_on(bar, 2)
        try:
            _tell(settings, checked, table)
            with database.begin(waiting=waiting) as connection:
                drafts = Path(settings.drafts_path)
                done = publishing.publish_draft(connection, actor, draft, drafts=drafts, url=settings.public_url)
                if dry_run:
                    connection.rollback()
        finally:
            _drop(database, actor, draft)
        bar.update(1)
    click.echo(f"Release {done.release}: {done.added:,} added, {done.changed:,} changed, {done.removed:,} removed.")
    click.echo("Nothing is published." if dry_run else f"Published as release {done.release}.")
    if not dry_run:
        follow(builds=not no_files)


def _go_on(bar: Any, step: int) -> None:
    bar.label = _STEPS[step]
    bar.update(1)


def _described(path: Path | None) -> Iterator[parts.Part]:
    """The indicators and places in a file, by the rules of the API. FaultsError with what is wrong with them."""
    if path is None:
        return
    try:
        content = json.loads(path.read_text("utf-8"))
        kinds = {
            "indicators": (parts.INDICATOR, schemas.OwnIndicatorBody()),
            "places": (parts.PLACE, schemas.PlaceBody()),
        }
        for name, (kind, schema) in kinds.items():
            for key, body in content.get(name, {}).items():
                try:
                    yield parts.Part(kind=kind, name=key, content=schema.load(body))
                except ma.ValidationError as error:
                    faults = first(faults_of(error.messages, "", schema))
                    told = [f"{path}: {name}/{key}/{fault.path}: {fault.message}" for fault in faults]
                    raise FaultsError(told) from None
    except (ValueError, AttributeError) as error:
        if isinstance(error, FaultsError):
            raise
        raise FaultsError([f"{path}: this is no JSON of indicators and places ({error})."]) from None


def _kept(database: Database, actor: Actor, draft: str, file: Path, given: dict[str, Any]) -> UploadInfo:
    """The file, kept and noted as an upload of the draft."""
    settings: Settings = current_app.extensions["settings"]
    most = settings.limits.max_upload_bytes
    with file.open("rb") as stream:
        sha256, size = kept.keep(stream, settings.drafts_path, settings.uploads_folder, most=most)
    constant = pairs_of("set", given["constant"])
    if given["indicator"]:
        constant.setdefault("indicator", given["indicator"])
    options = {"reader": given["reader"], "sheet": given["sheet"], "map": pairs_of("map", given["mapped"])}
    with database.begin(waiting=waiting) as connection:
        return uploads.add(
            connection, actor, draft, name=file.name, media_type=None, size=size, sha256=sha256,
            options=options | {"set": constant},
        )  # fmt: skip


def _checked(database: Database, settings: Settings, upload: UploadInfo) -> UploadInfo:
    """The file, read and checked in this process."""
    from api.services.drafts import checking  # noqa: PLC0415  (polars is loaded where it is used)

    with database.begin(waiting=waiting) as connection:
        claimed = uploads.claim(connection, datetime.now(UTC), upload=upload.id)
    if claimed is not None:
        checking.check_upload(database, settings, claimed, shown=False)
    with database.connect() as connection:
        return uploads.one(connection, upload.draft_id, str(upload.id))


def _tell(settings: Settings, upload: UploadInfo, table: Path | None) -> None:
    """Say what is wrong with a file. FaultsError where that keeps it from being published."""
    found = (upload.outcome or {}).get("faults", [])
    lines = [_line(upload.name, fault) for fault in found[:_SHOWN]]
    left = sum(item["rows"] for item in (upload.outcome or {}).get("counts", ())) - len(lines)
    lines += [f"And {left:,} more."] if left > 0 else []
    written = rows.faults_of(Path(settings.drafts_path), upload.draft_id, upload.id)
    if table is not None and written.exists():
        shutil.copyfile(written, table)
        lines.append(f"All rows with faults are in {table}.")
    if upload.state != "checked" or upload.errors:
        raise FaultsError(lines)
    for line in lines:
        click.echo(line, err=True)


def _line(name: str, fault: dict[str, Any]) -> str:
    place = ":".join(str(part) for part in (name, fault["row"], fault["column"]) if part is not None)
    near = f" Nearest right value: {fault['nearest']}." if fault["nearest"] else ""
    return f"{place}: {fault['severity']}: {fault['message']}{near}"


def _drop(database: Database, actor: Actor, draft: str) -> None:
    """Discard the draft where it was not published: the file is there to be imported again."""
    with database.begin(waiting=waiting) as connection:
        found = lifecycle.by_id(connection, draft)
        if found is not None and found.state == "open":
            lifecycle.discard(connection, actor, draft, if_match=None)
