"""Values that are far from their neighbours in time are warned of."""

from __future__ import annotations

from tests.checks.small import HILLS, MONEY, NORTHTOWN, VALE, checked, figures, standing, told


def stand(values, region=NORTHTOWN):
    return standing(
        *((MONEY, region, str(2010 + at), f"{2010 + at}-01-01", "P1Y", value) for at, value in enumerate(values))
    )


USUAL = [100.0, 101.0, 103.0, 102.0, 104.0, 105.0]
"""2010 to 2015; the median yearly change is 1."""


def jumps(value, stands, **columns):
    rows = len(value)
    own = {"indicator": MONEY, "period": [str(2016 + at) for at in range(rows)]} | columns
    return [row for row, _, code, _ in told(checked(figures(value=value, **own), stands=stands)) if code == "jump?"]


def test_a_value_far_from_the_last_is_told():
    assert jumps(["112"], stand(USUAL)) == [2]


def test_what_is_usual_or_small_beside_the_value_is_not():
    assert jumps(["110.9"], stand(USUAL)) == []
    large = [1000.0 + value for value in USUAL]
    assert jumps(["1112"], stand(large)) == []


def test_after_a_wrong_value_the_next_is_right_again():
    assert jumps(["106", "1060", "107", "108"], stand(USUAL)) == [3]


def test_where_a_level_changes_the_first_value_is_told():
    assert jumps(["205", "206", "207"], stand(USUAL)) == [2]


def test_a_change_over_several_years_is_taken_by_the_year():
    assert jumps(["114"], stand(USUAL), period=["2018"]) == []
    assert jumps(["114"], stand(USUAL), period=["2016"]) == [2]


def test_a_declared_break_is_no_jump():
    assert jumps(["300"], stand(USUAL), status="B") == []


def test_a_revision_that_changes_nothing_is_not_looked_at():
    stands = stand([*USUAL, 300.0])
    assert jumps(["300"], stands) == []
    assert jumps(["301"], stands) == [2]


def test_a_short_series_is_held_against_the_others():
    others = stand(USUAL).vstack(stand([50.0, 50.5, 51.0, 51.5, 52.0], VALE))
    short = others.vstack(stand([10.0, 10.1], HILLS))
    assert jumps(["10.2"], short, region=HILLS) == []
    assert jumps(["20"], short, region=HILLS) == [2]


def test_a_file_whose_values_all_jump_does_not_make_that_usual():
    short = stand([10.0, 10.1], VALE).vstack(stand([20.0, 20.2], HILLS)).vstack(stand([30.0, 30.1]))
    assert jumps(["100", "200", "300"], short, region=[VALE, HILLS, NORTHTOWN], period="2012") == [2, 3, 4]


def test_the_first_value_of_a_series_is_held_against_the_next():
    assert jumps(["1000"], stand(USUAL), period=["2009"]) == [2]


def test_a_series_that_is_new_is_held_against_itself():
    assert jumps(["100", "101", "102", "101", "1000", "102"], standing()) == [6]


def test_a_single_figure_is_no_jump():
    assert jumps(["100"], standing()) == []
