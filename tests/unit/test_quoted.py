"""Figures as people print them: read with their unit and their rounding, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.quoted import NUMBER, PERCENTAGE, POUNDS, parse


@pytest.mark.parametrize(
    ("text", "kind", "value", "steps"),
    [
        ("71.3%", PERCENTAGE, "71.3", ["0.1"]),
        ("71.30 per cent", PERCENTAGE, "71.30", ["0.01"]),
        ("£33,400", POUNDS, "33400", ["1", "100"]),
        ("£1.2bn", POUNDS, "1.2E9", ["1E8"]),
        ("2,055", NUMBER, "2055", ["1"]),
        ("1.2 Million", NUMBER, "1.2E6", ["1E5"]),
        ("-0.4", NUMBER, "-0.4", ["0.1"]),
        ("\u22120.4\u00a0%", PERCENTAGE, "-0.4", ["0.1"]),
        ("+12k", NUMBER, "12000", ["1000"]),
        ("100", NUMBER, "100", ["1", "10"]),
        ("30", NUMBER, "30", ["1"]),
        ("0", NUMBER, "0", ["1"]),
    ],
)
def test_what_a_figure_says(text, kind, value, steps):
    figure = parse(text)
    assert (figure.kind, figure.value, list(figure.steps)) == (kind, Decimal(value), list(map(Decimal, steps)))


@pytest.mark.parametrize("text", ["", "%", "£", "£5%", "1.234,5", "12,34", ">88", "71.3% of premises", "1 2", "5%m"])
def test_what_is_no_figure(text):
    with pytest.raises(ValueError, match="is no figure"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "unit", "span"),
    [
        ("71.3%", "% of premises", (71.25, 71.35)),
        ("71.3", "% of premises", (71.25, 71.35)),
        ("71.3%", "people", None),
        ("£33,400", "£ per head", (33399.5, 33400.5)),
        ("£33,400", "% of premises", None),
        ("£33,400", "jobs", None),
        ("£1.2 billion", "£ million", (1150, 1250)),
        ("1,200", "£ million", (1199.5, 1200.5)),
        ("£1,200", "£ million", (0.0011995, 0.0012005)),
        ("1.2 million", "people", (1150000, 1250000)),
        ("1.2 million", "% of premises", None),
    ],
)
def test_units_count(text, unit, span):
    figure = parse(text)
    near = figure.range_in(unit, figure.steps[0])
    assert (near and (near.low, near.high)) == span


@given(st.decimals(-(10**6), 10**6, places=2), st.integers(0, 2))
def test_a_value_matches_what_it_is_rounded_to(value, decimals):
    figure = parse(f"{value:.{decimals}f}")
    near = figure.range_in("score", figure.steps[0])
    assert near is not None and near.holds(float(value))
