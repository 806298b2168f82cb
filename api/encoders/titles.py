"""What a file says of itself: formats that carry a title and provenance use the same."""

from __future__ import annotations

from typing import Any

from api.answers.provenance import SERVICE
from api.rows import Answer

_NAMED = 3
_SAID = ("release", "licence", "attribution", "citation", "reason", "detail", "nearest")


def title_of(answer: Answer) -> str:
    """The indicators that rows speak of, where they are few; else the service they came from."""
    titles = [item.title for item in answer.indicators.values()]
    if 0 < len(titles) <= _NAMED:
        return "; ".join(titles)
    return f"{SERVICE}: {len(titles)} indicators" if titles else SERVICE


def left_out_of(answer: Answer) -> dict[str, Any]:
    """Who is left out since others replaced them: what of an answer's `meta` goes into files that hold objects."""
    return {name: answer.meta[name] for name in ("left_out", "left_out_count") if name in answer.meta}


def said_of(answer: Answer) -> dict[str, Any]:
    """Provenance, and why there is nothing where there is nothing: what of an answer's `meta` goes into a file."""
    return {name: answer.meta[name] for name in _SAID if answer.meta.get(name) is not None}
