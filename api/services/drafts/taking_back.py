"""A partner takes back a release of its own: it is withdrawn, as an operator withdraws one, with an audit entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from api.errors import Fault, Problem, unknown_id
from api.models import Indicator, Region, RegionParent, Release, Series
from api.services import additions, audit
from api.services.audit import Actor
from api.services.drafts import lifecycle
from api.services.ranges import RefusedError, parts
from api.services.withdraw import Consequences, consequences, withdraw

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What taking back a release comes to."""

    withdrawn: int
    release: int | None
    """The release that withdraws it; None where that was only tried."""
    ended: int
    """Figures that stand no more as they are."""
    restored: int
    """Figures of before that stand again."""
    last: int
    """The newest release that holds its figures: all from it to this one answer no more."""


def take_back(connection: Connection, actor: Actor, release: str, *, reason: str, dry_run: bool) -> TakenBack:
    """Withdraw a release of the actor's owner, in the caller's transaction; `dry_run` only says what it comes to.

    Problem `unknown-id` for any release that is not the owner's, `not-allowed` where its figures are more than the key
    may write, and `withdrawal-refused` where it cannot be withdrawn.
    """
    owner, number = lifecycle.owner_of(actor), int(release) if release.isdecimal() and len(release) < 10 else 0
    own = connection.execute(select(Release.id).where(Release.id == number, Release.owner == owner)).first()
    if own is None:
        raise unknown_id("release", release, field="release", candidates=(), where="/v1/releases", why=_WHY)
    try:
        found = consequences(connection, number)
        _refuse_beyond_key(connection, actor, found)
        told = {"ended": len(found.closed), "restored": len(found.opened), "last": found.last}
        if dry_run:
            return TakenBack(withdrawn=number, release=None, **told)
        additions.complete(connection)
        by = withdraw(connection, number, reason=reason, owner=owner)
    except RefusedError as refused:
        fault = Fault("refused", "path/release", str(refused))
        raise Problem("withdrawal-refused", str(refused), faults=(fault,)) from None
    audit.note(
        connection, actor, "withdrawn", subject=str(number), details={"release": by, "reason": reason, "to": found.last}
    )
    return TakenBack(withdrawn=number, release=by, **told)


_WHY = "Only releases of your own are taken back."


def _refuse_beyond_key(connection: Connection, actor: Actor, found: Consequences) -> None:
    """Problem `not-allowed` where a release has figures that the key may not write."""
    key = actor.key
    if key is None or (key.indicators is None and key.regions is None):
        return
    series = {item[0] for item in found.closed} | {row["series_id"] for row in found.opened}
    beyond = sorted(set(_beyond(connection, sorted(series), key.indicators, key.regions)))
    if beyond:
        named = ", ".join(beyond[:_SHOWN])
        message = f"The release has figures that this key may not write: {named}. Take it back with a key that may."
        raise Problem("not-allowed", message, faults=(Fault("not-yours", "path/release", message),))


def _beyond(
    connection: Connection, series: list[int], indicators: frozenset[str] | None, regions: frozenset[str] | None
) -> Iterator[str]:
    """The indicators, and the codes of regions, of some series that are not among those that are allowed."""
    within = None if regions is None else _within(connection, regions)
    names = select(Series.id, Indicator.slug, Region.id.label("region"), Region.code)
    names = names.join(Indicator, Indicator.id == Series.indicator_id).join(Region, Region.id == Series.region_id)
    for part in parts(series):
        for row in connection.execute(names.where(Series.id.in_(part))):
            if indicators is not None and row.slug not in indicators:
                yield row.slug
            if within is not None and row.region not in within:
                yield row.code


def _within(connection: Connection, regions: frozenset[str]) -> set[int]:
    """The numbers of some regions, and of all that lie in them."""
    own = set(connection.execute(select(Region.id).where(Region.code.in_(regions))).scalars())
    below = select(RegionParent.region_id).where(RegionParent.parent_id.in_(own))
    return own | set(connection.execute(below).scalars())
