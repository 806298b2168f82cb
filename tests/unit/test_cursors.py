"""Cursors: what is given out comes back, and nothing else is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import cursors

LIKE = (int, str)


@given(st.integers(0, 2**40), st.text(max_size=40).filter(str.isprintable))
def test_a_key_comes_back(number, text):
    assert cursors.decode(cursors.encode((number, text)), like=LIKE) == (number, text)


@given(st.text(max_size=60))
def test_made_up_cursors_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        cursors.decode(text, like=LIKE)


@pytest.mark.parametrize("key", [(1,), ("a", 1), (1, "a", 2), (2**70, "a"), (1.5, "a"), (1, "\x00")])
def test_keys_of_another_shape_are_refused(key):
    with pytest.raises(ValueError):  # noqa: PT011
        cursors.decode(cursors.encode(key), like=LIKE)
