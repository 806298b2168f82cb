"""Codes are held against the periods of their figures."""

from __future__ import annotations

import pytest

from tests.checks.small import LATER, NEWCODE, OLDCODE, OLDTOWN, SHARE, checked, figures, only, standing, told


@pytest.mark.parametrize("period", ["2020", "2022", "2023"])
def test_a_code_is_right_while_it_is_in_use(period):
    assert told(checked(figures(region=OLDTOWN, period=period))) == []


def test_a_code_that_had_ended_is_refused_with_what_came_after():
    fault = only(checked(figures(region=OLDTOWN, period="2024")))
    assert (fault["code"], fault["severity"], fault["nearest"]) == ("region-ended", "error", LATER)


def test_a_figure_that_was_published_so_may_be_revised():
    stands = standing((SHARE, OLDTOWN, "2024", "2024-01-01", "P1Y", 1.0))
    assert told(checked(figures(region=OLDTOWN, period="2024"), stands=stands)) == [
        (2, "region", "region-ended?", LATER)
    ]
    removed = figures(region=OLDTOWN, period="2024", value=[None], change="removed")
    assert told(checked(removed, stands=stands)) == []


def test_a_code_that_did_not_exist_yet_is_a_warning():
    assert told(checked(figures(region=LATER, period=["2022", "2023"]))) == [(2, "region", "region-not-yet?", None)]


def test_a_code_that_was_only_recoded_never_ends():
    assert told(checked(figures(region=OLDCODE, period="2025"))) == [(2, "region", "region-recoded?", NEWCODE)]
