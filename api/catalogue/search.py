"""Searching a text among spellings: what is compared, and how good a match is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping


def fold(text: str) -> str:
    """Text as a search compares it: no case, accents, punctuation or double spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "")).split())


def search(text: str, folded: Mapping[int, tuple[str, ...]]) -> dict[int, int]:
    """The numbers whose folded spellings match a text, each with its rank: 0 the text itself, 3 all its words."""
    wanted = fold(text)
    if not wanted:
        return {}
    ranks = {number: min(_rank(wanted, spelling) for spelling in spellings) for number, spellings in folded.items()}
    return {number: rank for number, rank in ranks.items() if rank < _NO_MATCH}


_NO_MATCH = 4


def _rank(wanted: str, spelling: str) -> int:
    tests: tuple[Callable[[], bool], ...] = (
        lambda: wanted == spelling,
        lambda: spelling.startswith(wanted),
        lambda: f" {wanted}" in f" {spelling}",
        lambda: all(word in spelling for word in wanted.split()),
    )
    return next((rank for rank, matches in enumerate(tests) if matches()), _NO_MATCH)
