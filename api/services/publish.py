"""Publishing: everything that becomes true, or stops being true, at one moment, as one release."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, tuple_

from api.models import Series
from api.services.coverage import refresh_coverage
from api.services.ranges import (
    KEY,
    SAID,
    TABLE,
    Key,
    RefusedError,
    Row,
    key_of,
    open_release,
    parts,
    rows,
    said_in,
    write,
)
from api.services.withdraw import withdraw

__all__ = ["Figure", "RefusedError", "Removal", "publish", "withdraw"]


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
    lower: float | None = None
    upper: float | None = None
    bounds_kind: str | None = None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published: the number of the release, and how many observations it added, changed and took out."""

    release: int
    added: int
    changed: int
    removed: int

    def __bool__(self) -> bool:
        """Whether it changed anything."""
        return bool(self.added or self.changed or self.removed)


def publish(
    connection: Connection,
    changes: Iterable[Figure | Removal],
    *,
    reason: str,
    kind: str = "release",
    published_at: datetime | None = None,
) -> Published:
    """Publish changes as the next release, in the caller's transaction.

    A figure that says what stands already adds no row.
    `published_at` is now where it is not given. RefusedError where it lies in the future or not after the last
    release, and where a figure is given twice.
    """
    release = open_release(connection, kind=kind, reason=reason, published_at=published_at)
    changes = list(changes)
    series = _series(connection, {(change.indicator, change.region) for change in changes})
    current = _current(connection, series.values())
    closed, opened = [], []
    seen: set[Key] = set()
    for change in changes:
        key = (series[change.indicator, change.region], change.period_start, change.period_duration)
        if key in seen:
            raise RefusedError(f"A figure is given twice: {change}.")
        seen.add(key)
        new = _said(change) if isinstance(change, Figure) else None
        old = current.get(key)
        if old == new:
            continue
        if old is not None:
            closed.append(key)
        if new is not None:
            opened.append(dict(zip(KEY, key, strict=True)) | new | {"first_release": release})
    write(connection, release, closed, opened)
    refresh_coverage(connection, release=release, indicators=sorted({change.indicator for change in changes}))
    both = len({*closed} & {tuple(row[name] for name in KEY) for row in opened})
    return Published(release=release, added=len(opened) - both, changed=both, removed=len(closed) - both)


def _series(connection: Connection, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The series of some pairs of indicator and region, made where there is none."""
    known = _known_series(connection, wanted)
    missing = [{"indicator_id": indicator, "region_id": region} for indicator, region in sorted(wanted - known.keys())]
    if not missing:
        return known
    connection.execute(insert(Series), missing)
    return _known_series(connection, wanted)


def _known_series(connection: Connection, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for pairs in parts(sorted(wanted)):
        statement = select(Series.indicator_id, Series.region_id, Series.id).where(
            tuple_(Series.indicator_id, Series.region_id).in_(pairs)
        )
        found.update({(indicator, region): number for indicator, region, number in connection.execute(statement)})
    return found


def _current(connection: Connection, series: Collection[int]) -> dict[Key, Row]:
    """What stands in some series now."""
    return {
        key_of(row): said_in(row)
        for some in parts(series)
        for row in rows(connection, and_(TABLE.c.series_id.in_(some), TABLE.c.last_release.is_(None)))
    }


def _said(figure: Figure) -> Row:
    own = {name: getattr(figure, name) for name in SAID if name != "source_file_id"}
    return own | {"source_file_id": figure.source_file}
