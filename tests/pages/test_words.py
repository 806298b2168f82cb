"""Numbers and periods as people read them, and small drawings of series."""

import pytest

from api.pages import words
from api.pages.sparkline import sparkline


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.285, 2, "0.29"),
        (1234567, 0, "1,234,567"),
        (-0.04, 1, "0.0"),
        (-2.5, 0, "\u22123"),
        (12.5, None, "12.5"),
        (100.0, None, "100"),
        (None, 1, "\u2013"),
        (1e16, None, "10,000,000,000,000,000"),
    ],
)
def test_numbers(value, digits, text):
    assert words.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "digits", "unit", "text"),
    [
        (97.2, 1, "% of premises", "97.2%"),
        (12345, 0, "£ per head", "£12,345"),
        (-3.5, 1, "£ million", "\u2212£3.5 million"),
        (440, 0, "aims", "440"),
    ],
)
def test_amounts(value, digits, unit, text):
    assert words.amount(value, digits, unit) == text


def test_a_median_has_the_decimals_of_its_values_and_more_where_it_has_them():
    assert words.precise(2, 1, "% of premises") == "2.0%"
    assert words.precise(94.395, 2, "% of area") == "94.395%"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("2024", "2024"),
        ("2026-01", "January 2026"),
        ("2026-Q1", "January to March 2026"),
        ("2023-04-01/P1Y", "Apr 2023 to Mar 2024"),
        ("2014-01-01/P11Y", "Jan 2014 to Dec 2024"),
        ("2024-01-15", "2024-01-15"),
    ],
)
def test_periods(label, text):
    assert words.period(label) == text


@pytest.mark.parametrize(("rank", "text"), [(1, "1st"), (22, "22nd"), (113, "113th"), (1003, "1,003rd")])
def test_ranks(rank, text):
    assert words.ordinal(rank) == text


def point(period, value, status="A"):
    return {"period": period, "value": value, "status": status}


def test_a_line_ends_at_a_break_and_at_a_gap():
    drawn = sparkline(
        [point("2020", 1), point("2021", 2), point("2022", 5, "B"), point("2023", None, "Q"), point("2024", 4)]
    )
    assert drawn.count('class="break"') == 1
    assert drawn.count("<path d=") == 3
    assert 'aria-hidden="true"' in drawn


def test_one_value_is_no_line():
    assert sparkline([point("2020", 1), point("2021", None, "O")]) == ""
