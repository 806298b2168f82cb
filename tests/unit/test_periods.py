"""Periods: every accepted spelling leads to one canonical form, everything else is refused."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.durations import shifted_day
from api.periods import Period, SplitYear, parse, shifted
from api.settings import ROOT


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
        ("2014-01/P11Y", "2014-01-01/P11Y", "2014-01-01", "2024-12-31"),
        ("2014-04-06/P3Y", "2014-04-06/P3Y", "2014-04-06", "2017-04-05"),
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
    ["banana", "", "24", "2024-13", "2024-00", "2024-Q5", "2023/25", "2023-02-30", "0000", "2024-01-01/P51Y",
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


@pytest.mark.parametrize(
    ("spelling", "label"),
    [
        ("2024-S1", "2024-01-01/P6M"), ("2024-H1", "2024-01-01/P6M"), ("2024H1", "2024-01-01/P6M"),
        ("2024S2", "2024-07-01/P6M"), ("2024 h2", "2024-07-01/P6M"), ("H1 2024", "2024-01-01/P6M"),
        ("2024-01-01/P6M", "2024-01-01/P6M"), ("Jan-Jun 2024", "2024-01-01/P6M"),
        ("2024M01", "2024-01"), ("2024-M01", "2024-01"), ("2024M1", "2024-01"), ("2024-M12", "2024-12"),
        ("202403", "2024-03"), ("202312", "2023-12"), ("2024 JAN", "2024-01"), ("20240115", "2024-01-15"),
        ("2024Q1", "2024-Q1"), ("2022-10-01/P3M", "2022-Q4"), ("2024-02-01/P3M", "2024-02-01/P3M"),
        ("Oct-Dec 2022", "2022-Q4"), ("Nov 2023-Jan 2024", "2023-11-01/P3M"), ("Q1/2024", "2024-Q1"),
        ("2024-A1", "2024"), ("2022-01-01/P1Y", "2022"), ("2022-01-01/P12M", "2022"),
        ("2026-01-01/P1M", "2026-01"), ("2026-01-01/P1D", "2026-01-01"),
        ("2024-01-01/2024-12-31", "2024"), ("2023-04-01/2024-03-31", "2023-04-01/P1Y"),
        ("2024-01-01/2024-01-01", "2024-01-01"), ("2024-02-01/2024-02-29", "2024-02"),
        ("FY2023/24", "2023-04-01/P1Y"), ("FY 2023-24", "2023-04-01/P1Y"), ("academic year 2023/24", "2023-08-01/P1Y"),
        ("FYE 2024", "2023-04-01/P1Y"), ("year ending March 2024", "2023-04-01/P1Y"), ("YE Dec 2024", "2024"),
        ("9999-10-01/9999-12-31", "9999-Q4"), ("9999", "9999"),
    ],
)  # fmt: skip
def test_how_other_services_and_tables_write_periods(spelling, label):
    assert parse(spelling).label == label


@pytest.mark.parametrize(("spelling", "first"), [("202324", 2023), ("20232024", 2023), ("199900", 1999)])
def test_a_year_into_the_next_in_digits_alone(spelling, first):
    assert parse(spelling) == SplitYear(first)


@pytest.mark.parametrize(
    ("spelling", "forms"), [("201112", "2011/12 or 2011-12"), ("200910", "2009/10 or 2009-10"), ("200001", "2000/01")]
)
def test_six_digits_that_are_a_year_and_a_month_alike_are_refused_with_both(spelling, forms):
    with pytest.raises(ValueError, match=forms):
        parse(spelling)


@pytest.mark.parametrize("spelling", ["2024-W01", "2024W1", "2024-W01-3"])
def test_weeks_are_refused_as_weeks(spelling):
    with pytest.raises(ValueError, match="nothing is published by weeks"):
        parse(spelling)


@pytest.mark.parametrize(
    "text",
    ["2024-H3", "2024-S0", "2024M13", "2024-01-01/P4M", "2024-01-01/P7D", "2024-01-01/2024-03-01", "2024-T1",
     "2024-12-31/2024-01-01", "2024-01-31/P1M", "Dec-Feb 2024", "FY2024", "000001", "20241301"],
)  # fmt: skip
def test_spans_without_a_name_are_refused(text):
    with pytest.raises(ValueError, match="is not a period"):
        parse(text)


def test_half_years_follow_one_another():
    assert shifted("2024-01-01/P6M", 6) == "2024-07-01/P6M"
    assert parse("2024-S1").end == "2024-06-30" and parse("2024-S2").end == "2024-12-31"


def published_periods():
    """Every label that a figure of the seed stands under, with the start and the duration that it was given."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "seed" / "observations").glob("*.csv"))
    rows = (row for text in texts for row in csv.DictReader(text.splitlines()))
    return {(row["period"], row["period_start"], row["period_duration"]) for row in rows}


def test_every_published_label_and_its_full_form_are_one_period():
    published = published_periods()
    assert {"2022", "2023-08-01/P1Y", "2026-01"} <= {label for label, _, _ in published}
    for label, start, duration in published:
        # A reading of one moment is written as the year, the month or the day that it is dated by.
        spanned = {4: "P1Y", 7: "P1M", 10: "P1D"}[len(label)] if duration == "instant" else duration
        period = parse(label)
        assert period.label == label
        assert period.start == start or duration == "instant"
        assert parse(f"{period.start}/{spanned}") == period == parse(f"{period.start}/{period.end}")


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9000, 1, 1)), st.sampled_from(["P1Y", "P6M", "P3M", "P1M"]))
def test_a_span_leads_to_itself_by_its_label_and_by_its_ends(day, duration):
    period = parse(f"{day.replace(day=min(day.day, 28))}/{duration}")
    assert parse(period.label) == period == parse(f"{period.start}/{period.end}")
