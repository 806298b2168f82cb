"""Indicators and regions are found by their codes, and by names that mean one place."""

from __future__ import annotations

import pytest

from api.checks import Allowed
from tests.checks.small import (
    AREA,
    COUNT,
    LATER,
    NEWCODE,
    NORTHTOWN,
    NUMBERS,
    OLDCODE,
    SHARE,
    SHIRE,
    VALE,
    checked,
    figures,
    frame,
    only,
    told,
)


def test_codes_are_read_in_any_case():
    found = checked(figures(region=[SHIRE, SHIRE.lower()], indicator=SHARE.upper()))
    assert told(found) == []
    assert found.rows["region_id"].to_list() == [NUMBERS[SHIRE]] * 2


@pytest.mark.parametrize("column", ["indicator", "region", "period"])
def test_what_is_missing_is_told(column):
    found = checked(figures(**{column: [None, None]}, **({} if column == "period" else {"period": "2020"})))
    assert {(row, code) for row, _, code, _ in told(found)} >= {(2, f"{column}-missing"), (3, f"{column}-missing")}
    assert found.rows.is_empty()


def test_a_column_that_the_file_has_not_is_missing_in_every_row():
    found = checked(frame(region=[NORTHTOWN, VALE], period="2020", value="1"))
    assert [code for _, _, code, _ in told(found)] == ["indicator-missing"] * 2


def test_an_unknown_indicator_is_told_with_the_nearest():
    fault = only(checked(figures(indicator="online-shares")))
    assert (fault["code"], fault["nearest"], fault["column"]) == ("indicator-unknown", SHARE, "indicator")
    assert "online-shares" in fault["message"]


def test_an_unknown_code_is_told_with_the_nearest():
    fault = only(checked(figures(region="E0600001")))
    assert (fault["code"], fault["nearest"], fault["value"]) == ("region-unknown", NORTHTOWN, "E0600001")


@pytest.mark.parametrize("name", ["Shire", "shire council", "SHIRE  Council"])
def test_a_name_of_one_place_is_read_with_a_warning(name):
    found = checked(figures(region=name))
    assert told(found) == [(2, "region", "region-by-name?", SHIRE)]
    assert found.rows["region_id"].to_list() == [NUMBERS[SHIRE]]


def test_a_name_of_several_places_is_an_error_that_lists_their_codes():
    fault = only(checked(figures(region="Northtown")))
    assert (fault["severity"], fault["code"]) == ("error", "region-by-name")
    assert NORTHTOWN in fault["message"] and AREA in fault["message"]


def test_a_name_of_several_places_is_the_one_that_may_be_written():
    found = checked(figures(region="Northtown"), allowed=Allowed(regions=frozenset({AREA})))
    assert told(found) == [(2, "region", "region-by-name?", AREA)]


def test_a_name_of_a_recoded_place_is_its_code_of_today():
    found = checked(figures(region="Recoded", period="2025"))
    assert told(found) == [(2, "region", "region-by-name?", NEWCODE)]


def test_a_name_that_nothing_has_is_unknown():
    assert only(checked(figures(region="Xyzzy")))["code"] == "region-unknown"


def test_an_old_code_is_kept_with_a_warning():
    found = checked(figures(region=OLDCODE, period="2020"))
    assert told(found) == [(2, "region", "region-recoded?", NEWCODE)]
    assert found.rows["region_id"].to_list() == [NUMBERS[OLDCODE]]


def test_what_may_not_be_written_is_an_error_that_names_what_may():
    allowed = Allowed(indicators=frozenset({COUNT}), regions=frozenset({VALE, LATER}))
    found = checked(figures(period="2024"), allowed=allowed)
    assert [(column, code) for _, column, code, _ in told(found)] == [
        ("indicator", "not-yours"),
        ("region", "not-yours"),
    ]
    messages = found.faults["message"].to_list()
    assert COUNT in messages[0] and VALE in messages[1] and LATER in messages[1]
    assert found.rows.is_empty()


def test_of_many_unknown_spellings_the_first_are_looked_for(monkeypatch):
    monkeypatch.setattr("api.checks.hints.MOST", 1)
    found = checked(figures(region=["E0600001", "E0600002"]))
    assert [near for _, _, _, near in told(found)] == [NORTHTOWN, None]
