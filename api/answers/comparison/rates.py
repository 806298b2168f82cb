"""Like with like: a count or an amount is compared only as a rate, through the denominator that its indicator declares.

The denominator is of the nearest year, at most two years off; which one is part of every answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.answers.reading import Reading
from api.answers.selection import linked
from api.catalogue import Catalogue, Indicator, Region
from api.queries.observations import TIDY, Selection, all_observations
from api.rows import is_comparable, number

YEARS_OFF = 2
"""How far the year of a denominator may be from that of the figure."""
NOT_COMPARABLE = "not comparable: size"
NO_DENOMINATOR = "no-denominator"
"""Why a region is in no group: there is nothing to divide its figure by, in any of the years near it."""
SAMPLING = "sampling_ci_95"
"""The kind of bounds that tell sampling error."""
_PER = 10_000
"""Counts are shown for so many people, which leaves most with digits before the decimal point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How the values of an indicator are compared: their unit, decimals, and what they are divided by."""

    unit: str
    decimals: int
    factor: float = 1.0
    denominator: Indicator | None = None

    def described(self, indicator: Indicator) -> dict[str, Any]:
        """The scale as it stands in an answer."""
        divided = self.denominator
        return {
            "unit": self.unit,
            "decimals": self.decimals,
            "denominator": None if divided is None else divided.slug,
            "formula": None if divided is None else f"{indicator.slug} * {self.factor:,.0f} / {divided.slug}",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Divisor:
    """The value of a denominator for a region: its year, the code it stands under, the file it was read from."""

    value: float
    year: int
    code: str
    source_file: int

    def described(self, denominator: Indicator) -> dict[str, Any]:
        """The divisor as it stands in an answer."""
        return {
            "indicator": denominator.slug,
            "year": str(self.year),
            "value": number(self.value),
            "region": self.code,
        }


def scale_of(catalogue: Catalogue, indicator: Indicator, denominator: Indicator | None = None) -> Scale | None:
    """How an indicator is compared, by the denominator that it declares or another; None where size alone is left."""
    if indicator.measure == "rate":
        return Scale(unit=indicator.unit, decimals=indicator.decimals)
    if denominator is None and indicator.denominator is None:
        return None
    denominator = denominator or catalogue.indicator(str(indicator.denominator))
    per = "head" if denominator.unit == "people" else f"unit of {denominator.slug}"
    if indicator.unit.startswith("£"):
        millions = 1e9 if "billion" in indicator.unit else 1e6 if "million" in indicator.unit else 1.0
        return Scale(unit=f"£ per {per}", decimals=1, factor=millions, denominator=denominator)
    unit = f"{indicator.unit} per {_PER:,} {denominator.unit}"
    return Scale(unit=unit, decimals=1, factor=_PER, denominator=denominator)


def limits_of(
    lower: float | None, upper: float | None, kind: str | None, *, share: bool
) -> tuple[float | None, float | None]:
    """The 95 % limits of a value that its sampling error is told by: both, or none.

    Of a share, a limit that is not given lies at 0 or 100: it may be too small to have a lower one.
    """
    if kind != SAMPLING or (lower is None and upper is None):
        return None, None
    if share:
        return (0.0 if lower is None else lower), (100.0 if upper is None else upper)
    return (lower, upper) if lower is not None and upper is not None else (None, None)


def divisors(
    connection: Connection, reading: Reading, denominator: Indicator, regions: Iterable[Region], year: int
) -> dict[int, Divisor]:
    """The value of a denominator for each region in the year nearest to one, by the region's number.

    A place that was recoded is found under its other codes.
    """
    catalogue = reading.catalogue
    places = {region.id: catalogue.place_of(region) for region in regions}
    selection = Selection(
        release=reading.release,
        indicators=frozenset({denominator.id}),
        regions=frozenset(code for place in places.values() for code in catalogue.codes_of(place)),
        start_from=f"{year - YEARS_OFF:04d}-01-01",
        start_to=f"{year + YEARS_OFF:04d}-12-31",
    )
    rows = all_observations(connection, linked(catalogue, selection), columns=TIDY)
    known: dict[int, dict[int, Divisor]] = {}
    for row in rows:
        _, region, _, value, _, file, start, *_ = row
        if value and is_comparable(row):
            code, of = catalogue.regions[region], int(start[:4])
            by_year = known.setdefault(catalogue.place_of(code).id, {})
            by_year.setdefault(of, Divisor(value=value, year=of, code=code.code, source_file=file))
    found = {}
    for region, place in places.items():
        by_year = known.get(place.id, {})
        nearest = nearest_year(by_year, year)
        if nearest is not None:
            found[region] = by_year[nearest]
    return found


def nearest_year(known: Iterable[int], year: int) -> int | None:
    """The year nearest to one, at most `YEARS_OFF` from it; of two the earlier, which was known at the time."""
    near = [item for item in known if abs(item - year) <= YEARS_OFF]
    return min(near, key=lambda item: (abs(item - year), item), default=None)
