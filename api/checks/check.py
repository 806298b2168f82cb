"""All checks of a frame, one after another."""

from __future__ import annotations

from datetime import date

import polars as pl

from api.catalogue import Catalogue
from api.checks.changes import check_duplicates, check_removals, read_changes
from api.checks.checked import Checked, counted, publishable_rows
from api.checks.faults import FAULTS_SCHEMA
from api.checks.history import check_jumps
from api.checks.lifetimes import check_lifetimes
from api.checks.limits import read_limits
from api.checks.names import read_names
from api.checks.numbers import read_numbers, read_statuses
from api.checks.scale import check_scale
from api.checks.sums import check_sums
from api.checks.times import read_times
from api.checks.units import read_units
from api.checks.work import STANDING_SCHEMA, Allowed, Work

_ANYTHING = Allowed()
_STEPS = (
    read_changes,
    read_names,
    read_times,
    check_lifetimes,
    read_units,
    read_numbers,
    read_statuses,
    read_limits,
    check_removals,
    check_duplicates,
    check_scale,
    check_jumps,
    check_sums,
)
"""Each takes the work and adds to it; the order is that in which they need one another."""


def check(
    frame: pl.DataFrame,
    *,
    catalogue: Catalogue,
    standing: pl.DataFrame,
    allowed: Allowed = _ANYTHING,
    today: date | None = None,
) -> Checked:
    """The figures of a frame that may be published, and all that is wrong with the others.

    Args:
        frame: `row` (UInt32) and columns of text, as a reader hands them over.
        catalogue: Of the release that the figures are to follow.
        standing: The figures of these indicators that stand now, of all periods, with the columns `STANDING_SCHEMA`.
        allowed: What may be written.
        today: Periods that begin later are refused; None: none are.

    """
    work = Work(
        figures=frame.with_row_index("at"),
        catalogue=catalogue,
        standing=standing.select(pl.col(name).cast(kind) for name, kind in STANDING_SCHEMA.items()),
        allowed=allowed,
        today=today,
    )
    for step in _STEPS:
        step(work)
    faults = work.found.frame()
    rows = publishable_rows(work.figures, work.found.errors())
    return Checked(
        rows=rows,
        faults=faults.select(*FAULTS_SCHEMA),
        counts=counted(faults, frame.height, rows.height),
        places=faults["at"],
    )
