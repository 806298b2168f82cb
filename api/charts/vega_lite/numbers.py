"""Numbers as JavaScript writes them, by which a specification looks up what stands on an axis."""

from __future__ import annotations

import json
from collections.abc import Iterable


def json_number(value: float) -> str:
    """A number as text: whole ones without a decimal point."""
    return str(int(value)) if float(value).is_integer() else repr(value)


def labels_by_number(labels: Iterable[tuple[str, str]]) -> str:
    """An expression of Vega that gives the label of each number: an object of texts, and what looks into it."""
    return f"{json.dumps(dict(labels), ensure_ascii=False)}[toString(datum.value)]"
