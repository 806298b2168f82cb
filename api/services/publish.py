"""Publishing: everything that becomes true, or stops being true, at one moment, as one release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.services.described import Revision, revise
from api.services.ranges import SAID, RefusedError, Row, open_release
from api.services.releasing import finish_release
from api.services.withdraw import withdraw

__all__ = ["Figure", "RefusedError", "Removal", "Revision", "publish", "withdraw"]


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
    """What was published: the number of the release, how many observations it added, changed and took out.

    `described` is how many rows it changed of what is said of them.
    """

    release: int
    added: int
    changed: int
    removed: int
    described: int = 0

    def __bool__(self) -> bool:
        """Whether it changed anything."""
        return bool(self.added or self.changed or self.removed or self.described)


def publish(
    connection: Connection,
    changes: Iterable[Figure | Removal],
    *,
    revisions: Iterable[Revision] = (),
    reason: str,
    kind: str = "release",
    published_at: datetime | None = None,
    owner: str | None = None,
    actor: str | None = None,
) -> Published:
    """Publish changes of figures, and of what is said of them, as the next release, in the caller's transaction.

    What says what stands already adds no row. `published_at` is now where it is not given. RefusedError where it lies
    in the future or not after the last release, and where a figure is given twice.
    """
    return publish_staged(
        connection,
        map(_staged, changes),
        revisions=revisions,
        reason=reason,
        kind=kind,
        published_at=published_at,
        owner=owner,
        actor=actor,
    )


def publish_staged(
    connection: Connection,
    rows: Iterable[Row],
    *,
    revisions: Iterable[Revision] = (),
    reason: str,
    kind: str = "release",
    published_at: datetime | None = None,
    owner: str | None = None,
    actor: str | None = None,
) -> Published:
    """The same, of changes as they are staged (`staged.STAGED`). They are taken once what they are about is written."""
    release = open_release(connection, kind=kind, reason=reason, published_at=published_at, owner=owner, actor=actor)
    described = revise(connection, release, revisions)
    changed = [model for model, count in described.items() if count]
    applied = finish_release(connection, release, rows, described=changed)
    return Published(release=release, described=sum(described.values()), **applied._asdict())


def _staged(change: Figure | Removal) -> Row:
    """A change as it is staged."""
    row: Row = {"indicator_id": change.indicator, "region_id": change.region, "series_id": None}
    row |= {"period_start": change.period_start, "period_duration": change.period_duration}
    if isinstance(change, Removal):
        return row | dict.fromkeys(SAID) | {"removed": True}
    own = {name: getattr(change, name) for name in SAID if name != "source_file_id"}
    return row | own | {"source_file_id": change.source_file, "removed": False}
