"""Numbers as tables have them: rounded by their decimal digits, with a point, without an exponent."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.decimals import Fixed, fixed, fixed_texts, plain, rounded, texts

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TIES = st.builds(lambda whole, sign: sign * (whole * 10 + 5) / 1_000, st.integers(0, 10**9), st.sampled_from([1, -1]))
FORM = re.compile(r"-?\d+\.\d+")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1200, 0, "1200.0"),
        (4.88, 2, "4.88"),
        (4.8, 2, "4.80"),
        (10.711030082041932, 1, "10.7"),
        (0.285, 2, "0.29"),  # the binary number lies below
        (1.005, 2, "1.01"),
        (2.5, 0, "3.0"),
        (-2.5, 0, "-3.0"),
        (-0.04, 1, "0.0"),
        (1e22, 1, "10000000000000000000000.0"),
        (1e-7, 2, "0.00"),
        (999.995, 2, "1000.00"),
    ],
)
def test_a_number_is_rounded_away_from_zero_by_its_digits(value, decimals, text):
    assert fixed(value, decimals) == text
    assert fixed_texts([(float(value), decimals)], texts([float(value)]), "") == [text]
    assert plain(Fixed(value, decimals)) == text and Fixed(value, decimals) == float(text)


@given(value=NUMBERS | TIES, decimals=st.integers(0, 6))
def test_the_fast_way_says_what_the_slow_one_says(value, decimals):
    (text,) = fixed_texts([(value, decimals)], texts([value]), "")
    assert FORM.fullmatch(text) and len(text.partition(".")[2]) == max(decimals, 1)
    # Larger ones have no digits to round: the text is the number, in more or fewer of the digits that it is written in.
    assert float(text) == rounded(value, decimals)
    if abs(value) < 1e15:
        assert text == fixed(value, decimals)
        exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        assert Decimal(text) == exact and rounded(value, decimals) == float(exact)


@given(NUMBERS)
def test_a_number_keeps_every_digit(value):
    assert FORM.fullmatch(plain(value)) and float(plain(value)) == value


def test_what_is_missing_is_said_as_the_format_says_it():
    assert fixed_texts([(None, 1), (2.0, 1)], texts([None, 2.0]), "null") == ["null", "2.0"]
    assert texts([]) == [] and fixed_texts([], [], "") == []
