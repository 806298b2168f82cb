"""Pages put together out of series that are cached as text: what a series says at a release never changes.

That serves any mix of series, where a cached response serves only the question it was given to. The first page of whole
series is made so; what has other conditions, goes on from a cursor or is streamed is read from the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from api.answers.reading import Reading
from api.answers.selection import Resolved
from api.answers.series_text import OVERHEAD, SeriesText, serialise
from api.catalogue import CountedSeries, Hidden, Indicator, RegionsInRows
from api.queries.observations import MANY_REGIONS, Key
from api.queries.series import count_series, read_series
from api.rows import RowSerialiser, TidyRows, WrittenRows

_ROW = 300
"""Bytes that an observation may take, as text and beside it: what pages come to is guessed before they are read."""
_COUNTABLE = 3_000_000
"""Observations that a question may have counted, which takes the first to ask about a second; known by coverage."""
_WHOLE = frozenset({"indicators", "regions", MANY_REGIONS, "hidden"})
"""What a selection of whole series may name."""


class Page(NamedTuple):
    """A page: its observations, how many, the files they were read from, and the key to go on from."""

    written: WrittenRows
    returned: int
    files: set[int]
    following: Key | None


class _SeriesOfPage(NamedTuple):
    """The series that a page takes observations of: their numbers and regions, and how many they have in all."""

    series: list[tuple[int, int]]
    rows: int
    indicator: int
    region: int
    """Of the last of them."""
    of_last: int
    """How many observations the last one has."""
    more: bool
    """Whether there are others after it."""


def first_page(reading: Reading, resolved: Resolved, places: RegionsInRows, limit: int) -> Page | None:
    """The first observations of a selection; None where it is to be read from the database, or holds nothing.

    `places` are the regions as rows are to name them.
    """
    serialiser, cache = reading.serialiser, reading.caches.series
    if serialiser is None or not cache.used:
        return None
    if not resolved.selection.shape <= _WHOLE or not _as_cached(reading, resolved):
        return None
    counted, regions = _counted(reading, resolved), resolved.regions
    needed = _series_of_page(counted, None if regions is None else [item.id for item in regions], limit)
    if needed is None or needed.rows * _ROW + len(needed.series) * OVERHEAD > cache.largest:
        return None
    *before, last = _texts(reading, resolved, serialiser, needed.series, places)
    returned = min(limit, needed.rows)
    text, files, period = last.first(needed.of_last - (needed.rows - returned))
    written_rows = WrittenRows(serialiser.separator.encode().join([*(item.text for item in before), text]))
    following = (needed.indicator, needed.region, *period) if needed.more or returned < needed.rows else None
    return Page(written_rows, returned, files.union(*(item.files for item in before)), following)


def counts_itself(resolved: Resolved) -> bool:
    """Whether a selection is of all series of some indicators, whose observations are counted once for a release."""
    return resolved.selection.shape <= {"indicators", "hidden"}


def is_uncountable(reading: Reading, resolved: Resolved) -> bool:
    """Whether such a selection has so many observations, by what is covered, that nobody is to wait for their count."""
    return counts_itself(resolved) and _covered(reading, resolved.indicators) > _COUNTABLE


def total_of(reading: Reading, resolved: Resolved) -> int | None:
    """How many observations such a selection holds; None where there are too many series to know them."""
    counted = _counted(reading, resolved)
    return sum(its.total for _, its in counted) if counted else None


def _as_cached(reading: Reading, resolved: Resolved) -> bool:
    """Whether what a selection hides is what is hidden where whole places are asked for: they are cached so."""
    hidden, regions = resolved.selection.hidden or frozenset(), resolved.selection.regions
    if not resolved.linked or regions is None:
        return True
    shared = reading.catalogue.shared_by_region
    series = {part.series for region in regions for item in shared.get(region, ()) for part in item.parts}
    return not series or hidden >= {key for key in _hidden(reading, resolved) if key[0] in series}


def _hidden(reading: Reading, resolved: Resolved) -> frozenset[Hidden]:
    """What is hidden of the indicators asked for, in all places."""
    return resolved.hidden_everywhere(reading.catalogue) if resolved.linked else frozenset()


def _counted(reading: Reading, resolved: Resolved) -> list[tuple[int, CountedSeries]]:
    """The series of some indicators, counted once for each release and process; none where that would take long."""
    known, linked = reading.catalogue.counted, resolved.linked
    missing = [item for item in resolved.indicators if (item.id, linked) not in known]
    if _covered(reading, missing) > _COUNTABLE:
        return []
    if missing:
        hidden = _hidden(reading, resolved)
        with reading.database.connect() as connection:
            found = count_series(connection, reading.release, [item.id for item in missing], hidden=hidden)
        known.update({(number, linked): counted for number, counted in found.items()})
    return [(number, known[number, linked]) for number in sorted(item.id for item in resolved.indicators)]


def _covered(reading: Reading, indicators: Iterable[Indicator]) -> int:
    return sum(reading.catalogue.covered[item.id] for item in indicators)


def _series_of_page(
    counted: list[tuple[int, CountedSeries]], regions: Sequence[int] | None, limit: int
) -> _SeriesOfPage | None:
    """The series that the first observations are of, None where there are no observations."""
    series: list[tuple[int, int]] = []
    rows = indicator = region = count = 0
    for of, its in counted:
        for place, number, length in its.of(regions):
            if rows >= limit:
                return _SeriesOfPage(series, rows, indicator, region, count, more=True)
            indicator, region, count = of, place, length
            series.append((number, place))
            rows += length
    return _SeriesOfPage(series, rows, indicator, region, count, more=False) if series else None


def _texts(
    reading: Reading,
    resolved: Resolved,
    serialiser: RowSerialiser,
    series: list[tuple[int, int]],
    places: RegionsInRows,
) -> list[SeriesText]:
    """Some series as text. Those that are not cached are read in one statement, serialised, and cached from now on.

    What a format says of a region may depend on the level asked for: then each level has a text of its own.
    """
    at, linked = (reading.catalogue.origin, reading.release), resolved.linked
    levelled, cache = serialiser.levelled, reading.caches.series
    keys = [(serialiser, at, number, places[region].level if levelled else "", linked) for number, region in series]
    cached: list[SeriesText | None] = cache.get_all(keys)
    missing = {key[2]: key for key, text in zip(keys, cached, strict=True) if text is None}
    if not missing:
        return cached  # type: ignore[return-value]
    hidden = {key for key in _hidden(reading, resolved) if key[0] in missing}
    with reading.database.connect() as connection:
        read = read_series(connection, reading.release, list(missing), hidden=hidden)
    made = {
        number: serialise(serialiser, TidyRows(rows, reading.catalogue.indicators, places))
        for number, rows in read.items()
    }
    for number, text in made.items():
        cache.put(missing[number], text, text.size())
    return [text or made[key[2]] for key, text in zip(keys, cached, strict=True)]
