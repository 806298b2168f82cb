"""Searching places by what people call them: codes, names, former and everyday names, with mistakes.

An index from words to spellings: a search looks at the spellings that share a word with it, not at all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from api.catalogue.entities import Level, Region
from api.catalogue.match import Match
from api.catalogue.spelling import Kinds, Spelling, kinds_of, spell
from api.catalogue.vocabulary import Vocabulary

CODE, WHOLE, AFTER, WIDER, BEGINNING, HOLDING, PART, WORDS = 0, 10, 15, 18, 20, 25, 30, 40
"""The ranks: the code, the whole name, what came after such a place, the name of something greater or smaller, whole
words that a name begins with, or holds, a part of a name's beginning, beginnings of words in any order."""
MISSPELT, MISSPELT_PART, WITHIN = 60, 70, 80
"""The doubtful ones: all of a name misspelt, some words of it misspelt, a name within a text that says more."""
_OTHER_KIND = 17
"""How much worse a place is that is not of the kind asked for: West Midlands, where West Midlands CA is wanted."""
_BY_NAME = {WHOLE, BEGINNING, PART}
_NOT_ITS_OWN = {"wider-area", "former-part"}
"""Kinds of names that are of something greater or smaller."""
_SHORTEST_CODE = 3


@dataclass(frozen=True, slots=True)
class _Entry:
    """One spelling of one place."""

    region: int
    kind: str
    text: str
    spelling: Spelling
    levels: frozenset[str]

    def match(self, rank: int, wanted: Spelling, *, kind: str | None = None) -> Match:
        missing = len(wanted.kinds - self.spelling.kinds)
        extra = len(self.spelling.kinds - wanted.kinds) if wanted.kinds else 0
        same_kind = not wanted.levels or wanted.levels & self.levels or (wanted.kinds and not missing and not extra)
        rank = WIDER if rank == WHOLE and self.kind in _NOT_ITS_OWN else rank
        literal = self.spelling.joined == wanted.joined
        return Match(rank if same_kind else rank + _OTHER_KIND, missing, extra, kind or self.kind, self.text, literal)


class PlaceIndex:
    """The spellings of places, by their words. Made once, then only read."""

    def __init__(self, regions: Mapping[int, Region], levels: Mapping[str, Level]) -> None:
        self._regions = regions
        self._kinds = kinds_of({item.id: item.words for item in levels.values()})
        self._entries = [entry for item in regions.values() for entry in _entries(item, self._kinds)]
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._joined: defaultdict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            for word in set(entry.spelling.words):
                self._by_word[word].append(number)
            for joined in {entry.spelling.joined, "".join(entry.spelling.words)}:
                self._joined[joined].append(number)
        self._vocabulary = Vocabulary(self._by_word)
        spelt = {
            (alias.upper(), item.id) for item in regions.values() for alias, scheme in item.aliases if scheme != "name"
        }
        self._codes = sorted(spelt | {(item.code.upper(), item.id) for item in regions.values()})

    def search(self, text: str, *, day: str) -> dict[int, Match]:
        """The regions that answer to a text, each with its best match.

        A place that did not exist on `day` (or, with `any`, one that has ended) brings what came after it.
        """
        by_code = dict(self._by_code(text))
        if any(item.rank == CODE for item in by_code.values()):
            return self._with_successors(by_code, day)
        wanted = spell(text, self._kinds)
        if not wanted.words:
            return by_code or self._of_kind(wanted)
        found = _best([*by_code.items(), *self._plain(wanted)])
        if not any(WHOLE <= item.rank <= HOLDING for item in found.values()):
            doubtful = _best(self._misspelt(wanted))
            if found:
                doubtful = {number: item for number, item in doubtful.items() if item.rank < MISSPELT_PART}
            found = doubtful | found
        found = self._with_successors(found, day)
        return found or _best(self._within(wanted))

    # Ways to match, best first ----------------------------------------------------------------------------------

    def _by_code(self, text: str) -> Iterator[tuple[int, Match]]:
        """The place of a code, or those whose codes begin with a text."""
        code = text.replace(".", "").strip().upper()
        if len(code) < _SHORTEST_CODE - 1 or not code.isascii() or not code.isalnum():
            return
        first = bisect_left(self._codes, (code, 0))
        end = bisect_left(self._codes, (f"{code}\uffff", 0))
        exact = first < end and self._codes[first][0] == code
        if exact and len(code) < _SHORTEST_CODE:
            end = first + 1
        if exact or (len(code) >= _SHORTEST_CODE and any(letter.isdigit() for letter in code)):
            for spelt, number in reversed(self._codes[first:end]):
                yield number, Match(CODE if spelt == code else BEGINNING, kind="code", text=spelt)

    def _plain(self, wanted: Spelling) -> Iterator[tuple[int, Match]]:
        """Spellings that hold all words of a text, or the beginnings of them."""
        every = [self._holding(self._vocabulary.beginning(word)) for word in wanted.words]
        for number in sorted(set.intersection(*every)):
            entry = self._entries[number]
            rank = _rank(wanted.words, entry.spelling.words)
            yield entry.region, entry.match(rank, wanted, kind=None if rank in _BY_NAME else "words")
        for number in self._joined.get(wanted.joined, ()):
            yield self._entries[number].region, self._entries[number].match(WHOLE, wanted)

    def _misspelt(self, wanted: Spelling) -> Iterator[tuple[int, Match]]:
        """Spellings that hold all words of a text but for a letter or two."""
        costs = [self._costs(word, alone=len(wanted.words) == 1) for word in wanted.words]
        every = [self._holding(cost) for cost in costs]
        for number in sorted(set.intersection(*every)):
            entry = self._entries[number]
            words = entry.spelling.words
            wrong = sum(min(cost[word] for word in words if word in cost) for cost in costs)
            if not 0 < wrong <= 2 * len(costs):
                continue
            beginnings = any(
                word.startswith(own) and word != own for own in wanted.words for word in words if own not in words
            )
            whole = len(words) == len(costs) and not beginnings
            rank = (MISSPELT if whole else MISSPELT_PART) + min(wrong, 4)
            yield entry.region, entry.match(rank, wanted, kind="misspelling")

    def _within(self, wanted: Spelling) -> Iterator[tuple[int, Match]]:
        """Spellings whose words are all in a text that says more: Leeds in "Leeds, near Bradford, Yorkshire"."""
        said = set(wanted.words)
        for number in sorted(self._holding(said)):
            entry = self._entries[number]
            if said.issuperset(entry.spelling.words):
                # An address names the narrower place first; of two that begin alike, the longer name is meant.
                first = min(wanted.words.index(word) for word in entry.spelling.words)
                left = len(said) - len(set(entry.spelling.words))
                yield entry.region, entry.match(WITHIN + 4 * min(first, 9) + min(left, 3), wanted, kind="words")

    def _of_kind(self, wanted: Spelling) -> dict[int, Match]:
        """All places of a kind, where a text says nothing else: "combined authority"."""
        return {
            item.id: Match(WORDS, kind="level", text=level)
            for item in self._regions.values()
            if (level := next((own for own in item.levels if own in wanted.levels), None))
        }

    # Parts ------------------------------------------------------------------------------------------------------

    def _holding(self, words: Iterable[str]) -> set[int]:
        return {number for word in words for number in self._by_word.get(word, ())}

    def _costs(self, word: str, *, alone: bool) -> dict[str, int]:
        """The words that a word may stand for, with how many of its letters are wrong then."""
        alike = self._vocabulary.alike(word, alone=alone)
        return alike | dict.fromkeys(self._vocabulary.beginning(word), 0)

    def _with_successors(self, found: dict[int, Match], day: str) -> dict[int, Match]:
        """What was found, and what came after those of it that are gone and were meant as a whole."""
        stands = day == "any" or any(self._regions[number].valid_on(day) for number in found)
        after = [
            (later, Match(_rank_after(match.rank), kind="successor", text=match.text, of=number))
            for number, match in found.items()
            if _meant(match, stands=stands)
            for later in self._after(self._regions[number], day)
        ]
        return _best([*found.items(), *after])

    def _after(self, region: Region, day: str) -> Collection[int]:
        """The places that stand on a day where a place was that does not; with `any`, those that came next."""
        if day != "any" and region.valid_on(day):
            return ()
        found: dict[int, None] = {}
        waiting = [region.id]
        seen = {region.id}
        while waiting:
            for item in self._regions[waiting.pop()].successors:
                if item.region in seen:
                    continue
                seen.add(item.region)
                if day == "any" or self._regions[item.region].valid_on(day):
                    found[item.region] = None
                else:
                    waiting.append(item.region)
        return found


def _entries(region: Region, kinds: Kinds) -> Iterator[_Entry]:
    levels = frozenset(region.levels)
    yield _Entry(region.id, "name", region.name, spell(region.name, kinds), levels)
    for (alias, scheme), kind in zip(region.aliases, region.alias_kinds, strict=True):
        if scheme == "name":
            yield _Entry(region.id, kind or "other-name", alias, spell(alias, kinds), levels)


def _rank(wanted: tuple[str, ...], words: tuple[str, ...]) -> int:
    """How well the words of a text fit those of a spelling that holds them all."""
    if wanted == words or sorted(wanted) == sorted(words):
        return WHOLE
    if words[: len(wanted)] == wanted:
        return BEGINNING
    last = len(wanted) - 1
    if set(wanted) <= set(words):
        return HOLDING
    if words[:last] == wanted[:last] and len(words) > last and words[last].startswith(wanted[last]):
        return PART
    return WORDS


def _meant(match: Match, *, stands: bool) -> bool:
    """Whether a place was meant as a whole, so that what came after it is, too.

    Where nothing that was found `stands`, the beginning of a name is enough.
    """
    doubtful = match.kind == "misspelling" and match.rank < MISSPELT_PART
    return match.rank in {CODE, WHOLE} or doubtful or (not stands and match.rank in {BEGINNING, PART})


def _rank_after(rank: int) -> int:
    return AFTER if rank in {CODE, WHOLE} else rank + AFTER - WHOLE


def _best(matches: Iterable[tuple[int, Match]]) -> dict[int, Match]:
    found: dict[int, Match] = {}
    for number, match in matches:
        known = found.get(number)
        if known is None or (match, not match.literal) < (known, not known.literal):
            found[number] = match
    return found
