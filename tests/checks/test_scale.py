"""Values of another size than their unit says are told: fractions, shares beyond 100, small counts of people."""

from __future__ import annotations

import pytest

from tests.checks.small import (
    COUNT,
    MONEY,
    MONTHLY,
    NORTHTOWN,
    SHARE,
    VALE,
    YEAR_ON_YEAR,
    checked,
    figures,
    standing,
    told,
)


def stand(*values, slug=SHARE, region=NORTHTOWN):
    return standing(
        *((slug, region, str(2010 + at), f"{2010 + at}-01-01", "P1Y", value) for at, value in enumerate(values))
    )


def of_scale(found):
    codes = {"fraction-for-percent", "percent-for-fraction", "out-of-range", "small-count"}
    return [(row, code, near) for row, _, code, near in told(found) if code.rstrip("?") in codes]


def test_fractions_where_percentages_stand_are_refused():
    found = checked(figures(value=["0.501", "0.52", "0"]), stands=stand(49.0, 51.0))
    assert of_scale(found) == [(2, "fraction-for-percent", "50.1"), (3, "fraction-for-percent", "52")]
    assert found.rows["row"].to_list() == [4]


def test_fractions_are_told_once_where_nothing_stands():
    assert of_scale(checked(figures(value=["0.5", "0.52"]))) == [(2, "fraction-for-percent?", None)]


def test_small_percentages_are_no_fractions():
    assert of_scale(checked(figures(value=["0.5", "0.6"]), stands=stand(0.4, 0.7))) == []
    assert of_scale(checked(figures(value=["0.5", "52"]), stands=stand(49.0, 51.0))) == []


def test_what_stands_of_the_same_places_counts():
    both = stand(0.4, 0.7).vstack(stand(60.0, 70.0, 80.0, region=VALE))
    assert of_scale(checked(figures(value=["0.5", "0.6"]), stands=both)) == []


def test_a_share_that_was_small_before_may_be_small_again():
    assert of_scale(checked(figures(value=["0.5", "0.6"]), stands=stand(0.9, 40.0))) == [
        (2, "fraction-for-percent?", None)
    ]


def test_the_newest_figures_count():
    assert of_scale(checked(figures(value=["0.5", "0.6"]), stands=stand(70.0, 80.0, 90.0, 3.0))) == []


def test_percentages_where_fractions_stand_are_refused():
    found = checked(
        figures(indicator=YEAR_ON_YEAR, value=["45", "47.5"]),
        stands=stand(0.4, 0.5, 0.45, 0.41, 0.6, slug=YEAR_ON_YEAR),
    )
    assert of_scale(found) == [(2, "percent-for-fraction", "0.45"), (3, "percent-for-fraction", "0.475")]


@pytest.mark.parametrize("value", ["-0.5", "100.5"])
def test_a_share_beyond_its_range_is_refused(value):
    assert of_scale(checked(figures(value=["50", value]))) == [(3, "out-of-range", None)]


def test_a_share_may_be_beyond_where_such_figures_stand():
    assert of_scale(checked(figures(value="110"), stands=stand(99.0, 120.0))) == []


def test_ends_of_the_range_are_within():
    assert of_scale(checked(figures(value=["0", "100"]))) == []


def test_a_negative_count_is_a_warning():
    assert of_scale(checked(figures(indicator=[COUNT, MONEY], value="-7"))) == [(2, "out-of-range?", None)]


def test_small_counts_of_people_are_warned_of():
    found = checked(figures(indicator=[COUNT] * 4 + [MONTHLY, MONEY], value=["0", "1", "4", "5", "2", "3"]))
    assert of_scale(found) == [(3, "small-count?", None), (4, "small-count?", None)]
