"""Counts and amounts of a place are held against the sum of its parts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from api.catalogue import Succession
from tests.checks import small
from tests.checks.small import (
    COUNT,
    HILLS,
    MONEY,
    NUMBERS,
    OLDTOWN,
    SHARE,
    SHIRE,
    VALE,
    checked,
    figures,
    standing,
    told,
)


def sums(value, *, region=(SHIRE, VALE, HILLS), stands=None, **columns):
    own = {"indicator": COUNT, "period": "2020", "region": list(region)} | columns
    found = checked(figures(value=list(value), **own), stands=stands)
    return [row for row, _, code, _ in told(found) if code == "sum-of-parts?"]


def test_a_whole_is_the_sum_of_its_parts():
    assert sums(["300", "100", "200"]) == []
    assert sums(["330", "100", "200"]) == [2]


def test_rounding_is_no_difference():
    assert sums(["302", "100", "200"]) == []
    assert sums(["303", "100", "200"]) == [2]


def test_amounts_are_added_up_and_shares_are_not():
    assert sums(["330", "100", "200"], indicator=MONEY) == [2]
    assert sums(["33", "10", "20"], indicator=SHARE) == []


def test_parts_that_stand_are_added_too():
    stands = standing((COUNT, HILLS, "2020", "2020-01-01", "P1Y", 200.0))
    assert sums(["300", "100"], region=(SHIRE, VALE), stands=stands) == []
    assert sums(["330", "100"], region=(SHIRE, VALE), stands=stands) == [2]


def test_where_the_whole_stands_the_first_part_is_told():
    stands = standing((COUNT, SHIRE, "2020", "2020-01-01", "P1Y", 300.0))
    assert sums(["110", "210"], region=(VALE, HILLS), stands=stands) == [2]


def test_where_a_part_is_missing_nothing_is_told():
    assert sums(["300", "100"], region=(SHIRE, VALE)) == []
    assert sums(["330", "100", None]) == []


def test_a_partial_figure_takes_no_part():
    assert sums(["330", "100", "200"], status=["D", "A", "A"]) == []


def test_a_part_is_put_together_from_what_it_was_formed_of(monkeypatch):
    regions = dict(small.SMALL.regions)
    old, vale = regions[NUMBERS[OLDTOWN]], regions[NUMBERS[VALE]]
    regions[old.id] = replace(old, successors=(Succession(region=vale.id, kind="reorganised"),))
    regions[vale.id] = replace(vale, predecessors=(Succession(region=old.id, kind="reorganised"),))
    monkeypatch.setattr(small, "SMALL", replace(small.SMALL, regions=regions))
    assert sums(["300", "100", "200"], region=(SHIRE, OLDTOWN, HILLS)) == []
    assert sums(["330", "100", "200"], region=(SHIRE, OLDTOWN, HILLS)) == [2]


@pytest.mark.parametrize("code", ["sum-of-parts"])
def test_the_message_names_both(code):
    found = checked(figures(indicator=COUNT, period="2020", region=[SHIRE, VALE, HILLS], value=["330", "100", "200"]))
    message = found.faults.filter(pl.col("code") == code)["message"].item()
    assert "330" in message and "300" in message and "2 parts" in message and SHIRE in message
