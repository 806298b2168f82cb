"""Places that were searched: their order, how each was found, and what to do where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from api.answers import absence
from api.answers.reading import Reading
from api.catalogue import Catalogue, Match, Region, postcode
from api.cursors import Key
from api.filters import RegionFilter
from api.models.geography import DISTRICT
from api.queries.series import count_indicators

_COUNTED = 1_000
"""Places whose figures are counted to put them in order."""
PARTS_OF_KEY = 5
"""How many numbers stand before the code in the key of a place that was searched."""
_CODE = re.compile(r"[A-Z][0-9]{8}|(?:UK|TL)[A-NX][0-9A-Z]{0,4}", re.ASCII)
_HOW = {
    "code": "Its code, or another code of it, is or begins with the text.",
    "name": "It is called so.",
    "words": "Words of its name stand in the text, or the other way round.",
    "level": "The text names only a kind of place, and it is of that kind.",
    "misspelling": "Nothing is called so; this name differs by a letter or two. It may not be meant.",
    "wider-area": "The text names a wider area without a code here, of which it is a part.",
    "former-part": "The text names a former district without a code here, which is a part of it now.",
}
_OTHER_NAME = "It is also called so, or was."


def search_places(catalogue: Catalogue, text: str, day: str) -> dict[int, Match]:
    """The places that answer to a text. A postcode is none, unless codes begin with it (`E12`)."""
    found = catalogue.search_regions(text, day=day)
    if postcode(text) and not any(item.kind == "code" for item in found.values()):
        return {}
    return found


def best_first(reading: Reading, matches: Mapping[int, Match]) -> Callable[[Region], Key]:
    """The key of a place: how good a match it is; of equals the one with most figures, then the wider, then by code.

    Where a text finds more places than are counted, figures decide nothing.
    """
    widths = {level: position for position, level in enumerate(reading.catalogue.levels)}
    figures = _figures(reading, matches) if len(matches) <= _COUNTED else {}

    def key(region: Region) -> Key:
        match = matches[region.id]
        return match.rank, match.missing, match.extra, -figures.get(region.id, 0), widths[region.levels[0]], region.code

    return key


def _figures(reading: Reading, regions: Collection[int]) -> Mapping[int, int]:
    """How many indicators some regions have figures of, counted once for each release and process."""
    known = reading.catalogue.figures
    missing = [number for number in regions if number not in known]
    if missing:
        with reading.database.connect() as connection:
            known.update(dict.fromkeys(missing, 0) | count_indicators(connection, reading.release, missing))
    return known


def how_found(catalogue: Catalogue, region: Region, match: Match) -> dict[str, Any]:
    """How a place answers to the text, and the places of other levels that are the same area, with their figures."""
    of = None if match.of is None else catalogue.regions[match.of]
    if of is None:
        detail = _HOW.get(match.kind, _OTHER_NAME)
    else:
        ended = (
            f"ended {'on' if '-' in of.valid_to else 'in'} {of.valid_to}"
            if of.valid_to
            else "is a code no longer in use"
        )
        detail = f"{of.name} ({of.code}) {ended}; {region.name} came after it."
    how = {"kind": match.kind, "text": match.text, "of": None if of is None else of.code, "detail": detail}
    return {"match": how, "same_area": [item.code for item in catalogue.same_area(region)]}


def no_region(
    reading: Reading, asked: RegionFilter, day: str, *, ever: Sequence[Region], beyond: bool
) -> absence.Explanation:
    """Why no region was found, and what to ask instead."""
    if beyond:
        return absence.because("end-of-list", "There is nothing after this cursor.", None)
    asked_for = {"q": asked.q, "level": ",".join(asked.level or ()), "parent": ",".join(asked.parent or ())}
    given = {name: text for name, text in asked_for.items() if text}
    if ever:
        what = "The region that answers" if len(ever) == 1 else f"None of the {len(ever)} regions that answer"
        missed = "did not exist" if len(ever) == 1 else "existed"
        detail = f"{what} to this {missed} on {day}; valid_on=any lists {'it' if len(ever) == 1 else 'them'}."
        return absence.because("no-match", detail, _address({**given, "valid_on": "any"}))
    if asked.q:
        return _not_called(reading, asked, asked.q, day)
    if asked.parent and not asked.level:
        return absence.because("no-match", f"No region lies within {' or '.join(asked.parent)}.", _address({}))
    detail = "No region answers to level and parent together. Ask with one of them."
    return absence.because("no-match", detail, _address({"level": given["level"], "valid_on": "any"}))


def _not_called(reading: Reading, asked: RegionFilter, text: str, day: str) -> absence.Explanation:
    catalogue = reading.catalogue
    if place := postcode(text):
        detail = (
            f"{place} is a postcode, and figures are of areas. Look up the code of its local authority, in the ONS "
            "Postcode Directory or at https://www.gov.uk/find-local-council, then ask /v1/regions/{code} or search for "
            "the council's name."
        )
        return absence.because("postcode", detail, _address(_districts(catalogue)))
    elsewhere = search_places(catalogue, text, day)
    if elsewhere and (asked.level or asked.parent):
        best = min((catalogue.regions[number] for number in elsewhere), key=best_first(reading, elsewhere))
        narrowed = " and ".join(name for name in ("level", "parent") if getattr(asked, name))
        detail = f"{text!r} is found, as {best.label}, but not with this {narrowed}. Ask without."
        return absence.because("no-match", detail, _address({"q": text, **_day(asked)}))
    if _CODE.fullmatch(text.strip().upper()):
        detail = f"No region has the code {text.strip().upper()}, now or before. See all with valid_on=any."
        return absence.because("no-match", detail, _address({"valid_on": "any"}))
    words = [word for word in text.split() if len(word) > 4]
    for word in sorted(words, key=len, reverse=True) if len(words) > 1 else ():
        if found := search_places(catalogue, word, day):
            best = min((catalogue.regions[number] for number in found), key=best_first(reading, found))
            detail = f"No region's code or name matches {text!r}. {word!r} alone is found, first as {best.label}."
            return absence.because("no-match", detail, _address({"q": word, **_day(asked)}))
    detail = f"No region's code or name matches {text!r}. Towns and parks are no regions here: ask for the council."
    return absence.because("no-match", detail, _address(_districts(catalogue)))


def _districts(catalogue: Catalogue) -> dict[str, str]:
    """The question for all districts, where a level is theirs."""
    level = catalogue.level_as(DISTRICT)
    return {} if level is None else {"level": level.id}


def _day(asked: RegionFilter) -> dict[str, str]:
    return {} if asked.valid_on is None else {"valid_on": asked.valid_on}


def _address(asked: dict[str, str]) -> str:
    return f"/v1/regions?{urlencode(asked, safe=',', quote_via=quote)}" if asked else "/v1/regions"
