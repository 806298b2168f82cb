"""Withdrawing: what a release brought is read no more, and what it changed goes back to what was before.

Each observation is a chain of what releases said of it. A withdrawal leaves out what the withdrawn ones said: what the
last of the others said stands again. That is found by who said a thing first, not by the row: what a withdrawal put
back is a row of its own, and still is what the release before it said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, or_, select

from api.models import Release, Series
from api.services.coverage import refresh_coverage
from api.services.ranges import TABLE, Key, RefusedError, Row, key_of, open_release, parts, rows, said_in, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What withdrawing a release comes to."""

    closed: list[Key]
    """Observations that no longer stand as they are."""
    opened: list[Row]
    """What stands again, without the release that it stands from."""
    last: int
    """The newest release that holds figures of the withdrawn one: all from that one to this answer no more."""


def withdraw(connection: Connection, withdrawn: int, *, reason: str, published_at: datetime | None = None) -> int:
    """Withdraw a release: it answers no more, and what it changed and still stands goes back to what was before.

    Returns the number of the release that withdraws it. What later releases changed again stays as they left it; those
    before the withdrawal that still held its figures answer no more either. RefusedError where there is no such
    release, where it is withdrawn already or is a withdrawal itself, and for a moment not after the last release.
    """
    found = consequences(connection, withdrawn)
    release = open_release(
        connection,
        kind="withdrawal",
        reason=reason,
        published_at=published_at,
        withdraws=withdrawn,
        withdraws_to=found.last,
    )
    write(connection, release, found.closed, [{**row, "first_release": release} for row in found.opened])
    touched = {key[0] for key in found.closed} | {row["series_id"] for row in found.opened}
    indicators: set[int] = set()
    for some in parts(sorted(touched)):
        indicators.update(connection.execute(select(Series.indicator_id).where(Series.id.in_(some))).scalars())
    refresh_coverage(connection, release=release, indicators=sorted(indicators))
    return release


def consequences(connection: Connection, withdrawn: int) -> Consequences:
    """What withdrawing a release comes to; nothing is written. RefusedError where it cannot be withdrawn."""
    newest, withdrawals = _checked(connection, withdrawn)
    closed, opened, last = [], [], withdrawn
    for key, held in _chains(connection, withdrawn):
        standing = held[-1] if held[-1]["last_release"] is None else None
        said = _events(held, withdrawals)
        brought = [row for row in held if _said_first(row, said, withdrawals) == withdrawn]
        last = max([last, *(row["last_release"] or newest for row in brought)])
        again = _last_said(said, {*withdrawals.values(), withdrawn})
        if standing not in brought and _same(standing, again):
            continue
        if standing is not None:
            closed.append(key)
        if again is not None:
            opened.append({**again, "last_release": None})
    return Consequences(closed=closed, opened=opened, last=last)


def _checked(connection: Connection, withdrawn: int) -> tuple[int, dict[int, int]]:
    """The newest release, and what each withdrawal withdrew so far. RefusedError where this one cannot be."""
    known = {row.id: row.withdraws_id for row in connection.execute(select(Release.id, Release.withdraws_id))}
    if withdrawn not in known:
        newest = f"The newest is {max(known)}." if known else "Nothing is published here."
        raise RefusedError(f"There is no release {withdrawn}. {newest}")
    withdrawals = {number: other for number, other in known.items() if other is not None}
    if withdrawn in withdrawals:
        message = f"Release {withdrawn} is itself a withdrawal, of release {withdrawals[withdrawn]}."
        raise RefusedError(f"{message} To have its figures back, publish them anew.")
    by = next((number for number, other in withdrawals.items() if other == withdrawn), None)
    if by is not None:
        raise RefusedError(f"Release {withdrawn} is withdrawn already, by release {by}.")
    return max(known), withdrawals


def _chains(connection: Connection, release: int) -> Iterator[tuple[Key, list[Row]]]:
    """The observations that a release added, changed or took away, each with all its rows, oldest first."""
    touched = rows(connection, or_(TABLE.c.first_release == release, TABLE.c.last_release == release - 1))
    keys = {key_of(row) for row in touched}
    for series in parts(sorted({key[0] for key in keys})):
        found = rows(connection, TABLE.c.series_id.in_(series))
        found.sort(key=lambda row: (key_of(row), row["first_release"]))
        for key, held in groupby(found, key=key_of):
            if key in keys:
                yield key, list(held)


def _events(held: list[Row], withdrawals: dict[int, int]) -> list[tuple[int, Row | None]]:
    """Which release said what of an observation, oldest first: a row, or that there is none. No withdrawal says any."""
    said: dict[int, Row | None] = {}
    for row in held:
        said[row["first_release"]] = row
        if row["last_release"] is not None:
            said[row["last_release"] + 1] = None  # unless the next row begins there
    return [(release, said[release]) for release in sorted(said) if release not in withdrawals]


def _last_said(said: list[tuple[int, Row | None]], gone: set[int]) -> Row | None:
    """What the last of the releases that are not gone said."""
    return next((row for release, row in reversed(said) if release not in gone), None)


def _said_first(row: Row, said: list[tuple[int, Row | None]], withdrawals: dict[int, int]) -> int:
    """The release that said a row: of one that a withdrawal put back, that which it was put back from."""
    first: int = row["first_release"]
    if first not in withdrawals:
        return first
    gone = {other for number, other in withdrawals.items() if number <= first}
    before = [event for event in said if event[0] < first]
    origin = _last_said(before, gone)
    return first if origin is None else int(origin["first_release"])


def _same(one: Row | None, other: Row | None) -> bool:
    """Whether two rows say the same."""
    return (one and said_in(one)) == (other and said_in(other))
