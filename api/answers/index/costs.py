"""What a calculation will cost, as far as that is known beforehand, and what tells two of them apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from hashlib import blake2b
from typing import Any

import numpy as np

from api.analysis.budget import Budget
from api.analysis.definition import DataError, Inputs
from api.analysis.extremes import MOST_REGIONS, SET_UP
from api.answers.index.calculation import Calculation, Figures
from api.answers.index.influences import DRAWN
from api.answers.reading import Check
from api.limits import Limits

_RANKED = 8
"""Numbers that ranking a score counts for."""
_POINTS = 20
"""Numbers that each point of a value that is brought in counts for."""
_LIGHT_NUMBERS, _LIGHT_CELLS, _LIGHT_STEPS = 20_000_000, 10_000_000, 20_000
"""What is done at once: each comes to less than half a second of processor, and most to a tenth of it."""


def budget(limits: Limits, check: Check) -> Budget:
    """What there is for one calculation."""
    return Budget(
        seconds=limits.max_rank_seconds,
        layout=limits.max_rank_layout,
        steps=limits.max_rank_steps,
        nodes=limits.max_rank_nodes,
        cells=limits.max_rank_cells,
        check=check,
    )


def light(asked: Calculation) -> bool:
    """Whether a calculation costs so little that it need not wait for its turn."""
    definition, regions = asked.definition, len(asked.inputs.regions)
    parts = len(definition.framework.parts)
    drawn = not {*DRAWN, "sensitivity"}.isdisjoint(asked.include)
    numbers = definition.work(regions) * (parts + _RANKED) // parts if drawn else 0
    points = dict(definition.treatment.parameters).get("points", 0)
    pairs = parts**2 if "correlations" in asked.include else 0
    cells = regions * (pairs + _POINTS * parts * points)
    return numbers <= _LIGHT_NUMBERS and cells <= _LIGHT_CELLS and _steps(asked, regions) <= _LIGHT_STEPS


def _steps(asked: Calculation, regions: int) -> int:
    """The most that finding ranks exactly may come to."""
    drawn = asked.definition.uncertainty
    wanted = not DRAWN.isdisjoint(asked.include)
    if drawn is None or not drawn.extremes or drawn.moves_values or not wanted:
        return 0
    if regions > MOST_REGIONS:
        return _LIGHT_STEPS + 1
    left_out = 1 + drawn.leave_one_out * len(asked.definition.framework.indicators)
    ways = left_out * len(set(drawn.normalisations)) * len(set(drawn.aggregations))
    return ways * 2 * regions * (SET_UP + (regions - 1) ** 2)


def key(asked: Calculation) -> bytes:
    """The same for two calculations that have the same answer, whichever way they were asked for."""
    digest = blake2b(digest_size=16)
    for piece in _pieces(asked):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.digest()


def _pieces(value: Any) -> Iterator[bytes]:
    """All that a calculation is made of, field by field: one that is added counts without being named here."""
    if isinstance(value, np.ndarray):
        yield f"{value.dtype} {value.shape}".encode()
        yield value.tobytes()
    elif isinstance(value, Calculation | Figures | Inputs | DataError):
        for item in fields(value):
            if item.name != "address":
                yield item.name.encode()
                yield from _pieces(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for name, part in sorted(value.items()):
            yield name.encode()
            yield from _pieces(part)
    else:
        yield repr(value).encode()
