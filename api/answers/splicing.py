"""One series out of what is published under several codes of a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Found = list[tuple[Any, ...]]


def splice(found: Found, codes: Sequence[int]) -> Found:
    """One series out of several codes of the same place (newest first in `codes`), breaks marked.

    Of each period the newest code's observation is taken. Where the code changes from one observation to the next,
    the later one gets the status `B`: the boundary, or the way of counting, may have changed with the code.
    """
    chosen: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in sorted(found, key=lambda row: codes.index(row[1]), reverse=True):
        chosen[row[6], row[7]] = row
    spliced: Found = []
    for row in (chosen[key] for key in sorted(chosen)):
        seam = bool(spliced) and spliced[-1][1] != row[1]
        spliced.append((*row[:4], "B", *row[5:]) if seam and row[3] is not None else row)
    return spliced
