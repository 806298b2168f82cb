"""A column of units is that of the indicators."""

from __future__ import annotations

import pytest

from tests.checks.small import COUNT, MONEY, SHARE, checked, figures, only, told


@pytest.mark.parametrize(
    ("slug", "unit"),
    [
        (SHARE, "% of people aged 16 and over"), (SHARE, "Per cent of people aged 16 and over"), (SHARE, "Percentage"),
        (SHARE, "%"), (COUNT, "People"), (COUNT, "persons"), (MONEY, "\u00a3m"), (MONEY, "\u00a3 millions"),
        (MONEY, "GBP million"), (MONEY, None),
    ],
)  # fmt: skip
def test_units_of_an_indicator(slug, unit):
    assert told(checked(figures(indicator=slug, unit=[unit], value="11"))) == []


@pytest.mark.parametrize(
    ("slug", "unit"), [(SHARE, "people"), (MONEY, "\u00a3"), (COUNT, "%"), (SHARE, "% of premises")]
)
def test_other_units_are_refused(slug, unit):
    fault = only(checked(figures(indicator=slug, unit=unit, value="11")))
    assert (fault["code"], fault["column"], fault["value"]) == ("unit-different", "unit", unit)
    assert fault["nearest"] and fault["nearest"] in fault["message"]
