"""One series out of what is published under several codes of a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from api.answers.reading import Reading
from api.answers.selection import linked
from api.catalogue import Indicator, Region
from api.queries.observations import FULL, Selection, all_observations
from api.rows import DURATION, REGION, START, STATUS, is_comparable

Found = list[tuple[Any, ...]]


def series_of(connection: Connection, reading: Reading, indicator: Indicator, region: Region) -> Found:
    """The whole series of an indicator for a place as one, whichever of its codes is given, oldest first."""
    codes = reading.catalogue.codes_of(region)
    selection = Selection(release=reading.release, indicators=frozenset({indicator.id}), regions=frozenset(codes))
    return splice(all_observations(connection, linked(reading.catalogue, selection), columns=FULL), codes)


def splice(found: Found, codes: Sequence[int]) -> Found:
    """One series out of several codes of the same place (newest first in `codes`), breaks marked.

    Of each period the newest code's observation is taken. Where the code changes from one comparable value to the next,
    the later one gets the status `B`: the boundary, or the way of counting, may have changed with the code.
    """
    chosen: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in sorted(found, key=lambda row: codes.index(row[REGION]), reverse=True):
        chosen[row[START], row[DURATION]] = row
    spliced: Found = []
    code = None  # of the last value that may be compared
    for row in (chosen[key] for key in sorted(chosen)):
        seam = is_comparable(row) and code not in {None, row[REGION]}
        code = row[REGION] if is_comparable(row) else code
        spliced.append((*row[:STATUS], "B", *row[STATUS + 1 :]) if seam else row)
    return spliced
