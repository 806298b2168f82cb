"""Spellings: what of a text names a thing, and what only says of which kind it is.

"London Borough of Hackney", "hackney lb" and "Hackney" name one place. Words such as borough, council or UA are taken
out of what is compared and kept beside it, since they tell places of one name apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

LOCAL = frozenset({"local-authority"})
COUNTY = frozenset({"county", "local-authority", "other"})
COUNCIL = frozenset({"local-authority", "county", "combined-authority", "other"})
COMBINED = frozenset({"combined-authority"})
REGION = frozenset({"itl1", "city-region", "itl2", "nuts2"})

_SILENT = frozenset({"the", "of", "and", "on", "upon", "u", "in"})
"""Words that are left out or put in at will: Stratford-on-Avon, Stratford-upon-Avon."""
_SAME = {
    "boro": "borough", "co": "county", "gt": "greater", "gtr": "greater", "mids": "midlands", "met": "metropolitan",
    "island": "isle", "islands": "isle", "isles": "isle", "saint": "st", "n": "north", "s": "south", "e": "east",
    "w": "west", "nth": "north", "sth": "south", "districts": "district", "councils": "council", "rdp": "region",
    "cambs": "cambridgeshire", "glos": "gloucestershire", "hants": "hampshire", "herts": "hertfordshire",
    "lancs": "lancashire", "leics": "leicestershire", "lincs": "lincolnshire", "northants": "northamptonshire",
    "notts": "nottinghamshire", "oxon": "oxfordshire", "salop": "shropshire", "shrops": "shropshire",
    "staffs": "staffordshire", "warks": "warwickshire", "wilts": "wiltshire", "worcs": "worcestershire",
    "yorks": "yorkshire", "beds": "bedfordshire", "berks": "berkshire", "bucks": "buckinghamshire",
    "derbys": "derbyshire", "middx": "middlesex", "northumb": "northumberland", "authorities": "authority",
    "regions": "region", "counties": "county", "boroughs": "borough",
}  # fmt: skip
_SPREAD = {"ne": ("north", "east"), "nw": ("north", "west"), "se": ("south", "east"), "sw": ("south", "west")}
_CITY_REGION = "city-region"
"""Liverpool City Region is another place than Liverpool: here the words for the kind are part of the name."""

_KINDS: dict[tuple[str, ...], tuple[frozenset[str], frozenset[str]]] = {
    tuple(phrase.split()): (frozenset(words.split()), levels)
    for levels, phrases in (
        (
            LOCAL,
            {
                "district": "district", "borough": "borough", "city": "city", "unitary": "unitary", "dinas": "city",
                "unitary authority": "unitary", "ua": "unitary", "bc": "borough council", "dc": "district council",
                "mbc": "metropolitan borough council", "mdc": "metropolitan district council", "lad": "district",
                "metropolitan borough": "metropolitan borough", "county borough": "county borough",
                "metropolitan district": "metropolitan district", "cbc": "county borough council",
                "london borough": "london-borough", "lb": "london-borough", "lbc": "london-borough council",
                "royal borough": "royal borough", "rb": "royal borough", "rbc": "royal borough council",
                "lgd": "district", "corporation": "corporation", "local authority": "", "sir": "county",
                "bwrdeistref sirol": "county borough", "la": "", "local authority district": "district",
                "cdc": "district council", "city council": "city council",
            },
        ),
        (COUNTY, {"county": "county", "sirol": "county", "metropolitan county": "metropolitan county"}),
        (
            COUNCIL,
            {
                "council": "council", "cyngor": "council", "authority": "authority", "council area": "council",
                "cc": "county council", "county council": "county council", "local government": "",
                "metropolitan": "metropolitan", "cyngor sir": "county council", "local": "",
            },
        ),
        (
            COMBINED,
            {
                "combined": "combined authority", "ca": "combined authority", "mca": "combined authority",
                "combined authority": "combined authority", "mayoral combined authority": "combined authority",
                "combined county authority": "combined authority", "cca": "combined authority",
                "mayoral": "combined authority", "mayoral combined county authority": "combined authority",
                "mcca": "combined authority", "strategic authority": "combined authority", "msa": "combined authority",
                "mayoral strategic authority": "combined authority",
            },
        ),
        (REGION, {"region": "region", "government office region": "region", "gor": "region"}),
        (frozenset({"country"}), {"country": "country", "nation": "country"}),
        *(
            (frozenset({f"itl{tier}"}), {f"itl{tier}": "", f"itl {tier}": "", f"itl {tier} area": ""})
            for tier in (2, 3)
        ),
        (frozenset({"itl1"}), {"itl1": "", "itl 1": "", "itl 1 region": "", "english region": "region"}),
        (frozenset({"nuts2"}), {"nuts2": "", "nuts 2": "", "nuts 2 area": ""}),
        (frozenset({"other"}), {"other grouping": ""}),
    )
    for phrase, words in phrases.items()
}  # fmt: skip
"""Words for kinds of places: the plain words that they come to, and the levels that they speak of."""
_LOST = "x"
"""What stands for a letter that got lost: one that hardly any name has."""
_GARBLED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u2018-\u203a\u0152-\u0192\u02c6\u02dc\u20ac\u2122]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text taken apart: the words that name something, those for its kind, and the levels that these speak of."""

    words: tuple[str, ...]
    kinds: frozenset[str]
    levels: frozenset[str]
    joined: str
    """All of it without spaces: `stocktonontees`."""


def fold(text: str) -> str:
    """Text as a search compares it: no case, accents, punctuation or double spaces."""
    for mark in "'\u2019\u2018`\u00b4\u2032\u02bc":
        text = text.replace(mark, "")
    plain = "".join(
        letter if letter.isascii() else ("" if unicodedata.combining(letter) else " ")
        for letter in unicodedata.normalize("NFKD", text)
    )
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.casefold()).split())


Kinds = Mapping[tuple[str, ...], tuple[frozenset[str], frozenset[str]]]
"""Phrases for kinds of places, with the plain words that they come to, and the levels that they speak of."""


def kinds_of(called: Mapping[str, Collection[str]]) -> Kinds:
    """The phrases for kinds of places, and beside them what people call the places of each of some levels."""
    own = {
        tuple(_spoken(fold(word).split())): (frozenset({level}), frozenset({level}))
        for level, words in called.items()
        for word in words
    }
    return {**own, **_KINDS}


def spell(text: str, kinds: Kinds = _KINDS) -> Spelling:
    """A text taken apart, as places are named; `kinds` are the phrases that are no part of a name."""
    plain = fold(_mended(text).replace("&", " and ").replace("+", " and ")).split()
    spoken = [word for word in _spoken(plain) if word not in _SILENT]
    words: list[str] = []
    said: set[str] = set()
    levels: list[frozenset[str]] = []
    longest = max(map(len, kinds))
    place = 0
    while place < len(spoken):
        if spoken[place : place + 2] == ["city", "region"]:
            words.append(_CITY_REGION)
            place += 2
            continue
        phrases = (tuple(spoken[place : place + length]) for length in range(longest, 0, -1))
        phrase = next((item for item in phrases if item in kinds), ())
        if not phrase:
            words.append(spoken[place])
            place += 1
            continue
        plainly, meant = kinds[phrase]
        said |= plainly
        levels.append(meant)
        place += len(phrase)
    return Spelling(tuple(words), frozenset(said), _common(levels), "".join(plain))


def _spoken(plain: list[str]) -> list[str]:
    """Words in one of their spellings."""
    return [part for word in plain for part in _SPREAD.get(word, (_SAME.get(word, word),))]


def _common(levels: list[frozenset[str]]) -> frozenset[str]:
    """The levels that all words for kinds allow; where they contradict one another, the last of the narrowest."""
    if not levels:
        return frozenset()
    return frozenset.intersection(*levels) or min(reversed(levels), key=len)


def _mended(text: str) -> str:
    """Text whose UTF-8 was once read as something else (`BogotÃ¡`), as it was meant; lost letters as wrong ones."""
    if _GARBLED.search(text):
        for encoding in ("cp1252", "latin-1"):
            try:
                text = text.encode(encoding).decode("utf-8")
                break
            except UnicodeError:
                continue
    return text.replace("\ufffd", _LOST).replace("\uffa0", " ")
