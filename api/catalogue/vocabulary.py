"""The words of many spellings, and which of them a word that is misspelt may stand for."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable


class Vocabulary:
    """Words in order, found by their beginning, or by pairs of letters that they share with a misspelt word.

    Looking up costs what the words alike cost, not what all of them do.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._by_pair: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            for pair in _pairs(word):
                self._by_pair[pair].append(place)

    def beginning(self, start: str) -> list[str]:
        """The words that begin with a text, itself among them."""
        first = bisect_left(self._words, start)
        return self._words[first : bisect_left(self._words, f"{start}\uffff")]

    def alike(self, word: str, *, alone: bool = True) -> dict[str, int]:
        """The words that a word may be a misspelling of, with how many letters are wrong: one or, in long ones, two."""
        allowed = mistakes_in(word, alone=alone)
        if not allowed:
            return {}
        pairs = _pairs(word)
        # A wrong letter changes two pairs, two that changed places three.
        needed = max(1, len(pairs) - 3 * allowed)
        shared = Counter(place for pair in pairs for place in self._by_pair.get(pair, ()))
        found = {}
        for place, count in shared.items():
            other = self._words[place]
            if count >= needed and abs(len(other) - len(word)) <= allowed:
                wrong = distance(word, other)
                if 0 < wrong <= allowed:
                    found[other] = wrong
        return found


def mistakes_in(word: str, *, alone: bool) -> int:
    """How many letters of a word may be wrong: a short one, or one with digits, would become another.

    A word of three letters may have a wrong one beside other words (`Ynys Mqn`), not `alone`.
    """
    if len(word) < (4 if alone else 3) or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str) -> int:
    """How many letters to put in, take out, change or swap with the next to get from one word to another.

    Optimal string alignment (Damerau, 1964): no letter is touched twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        following = [i]
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            following.append(best)
        before, row = row, following
    return row[-1]


def _pairs(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[i : i + 2] for i in range(len(padded) - 1)}
