"""Values are read as numbers, with what stands beside them; what may mean two things is an error."""

from __future__ import annotations

import pytest

from tests.checks.small import COUNT, MONEY, NORTHTOWN, SCORE, SHARE, VALE, checked, figures, only, told


def read(value, indicator=SCORE, **columns):
    """The faults of a value, and value and status that it was read as, None of a row that is refused."""
    found = checked(figures(value=[value], indicator=indicator, **columns))
    rows = found.rows.select("value", "status").rows()
    return [(code, near) for _, _, code, near in told(found)], rows[0] if rows else None


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0.0), ("12", 12.0), ("-1.5", -1.5), ("+3", 3.0), (".5", 0.5), ("7.", 7.0), ("1e1", 10.0), ("1E-2", 0.01)],
)
def test_plain_numbers(text, value):
    assert read(text) == ([], (value, "A"))


@pytest.mark.parametrize(
    ("text", "value", "code", "near"),
    [
        ("\u22125", -5.0, "number-normalised?", "-5"),
        ("\uff11\uff12", 12.0, "number-normalised?", "12"),
        ("'12", 12.0, "number-normalised?", "12"),
        ("1\u00a0234", 1234.0, "number-thousands?", "1234"),
        ("1 234 567.5", 1234567.5, "number-thousands?", "1234567.5"),
        ("1,234.5", 1234.5, "number-thousands?", "1234.5"),
        ("1,234,567", 1234567.0, "number-thousands?", "1234567"),
        ("0.1234567890123456", 0.1234567890123456, "number-digits?", "0.123456789012346"),
    ],
)
def test_numbers_that_are_read_with_a_warning(text, value, code, near):
    assert read(text) == ([(code, near)], (value, "A"))


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("12,5", "number-decimal-comma", "12.5"),
        ("0,123", "number-decimal-comma", "0.123"),
        ("1.234,5", "number-decimal-comma", "1234.5"),
        ("1,234", "number-thousands", "1234"),
        ("-1,234", "number-thousands", "-1234"),
        ("inf", "number-invalid", None),
        ("NaN", "number-invalid", None),
        ("1e999", "number-invalid", None),
        ("1_000", "number-invalid", None),
        ("12 34", "number-invalid", None),
        ("1,23,456", "number-invalid", "123456"),
        ("<5", "number-invalid", None),
        ("(12)", "number-invalid", "-12"),
        ("twelve", "number-invalid", None),
        ("\u0661\u0662x", "number-invalid", None),
        ("=1+1", "number-invalid", None),
        ("\u00a312", "unit-different", None),
        ("\u20ac12", "unit-different", None),
    ],
)
def test_numbers_that_are_refused(text, code, near):
    faults, row = read(text)
    assert (faults[-1], row) == ((code, near), None)


@pytest.mark.parametrize("text", ["45%", "45 %", "45 per cent", "45 Percent"])
def test_a_sign_of_the_unit_is_read_with_a_warning(text):
    assert read(text, SHARE) == ([("unit-in-cell?", "45")], (45.0, "A"))
    assert read(text) == ([("unit-different", None)], None)


def test_both_readings_of_a_comma_are_named():
    message = only(checked(figures(value="1,234")))["message"]
    assert "1234" in message and "1.234" in message


def test_a_count_has_no_decimals_so_that_its_comma_parts_thousands():
    assert read("1,234", COUNT) == ([("number-thousands?", "1234")], (1234.0, "A"))


def test_a_sign_of_money_goes_with_the_scale_of_the_unit():
    assert read("\u00a31.5m", MONEY) == ([("unit-in-cell?", "1.5")], (1.5, "A"))
    assert read("\u00a31500000", MONEY) == ([("unit-different", "1.5")], None)
    assert read("2bn", MONEY) == ([("unit-different", "2000")], None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((text, "O") for text in ("[x]", "..", ".", "-", ":", "n/a", "NA", "null", "None", "#N/A")),
        *((text, "Q") for text in ("[c]", "c", "*")),
        *((text, "M") for text in ("[z]", "z")),
    ],
)
def test_markers_in_place_of_a_value(text, status):
    assert read(text) == ([("value-missing?", None)], (None, status))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("12 [p]", "P"),
        ("12[e]", "E"),
        ("[b] 12", "B"),
        ("12 [u]", "U"),
        ("12 [low]", "U"),
        ("12p", "P"),
        ("12 [r]", "A"),
    ],
)
def test_markers_beside_a_value(text, status):
    assert read(text) == ([("marker-read?", "12")], (12.0, status))


def test_an_empty_value_is_not_available_and_a_nought_is_a_value():
    assert read(None) == ([("value-missing?", None)], (None, "O"))
    assert read(None, status="Q") == ([], (None, "Q"))
    assert read("0") == ([], (0.0, "A"))


def test_a_marker_and_a_status_go_together():
    assert read("12 [p]", status="A") == ([("marker-read?", "12")], (12.0, "P"))
    assert read("[c]", status="M") == ([("value-missing?", None)], (None, "M"))
    assert [code for code, _ in read("[c]", status="A")[0]] == ["status-contradicts", "value-missing?"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Normal value", "A"), ("Estimated", "E"), ("provisional", "P"), ("[p]", "P"), ("[r]", "A"),
        ("Low reliability", "U"),
        ("Break in time series", "B"), ("I", "E"), ("experimental", "G"),
    ],
)  # fmt: skip
def test_statuses_in_words(text, status):
    assert read("12", status=text) == ([("marker-read?", status)], (12.0, status))


def test_statuses_are_read_in_any_case():
    assert read("12", status="e") == ([], (12.0, "E"))


@pytest.mark.parametrize(("text", "near"), [("W", None), ("provisoinal", "P"), ("?", None)])
def test_statuses_that_there_are_not(text, near):
    assert read("12", status=text) == ([("status-unknown", near)], None)


@pytest.mark.parametrize("text", ["F", "forecast", "Forecast value"])
def test_forecasts_are_refused(text):
    assert read("12", status=text) == ([("status-forecast", None)], None)


def test_a_status_that_says_otherwise_than_the_value():
    assert read("12", status="Q") == ([("status-contradicts", None)], None)
    assert read(None, status="A") == ([("status-contradicts", None)], None)


def test_a_value_that_is_refused_is_told_once():
    assert read("twelve", status="Q") == ([("number-invalid", None)], None)


def test_only_the_rows_of_a_text_are_told():
    found = checked(figures(value=["1", "x", "2", "x"], region=[NORTHTOWN, VALE, VALE, NORTHTOWN]))
    assert [row for row, *_ in told(found)] == [3, 5]
    assert found.rows["row"].to_list() == [2, 4]
