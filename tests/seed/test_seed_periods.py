"""One canonical form of each period, with start and duration."""

import re
from datetime import date

INSTANT = {
    "gigabit-availability", "5g-area-coverage", "4g-area-coverage", "premises-below-30-mbps",
    "enterprises-sic-j", "enterprises-sic-j-share", "population",
    "4g-indoor-all-operators", "4g-indoor-any-operator", "5g-outdoor-premises", "full-fibre-availability",
    "premises-below-uso", "superfast-availability", "ultrafast-availability", "full-fibre-take-up",
    "full-fibre-take-up-where-available", "census-online-response", "library-within-walk", "median-weekly-pay",
    "digital-sector-enterprises", "digital-sector-enterprises-share", "enterprises-sic-62", "digital-planning-grants",
    "planning-data-sets", "open-digital-planning-membership", "population-16-24", "population-16-64",
}  # fmt: skip
FORMS = {
    "instant": r"\d{4}(-\d\d)?",
    "P1M": r"\d{4}-\d\d",
    "P3M": r"\d{4}-Q[1-4]",
    "P11Y": r"2014-01-01/P11Y",
    "P1Y": r"\d{4}|\d{4}-\d\d-\d\d/P1Y",
}


def test_periods_are_canonical(seed):
    for indicator, rows in seed.observations.items():
        for row in rows:
            start = date.fromisoformat(row["period_start"])
            assert re.fullmatch(FORMS[row["period_duration"]], row["period"]), row
            assert row["period"][:4] == str(start.year)
            if row["period_duration"] == "P1Y":
                whole_year = re.fullmatch(r"\d{4}", row["period"])
                assert (start.month == start.day == 1) if whole_year else start.month in (4, 8, 9)
            assert (row["period_duration"] == "instant") == (indicator in INSTANT)


def test_a_period_has_one_start_and_one_duration(seed):
    for indicator, rows in seed.observations.items():
        seen = {}
        for row in rows:
            key = (row["period_start"], row["period_duration"])
            assert seen.setdefault(row["period"], key) == key, (indicator, row["period"])


def test_financial_and_academic_years(seed):
    def periods(indicator):
        return {(r["period"], r["period_start"]) for r in seed.current(indicator)}

    assert periods("fe-ict-achievements") == {("2023-08-01/P1Y", "2023-08-01")}
    assert ("2019-08-01/P1Y", "2019-08-01") in periods("apprenticeship-starts-rate")
    assert ("2021-04-01/P1Y", "2021-04-01") in periods("employment-soc-21")
    assert ("2020-04-01/P1Y", "2020-04-01") in periods("public-rd-expenditure")


def test_other_forms(seed):
    def one(indicator, region, period):
        row = seed.at(indicator, 4)[region, period]
        return row["period_start"], row["period_duration"]

    assert one("gigabit-availability", "E12000005", "2024-01") == ("2024-01-01", "instant")
    assert one("enterprises-sic-j", "E12000005", "2025-03") == ("2025-03-01", "instant")
    assert one("digital-job-adverts", "E47000007", "2025-07") == ("2025-07-01", "P1M")
    assert one("gva-sic-j", "E12000005", "2023") == ("2023-01-01", "P1Y")
    assert one("population", "E12000005", "2023") == ("2023-06-30", "instant")


def test_the_kind_of_year_is_declared(seed):
    kinds = {code: row["year_kind"] for code, row in seed.by("indicators", "indicator").items()}
    assert kinds["fe-ict-achievements"] == kinds["apprenticeship-starts-rate"] == "academic"
    assert kinds["employment-soc-21"] == kinds["public-rd-expenditure"] == "financial"
    assert kinds["digital-job-adverts"] == "month"
    assert kinds["gva-sic-j"] == kinds["level-3-qualifications"] == "calendar"
    assert {code for code, kind in kinds.items() if kind == "instant"} == INSTANT


def test_quarters_pooled_years_and_school_years(seed):
    def periods(indicator):
        return {(r["period"], r["period_start"], r["period_duration"]) for r in seed.current(indicator)}

    quarters = periods("employment-rate-lfs")
    assert len(quarters) == 65
    assert {("2010-Q1", "2010-01-01", "P3M"), ("2026-Q1", "2026-01-01", "P3M")} <= quarters
    assert ("2014-01-01/P11Y", "2014-01-01", "P11Y") in periods("youth-unemployment")
    assert ("2016-09-01/P1Y", "2016-09-01", "P1Y") in periods("gcse-english-maths-by-19")
    assert ("2014-08-01/P1Y", "2014-08-01", "P1Y") in periods("graduate-start-ups")
    assert ("2013-04-01/P1Y", "2013-04-01", "P1Y") in periods("apprenticeship-starts-rate-scotland")


def test_pooled_years_are_of_itl_2_areas_and_single_years_of_the_whole(seed):
    for indicator in ("youth-unemployment", "new-economy-jobs", "higher-degrees"):
        for row in seed.current(indicator):
            assert (row["period_duration"] == "P1Y") == (row["region"] == "K02000001")
