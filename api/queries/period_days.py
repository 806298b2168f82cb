"""The days that periods span: the key of an observation has the first day of its period, and not the label."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam

from api.periods import Period, parse

_ANY = ("", "9999-12-31")


def within_periods(start: Any) -> ColumnElement[bool]:
    """Within the days that the periods asked for span, given as `days_spanned`: what has the label is among these."""
    return and_(start >= bindparam("periods_from", type_=String), start <= bindparam("periods_to", type_=String))


def days_spanned(labels: Collection[str]) -> dict[str, str]:
    """What `within_periods` is executed with, for periods of some labels."""
    spans = [_span_of(label) for label in labels] or [_ANY]
    return {"periods_from": min(start for start, _ in spans), "periods_to": max(end for _, end in spans)}


@lru_cache(maxsize=1_000)
def _span_of(label: str) -> tuple[str, str]:
    """The days between which whatever has a label begins: publishing sees to that."""
    try:
        period = parse(label)
    except ValueError:  # the label of no period: nothing has it
        return _ANY
    return (period.start, period.end) if isinstance(period, Period) else _ANY
