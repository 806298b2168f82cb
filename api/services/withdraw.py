"""Withdrawing: what a release brought is read no more, and what it changed goes back to what was before.

Each observation is a chain of what releases said of it. A withdrawal leaves out what the withdrawn ones said: what the
last of the others said stands again. That is found by who said a thing first, not by the row: what a withdrawal put
back is a row of its own, and still is what the release before it said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from sqlalchemy import Connection, or_, select, update

from api.models import (
    Boundary,
    BoundaryArc,
    Gap,
    IndexDefinition,
    PublishedFigure,
    Region,
    RegionAlias,
    RegionLevel,
    RegionParent,
    RegionSuccession,
    Release,
)
from api.services import described
from api.services.ranges import (
    TABLE,
    Key,
    RefusedError,
    Row,
    key_of,
    open_release,
    parts,
    rows,
    said_in,
)
from api.services.releasing import finish_release
from api.services.staged import to_end, to_stand

_ALONE = {
    Boundary,
    BoundaryArc,
    Gap,
    IndexDefinition,
    PublishedFigure,
    RegionAlias,
    RegionLevel,
    RegionParent,
    RegionSuccession,
}
"""What nothing else is of: it goes with the release that brought it. Of what figures may be of since, such as an
indicator, what was said before comes back; what was only ever said by what is withdrawn stays, for their sake."""
K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What withdrawing a release comes to."""

    closed: list[Key]
    """Observations that no longer stand as they are."""
    opened: list[Row]
    """What stands again, without the release that it stands from."""
    texts: list[tuple[described.Model, list[described.Key], list[Row]]]
    """The same of each table of what is said of figures."""
    last: int
    """The newest release that holds figures of the withdrawn one: all from that one to this answer no more."""


def withdraw(
    connection: Connection,
    withdrawn: int,
    *,
    reason: str,
    published_at: datetime | None = None,
    owner: str | None = None,
) -> int:
    """Withdraw a release: it answers no more, and what it changed and still stands goes back to what was before.

    `owner` is whose release it is, where it is a partner's who takes it back.
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
        owner=owner,
    )
    for model, closed, opened in found.texts:
        described.write(connection, release, model, closed, [described.said_in(row) for row in opened])
    gone = Release.id.between(withdrawn, found.last)
    connection.execute(update(Release).where(gone).values(state="withdrawn"))
    texts = [model for model, *_ in found.texts]
    finish_release(connection, release, _staged(found), described=texts, only_new=False)
    return release


def _staged(found: Consequences) -> Iterator[Row]:
    """What withdrawing comes to, as it is staged."""
    again = {key_of(row) for row in found.opened}
    yield from map(to_stand, found.opened)
    yield from (to_end(key) for key in found.closed if key not in again)


def consequences(connection: Connection, withdrawn: int) -> Consequences:
    """What withdrawing a release comes to; nothing is written. RefusedError where it cannot be withdrawn."""
    newest, withdrawals = _checked(connection, withdrawn)
    history = _History(withdrawn, newest, withdrawals)
    closed, opened, lasts = history.undone(_chains(connection, withdrawn), said_in)
    texts = []
    came = {key[0] for key, held in described.versions(connection, Region, withdrawn) if _came_with(held, withdrawn)}
    # What the first release says has nothing before it, and all others stand on it.
    for model in described.MODELS if withdrawn > 1 else ():
        chains = described.versions(connection, model, withdrawn)
        if model is RegionLevel:  # a place that stays keeps its level
            chains = (chain for chain in chains if chain[0][0] not in came)
        ended, again, last = history.undone(chains, described.said_in, stays=model not in _ALONE)
        if model is RegionAlias:
            again = _unambiguous(connection, ended, again)
        lasts.extend(last)
        if ended or again:
            texts.append((model, ended, again))
    return Consequences(closed=closed, opened=opened, texts=texts, last=max([withdrawn, *lasts]))


@dataclass(frozen=True, slots=True)
class _History:
    """What is known of the releases when one is withdrawn."""

    withdrawn: int
    newest: int
    withdrawals: dict[int, int]
    """What each withdrawal withdrew so far."""

    def undone(
        self, chains: Iterable[tuple[K, list[Row]]], said_in: Callable[[Row], Row], *, stays: bool = False
    ) -> tuple[list[K], list[Row], list[int]]:
        """Of things with all that was said of each: which end, what stands again, and up to when the withdrawn held.

        `stays`: where nothing was said before, what stands does not end.
        """
        closed: list[K] = []
        opened: list[Row] = []
        lasts: list[int] = []
        for key, held in chains:
            current = held[-1] if held[-1]["last_release"] is None else None
            said = _events(held, self.withdrawals)
            brought = [row for row in held if _said_first(row, said, self.withdrawals) == self.withdrawn]
            again = _last_said(said, {*self.withdrawals.values(), self.withdrawn})
            if again is None and stays:
                continue
            lasts.extend(row["last_release"] or self.newest for row in brought)
            same = (current and said_in(current)) == (again and said_in(again))
            if current not in brought and same:
                continue
            if current is not None:
                closed.append(key)
            if again is not None:
                opened.append({**again, "last_release": None})
        return closed, opened, lasts


def _came_with(held: list[Row], release: int) -> bool:
    """Whether something was first said by a release."""
    return bool(held[0]["first_release"] == release)


def _unambiguous(connection: Connection, ended: list[described.Key], again: list[Row]) -> list[Row]:
    """Names and codes that stand again, but for codes that lead to another region since."""
    stand = described.held_rows(connection, RegionAlias)
    taken = {row["alias"] for key, row in stand.items() if key not in ended and row["scheme"] != "name"}
    return [row for row in again if row["scheme"] == "name" or row["alias"] not in taken]


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
