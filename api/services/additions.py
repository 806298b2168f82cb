"""What a newer version of the service comes with, and a database that an older one filled lacks.

Names that places are found by and indices are read at a release, as everything is: they are published, not slipped in.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from api.models import HISTORIES, Boundary, IndexDefinition, Region, RegionAlias, Release, Source
from api.services import boundaries
from api.services.described import Revision, held_rows, note_fingerprint
from api.services.package import definitions
from api.services.publish import Published, publish
from api.services.ranges import note_changes
from api.settings import SEED

REASON = "Names that places are found by, boundaries and indices that come with a newer version of the service."
ACTOR = "the service itself"
_BEFORE = "Names that places are found by"
"""How the reason of such a release began in every version, also of those that did not note who publishes."""

Row = dict[str, Any]


def complete(connection: Connection) -> int:
    """Note of earlier releases what code older than their columns could not: their indices and fingerprints.

    Until there were rows of them, every release was answered with the indices of the code. Returns to how many
    releases something was added.
    """
    if not has_indices(connection):
        connection.execute(insert(IndexDefinition), [row for row in definitions() if row["first_release"] == 1])
    without = connection.execute(select(Release.id).where(Release.fingerprint.is_(None))).scalars().all()
    for release in without:
        note_fingerprint(connection, release)
    uncounted = connection.execute(select(Release.id).where(Release.added.is_(None))).scalars().all()
    for release in uncounted:
        note_changes(connection, release)
    return len({*without, *uncounted})


def has_indices(connection: Connection) -> bool:
    """Whether there is any index, or was."""
    tables = (IndexDefinition.__table__, HISTORIES[IndexDefinition])
    return any(connection.execute(select(table.c.id).limit(1)).first() for table in tables)


def add(connection: Connection, *, folder: Path = SEED) -> Published | None:
    """Publish names, codes, boundaries and indices of a package that are not there; None where all of them are.

    Nothing is taken away or changed but for kinds of names that have none.
    """
    revisions = [
        Revision(RegionAlias, names(connection, folder=folder)),
        Revision(IndexDefinition, indices(connection, folder=folder)),
        *outlines(connection, folder=folder),
    ]
    if not any(revision.rows for revision in revisions):
        return None
    return publish(connection, [], revisions=revisions, reason=REASON, actor=ACTOR)


def is_of_the_service(actor: str | None, reason: str) -> bool:
    """Whether a release is one of these."""
    return actor == ACTOR or (actor is None and reason.startswith(_BEFORE))


def names(connection: Connection, *, folder: Path = SEED) -> list[Row]:
    """The names and codes of a package that regions never had, and those whose kind was never told: as rows."""
    numbers = dict(connection.execute(select(Region.code, Region.id)).all())
    known = held_rows(connection, RegionAlias)
    history = HISTORIES[RegionAlias]
    told = {tuple(row) for row in connection.execute(select(history.c.alias, history.c.region_id))}
    codes = {*numbers, *(row["alias"] for row in known.values() if row["scheme"] != "name")}
    with (folder / "region_aliases.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["region"] in numbers]
    found = []
    for row in rows:
        key = (row["alias"], numbers[row["region"]])
        own = {"alias": key[0], "region_id": key[1], "scheme": row["scheme"], "kind": row["kind"] or None}
        if key in told:
            continue
        new = key not in known and (row["scheme"] == "name" or row["alias"] not in codes)
        if new or (key in known and known[key]["kind"] is None and own["kind"] is not None):
            found.append(own)
    return found


def outlines(connection: Connection, *, folder: Path = SEED) -> list[Revision]:
    """The boundaries of a package, with their source, where there are none and never were any."""
    tables = (Boundary.__table__, HISTORIES[Boundary])
    if any(connection.execute(select(table.c.region_id).limit(1)).first() for table in tables):
        return []
    numbers = dict(connection.execute(select(Region.code, Region.id)).all())
    found = [Revision(model, rows) for model, rows in boundaries.of_package(folder, numbers)]
    needed = {row["source_id"] for revision in found for row in revision.rows if revision.model is Boundary}
    needed -= {key for (key,) in held_rows(connection, Source)}
    if not needed:
        return found
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = [{"id": row.pop("source"), **row} for row in csv.DictReader(file) if row["source"] in needed]
    return [Revision(Source, rows), *found]


def indices(connection: Connection, *, folder: Path = SEED) -> list[Row]:
    """The indices of a package that were never published here, as rows. One that was taken away stays away."""
    history = HISTORIES[IndexDefinition]
    known = {(key,) for key in connection.execute(select(history.c.id)).scalars()}
    known |= held_rows(connection, IndexDefinition).keys()
    rows = definitions(folder)
    return [{name: row[name] for name in ("id", "content")} for row in rows if (row["id"],) not in known]
