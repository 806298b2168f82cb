"""Searching what is measured: by identifier, title and description, then by words that mean the same, by component."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.catalogue.entities import Component, Indicator
from api.catalogue.match import Match
from api.catalogue.spelling import fold
from api.catalogue.synonyms import answering, stem
from api.catalogue.vocabulary import Vocabulary

ITSELF, BEGINNING, TITLE, SYNONYM, DESCRIPTION, COMPONENT, MISSPELT = 0, 10, 20, 30, 40, 50, 60
"""The ranks: the text itself, the beginning of a title, its words, words that mean the same, those of a description,
the component's, and (added to one of these) what is misspelt."""
_SILENT = frozenset({"the", "of", "and", "in", "by", "per", "for", "a", "to", "on", "full", "how", "many", "number"})
_RESEARCH_AND_DEVELOPMENT = re.compile(r"\br\s*(?:&|and|n|\+)\s*d\b", re.IGNORECASE)
_HYPHENS = re.compile(r"\b(start|scale|e|data)[- ](up|ups|commerce|centre|centres|center)\b", re.IGNORECASE)
_WHOLE_WORD = 3
"""Words as short as this are found whole: `ai` does not begin "aims"."""


@dataclass(frozen=True, slots=True)
class _Described:
    indicator: int
    slug: str
    title: str
    names: frozenset[str]
    description: frozenset[str]
    component: str
    component_words: frozenset[str]


class IndicatorIndex:
    """What is said of indicators, folded once."""

    def __init__(self, indicators: Mapping[int, Indicator], components: Mapping[str, Component]) -> None:
        self._described = [_describe(item, components[item.component]) for item in indicators.values()]
        self._titles = {item.id: item.title for item in indicators.values()}
        words = (item.names | item.component_words for item in self._described)
        self._vocabulary = Vocabulary(word for some in words for word in some)

    def search(self, text: str) -> dict[int, Match]:
        """The indicators that answer to a text, each with its best match."""
        wanted = words_of(text)
        if not wanted:
            return {}
        found = self._search(text, wanted)
        if found:
            return found
        meant = [
            min(alike, key=lambda other: (alike[other], other)) if (alike := self._alike(word)) else word
            for word in wanted
        ]
        if meant == wanted:
            return {}
        text = " ".join(meant)
        return {
            number: Match(MISSPELT + item.rank, kind="misspelling", text=item.text)
            for number, item in self._search(text, meant).items()
        }

    def _alike(self, word: str) -> dict[str, int]:
        return {} if self._vocabulary.beginning(stem(word)) else self._vocabulary.alike(word)

    def _search(self, text: str, wanted: list[str]) -> dict[int, Match]:
        matches = ((item.indicator, self._match(item, fold(text), wanted)) for item in self._described)
        return {number: match for number, match in matches if match is not None}

    def _match(self, item: _Described, folded: str, wanted: list[str]) -> Match | None:
        title = self._titles[item.indicator]
        for kind, own in (("id", item.slug), ("title", item.title)):
            if own.startswith(folded):
                return Match(ITSELF if own == folded else BEGINNING, kind=kind, text=title)
        if _all_in(wanted, item.names):
            return Match(TITLE, kind="title", text=title)
        meant = [word for word in wanted if not _all_in([word], item.names)]
        if all(_answered(word, item.names) for word in meant):
            said = next(start for start in answering(meant[0]) if _begun(start, item.names))
            return Match(SYNONYM, kind="synonym", text=min(own for own in item.names if own.startswith(said)))
        if _all_in(wanted, item.names | item.description):
            return Match(DESCRIPTION, kind="description", text=title)
        every = item.names | item.component_words
        if all(_all_in([word], every) or _answered(word, item.names) for word in wanted):
            return Match(COMPONENT, kind="component", text=item.component)
        return None


def words_of(text: str) -> list[str]:
    """The words of a text that say what is asked for."""
    text = _HYPHENS.sub(r"\1\2", _RESEARCH_AND_DEVELOPMENT.sub("rd", text))
    return [word for word in fold(text).split() if word not in _SILENT]


def _describe(item: Indicator, component: Component) -> _Described:
    return _Described(
        indicator=item.id,
        slug=fold(item.slug),
        title=fold(item.title),
        names=frozenset((*words_of(item.slug), *words_of(item.title))),
        description=frozenset(words_of(item.description)),
        component=component.title,
        component_words=frozenset((*words_of(component.id), *words_of(component.title))),
    )


def _all_in(wanted: Iterable[str], words: frozenset[str]) -> bool:
    return all(word in words or _begun(stem(word), words) for word in wanted)


def _answered(word: str, words: frozenset[str]) -> bool:
    return any(_begun(start, words) for start in answering(word))


def _begun(start: str, words: frozenset[str]) -> bool:
    if len(start) <= _WHOLE_WORD:
        return start in words
    return any(word.startswith(start) for word in words)
