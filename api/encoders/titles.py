"""What a file says of itself: formats that carry a title and provenance use the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.answers.provenance import SERVICE
from api.columns import Column
from api.rows import Answer

_NAMED = 3
_DRAWN = ("drawn_as", "drawn_note", "not_drawn", "not_drawn_count")
_SAID = ("release", "licence", "attribution", "citation", "reason", "detail", "nearest")


def title_of(answer: Answer, columns: tuple[Column, ...] = (), rows: Sequence[tuple[Any, ...]] = ()) -> str:
    """The indicators that rows speak of, where they are few, and the place, where it is one; else the service."""
    titles = [item.title for item in answer.indicators.values()]
    counted = f"{len(titles)} indicators"
    named = "; ".join(titles) if len(titles) <= _NAMED else counted
    places = _cells("region_label", columns, rows)
    if titles and len(places) == 1:
        return f"{named}, {places.pop()}"
    if index := _cells("index", columns, rows):
        return f"{SERVICE}: {', '.join(sorted(index))}"
    return f"{SERVICE}: {counted}" if named == counted else named or SERVICE


def contents_of(columns: tuple[Column, ...], rows: Sequence[tuple[Any, ...]]) -> str:
    """What rows hold, in numbers: indicators, regions, the days that they span, and how many there are."""
    said = []
    for name, what in (("indicator", "indicator"), ("region", "region")):
        if found := len(_cells(name, columns, rows)):
            said.append(f"{found:,} {what}{'' if found == 1 else 's'}")
    starts, ends = (_cells(name, columns, rows) for name in ("period_start", "period_end"))
    if starts and ends:
        said.append(f"{min(starts)} to {max(ends)}")
    return ", ".join([*said, f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}"])


def _cells(name: str, columns: tuple[Column, ...], rows: Sequence[tuple[Any, ...]]) -> set[str]:
    """What stands in a column, empty cells apart; nothing where there is no such column."""
    place = next((place for place, column in enumerate(columns) if column.name == name), None)
    return set() if place is None else {row[place] for row in rows if row[place] is not None}


def left_out_of(answer: Answer) -> dict[str, Any]:
    """Who is left out since others replaced them: what of an answer's `meta` goes into files that hold objects."""
    return {name: answer.meta[name] for name in ("left_out", "left_out_count") if name in answer.meta}


def drawn_of(answer: Answer) -> dict[str, Any]:
    """As what regions are drawn, and which are not: what of an answer's `meta` goes into maps."""
    return {name: answer.meta[name] for name in _DRAWN if name in answer.meta}


def said_of(answer: Answer) -> dict[str, Any]:
    """Provenance, and why there is nothing where there is nothing: what of an answer's `meta` goes into a file."""
    return {name: answer.meta[name] for name in _SAID if answer.meta.get(name) is not None}
