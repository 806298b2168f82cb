"""Periods: every accepted spelling leads to one canonical form, everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.periods import Period, SplitYear, parse, shifted, shifted_day


@pytest.mark.parametrize(
    ("spelling", "label", "start", "end"),
    [
        ("2024", "2024", "2024-01-01", "2024-12-31"),
        ("2024-01-01/P1Y", "2024", "2024-01-01", "2024-12-31"),
        ("2024-Q3", "2024-Q3", "2024-07-01", "2024-09-30"),
        ("2024q3", "2024-Q3", "2024-07-01", "2024-09-30"),
        ("Q3 2024", "2024-Q3", "2024-07-01", "2024-09-30"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        ("Feb 2024", "2024-02", "2024-02-01", "2024-02-29"),
        ("february 2024", "2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02/P1M", "2024-02", "2024-02-01", "2024-02-29"),
        ("2024-06-30", "2024-06-30", "2024-06-30", "2024-06-30"),
        ("2020-04/P1Y", "2020-04-01/P1Y", "2020-04-01", "2021-03-31"),
        ("2019-08-01/P1Y", "2019-08-01/P1Y", "2019-08-01", "2020-07-31"),
        ("Apr 2021-Mar 2022", "2021-04-01/P1Y", "2021-04-01", "2022-03-31"),
        ("April 2021 to March 2022", "2021-04-01/P1Y", "2021-04-01", "2022-03-31"),
        ("Jan 2021 - Dec 2021", "2021", "2021-01-01", "2021-12-31"),
        ("  2024  ", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_spellings(spelling, label, start, end):
    assert parse(spelling) == Period(start, end, label)


@pytest.mark.parametrize("spelling", ["2023/24", "2023-24", "2023/2024", "2023-2024"])
def test_a_year_into_the_next_stays_open_until_an_indicator_decides(spelling):
    assert parse(spelling) == SplitYear(2023)
    readings = SplitYear(2023).readings()
    assert readings["financial"].label == "2023-04-01/P1Y"
    assert readings["academic"].label == "2023-08-01/P1Y"


def test_the_turn_of_a_century():
    assert parse("1999/00") == SplitYear(1999)


@pytest.mark.parametrize(
    "text",
    ["banana", "", "24", "2024-13", "2024-00", "2024-Q5", "2023/25", "2023-02-30", "0000", "2024-01-01/P2Y",
     "2024-02-29/P1Y", "Apr 2021-Mar 2023", "Foo 2024", "9999/00", "٢٠٢٤", "2024-01-01T00:00", "20244"],
)  # fmt: skip
def test_anything_else_is_refused_with_the_spellings(text):
    with pytest.raises(ValueError, match="Write one as 2024"):
        parse(text)


@given(st.text(max_size=30))
def test_no_text_does_worse_than_being_refused(text):
    try:
        period = parse(text)
    except ValueError:
        return
    assert isinstance(period, Period | SplitYear)


@given(st.dates(), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_canonical_labels_lead_to_themselves(day, form):
    label = day.strftime(form)
    if len(label.split("-")[0]) == 4:
        assert parse(label).label == label


@pytest.mark.parametrize(
    ("label", "months", "later"),
    [
        ("2023", 12, "2024"),
        ("2023", -24, "2021"),
        ("2023-04-01/P1Y", 12, "2024-04-01/P1Y"),
        ("2024-Q3", 6, "2025-Q1"),
        ("2024-07", 6, "2025-01"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_a_period_some_months_later_is_spelt_alike(label, months, later):
    assert shifted(label, months) == later


@pytest.mark.parametrize(("label", "months"), [("2023", 6), ("2024-Q1", 1), ("2023/24", 12)])
def test_there_is_not_always_a_period_some_months_later(label, months):
    with pytest.raises(ValueError, match=label):
        shifted(label, months)


def test_a_day_some_months_later():
    assert shifted_day("2011-06-30", 12) == "2012-06-30"
    assert shifted_day("2024-08-31", 6) == "2025-02-28"
