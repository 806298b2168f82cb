"""Publishing: everything that becomes true, or stops being true, at one moment, as one release.

A row is never changed but for the end of its range, so that every earlier release can be read as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, tuple_, update

from api.models import Observation, Release, Series
from api.services.coverage import refresh_coverage

_TABLE = Observation.__table__
_KEY = ("series_id", "period_start", "period_duration")
_SAID = ("period", "value", "status", "lower", "upper", "bounds_kind", "note", "source_file_id")
"""What an observation says: two rows of a key that agree in all of it are the same."""

Key = tuple[int, str, str]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure to publish, in the numbers of the database."""

    indicator: int
    region: int
    period: str
    period_start: str
    period_duration: str
    value: float | None
    status: str
    source_file: int
    note: str | None = None

    def __post_init__(self) -> None:
        """A forecast is a projection, not an observation; and readers take a column of `F` alone for true and false."""
        if self.status == "F":
            raise ValueError("status F says that a figure is a forecast: those are projections, not observations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A figure to take out: it is not there from the next release on."""

    indicator: int
    region: int
    period_start: str
    period_duration: str


def publish(
    connection: Connection,
    changes: Iterable[Figure | Removal],
    *,
    reason: str,
    kind: str = "release",
    published_at: datetime | None = None,
) -> int:
    """Publish changes as the next release and return its number. A figure that says what stands already adds no row."""
    release = _open(connection, kind=kind, reason=reason, published_at=published_at)
    changes = list(changes)
    series = _series(connection, {(change.indicator, change.region) for change in changes})
    current = _current(connection, series.values())
    closed, opened = [], []
    for change in changes:
        key = (series[change.indicator, change.region], change.period_start, change.period_duration)
        new = _said(change) if isinstance(change, Figure) else None
        old = current.get(key)
        if old == new:
            continue
        if old is not None:
            closed.append(key)
        if new is not None:
            opened.append(dict(zip(_KEY, key, strict=True)) | new | {"first_release": release})
    _write(connection, release, closed, opened)
    refresh_coverage(connection, release=release, indicators=sorted({change.indicator for change in changes}))
    return release


def withdraw(connection: Connection, withdrawn: int, *, reason: str, published_at: datetime | None = None) -> int:
    """Withdraw a release: it answers no more, and what it changed and still stands goes back to what was before.

    Returns the number of the release that withdraws it. What later releases changed again stays as they left it.
    """
    release = _open(connection, kind="withdrawal", reason=reason, published_at=published_at, withdraws=withdrawn)
    standing = {_key(row) for row in _rows(connection, _TABLE.c.last_release.is_(None))}
    brought = [
        _key(row)
        for row in _rows(connection, and_(_TABLE.c.first_release == withdrawn, _TABLE.c.last_release.is_(None)))
    ]
    ended = _rows(connection, _TABLE.c.last_release == withdrawn - 1)
    free = set(brought) | {_key(row) for row in ended if _key(row) not in standing}
    opened = [{**row, "first_release": release, "last_release": None} for row in ended if _key(row) in free]
    _write(connection, release, brought, opened)
    touched = {*brought, *(_key(row) for row in opened)}
    indicators = select(Series.indicator_id).where(Series.id.in_({key[0] for key in touched})).distinct()
    refresh_coverage(connection, release=release, indicators=sorted(connection.execute(indicators).scalars()))
    return release


def _open(
    connection: Connection, *, kind: str, reason: str, published_at: datetime | None, withdraws: int | None = None
) -> int:
    release: int = (connection.execute(select(func.max(Release.id))).scalar() or 0) + 1
    connection.execute(
        insert(Release).values(
            id=release,
            published_at=published_at or datetime.now(UTC),
            kind=kind,
            reason=reason,
            reconstructed=False,
            withdraws_id=withdraws,
        )
    )
    return release


def _series(connection: Connection, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The series of some pairs of indicator and region, made where there is none."""
    pair = tuple_(Series.indicator_id, Series.region_id)
    found = select(Series.indicator_id, Series.region_id, Series.id).where(pair.in_(sorted(wanted)))
    known = {(indicator, region): number for indicator, region, number in connection.execute(found)}
    missing = [{"indicator_id": indicator, "region_id": region} for indicator, region in sorted(wanted - known.keys())]
    if not missing:
        return known
    connection.execute(insert(Series), missing)
    return {(indicator, region): number for indicator, region, number in connection.execute(found)}


def _current(connection: Connection, series: Collection[int]) -> dict[Key, Row]:
    """What stands in some series now."""
    rows = _rows(connection, and_(_TABLE.c.series_id.in_(series), _TABLE.c.last_release.is_(None)))
    return {_key(row): {name: row[name] for name in _SAID} for row in rows}


def _rows(connection: Connection, condition: ColumnElement[bool]) -> list[Row]:
    return [dict(row) for row in connection.execute(select(_TABLE).where(condition)).mappings()]


def _key(row: Row) -> Key:
    return row["series_id"], row["period_start"], row["period_duration"]


def _said(figure: Figure) -> Row:
    own = {name: getattr(figure, name) for name in ("period", "value", "status", "note")}
    return dict.fromkeys(_SAID) | own | {"source_file_id": figure.source_file}


def _write(connection: Connection, release: int, closed: list[Key], opened: list[Row]) -> None:
    for start in range(0, len(closed), 1_000):
        keys = closed[start : start + 1_000]
        connection.execute(
            update(Observation)
            .where(tuple_(*(_TABLE.c[name] for name in _KEY)).in_(keys), _TABLE.c.last_release.is_(None))
            .values(last_release=release - 1)
        )
    if opened:
        connection.execute(insert(Observation), opened)
