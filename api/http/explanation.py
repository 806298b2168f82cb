"""What an answer would be, before it is asked for: how many rows, about how many bytes, and which limit applies.

Told of a sample, so that of observations it costs a count and a few hundred rows, whatever the answer would cost.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from math import ceil, prod
from typing import Any

import orjson
from flask import Response

from api.encoders.format import Format
from api.encoders.negotiate import EXPLANATION
from api.errors import too_many_cells
from api.filters import ObservationFilter, Page
from api.rows import INDICATOR, PERIOD, REGION, Answer, Rows, TidyRows
from api.settings import Settings

SAMPLE = 200
"""Rows that sizes are estimated from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What is said of an answer: rows there are, rows it would hold, its size, and what limits it."""

    format: str
    media_type: str
    rows: int
    rows_in_answer: int
    cells: int | None
    """Of a cube: how many cells it would have, empty ones among them."""
    pages: int
    bytes: int
    limit: dict[str, Any] | None
    effect: str
    """`whole`: nothing is left out. `paged`: the rest is on further pages. `refused`: with 413, never cut."""


def explain(sample: Answer, chosen: Format, question: Any, settings: Settings) -> Explained:
    """What the answer would be that `sample` holds the first rows of."""
    shown = sample.meta.get("returned", 1)
    rows = sample.total() if sample.total is not None and sample.next_cursor is not None else shown
    limit = _limit(chosen, question, settings)
    paged = limit is not None and limit["name"] != _IN_ONE_PIECE
    held = min(rows, limit["value"]) if limit and paged else rows
    over = limit is not None and rows > limit["value"]
    cells = sample.cells() if chosen.cube and sample.cells is not None and not paged else None
    if cells is not None and cells > settings.limits.max_cells:
        limit, over = {"name": _CELLS, "value": settings.limits.max_cells}, True
    return Explained(
        format=chosen.name,
        media_type=chosen.media_type,
        rows=rows,
        rows_in_answer=0 if over and not paged else held,
        cells=cells,
        pages=max(1, ceil(rows / limit["value"])) if limit and paged else 1,
        bytes=_size(sample, chosen, shown=shown, held=held, cells=cells),
        limit=limit,
        effect="whole" if not over else "paged" if paged else "refused",
    )


def response(explained: Explained, *, links: dict[str, Any]) -> Response:
    """The explanation as an answer."""
    return Response(orjson.dumps({"data": asdict(explained), "links": links}), content_type=EXPLANATION)


def headers(answer: Answer, chosen: Format, question: Any, settings: Settings, *, length: int | None) -> dict[str, str]:
    """The explanation as headers of the answer itself, `length` bytes long where that is known, and of its `HEAD`.

    Rows are told where they are known, or cheap to count beside the answer: not of a page of some observations that
    others follow. Of what goes on for more than a page, bytes are estimated from its first rows.
    """
    told = {}
    rows = None if chosen.describes else _rows(answer)
    if rows is not None:
        told["Explain-Rows"] = str(rows)
    if answer.rest is not None:
        length = None if rows is None else _size(_sampled(answer), chosen, shown=SAMPLE, held=rows, cells=None)
    if length is not None:
        told["Explain-Bytes"] = str(length)
    limit = _limit(chosen, question, settings)
    effect = "whole" if answer.next_cursor is None or chosen.describes else "paged"
    return {**told, "Explain-Limit": f"{effect}; {limit['name']}={limit['value']}" if limit else effect}


def refuse_if_too_many_cells(answer: Answer) -> None:
    """Problem `too-large` where a cube of more than a page would have more cells than it may: before it is read."""
    if answer.rest is None or answer.cells is None or answer.most_cells is None or answer.total is None:
        return
    cells = answer.cells()
    if cells > answer.most_cells:
        raise too_many_cells(cells, answer.total(), answer.most_cells)


def _rows(answer: Answer) -> int | None:
    """How many rows answer the whole question, None where counting them would cost as much as the answer."""
    if answer.next_cursor is None and answer.rest is None:
        rows: int = answer.meta.get("returned", 1)
        return rows
    if answer.total is None or answer.uncounted or (answer.rest is None and answer.total_costs):
        return None
    return answer.total()


def _sampled(answer: Answer) -> Answer:
    """The first rows of an answer that has more than so many."""
    data = answer.data
    if isinstance(data, TidyRows):
        data = replace(data, found=data.found[:SAMPLE])
    elif isinstance(data, Rows):
        data = replace(data, tuples=data.tuples[:SAMPLE])
    return replace(answer, data=data, rest=None)


_IN_ONE_PIECE = "max_observations_in_one_piece"
_CELLS = "max_cells"


def _limit(chosen: Format, question: Any, settings: Settings) -> dict[str, Any] | None:
    """The limit that decides how much of the answer is given."""
    if isinstance(question, Page) and (not chosen.whole or question.limit or question.cursor):
        name = question.default_limit
        value = question.limit or getattr(settings.limits, name)
        return {"name": "limit" if question.limit else name, "value": value}
    if chosen.in_one_piece and isinstance(question, ObservationFilter):
        return {"name": _IN_ONE_PIECE, "value": getattr(settings.limits, _IN_ONE_PIECE)}
    return None


def _size(sample: Answer, chosen: Format, *, shown: int, held: int, cells: int | None) -> int:
    """About how many bytes some rows take, before compression."""
    whole = _written(sample, chosen)
    if not shown or shown == held:
        return whole
    none = _written(replace(sample, data=_emptied(sample)), chosen)
    if cells is None or not isinstance(sample.data, TidyRows):
        return none + (whole - none) * held // shown
    # A sample of a cube may be full where the whole is not: what the cells take is told apart from what the rows do.
    own = prod(len({row[place] for row in sample.data.found}) for place in (INDICATOR, REGION, PERIOD))
    return none + (whole - none - _between(own, shown)) * held // shown + _between(cells, held)


def _between(cells: int, rows: int) -> int:
    """Bytes of a cube's values and statuses that are not theirs: the keys of those there are, or nulls for the rest."""
    return 2 * rows * len(f'"{cells}":') if 2 * rows <= cells else 2 * (cells - rows) * len("null,")


def _written(answer: Answer, chosen: Format) -> int:
    return sum(len(part) for part in chosen.stream(answer))


def _emptied(answer: Answer) -> Any:
    data = answer.data
    if isinstance(data, TidyRows):
        return replace(data, found=[])
    if isinstance(data, dict) and answer.paged is not None:
        return {**data, answer.paged: []}
    return replace(data, tuples=[]) if isinstance(data, Rows) else []
