"""Examples of periods, of indicators that have no figures yet: each is read as a period of theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.answers.templates import example_of
from api.checks import Allowed, check
from tests.checks.small import INDICATORS, NORTHTOWN, SHARE, SMALL, frame, standing


@pytest.mark.parametrize(
    ("year_kind", "frequency", "example"),
    [
        ("calendar", "annual", "2025"),
        ("calendar", "irregular", "2025"),
        ("calendar", "quarterly", "2025-Q4"),
        ("calendar", "half-yearly", "2025-S2"),
        ("calendar", "monthly", "2025-12"),
        ("month", "monthly", "2025-12"),
        ("financial", "annual", "2024/25"),
        ("academic", "annual", "2024/25"),
        ("instant", "annual", "2025-12-31"),
    ],
)
def test_the_example_is_a_period_of_the_indicator(year_kind, frequency, example):
    known = SMALL.indicators[INDICATORS[SHARE]]
    own = replace(known, year_kind=year_kind, frequency=frequency, coverage=())
    catalogue = replace(SMALL, indicators={**SMALL.indicators, own.id: own})
    assert example_of(catalogue, own, "local-authority") == example
    table = frame(indicator=SHARE, region=NORTHTOWN, period=example, value="50")
    found = check(table, catalogue=catalogue, standing=standing(), allowed=Allowed(), today=None)
    assert found.faults.rows() == [] and found.counts["good"] == 1


def test_a_year_that_would_be_read_otherwise_is_written_in_full():
    known = SMALL.indicators[INDICATORS[SHARE]]
    september = replace(known.coverage[-1], period="2023-09-01/P1Y", start="2023-09-01", duration="P1Y")
    own = replace(known, year_kind="academic", coverage=(september,))
    catalogue = replace(SMALL, indicators={own.id: own})
    assert example_of(catalogue, own, "local-authority") == "2023/24"
    odd = replace(own, year_kind="calendar")
    assert example_of(replace(catalogue, indicators={own.id: odd}), odd, "local-authority") == "2023-09-01/P1Y"
