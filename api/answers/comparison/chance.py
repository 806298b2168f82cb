"""The chance variation of counts, where it is asked for in place of what is known of the error of the figures."""

from __future__ import annotations

import numpy as np

from api.analysis.chance import byar, wilson
from api.answers.comparison.counts import Counts
from api.answers.comparison.error_bounds import RECORDS, SETS, Basis, Errors, unknown
from api.answers.comparison.group import Group

BYAR, WILSON = "chance_byar_95", "chance_wilson_95"
NO_COUNTS = "no counts held here"
_HUNDRED = 100
_AS_THOUGH = "as though each were one of many that could have come about under the same rate. No sampling error:"


def chance_of(group: Group, counts: Counts | None) -> Errors:
    """The limits of chance variation of a group whose values are counts of records, or shares of such counts."""
    factor = 1.0 if group.scale is None else group.scale.factor
    if counts is not None and counts.factor == _HUNDRED:
        counted = np.array([counts.values[region] for region in group.figures])
        totals = np.array([counts.divisors.get(region, 0.0) for region in group.figures])
        lower, upper = (side * _HUNDRED for side in wilson(counted, totals))
        detail = f"Chance variation of the counts by Wilson's method, {_AS_THOUGH} {SETS}"
        return Errors(basis=Basis(name=WILSON, detail=detail), lower=lower, upper=upper, normal=True)
    if group.indicator.measure == "count" and group.indicator.collection == RECORDS and group.denominator is not None:
        figures = list(group.figures.values())
        ratios = np.array([factor / figure.divisor.value for figure in figures if figure.divisor is not None])
        lower, upper = (side * ratios for side in byar(np.array([figure.published for figure in figures])))
        detail = f"Chance variation of the counts by Byar's method, {_AS_THOUGH} {SETS}"
        return Errors(basis=Basis(name=BYAR, detail=detail), lower=lower, upper=upper, normal=True)
    return unknown(
        NO_COUNTS, "Chance variation is told of counts in records, and of shares of counts that are held here."
    )
