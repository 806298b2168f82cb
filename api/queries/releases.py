"""Releases, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)

from api.catalogue import ReleaseInfo
from api.filters import KINDS_OF_CHANGE
from api.models import Observation, Release, Series
from api.queries.holding import holds_in, note_newest
from api.queries.observations import Key, Selection, conditions_on, parameters_of

Named = tuple[int, str]
"""What names a release among those of all databases: its number and mark."""
_PUBLISHED = Release.state != "draft"
"""What has a number and may be read. A draft is never seen, whatever its number."""
_ITSELF = (
    "SELECT mark, fingerprint, (SELECT max(id) FROM release WHERE state <> 'draft') "
    "FROM release WHERE state <> 'draft' AND id ="
)
_NEWEST = select(Release.id, Release.mark, Release.published_at).order_by(Release.id.desc()).limit(1)


def newest_release(connection: Connection, *, drafts: bool = True) -> Named | None:
    """Number and mark of the newest release, None before anything is published.

    `drafts` says whether there can be any among the releases: before revision 0009 of the schema there could not.
    """
    row = connection.execute(_NEWEST.where(_PUBLISHED) if drafts else _NEWEST).first()
    return None if row is None else (row.id, _mark(row.mark, row.published_at))


LASTING = 3
"""From here on a state says what only another database, or a restored one, changes."""


def state_of(connection: Connection) -> tuple[Any, ...] | None:
    """What changes with every release, and with every database: equal as long as nothing was published or replaced.

    None before anything is published. PostgreSQL alone says more than the newest release: which database it is, which
    file the figures are in (another one where the table was dropped or rewritten), and which transaction wrote the
    oldest release (another one where all rows were deleted and written again, as `data restore --replace` does). Of
    SQLite the file itself is looked at, see `Database.replaced`, and the number that a restore notes in its head. What
    else is written, such as a draft, changes none of it.
    """
    columns: list[Any] = [Release.id, Release.mark, Release.published_at]
    if connection.dialect.name == "sqlite":
        columns.append(text("(SELECT user_version FROM pragma_user_version)"))
    if connection.dialect.name == "postgresql":
        columns.append(func.pg_relation_filenode(Observation.__tablename__))
        columns.append(text("(SELECT oid FROM pg_database WHERE datname = current_database())"))
        columns.append(text("(SELECT CAST(xmin AS text) FROM release ORDER BY id LIMIT 1)"))
    row = connection.execute(select(*columns).where(_PUBLISHED).order_by(Release.id.desc()).limit(1)).first()
    return None if row is None else tuple(row)


def marks_of(connection: Connection) -> tuple[str | None, ...]:
    """The marks of all releases, oldest first."""
    return tuple(connection.execute(select(Release.mark).where(_PUBLISHED).order_by(Release.id)).scalars())


def has_release(connection: Connection, release: ReleaseInfo) -> bool:
    """Whether a connection reads the very release that is meant, rather than none, or another one of its number.

    The newest release that it sees is noted, so that what is current is read as such (`queries.holding`).
    Asked of the driver, since it stands before every read: SQLAlchemy would take five times as long.
    """
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    found = driver.execute(f"{_ITSELF} {release.id:d}").fetchone()
    if found is None:
        return False
    mark, fingerprint, newest = found
    note_newest(connection, newest)
    # A release of before it had a mark goes by its moment.
    return fingerprint == (release.fingerprint or None) and (mark or release.mark) == release.mark


def all_releases(connection: Connection) -> list[ReleaseInfo]:
    """Every release, oldest first."""
    rows = connection.execute(select(Release.__table__).where(_PUBLISHED).order_by(Release.id)).mappings().all()
    gone = _withdrawn_by(rows)
    return [
        ReleaseInfo(
            id=row["id"],
            published_at=_utc(row["published_at"]),
            kind=row["kind"],
            reason=row["reason"],
            reconstructed=row["reconstructed"],
            withdraws=row["withdraws_id"],
            withdrawn_by=gone.get(row["id"]),
            mark=_mark(row["mark"], row["published_at"]),
            fingerprint=row["fingerprint"] or "",
            changes=None if row["added"] is None else {name: row[name] for name in KINDS_OF_CHANGE},
            owner=row["owner"],
        )
        for row in rows
    ]


def _withdrawn_by(rows: Sequence[RowMapping]) -> dict[int, int]:
    """The releases that answer no more, each with the one since which it does not.

    Those in between, which still held figures of the withdrawn one, would tell what is not to be read any more.
    """
    withdrawals = {row["id"]: (row["withdraws_id"], row["withdraws_to"]) for row in rows if row["withdraws_id"]}
    gone = {withdrawn: number for number, (withdrawn, _) in withdrawals.items()}
    for number, (withdrawn, to) in withdrawals.items():
        for between in range(withdrawn + 1, (number - 1 if to is None else to) + 1):
            gone.setdefault(between, number)
    return gone


def _mark(mark: str | None, published_at: datetime) -> str:
    """What tells a release from one of the same number in another database, or after an older copy was restored."""
    return mark or f"{_aware(published_at):%Y%m%d%H%M%S%f}"


def select_changes(
    connection: Connection, *, old: int, new: int, selection: Selection, kinds: frozenset[str] | None, limit: int
) -> tuple[list[tuple[Any, ...]], Key | None]:
    """The first `limit` observations that differ between two releases, in key order, and the key to go on from.

    Each is (indicator, region, period, change, old value, new value, old status, new status).
    """
    changes = _changes(old=old, new=new, selection=selection).subquery()
    key = (changes.c.indicator_id, changes.c.region_id, changes.c.period_start, changes.c.period_duration)
    statement = select(
        changes.c.indicator_id,
        changes.c.region_id,
        changes.c.period,
        changes.c.change,
        changes.c.old_value,
        changes.c.new_value,
        changes.c.old_status,
        changes.c.new_status,
        changes.c.period_start,
        changes.c.period_duration,
    ).order_by(*key)
    if kinds is not None:
        statement = statement.where(changes.c.change.in_(sorted(kinds)))
    rows = [tuple(row) for row in connection.execute(statement.limit(limit + 1), parameters_of(selection))]
    following: Key | None = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = (*rows[-1][:2], *rows[-1][8:])
    return [row[:8] for row in rows], following


def count_changes(connection: Connection, *, old: int, new: int, selection: Selection) -> dict[str, int]:
    """How many observations were added, changed and removed from one release to another."""
    changes = _changes(old=old, new=new, selection=selection).subquery()
    counted = select(changes.c.change, func.count()).group_by(changes.c.change)
    return dict.fromkeys(KINDS_OF_CHANGE, 0) | dict(connection.execute(counted, parameters_of(selection)).all())


def _changes(*, old: int, new: int, selection: Selection) -> Select[Any]:
    """Observations true in only one of two releases, the two sides of each brought together, equal ones left out.

    Only rows whose range begins or ends between the two are read: the cost is that of the change, not of the data.
    """
    earlier, later = min(old, new), max(old, new)
    sides = union_all(
        _ended(earlier, later, is_new=old > new, selection=selection),
        _begun(earlier, later, is_new=old < new, selection=selection),
    ).subquery()
    key = (sides.c.indicator_id, sides.c.region_id, sides.c.period_start, sides.c.period_duration)

    def side(column: ColumnElement[Any], *, is_new: bool) -> ColumnElement[Any]:
        return func.max(case((sides.c.is_new == int(is_new), column)))

    was, now = func.min(sides.c.is_new) == 0, func.max(sides.c.is_new) == 1
    values = side(sides.c.value, is_new=False), side(sides.c.value, is_new=True)
    statuses = side(sides.c.status, is_new=False), side(sides.c.status, is_new=True)
    change = case((and_(was, now), "changed"), (now, "added"), else_="removed")
    differs = or_(func.count() == 1, values[0].is_distinct_from(values[1]), statuses[0].is_distinct_from(statuses[1]))
    return (
        select(
            *key,
            func.max(sides.c.period).label("period"),
            change.label("change"),
            values[0].label("old_value"),
            values[1].label("new_value"),
            statuses[0].label("old_status"),
            statuses[1].label("new_status"),
        )
        .group_by(*key)
        .having(differs)
    )


def _ended(earlier: int, later: int, *, is_new: bool, selection: Selection) -> Select[Any]:
    """The observations of an earlier release that a later one does not hold."""
    rows = _side(is_new=is_new, selection=selection, index="last_release")
    return rows.where(
        Observation.first_release <= earlier, Observation.last_release >= earlier, Observation.last_release < later
    )


def _begun(earlier: int, later: int, *, is_new: bool, selection: Selection) -> Select[Any]:
    """The observations of a later release that an earlier one does not hold."""
    # The index is of what came after the first release; there is none before that.
    rows = _side(is_new=is_new, selection=selection, index="first_release" if earlier else None)
    found = rows.where(Observation.first_release > earlier, holds_in(Observation, later))
    return found.where(text("observation.first_release > 1")) if earlier else found


def _side(*, is_new: bool, selection: Selection, index: str | None) -> Select[Any]:
    """The observations of one of two releases, as they are compared, found by the range that they hold in."""
    found: Select[Any] = (
        select(  # type: ignore[assignment]
            Series.indicator_id,
            Series.region_id,
            Observation.period_start,
            Observation.period_duration,
            Observation.period,
            Observation.value,
            Observation.status,
            literal(int(is_new)).label("is_new"),
        )
        .select_from(Observation)
        .join(Series, Series.id == Observation.series_id)
        .where(*conditions_on(selection.shape))
    )
    # SQLite knows no sizes, and would look at all observations of each series.
    hint = f"INDEXED BY ix_observation_{index}"
    return found if index is None else found.with_hint(Observation, hint, "sqlite")


def _utc(moment: datetime) -> str:
    return _aware(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)  # SQLite keeps no time zone
