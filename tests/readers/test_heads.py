"""Which column a head is understood as, and what is said where none is, or two are."""

from shlex import split

import pytest

from api.readers.heads import meant

HEADS = {
    "region": "region Area AREACD 'Area code' GEOGRAPHY_CODE LAD24CD ITL321CD LAD24NM 'lad code' code REF_AREA geo",
    "period": "Year date PERIOD time TIME_PERIOD DATE_NAME 'Financial year'",
    "value": "Value OBS_VALUE Figure observation v4_0",
    "lower": "lower LCI 'lower ci' 'Lower confidence limit' '95% lower' lci_95 'Lower confidence interval (95%)' LCL",
    "upper": "Upper uci 'Upper CI 95.0 limit' '95% Upper Confidence Level' 'Upper bound'",
    "status": "status OBS_STATUS flag 'Obs Status' 'Observation status' marker 'data marking'",
    "indicator": "Indicator indicator_id",
    "unit": "Unit UNIT_MEASURE 'Measure/Unit'",
    "note": "Notes comment",
    "change": "ACTION change",
    "bounds_kind": "bounds_kind",
    "period_start": "period_start",
    "period_duration": "'Period duration'",
    None: "'Lower CI 99.8 limit' 'Lower quartile' published_region Population Sex level",
}


@pytest.mark.parametrize(("name", "head"), [(name, head) for name, heads in HEADS.items() for head in split(heads)])
def test_synonyms(name, head):
    assert (meant(head) or (None,))[0] == name


def test_a_code_is_preferred_to_a_name(reading):
    found = reading(
        "Region,Local authority code,Local authority name,Year,Value\nNorth East,E06000005,Darlington,2020,1\n"
    )
    assert found.frame["region"].to_list() == ["E06000005"]
    assert found.unused == ("Region", "Local authority name")
    assert reading("Local authority name,Year,Value\nDarlington,2020,1\n").frame["region"].to_list() == ["Darlington"]


def test_two_heads_for_one_column_are_refused_with_both(refused, reading):
    text = "LAD24CD,RGN24CD,Year,Value\nE06000005,E12000001,2020,1\n"
    found = refused(text)
    assert (found.code, found.column, found.near) == ("column-ambiguous", "region", ("LAD24CD", "RGN24CD"))
    assert "map=region:LAD24CD" in found.message
    assert reading(text, mapping={"region": "RGN24CD"}).frame["region"].to_list() == ["E12000001"]


def test_a_missing_column_is_told_with_the_nearest_heads(refused, reading):
    text = "Area,Year,Sex,Figures of 2020\nE1,2020,M,1\n"
    found = refused(text)
    assert (found.code, found.column, found.row) == ("column-missing", "value", 1)
    assert "Figures of 2020" in found.near
    assert "map=value:Figures of 2020" in found.message
    assert reading(text, mapping={"value": "figures OF 2020"}).columns["value"] == "Figures of 2020"


def test_mappings_of_what_there_is_not(refused):
    text = "Area,Year,Figure\nE1,2020,1\n"
    found = refused(text, mapping={"value": "Figures"})
    assert (found.code, found.near) == ("mapped-head-missing", ("Figure",))
    found = refused(text, mapping={"valeu": "Figure"})
    assert (found.code, found.near[0]) == ("column-unknown", "value")
    assert refused(text, mapping={"value": "Figure", "lower": "Figure"}).code == "mapped-twice"
    assert refused(text, constants={"valeu": "1"}).code == "column-unknown"


def test_constants_stand_in_every_row(reading):
    found = reading("Area,Figure\nE1,1\nE2,2\n", constants={"period": "2020", "indicator": "gigabit-availability"})
    assert found.frame.columns == ["row", "indicator", "region", "period", "value"]
    assert found.frame.row(1) == (3, "gigabit-availability", "E2", "2020", "2")


def test_a_constant_and_a_column_contradict_each_other_unless_that_is_empty(refused, reading):
    found = refused("indicator,area,year,value\n,E1,2020,1\nb,E2,2020,1\n", constants={"indicator": "a"})
    assert (found.code, found.column, found.row) == ("constant-contradicts", "indicator", 3)
    found = reading("indicator,area,year,value\n,E1,2020,1\n", constants={"indicator": "a"})
    assert found.frame["indicator"].to_list() == ["a"]


def test_a_head_that_stands_twice(refused):
    assert refused("Area,Year,Value,value\nE1,2020,1,2\n").code == "head-twice"


def test_a_column_of_changes_is_one_of_words(reading):
    assert "change" not in reading("Area,Year,Value,Change\nE1,2020,1,-0.2\n").columns
    found = reading("Area,Year,Value,Change\nE1,2020,,removed\n")
    assert found.frame["change"].to_list() == ["removed"]


def test_a_column_without_a_head_is_left_alone(reading):
    found = reading("Area,Year,,Value,\nE1,2020,x,1,\nE2,2021,,2,\n")
    assert found.frame["value"].to_list() == ["1", "2"]
    assert found.unused == ()
