"""Which indicators the likeness of places is told by: those that the caller chooses, else all that are fit for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from api.answers import group_cache
from api.answers.comparison.group import Figure, Group, Subject, covered, figure_of
from api.answers.comparison.rates import scale_of
from api.answers.peers.codes import Places
from api.answers.profile.place import Place, Row, read_place, why_not
from api.answers.profile.strengths import told_by
from api.answers.reading import Reading
from api.catalogue import Catalogue, Indicator, Region
from api.periods import last_day
from api.rows import DURATION, PERIOD, START, VALUE
from api.spans import span_of

LEAST_SHARE = 0.9
"""How much of its level an indicator must cover to be taken unasked: each that covers less leaves candidates out."""
YEARS = 5
"""How old a figure may be to be taken unasked."""
RULE = (
    "all rates, and counts and amounts through their denominator, that the region has a value of, that cover 90 % of "
    "its level and are at most five years old; neutral ones and those of context too, since likeness knows no better "
    "and worse, and circumstances are part of it; a count or an amount that a rate of the same name tells is left out"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whose peers are sought, at which level, and as of which day."""

    connection: Connection
    reading: Reading
    region: Region
    level: str
    day: str

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the release."""
        return self.reading.catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """An indicator that likeness is told by: its group, and the region's own figure."""

    indicator: Indicator
    group: Group
    own: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """An indicator that likeness is not told by, and why."""

    indicator: Indicator
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The indicators that are used, and those that are not."""

    used: list[Used] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)


def choose(asking: Asking, chosen: list[Indicator] | None, *, exclude: Indicator | None = None) -> Choice:
    """The chosen indicators, or by `RULE` all that are fit, without one (and what tells the same as it)."""
    catalogue = asking.catalogue
    wanted = list(catalogue.indicators.values()) if chosen is None else chosen
    place = read_place(asking.connection, asking.reading, asking.region, wanted)
    places = Places(catalogue, asking.level, asking.day)
    found = Choice()
    for indicator in wanted:
        if exclude is not None and alike(indicator, exclude):
            continue
        one = _use(asking, place, places, indicator)
        if isinstance(one, Used) and chosen is None:
            one = _fit(one, places, asking.day)
        if isinstance(one, Used):
            found.used.append(one)
        else:
            found.unused.append(one)
    if chosen is None:
        _leave_out_told(found)
    return found


def alike(one: Indicator, other: Indicator) -> bool:
    """Whether two indicators are one, or a count and the rate that is made from it."""
    return one.id == other.id or bool(told_by(one, {other.slug}) or told_by(other, {one.slug}))


def usual_level(catalogue: Catalogue, region: Region) -> str:
    """The level whose regions are the peers of one: of its levels the one that most figures are published for."""

    def figures(level: str) -> int:
        found = (covered(item, level) for item in catalogue.indicators.values())
        return sum(item.regions for item in found if item)

    return max(region.levels, key=figures)


def _use(asking: Asking, place: Place, places: Places, indicator: Indicator) -> Used | Unused:
    if scale_of(asking.catalogue, indicator) is None:
        return Unused(
            indicator=indicator, reason="not-comparable", detail="A matter of size alone: it has no denominator."
        )
    row = _latest(place, indicator, asking.day)
    if row is None:
        reason, detail = _why_not(place, indicator, asking.day)
        return Unused(indicator=indicator, reason=reason, detail=detail)
    subject = Subject(connection=asking.connection, reading=asking.reading, indicator=indicator, period=row[PERIOD])
    group = group_cache.group(subject, asking.level)
    absent = next((item for item in group.missing if item.region.id == place.region.id), None)
    if absent is not None:
        return Unused(indicator=indicator, reason=absent.reason, detail=absent.detail)
    own = places.figures(group).get(places.of(asking.region)) or figure_of(subject, asking.region)
    if group.reason is not None or own is None:
        detail = (
            f"In {row[PERIOD]} nothing can be compared at this level: {group.reason or 'it has no comparable value'}."
        )
        return Unused(indicator=indicator, reason="not-comparable", detail=detail)
    return Used(indicator=indicator, group=group, own=own)


def _why_not(place: Place, indicator: Indicator, day: str) -> tuple[str, str]:
    """Why a place has no value by a day: all that it has are later, or it has none."""
    if _latest(place, indicator, "9999") is not None:
        return "outside-period", f"Its first figure is of later than {day}."
    return why_not(place, indicator)


def _latest(place: Place, indicator: Indicator, day: str) -> Row | None:
    """The latest value of a place in a period that is over by a day."""
    rows = place.rows(indicator)
    over = (row for row in rows if row[VALUE] is not None and last_day(row[PERIOD], row[START], row[DURATION]) <= day)
    return max(over, key=lambda row: row[START], default=None)


def _fit(one: Used, places: Places, day: str) -> Used | Unused:
    """An indicator that nobody asked for, if it is new enough and covers enough of the level."""
    indicator, period = one.indicator, one.group.period
    if int(day[:4]) - int(span_of(period).end[:4]) > YEARS:
        detail = f"Its latest figure is of {period}, more than {YEARS} years before {day}."
        return Unused(indicator=indicator, reason="outside-period", detail=detail)
    share = places.share(one.group)
    if share < LEAST_SHARE:
        detail = f"In {period} it covers {100 * share:.0f} % of the level, less than {100 * LEAST_SHARE:.0f} %."
        return Unused(indicator=indicator, reason="geography-not-covered", detail=detail)
    return one


def _leave_out_told(found: Choice) -> None:
    """Take out counts and amounts that stand in the choice as a rate already: the same thing would count twice."""
    rates = {item.indicator.slug for item in found.used}
    for item in list(found.used):
        rate = told_by(item.indicator, rates)
        if rate is not None:
            found.used.remove(item)
            found.unused.append(Unused(indicator=item.indicator, reason="told-by-rate", detail=f"{rate} tells it."))


def weights_of(used: list[Indicator], given: Mapping[str, float]) -> list[float]:
    """The weight of each indicator: as given, else 1."""
    return [given.get(item.slug, 1.0) for item in used]
