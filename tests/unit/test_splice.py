"""Splicing: one series out of several codes of a place, its seams marked."""

from api.answers.splicing import splice

NEW, OLD, OLDER = 3, 2, 1
CODES = [NEW, OLD, OLDER]


def row(region, year, value=1.0, status="A"):
    return (9, region, str(year), value, status, 0, f"{year}-01-01", "P1Y", None, None, None, None)


def summary(rows):
    return [(item[2], item[1], item[4]) for item in rows]


def test_one_code_is_left_as_it_is():
    rows = [row(NEW, 2020), row(NEW, 2021, status="P")]
    assert splice(rows, CODES) == rows


def test_the_seam_is_a_break():
    spliced = splice([row(OLD, 2020), row(OLD, 2021), row(NEW, 2022), row(NEW, 2023)], CODES)
    assert summary(spliced) == [("2020", OLD, "A"), ("2021", OLD, "A"), ("2022", NEW, "B"), ("2023", NEW, "A")]


def test_of_a_period_under_two_codes_the_newest_is_taken():
    spliced = splice([row(OLD, 2020), row(OLD, 2021, 5.0), row(NEW, 2021, 6.0)], CODES)
    assert summary(spliced) == [("2020", OLD, "A"), ("2021", NEW, "B")]
    assert spliced[1][3] == 6.0


def test_codes_may_go_back_and_forth():
    spliced = splice([row(NEW, 2020), row(OLD, 2021), row(NEW, 2022)], CODES)
    assert [item[4] for item in spliced] == ["A", "B", "B"]


def test_a_missing_value_at_the_seam_keeps_saying_why_it_is_missing():
    spliced = splice([row(OLD, 2020), row(NEW, 2021, None, "Q")], CODES)
    assert spliced[1][4] == "Q"


def test_what_is_not_compared_stays_so_and_the_seam_is_at_the_next_value_that_is():
    spliced = splice([row(OLD, 2019), row(NEW, 2020, status="D"), row(NEW, 2021), row(NEW, 2022)], CODES)
    assert [item[4] for item in spliced] == ["A", "D", "B", "A"]


def test_three_codes():
    spliced = splice([row(OLDER, 2019), row(OLD, 2020), row(NEW, 2021)], CODES)
    assert [item[4] for item in spliced] == ["A", "B", "B"]
