"""Limits are whole, around the value, and of a known kind."""

from __future__ import annotations

import pytest

from tests.checks.small import checked, figures, only, told

KIND = "sampling_ci_95"


def codes(**columns):
    return [(column, code) for _, column, code, _ in told(checked(figures(**columns)))]


def test_limits_around_the_value():
    found = checked(figures(lower="40", upper="60", bounds_kind=KIND.upper()))
    assert told(found) == []
    assert found.rows.select("lower", "upper", "bounds_kind").rows() == [(40.0, 60.0, KIND)]


@pytest.mark.parametrize("own", [{"lower": "40"}, {"upper": "60"}, {"lower": "40", "upper": "-"}])
def test_one_limit_alone_is_refused(own):
    assert ("lower", "limits-incomplete") in codes(**own, bounds_kind=KIND)


def test_a_kind_without_limits_is_refused_unless_the_value_is_missing_too():
    assert codes(bounds_kind=KIND) == [("bounds_kind", "limits-incomplete")]
    assert codes(bounds_kind=KIND, value=[None], status="Q") == []


@pytest.mark.parametrize(("lower", "upper"), [("51", "60"), ("40", "49"), ("60", "40")])
def test_a_value_outside_its_limits_is_refused(lower, upper):
    fault = only(checked(figures(lower=lower, upper=upper, bounds_kind=KIND)))
    assert (fault["code"], fault["value"]) == ("limits-outside", "50")


def test_limits_of_a_missing_value_are_in_order():
    assert codes(value=[None], status="Q", lower="1", upper="2", bounds_kind=KIND) == []
    assert codes(value=[None], status="Q", lower="2", upper="1", bounds_kind=KIND) == [("value", "limits-outside")]


@pytest.mark.parametrize(("text", "near"), [("95% CI", KIND), ("sampling_ci_90", KIND), ("guess", None)])
def test_an_unknown_kind_is_refused(text, near):
    fault = only(checked(figures(lower="40", upper="60", bounds_kind=text)))
    assert (fault["code"], fault["nearest"]) == ("bounds-kind-unknown", near)


def test_a_kind_that_is_not_given_is_told_once_for_the_file():
    found = checked(figures(value=["1", "2", "3"], lower=["0", None, "2"], upper=["2", None, "4"]))
    assert told(found) == [(2, "bounds_kind", "bounds-kind-assumed?", KIND)]
    assert found.rows["bounds_kind"].to_list() == [KIND, None, KIND]


def test_a_limit_that_is_no_number_is_told_once():
    assert codes(lower="x", upper="60", bounds_kind=KIND) == [("lower", "number-invalid")]
