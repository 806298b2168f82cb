"""What a file calls itself: formats that carry a title use the same one."""

from __future__ import annotations

from api.answers.provenance import SERVICE
from api.rows import Answer

_NAMED = 3


def title_of(answer: Answer) -> str:
    """The indicators that rows speak of, where they are few; else the service they came from."""
    titles = [item.title for item in answer.indicators.values()]
    if 0 < len(titles) <= _NAMED:
        return "; ".join(titles)
    return f"{SERVICE}: {len(titles)} indicators" if titles else SERVICE
