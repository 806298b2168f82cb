"""The `history` parameter: under which codes of a place figures are given, and whether those of its parts are."""

from __future__ import annotations

from api.filters import HISTORIES, MERGED
from api.schemas.fields import Keyword

_HISTORY = (
    "`linked` (the default): a place that was recoded one to one is one place, whichever of its codes is asked for; "
    "observations tell the code they are published under. Of a period that two codes have, the newer one's is taken. "
    "`own`: what is published under a code itself."
)
_MERGED = (
    " `merged`: before a place was formed of whole districts it has what these had together: counts are summed, rates "
    "divided anew, shares weighted by population (estimates, status `E`). Tables have `method` and `parts` "
    "beside each value then; not in JSON-stat and SDMX-CSV, which have no room for them."
)


def history_of(*, merged: bool = False) -> Keyword:
    """The `history` parameter of what holds figures; of one series, which can be `merged`, or of many."""
    known = (*HISTORIES, *([MERGED] if merged else []))
    return Keyword(
        known,
        error=f"Write {', '.join(known[:-1])} or {known[-1]}.",
        metadata={"description": f"{_HISTORY}{_MERGED if merged else ''}", "example": "linked"},
    )
