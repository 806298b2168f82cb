"""What publishing and withdrawing have in common: a new release, and the ranges of releases that rows hold in.

A row is never changed but for the end of its range, so that every earlier release can be read as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from api.filters import KINDS_OF_CHANGE
from api.models import Observation, Release, ReleaseFile
from api.queries.histories import counted
from api.queries.observations import Selection
from api.queries.releases import count_changes

TABLE = Observation.__table__
KEY = ("series_id", "period_start", "period_duration")
SAID = ("period", "value", "status", "lower", "upper", "bounds_kind", "note", "source_file_id")
"""What an observation says: two rows of a key that agree in all of it are the same."""
_PART = 5_000
"""Keys named in one statement: databases have a limit."""

Key = tuple[int, str, str]
Row = dict[str, Any]
T = TypeVar("T")


class RefusedError(ValueError):
    """What was to be published or withdrawn cannot be; the text says why, and what to do."""


def open_release(
    connection: Connection,
    *,
    kind: str,
    reason: str,
    published_at: datetime | None,
    withdraws: int | None = None,
    withdraws_to: int | None = None,
    owner: str | None = None,
    actor: str | None = None,
) -> int:
    """Add the next release and return its number. RefusedError where its moment is not one for it."""
    if not reason.strip():
        raise RefusedError("A release needs a reason: readers are told it.")
    published = select(Release.id, Release.published_at).where(Release.state != "draft")
    last = connection.execute(published.order_by(Release.id.desc()).limit(1)).first()
    moment = _moment(published_at, None if last is None else (last.id, in_utc(last.published_at)))
    release: int = 1 if last is None else last.id + 1
    connection.execute(
        insert(Release).values(
            id=release,
            published_at=moment,
            kind=kind,
            reason=reason.strip(),
            reconstructed=False,
            withdraws_id=withdraws,
            withdraws_to=withdraws_to,
            state="published",
            owner=owner,
            actor=actor,
        )
    )
    return release


def _moment(given: datetime | None, last: tuple[int, datetime] | None) -> datetime:
    """The moment of the next release. Later releases are later: `as_of` would find the wrong one otherwise."""
    now = datetime.now(UTC)
    if given is not None and given.tzinfo is None:
        raise RefusedError(f"{given.isoformat()} has no time zone. Write it with one, as {given.isoformat()}Z.")
    moment = now if given is None else given.astimezone(UTC)
    if moment > now:
        raise RefusedError(
            f"{_told(moment)} is in the future (it is {_told(now)} here). Publish at a time that has come."
        )
    if last is not None and moment <= last[1]:
        clock = " That is what the clock here says: put it right." if given is None else ""
        message = f"{_told(moment)} is not after the last release, {last[0]}, which is of {_told(last[1])}.{clock}"
        raise RefusedError(f"{message} Publish at a later time.")
    return moment


def in_utc(moment: datetime) -> datetime:
    """A moment as it stands in the database, in UTC: SQLite keeps no time zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _told(moment: datetime) -> str:
    """A moment in ISO 8601, with as many digits of its second as it has."""
    return moment.isoformat().replace("+00:00", "Z")


def note_changes(connection: Connection, release: int) -> None:
    """Note what a release changed once all is written: how many observations, and those of which files."""
    if release == 1:
        first = select(func.count()).select_from(TABLE).where(TABLE.c.first_release == 1)
        counts = dict.fromkeys(KINDS_OF_CHANGE, 0) | {"added": connection.execute(first).scalar_one()}
    else:
        counts = count_changes(connection, old=release - 1, new=release, selection=Selection(release=release))
    connection.execute(update(Release).where(Release.id == release).values(**counts))
    connection.execute(delete(ReleaseFile).where(ReleaseFile.release_id == release))
    columns = [column.name for column in ReleaseFile.__table__.columns]
    connection.execute(insert(ReleaseFile).from_select(columns, counted(release)))


def rows(connection: Connection, condition: ColumnElement[bool]) -> list[Row]:
    """The rows of observations that meet a condition."""
    return [dict(row) for row in connection.execute(select(TABLE).where(condition)).mappings()]


def key_of(row: Row) -> Key:
    """What a row is an observation of, in whichever release."""
    return row["series_id"], row["period_start"], row["period_duration"]


def said_in(row: Row) -> Row:
    """What a row says."""
    return {name: row[name] for name in SAID}


def parts(items: Iterable[T], size: int = _PART) -> Iterator[list[T]]:
    """Things in lists of no more than a statement can name."""
    given = list(items)
    for start in range(0, len(given), size):
        yield given[start : start + size]
