"""Removals are of what stands, and a figure stands once in a file."""

from __future__ import annotations

from tests.checks.small import NORTHTOWN, NUMBERS, SHARE, VALE, checked, figures, frame, only, standing, told

STANDS = standing((SHARE, NORTHTOWN, "2020", "2020-01-01", "P1Y", 50.0))


def test_a_removal_of_what_stands():
    found = checked(figures(period="2020", value=[None], change="Removed"), stands=STANDS)
    assert told(found) == []
    assert found.rows.select("region_id", "period_start", "value", "status", "removed").rows() == [
        (NUMBERS[NORTHTOWN], "2020-01-01", None, None, True)
    ]


def test_a_removal_of_what_does_not_stand_is_refused():
    fault = only(checked(figures(period=["2020", "2021"], value=None, change="removed"), stands=STANDS))
    assert (fault["row"], fault["code"], fault["column"]) == (3, "value-removed-unknown", "change")


def test_what_a_removal_says_of_its_value_is_not_looked_at():
    table = figures(period="2020", value="x", lower="1", status="?", change="removed")
    assert told(checked(table, stands=STANDS)) == []


def test_an_unknown_change_is_refused():
    assert only(checked(figures(change="delete")))["code"] == "change-unknown"
    assert told(checked(figures(change=["added", "changed", None]))) == []


def test_a_figure_that_stands_twice_names_the_first_row():
    table = figures(
        region=[VALE, NORTHTOWN, "Shire", NORTHTOWN.lower(), VALE], period=["2020"] * 4 + ["2020-01-01/P1Y"]
    )
    found = checked(table)
    again = [(row, code) for row, _, code, _ in told(found) if code == "duplicate"]
    assert again == [(5, "duplicate"), (6, "duplicate")]
    messages = found.faults.filter(code="duplicate")["message"].to_list()
    assert "row 3" in messages[0] and "row 2" in messages[1]


def test_what_could_not_be_read_is_no_duplicate():
    assert {code for _, _, code, _ in told(checked(figures(region=["?", "?"], period="2020")))} == {"region-unknown"}


def test_a_wide_table_places_faults_at_the_heads_of_its_cells():
    table = frame(
        indicator=SHARE, region=NORTHTOWN, cell=["2020", "2021", "soon"], period=["2020", "2021", "soon"],
        value=["1", "x", "3"],
    )  # fmt: skip
    assert [(column, code) for _, column, code, _ in told(checked(table))] == [
        ("2021", "number-invalid"),
        ("soon", "period-unknown"),
    ]
