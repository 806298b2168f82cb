"""Two editions of an index held against each other, by what both hold alike: the rest would be no change of places.

An indicator that has no newer figure, breaks in between, is in current prices or is no series over time says nothing of
a change, and one that an edition lacks would be a change of the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.changes import broken_between
from api.answers.comparison.group import Subject, shown
from api.answers.index import calculations, choices
from api.answers.index.asked import AskedChoices
from api.answers.index.calculation import Calculation
from api.answers.index.editions import SCORE_DECIMALS, Edition, Use
from api.answers.reading import Reading

_PRICES = "£"
"""What units of amounts in current prices begin with."""
NOTE = (
    "Scores of both editions from the indicators that both hold alike, by the same goalposts and weights. They differ "
    "from the scores of the editions, which hold more."
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two editions by what both hold alike: what is told of them, and both as calculations, if anything is left."""

    told: dict[str, Any]
    calculations: tuple[Calculation, ...]


def pair_of(connection: Connection, reading: Reading, now: Edition, then: Edition) -> Pair:
    """Two editions, the later one first, like for like."""
    pairs = list(_pairs(connection, reading, now, then))
    kept = [use for use, reason in pairs if reason is None]
    parts = {use.component for use in kept}
    told: dict[str, Any] = {
        "since": then.year,
        "note": NOTE,
        "indicators": [use.indicator.slug for use in kept],
        "left_out": [{"indicator": use.indicator.slug, "reason": reason} for use, reason in pairs if reason],
        "components": sorted(parts),
        "reason": None,
        "regions": None,
    }
    least = now.index.least_components
    if len(parts) < least:
        some = ", ".join(sorted(parts)) or "none"
        told["reason"] = f"{least} components at least make an index, and like for like there are left: {some}."
    if not parts:
        return Pair(told, ())
    without = tuple(use.indicator.slug for use, reason in pairs if reason is not None)
    asked = AskedChoices(without=without, uncertainty=None, include=("scores",))
    # Components are compared one by one too, however few there are.
    editions = [replace(edition, index=replace(edition.index, least_components=1)) for edition in (now, then)]
    return Pair(told, tuple(choices.of_edition(connection, reading, edition, asked) for edition in editions))


def compared(reading: Reading, pair: Pair) -> dict[str, Any]:
    """What changed: scores of components, and of the index where enough are left.

    `regions` is None where nothing is left, and `reason` says why there are no scores of the index.
    """
    if not pair.calculations:
        return pair.told
    both = [
        {item["id"]: item for item in calculations.answered(reading, asked).data["regions"]}
        for asked in pair.calculations
    ]
    parts, whole = pair.told["components"], pair.told["reason"] is None
    return {**pair.told, "regions": [_line(region, parts, *both, whole=whole) for region in both[0]]}


def _pairs(connection: Connection, reading: Reading, now: Edition, then: Edition) -> Iterator[tuple[Use, str | None]]:
    """Each indicator of either edition, and why it says nothing of a change; None where it does."""
    before = {use.indicator.id: use for use in then.used}
    for use in now.used:
        yield use, _why_not(connection, reading, use, before.pop(use.indicator.id, None))
    for use in before.values():
        yield use, "The later edition has no figure of it."


def _why_not(connection: Connection, reading: Reading, use: Use, before: Use | None) -> str | None:
    later, earlier = use.group, None if before is None else before.group
    if later is None or earlier is None:
        return "The earlier edition has no figure of it."
    if later.period == earlier.period:
        return f"Both editions have the figure of {later.period}: nothing newer was published."
    if later.indicator.over_time is False:
        return "Its periods do not compare with one another."
    if later.unit.startswith(_PRICES):
        return "It is in the prices of each year, so that it grows with them."
    subject = Subject(connection=connection, reading=reading, indicator=later.indicator, period=later.period)
    broken = broken_between(subject, later, earlier)
    if broken:
        return f"Its series breaks in {min(broken.values())}: what lies before was counted in another way."
    return None


def _line(
    region: str, parts: list[str], now: dict[str, dict[str, Any]], then: dict[str, dict[str, Any]], *, whole: bool
) -> dict[str, Any]:
    """A region in both editions: where one has no score there is no change."""
    later, earlier = now[region], then.get(region, {"score": None, "rank": None, "scores": {}})
    return {
        "region": region,
        "region_name": later["name"],
        **(_changed(later["score"], earlier["score"]) if whole else _changed(None, None)),
        "order": later["rank"] if whole else None,
        "earlier_order": earlier["rank"] if whole else None,
        "components": [
            {"component": part, **_changed(later["scores"].get(part), earlier["scores"].get(part))} for part in parts
        ],
    }


def _changed(later: float | None, earlier: float | None) -> dict[str, Any]:
    change = None if later is None or earlier is None else later - earlier
    found = {"score": later, "earlier_score": earlier, "change": change}
    return {name: shown(number, SCORE_DECIMALS) for name, number in found.items()}
