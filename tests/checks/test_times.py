"""Periods are those of the indicator, with the moments of the figures that stand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.checks.small import (
    MONTHLY,
    NORTHTOWN,
    READING,
    SHARE,
    VALE,
    YEAR_ON_YEAR,
    checked,
    figures,
    only,
    standing,
    told,
)

STANDS = standing((READING, NORTHTOWN, "2024-01", "2024-01-15", "instant", 50.0))


def moments(found):
    return found.rows.select("period", "period_start", "period_duration").rows()


def test_a_year_is_read_with_its_start_and_duration():
    assert moments(checked(figures(period="2020"))) == [("2020", "2020-01-01", "P1Y")]


def test_a_split_year_is_that_of_the_indicator():
    found = checked(figures(indicator=YEAR_ON_YEAR, period=["2022/23", "2022-23", "Apr 2022 - Mar 2023"], region=[
        NORTHTOWN, VALE, "Shire"]))  # fmt: skip
    assert set(moments(found)) == {("2022-04-01/P1Y", "2022-04-01", "P1Y")}


def test_a_split_year_of_an_indicator_that_has_none_is_refused():
    fault = only(checked(figures(period="2023/24")))
    assert (fault["code"], fault["severity"], fault["nearest"]) == ("period-kind", "error", "2023")


def test_two_years_with_a_hyphen_are_no_month_where_there_are_no_months():
    found = checked(figures(indicator=YEAR_ON_YEAR, period="2011-12"))
    assert told(found) == [(2, "period", "period-kind?", "2011/12")]
    assert moments(found) == [("2011-04-01/P1Y", "2011-04-01", "P1Y")]


@pytest.mark.parametrize(
    ("slug", "period", "near"),
    [(SHARE, "31/03/2024", "2024"), (YEAR_ON_YEAR, "31/03/2024", "2023/24"), (MONTHLY, "2024-03-01", "2024-03")],
)
def test_a_day_is_no_period_of_an_indicator_of_years_or_months(slug, period, near):
    fault = only(checked(figures(indicator=slug, period=period)))
    assert (fault["code"], fault["severity"], fault["nearest"]) == ("period-kind", "error", near)


@pytest.mark.parametrize(
    ("slug", "period", "near"),
    [(SHARE, "Mar-24", "2024"), (YEAR_ON_YEAR, "2024", "2024/25"), (MONTHLY, "2024-Q2", "2024-04")],
)
def test_another_kind_of_period_is_a_warning(slug, period, near):
    found = checked(figures(indicator=slug, period=period))
    assert told(found) == [(2, "period", "period-kind?", near)]
    assert found.rows.height == 1


@pytest.mark.parametrize(("period", "near"), [("20203", "2023"), ("03/31/2024", "2024-03-31"), ("soon", None)])
def test_what_is_no_period_is_told_with_the_nearest(period, near):
    fault = only(checked(figures(period=period)))
    assert (fault["code"], fault["value"], fault["nearest"]) == ("period-unknown", period, near)


def test_a_period_that_begins_after_today_is_refused():
    table = figures(period=["2023", "2027"])
    assert told(checked(table, today=date(2026, 5, 1))) == [(3, "period", "period-future", None)]
    assert told(checked(table)) == []


def test_a_reading_takes_the_moment_of_what_stands():
    found = checked(figures(indicator=READING, region=[NORTHTOWN, VALE], period="2024-01"), stands=STANDS)
    assert moments(found) == [("2024-01", "2024-01-15", "instant")] * 2


def test_a_reading_of_which_nothing_tells_the_moment_is_refused():
    assert only(checked(figures(indicator=READING, period="2024-02"), stands=STANDS))["code"] == "period-moment"


def test_a_day_tells_the_moment_of_a_reading():
    found = checked(figures(indicator=READING, period=["31/03/2024", "2024-04-30"]))
    assert moments(found) == [("2024-03", "2024-03-31", "instant"), ("2024-04", "2024-04-30", "instant")]


def test_a_moment_that_is_given_goes_with_its_period():
    given = {"period_start": ["2024-02-20", "2024-03-01"], "period_duration": "instant"}
    found = checked(figures(indicator=READING, period="2024-02", region=[NORTHTOWN, VALE], **given))
    assert told(found) == [(3, "period_start", "period-start", "2024-02-01")]
    assert moments(found) == [("2024-02", "2024-02-20", "instant")]


def test_a_moment_is_given_whole():
    fault = only(checked(figures(indicator=READING, period="2024-02", period_start="2024-02-20")))
    assert (fault["code"], fault["column"]) == ("period-start", "period_start")


def test_a_duration_is_one_that_there_is():
    table = figures(period="2020", period_start="2020-01-01", period_duration="P7D")
    fault = only(checked(table))
    assert (fault["column"], fault["value"]) == ("period_duration", "P7D")


def test_a_span_begins_where_its_period_does():
    table = figures(period="2020", period_start="2020-02-01", period_duration="P1Y")
    assert only(checked(table))["nearest"] == "2020-01-01"


def test_a_moment_is_not_another_than_that_of_the_figure_that_stands():
    given = {"period_start": "2024-01-20", "period_duration": "instant"}
    fault = only(checked(figures(indicator=READING, period="2024-01", **given), stands=STANDS))
    assert (fault["code"], fault["nearest"]) == ("period-start", "2024-01-15")
