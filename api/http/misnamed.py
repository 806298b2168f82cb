"""What is said of parameters that an operation does not have: what is meant, by meaning before spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import marshmallow as ma

from api import synonyms
from api.catalogue import codes
from api.errors import MOST_FAULTS, Fault, nearest
from api.schemas.fields import Texts

Given = Mapping[str, list[str]]
"""The values of each parameter, decoded, as they were given."""
Fields = Mapping[str, ma.fields.Field[Any]]
"""The parameters of an operation, and how each is read."""

_BRACKETS = re.compile(r"(?:filter|page|where|query)?(?:^|\[)(?P<name>[\w$-]+)\]?(?:\[\w*\])*", re.ASCII)
"""`indicator[]`, `indicator[0]`, `indicator[in][]`, `filter[indicator]`, `page[size]`."""
_ALIKE = {"period", "period_from", "period_to", "valid_on", "as_of", "edition", "limit", "k", "q", "latest", "format"}
"""Parameters whose values are written alike elsewhere."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST = 80
_CLOSE = 0.7
"""How alike two names are, from 0 to 1, for one to be taken for a slip of the other."""


def faults(given: Given, known: Fields) -> list[Fault]:
    """A fault for each parameter that is not among those known; one for all the names of a list alike."""
    found: list[Fault] = []
    seen: set[str] = set()
    for name in given:
        if name in known:
            continue
        if len(found) >= MOST_FAULTS:
            break
        base = _without_brackets(name)
        if base != name and base in known:
            if base not in seen:
                seen.add(base)
                found.append(_bracketed(name, base, given, is_list=isinstance(known[base], Texts)))
        else:
            found.append(_unknown(name, base, given[name], known))
    return found


def parameter(name: str, values: Iterable[str]) -> str:
    """A parameter as it stands in an address, its values separated by commas."""
    return f"{quote(name, safe='')}={quote(','.join(values), safe=',/:')}"


def _without_brackets(name: str) -> str:
    plain = name.strip()
    if "[" not in plain:
        return plain
    match = _BRACKETS.fullmatch(plain)
    return match["name"] if match else plain


def _bracketed(name: str, base: str, given: Given, *, is_list: bool) -> Fault:
    """Values with brackets, and those without beside them: how they are written here."""
    values = [text for other in given if _without_brackets(other) == base for text in given[other]]
    written = parameter(base, dict.fromkeys(values))
    if is_list:
        message = f"Names have no brackets here: write {written}, or {base}= several times."
    elif len(set(values)) == 1:
        message = f"Names have no brackets here: write {written}."
    else:
        message = f"{base} takes one value, and names have no brackets here: write {parameter(base, values[:1])}."
        written = parameter(base, values[:1])
    return Fault("unknown-parameter", _path(name), message, (written,))


def _unknown(name: str, base: str, values: list[str], known: Fields) -> Fault:
    words, note, same = _meant(base, sorted(known))
    meaning = synonyms.PARAMETERS.get(synonyms.fold(base))
    of_places = meaning in {synonyms.PARAMETERS["area"], synonyms.PARAMETERS["type"]}
    if "level" in known and not same and of_places and synonyms.names_level(values[0]):
        words, note = ("level",), ""  # `type=itl1`, `geography=region`: the value tells what is meant
    if words == ("as_of",) and not same and not _DAY.match(values[0]):
        words, note = (), synonyms.PARAMETERS["year"].otherwise  # no release is meant by a year
    hint = ""
    if words:
        hint = f"Did you mean {' and '.join(words)}?{_as_written(words, values, known, same=same)}"
    elif not note:
        hint = f"Known here: {', '.join(sorted(known))}." if known else "This operation takes no parameters."
    message = " ".join(part for part in (f"There is no parameter {name[:_LONGEST]!r} here.", hint, note) if part)
    return Fault("unknown-parameter", _path(name), message, words or (() if note else tuple(sorted(known))))


def _meant(name: str, known: list[str]) -> tuple[tuple[str, ...], str, bool]:
    """The parameters that a name means, what else is to be said of it, and whether it is their own name misspelt."""
    name = name.removeprefix("amp;")
    folded = synonyms.fold(name)
    same = tuple(item for item in known if synonyms.fold(item) == folded)
    if same:
        return same[:1], "", True
    meaning = synonyms.PARAMETERS.get(folded)
    if meaning is not None:
        words = meaning.among(known)
        return words, meaning.note if words else meaning.otherwise, False
    return nearest(name, known, count=1, likeness=_CLOSE), "", True


def _as_written(words: tuple[str, ...], values: list[str], known: Fields, *, same: bool) -> str:
    """The parameters with the values that were given, where these can stand there as well.

    Another service's word for a place, a level or an indicator can not, unless it is a code.
    """
    if words == ("latest",) and not same:
        if values[0].isdecimal() and values[0].lstrip("0") not in {"", "1"}:
            return " latest=true gives the newest value alone; the newest of several stand last in a series."
        values = ["true"]
    elif words == ("level",) and synonyms.names_level(values[0]):
        meaning = synonyms.LEVELS.get(synonyms.fold(values[0]))
        values, same = list(meaning.words[0]) if meaning else values, True
    elif words == ("format",):
        values = [synonyms.FORMATS.get(synonyms.fold(values[0]), "")]
    text = ",".join(dict.fromkeys(values))
    if not same and not (set(words) <= _ALIKE or all(codes.kind_of(value) for value in values)):
        return ""
    try:
        for word in words:
            known[word].deserialize(text)
    except ma.ValidationError:
        return ""
    return f" Write {'&'.join(parameter(word, [text]) for word in words)}." if len(text) <= _LONGEST else ""


def _path(name: str) -> str:
    return f"query/{name[:_LONGEST]}"
