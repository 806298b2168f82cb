"""What is meant by unknown words is looked for a bounded number of times."""

from __future__ import annotations

from api.checks import hints
from api.checks.hints import Hints


def test_the_nearest_word_is_found():
    assert Hints().nearest("provisonal", ["provisional", "normal"]) == "provisional"
    assert Hints().nearest("xyz", ["provisional", "normal"]) is None


def test_after_many_words_no_more_are_looked_into(monkeypatch):
    monkeypatch.setattr(hints, "MOST", 2)
    looks = Hints()
    assert [looks.nearest(text, ["abc"]) for text in ("abd", "abe", "abf")] == ["abc", "abc", None]


def test_a_long_text_is_no_word():
    assert not Hints().worth("a" * 10_000)
    assert Hints().nearest("abc" * 100, ["abc" * 100]) is None
