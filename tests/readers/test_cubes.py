"""Nomis and SDMX-CSV: dimensions with one value, measures and their confidence, names beside identifiers, actions."""

import pytest

NOMIS = "DATE,DATE_NAME,DATE_CODE,GEOGRAPHY,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GEOGRAPHY_TYPE,{}MEASURES,MEASURES_NAME,"
NOMIS += "OBS_VALUE,OBS_STATUS,OBS_STATUS_NAME,OBS_CONF,URN,RECORD_OFFSET,RECORD_COUNT\n"


def nomis(*rows, dimensions=("VARIABLE", "VARIABLE_NAME"), cells=("18", "Employment rate")):
    """A file of Nomis: geography, measure, name of the measure, value."""
    lines = [NOMIS.format("".join(f'"{name}",' for name in dimensions))]
    for number, (area, measure, name, value, *other) in enumerate(rows):
        beside = "".join(f'"{cell}",' for cell in (other[0] if other else cells))
        lines.append(
            f'"2023-12","Jan 2023-Dec 2023","2023-12",18,"Name of {area}","{area}","local authority",{beside}{measure},'
            f'"{name}",{value},"A","Normal Value","F","urn",{number},{len(rows)}\n'
        )
    return "".join(lines)


def test_nomis(reading):
    found = reading(nomis(("E06000001", 20100, "Value", 75.6), ("E06000002", 20100, "Value", "")))
    assert found.reader == "nomis-csv"
    assert found.frame.columns == ["row", "region", "period", "value", "status"]
    assert found.frame.rows() == [
        (2, "E06000001", "Jan 2023-Dec 2023", "75.6", "A"),
        (3, "E06000002", "Jan 2023-Dec 2023", None, "A"),
    ]
    assert "VARIABLE_NAME" in found.unused


def test_confidence_becomes_limits(reading):
    found = reading(
        nomis(
            ("E1", 20100, "Value", 75.6),
            ("E1", 20701, "Confidence", 4.7),
            ("E2", 20100, "Value", 100),
            ("E2", 20701, "Confidence", "!"),
        ),
        constants={"indicator": "employment-rate"},
    )
    assert found.frame.drop("period", "status").rows() == [
        (2, "employment-rate", "E1", "75.6", "70.9", "80.3"),
        (4, "employment-rate", "E2", "100", None, None),
    ]
    numbers = "DATE,GEOGRAPHY_CODE,MEASURES,OBS_VALUE\n2023,E1,20599,0.3\n2023,E1,21003,0.1\n"
    assert reading(numbers).frame.rows() == [(2, "E1", "2023", "0.3", "0.2", "0.4")]


def test_the_coefficient_of_variation_of_earnings_is_no_interval(reading):
    found = reading(
        nomis(
            ("E1", 20100, "Value", 600),
            ("E1", 20701, "Confidence", 2.1),
            dimensions=("PAY", "PAY_NAME"),
            cells=("1", "Weekly pay - gross"),
        )
    )
    assert found.frame.drop("period").rows() == [(2, "E1", "600", "A")]
    assert found.passed_over == 1


def test_another_dimension_with_several_values(refused, reading):
    text = nomis(
        ("E1", 20100, "Value", 1, ("5", "Male")),
        ("E1", 20100, "Value", 2, ("6", "Female")),
        dimensions=("SEX", "SEX_NAME"),
    )
    found = refused(text)
    assert (found.code, found.column, found.near) == ("dimension-several", "SEX_NAME", ("Male", "Female"))
    assert "'Male', 'Female'" in found.message
    assert reading(text, mapping={"indicator": "sex name"}).frame["indicator"].to_list() == ["Male", "Female"]


def test_several_measures(refused):
    found = refused(nomis(("E1", 20100, "Value", 1), ("E1", 20301, "Percent", 2), ("E1", 20701, "Confidence", 2)))
    assert (found.code, found.column, found.near) == ("dimension-several", "MEASURES_NAME", ("Value", "Percent"))


ONE = "DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
TWO = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"


def test_sdmx_1(reading):
    found = reading(ONE + "X:Y(1.0),A,E1,gigabit,2024,1.5,A\nX:Y(1.0),M,E2,gigabit,2024-07-01T00:00:00/P1Y,NaN,M\n")
    assert found.reader == "sdmx-csv"
    assert found.frame.rows() == [
        (2, "gigabit", "E1", "2024", "1.5", "A"),
        (3, "gigabit", "E2", "2024-07-01T00:00:00/P1Y", None, "M"),
    ]


def test_sdmx_2_and_what_is_removed(reading):
    lines = "dataflow,X:Y(1.0),{},A,E{},gigabit,2024,1,A\n"
    found = reading(TWO + lines.format("I", 1) + lines.format("R", 2))
    assert "change" not in found.frame.columns
    found = reading(TWO + lines.format("I", 1) + lines.format("D", 2))
    assert found.frame["change"].to_list() == [None, "removed"]


def test_names_in_the_cells(reading):
    head = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA: Region,INDICATOR: Indicator,TIME_PERIOD: Period,OBS_VALUE: Value\n"
    found = reading(head + "dataflow,X:Y(1.0): Figures,D: Delete,E1: Dudley: all,gigabit: Gigabit,2024,NaN\n")
    assert found.frame.rows() == [(2, "gigabit", "E1", "2024", None, "removed")]


def test_a_dimension_of_sdmx_with_several_values(refused, reading):
    text = "DATAFLOW,SEX,REF_AREA,TIME_PERIOD,OBS_VALUE,DECIMALS\nX,{},E1,2024,1,0\nX,F,E2,2024,1,1\n"
    assert (refused(text.format("M")).code, refused(text.format("M")).column) == ("dimension-several", "SEX")
    assert reading(text.format("F")).rows == 2


def test_sdmx_without_what_is_needed(refused):
    found = refused("DATAFLOW,TIME_PERIOD,OBS_VALUE,Area\nX,2024,1,E1\n")
    assert (found.code, found.column, found.near[0]) == ("column-missing", "region", "Area")


ONS = "areacd,areanm,period,value,lci_95,uci_95,status\n"


def test_local_statistics_of_ons(reading):
    found = reading(ONS + "E07000148,Norwich,2020-01-01/P1Y,79,71.6,86.4,\nE07000149,South,2020-01-01/P1Y,,,,x\n")
    assert found.reader == "ons-local-statistics"
    assert found.frame.columns == ["row", "region", "period", "value", "status", "lower", "upper"]
    assert found.frame.row(0) == (2, "E07000148", "2020-01-01/P1Y", "79", None, "71.6", "86.4")
    assert found.frame.row(1) == (3, "E07000149", "2020-01-01/P1Y", None, "x", None, None)


LONG = (
    "Area code,Area name,Indicator,Period,Measure,Unit,Value,Lower confidence interval (95%),"
    "Upper confidence interval (95%),Observation status\n"
)


def test_local_statistics_with_long_heads(reading, refused):
    text = LONG + "E1,A,Employment rate,2020,Percentage,%,79,71.6,86.4,Normal value\n"
    found = reading(text, constants={"indicator": "employment-rate"})
    assert found.reader == "ons-local-statistics"
    assert found.frame.row(0) == (2, "employment-rate", "E1", "2020", "79", "Normal value", "71.6", "86.4", "%")
    assert "indicator" not in reading(text).frame.columns
    assert reading(text.replace("Employment rate", "employment-rate")).frame["indicator"].to_list() == [
        "employment-rate"
    ]
    found = refused(text + "E1,A,Claimant Count,2020,Count,,4,,,Normal value\n")
    assert (found.code, found.column) == ("indicators-several", "indicator")


@pytest.mark.parametrize(("reader", "text"), [("nomis-csv", nomis(("E1", 20100, "Value", 1))), ("sdmx-csv", ONE)])
def test_asked_for_by_name(reading, reader, text):
    assert reading(text, reader=reader).reader == reader
