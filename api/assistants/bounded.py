"""Answers that fit into an assistant's memory: no longer than some 2,000 tokens, and never cut without saying so."""

from __future__ import annotations

from typing import Any

import orjson

MOST_CHARACTERS = 6_000
"""About 2,000 tokens: figures and codes have about three characters each."""


def fit(answer: dict[str, Any]) -> str:
    """An answer as compact JSON. Its longest list gives up its last items until it fits; `left_out` counts them."""
    left_out: dict[str, int] = dict(answer.pop("left_out", None) or {})
    text = _written(answer, left_out)
    while len(text) > MOST_CHARACTERS:
        lists = {name: len(_json(items)) for name, items in answer.items() if isinstance(items, list) and items}
        if not lists:
            break
        longest = max(lists, key=lambda name: lists[name])
        share = max(1, len(answer[longest]) // 10)
        answer[longest] = answer[longest][:-share]
        left_out[longest] = left_out.get(longest, 0) + share
        text = _written(answer, left_out)
    return text


def first(answer: dict[str, Any], name: str, items: list[Any], most: int, in_all: int | None = None) -> None:
    """Put the first items of a list into an answer under a name, and count those that are left out."""
    shown = items[:most]
    answer[name] = shown
    missing = (len(items) if in_all is None else in_all) - len(shown)
    if missing > 0:
        answer.setdefault("left_out", {})[name] = missing


def _written(answer: dict[str, Any], left_out: dict[str, int]) -> str:
    return _json({**answer, "left_out": left_out} if left_out else answer)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
