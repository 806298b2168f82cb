"""Tables with periods side by side: which heads are periods, and what stands under them."""

import pytest

from api.readers import ReadLimits
from api.readers.periods import is_period

PERIODS = [
    *("2019", "2020/21", "2020-21", "2020-2021", "FY2020/21", "Q1 2020", "2020-Q1", "2020 q1", "Mar-21", "March 2021"),
    *(
        "2021-03",
        "31/03/2021",
        "2021-03-31",
        "Jul 2021 - Jun 2022",
        "2021-07-01T00:00:00/P1Y",
        "Year ending March 2021",
    ),
]


@pytest.mark.parametrize("head", PERIODS)
def test_heads_that_are_periods(head):
    assert is_period(head)


@pytest.mark.parametrize(
    "head", ["Value", "E06000001", "LAD24CD", "12", "1234", "2020 value", "20201", "May", "v4_0", ""]
)
def test_heads_that_are_none(head):
    assert not is_period(head)


def test_periods_side_by_side(reading):
    found = reading("Title\nArea code,Area name,2019,2020/21,Mar-21\nE1,Aye,1,2,\nE2,Bee,[x],3,4\n")
    assert found.reader == "wide"
    assert found.frame.columns == ["row", "cell", "region", "period", "value"]
    assert found.frame.rows() == [
        (3, "2019", "E1", "2019", "1"),
        (3, "2020/21", "E1", "2020/21", "2"),
        (3, "Mar-21", "E1", "Mar-21", None),
        (4, "2019", "E2", "2019", "[x]"),
        (4, "2020/21", "E2", "2020/21", "3"),
        (4, "Mar-21", "E2", "Mar-21", "4"),
    ]
    assert found.columns == {"region": "Area code", "period": "2019 … Mar-21", "value": "2019 … Mar-21"}
    assert found.unused == ("Area name",)


def test_one_period(reading):
    found = reading("Area code,2019\nE1,1\n", constants={"indicator": "a"})
    assert found.frame.row(0) == (2, "2019", "a", "E1", "2019", "1")


def test_values_and_limits_side_by_side(reading):
    found = reading("Area,2019 value,2019 lower,upper 2019,2020 (value),2020 rank\nE1,1,0,2,3,1\n")
    assert found.frame.drop("row", "region").rows() == [
        ("2019 value", "2019", "1", "0", "2"),
        ("2020 (value)", "2020", "3", None, None),
    ]
    assert found.unused == ("2020 rank",)


def test_a_constant_that_contradicts_what_stands_beside_periods(refused):
    found = refused("Area,2019,2019 status\nE1,1,A\n", constants={"status": "P"})
    assert (found.code, found.column) == ("constant-contradicts", "status")
    found = refused("Area,2019,2020\nE1,1,2\n", constants={"period": "2021"}, reader="wide")
    assert (found.code, found.column) == ("constant-contradicts", "period")


def test_what_stands_beside_a_period_goes_before_what_stands_once(reading):
    found = reading("Area,Note,2019,2019 note\nE1,all,1,one\n")
    assert found.frame["note"].to_list() == ["one"]
    assert found.unused == ("Note",)


def test_one_period_twice(refused):
    found = refused("Area,2019,2019 value,2020\nE1,1,2,3\n")
    assert (found.code, found.near) == ("column-ambiguous", ("2019", "2019 value"))


def test_a_period_that_is_said_makes_a_tidy_table(reading):
    found = reading("Area,Year,2011 Census,Value\nE1,2020,5,1\n")
    assert found.reader == "tidy-csv"
    assert found.unused == ("2011 Census",)


def test_asked_for_and_not_there(refused, reading):
    assert refused("Area,Year,Value\nE1,2020,1\n", reader="wide").code == "periods-missing"
    assert reading("Area,2020,Value\nE1,2,1\n", reader="wide").frame["value"].to_list() == ["2"]


def test_rows_are_counted_after_they_were_made(refused):
    found = refused("Area,2019,2020\nE1,1,2\nE2,3,4\n", limits=ReadLimits(rows=3))
    assert found.code == "too-many-rows"
