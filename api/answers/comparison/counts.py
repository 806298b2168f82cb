"""What quotients were made of: the counts behind rates that were computed here, which were rounded before they were.

A share of counts that are rounded to 5 has all its digits and is known no better than these: the digits of the share
itself tell nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from api.analysis import intervals
from api.answers.comparison.group import Group, Subject
from api.answers.reading import Reading
from api.answers.selection import every_code, linked
from api.catalogue import Indicator
from api.queries.observations import TIDY, Selection, all_observations
from api.rows import REGION, VALUE, is_comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numerators of the figures of a group, by number of region, and the steps that both were rounded to."""

    numerator: Indicator
    step: float
    values: Mapping[int, float]
    divisors: Mapping[int, float]
    divisor_step: float
    factor: float

    def bounds(self, region: int) -> tuple[float, float]:
        """The least and the greatest quotient that rounding allows of a region.

        Where nothing was counted and what it is divided by is not known, nothing bounds it upwards.
        """
        half, beside = self.step / 2, self.divisor_step / 2
        value, divisor = self.values[region], self.divisors.get(region, 0.0)
        if not divisor:
            return 0.0, float("inf")
        least = self.factor * max(0.0, value - half) / (divisor + beside)
        most = self.factor * (value + half) / (divisor - beside) if divisor > beside else float("inf")
        return least, most


def counts_of(subject: Subject, group: Group) -> Counts | None:
    """The counts behind a group of quotients that were computed here, where there are those of all its regions.

    Of what is divided by and has no figures here, each is the numerator divided by the quotient, and rounded alike.
    """
    indicator, formula = group.indicator, group.indicator.formula
    values = [figure.published for figure in group.figures.values()]
    computed = indicator.derivation is not None or intervals.published_step(values, indicator.decimals) == 0
    if formula is None or not computed or group.reason is not None:
        return None
    numerator = subject.catalogue.indicator(formula.numerator)
    counted = _values(subject.connection, subject.reading, numerator, group)
    if formula.held:
        divisor = subject.catalogue.indicator(formula.denominator)
        divided = _values(subject.connection, subject.reading, divisor, group)
        beside = intervals.published_step(list(divided.values()), divisor.decimals)
    else:
        divided = {
            region: counted[region] * formula.factor / figure.published
            for region, figure in group.figures.items()
            if figure.published and region in counted
        }
        beside = intervals.published_step(list(counted.values()), numerator.decimals)
    if not group.figures.keys() <= counted.keys() or (formula.held and not group.figures.keys() <= divided.keys()):
        return None
    return Counts(
        numerator=numerator,
        step=intervals.published_step(list(counted.values()), numerator.decimals),
        values=counted,
        divisors=divided,
        divisor_step=beside,
        factor=formula.factor,
    )


def _values(connection: Connection, reading: Reading, indicator: Indicator, group: Group) -> dict[int, float]:
    """The comparable values of an indicator for the regions of a group, in its period."""
    catalogue = reading.catalogue
    selection = Selection(
        release=reading.release,
        indicators=frozenset({indicator.id}),
        regions=every_code(catalogue, group.figures),
        periods=frozenset({group.period}),
    )
    rows = all_observations(connection, linked(catalogue, selection), columns=TIDY)
    return {catalogue.place_of(catalogue.regions[row[REGION]]).id: row[VALUE] for row in rows if is_comparable(row)}
