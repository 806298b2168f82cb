"""The addresses at which questions about observations are asked."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode

from api.filters import LINKED, ObservationFilter

OBSERVATIONS = "/v1/observations"
SINGLE = "/v1/series/"
"""Where a single series is asked for by path rather than by query."""


def address_of(path: str, asked: ObservationFilter | None) -> str | None:
    """The address of a question."""
    if asked is None:
        return None
    if path.startswith("/v1/series") and asked.period:
        # Series are asked for by the bounds of their periods.
        asked = replace(asked, period=None, period_from=asked.period[0], period_to=asked.period[-1])
    if path.startswith(SINGLE) and asked.region and asked.indicator:
        dated = {"period_from": asked.period_from, "period_to": asked.period_to}
        query = {name: period.label for name, period in dated.items() if period}
        return _with_query(f"{SINGLE}{asked.indicator[0]}/{asked.region[0]}", query | _codes_of(asked))
    given: dict[str, str] = {}
    for name in ("indicator", "region", "level", "parent", "component", "status"):
        if values := getattr(asked, name):
            given[name] = ",".join(values)
    if asked.period:
        given["period"] = ",".join(item.label for item in asked.period)
    given |= {name: value.label for name in ("period_from", "period_to") if (value := getattr(asked, name))}
    if asked.latest:
        given["latest"] = "true"
    if asked.valid_on is not None:
        given["valid_on"] = asked.valid_on
    return _with_query("/v1/series" if path.startswith(SINGLE) else path, given | _codes_of(asked))


def _codes_of(asked: ObservationFilter) -> dict[str, str]:
    return {} if asked.history == LINKED else {"history": asked.history}


def _with_query(path: str, given: dict[str, str]) -> str:
    return f"{path}?{urlencode(given, safe=',/', quote_via=quote)}" if given else path
