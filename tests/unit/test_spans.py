"""Periods in full: text to every reader, and understood where periods are asked for."""

import pytest

from api.periods import parse
from api.spans import Span, span_of


@pytest.mark.parametrize(
    ("label", "span"),
    [
        ("2022", ("2022-01-01/P1Y", "2022-01-01", "2022-12-31")),
        ("2022-09", ("2022-09-01/P1M", "2022-09-01", "2022-09-30")),
        ("2024-02", ("2024-02-01/P1M", "2024-02-01", "2024-02-29")),
        ("2023-08-01/P1Y", ("2023-08-01/P1Y", "2023-08-01", "2024-07-31")),
        ("2024-Q2", ("2024-04-01/P3M", "2024-04-01", "2024-06-30")),
        ("2024-02-29", ("2024-02-29/P1D", "2024-02-29", "2024-02-29")),
    ],
)
def test_a_label_in_full(label, span):
    assert span_of(label) == Span(*span)


@pytest.mark.parametrize("label", ["2022", "2022-09", "2023-08-01/P1Y", "1998", "2010-12"])
def test_the_form_is_understood_as_the_period_that_it_is(label):
    assert parse(span_of(label).period).label == label


@pytest.mark.parametrize("text", ["2023/24", "soon"])
def test_what_is_no_label(text):
    with pytest.raises(ValueError, match=text):
        span_of(text)
