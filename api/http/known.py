"""What is known of an answer beside its text: which rule of the application made it, of which release, how many rows.

It stands in the log and is counted by. Of what is kept in memory it is kept too, so that it is found once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import request

from api.http import conditional

UNMATCHED = "unmatched"
"""The rule of what is at no address of the application."""
_RULE = "digital_capital.rule"
_HIT = "digital_capital.hit"
_LOOKED = "digital_capital.looked"
_CONVERTER = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an answer."""

    rule: str
    """As `/v1/series/<indicator>/<region>`: never what a caller has put into it."""
    release: int | None
    """None where it is of none, or of which is not known."""
    rows: int | None
    """Of all that was asked for, of which a page may be a part."""
    cache: str
    """`hit`: it was in memory. `miss`: it was not. `none`: such an answer never is."""


def of(environ: dict[str, Any], headers: Iterable[tuple[str, str]]) -> Known:
    """What is known of the answer to a request, once there is one."""
    cached: Known | None = environ.get(_HIT)
    if cached is not None:
        return cached
    rows = next((text for name, text in headers if name == "Explain-Rows"), None)
    return Known(
        rule=environ.get(_RULE, UNMATCHED),
        release=conditional.release_in(environ),
        rows=int(rows) if rows is not None and rows.isdecimal() else None,
        cache="miss" if _LOOKED in environ and conditional.tag_in(environ) is not None else "none",
    )


def note_rule() -> None:
    """Note which rule of the application is going to answer. Before a request is answered, since Flask forgets it."""
    rule = request.url_rule
    if rule is not None:
        request.environ[_RULE] = _short(rule.rule)


def to_keep(environ: dict[str, Any], headers: Iterable[tuple[str, str]]) -> Known:
    """The same, as it is known of the answer when it is sent again."""
    return replace(of(environ, headers), cache="hit")


def looked(environ: dict[str, Any]) -> None:
    """Note that an answer was looked for in memory, and is not there."""
    environ[_LOOKED] = True


def hit(environ: dict[str, Any], known: Known) -> None:
    """Note that the answer was in memory, with what is known of it."""
    environ[_HIT] = known


@lru_cache(maxsize=256)
def _short(rule: str) -> str:
    """A rule without the values that its parts may have."""
    return _CONVERTER.sub(r"<\1>", rule)
