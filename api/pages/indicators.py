"""The list of indicators by component, and the page of each: its definition, its ranking, and what is missing."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from api.http.addresses import with_query
from api.pages.asking import Refused, Told, ask
from api.pages.getting import Rest
from api.pages.rendering import page, to, view

_EVERY = 1_000
_LIKELY = ("combined-authority", "itl1", "local-authority", "itl2", "nuts2", "country")
"""The level that is shown where none is asked for: the first of these that has figures in more than one place."""
_RANKS = 2


@view("/indicators")
def indicators() -> Response:
    """All indicators, by component."""
    told, components = ask("/v1/indicators", limit=_EVERY), ask("/v1/components")
    by_id = {item["id"]: item for item in told.data}
    groups = [
        {**part, "indicators": [by_id[name] for name in part["indicators"] if name in by_id]}
        for part in components.data
    ]
    return page(
        "indicators.html",
        groups=groups,
        count=len(by_id),
        rest=Rest(told, (components,), csv="/v1/indicators.csv", xlsx="/v1/indicators.xlsx"),
    )


@view("/indicators/<indicator>", takes=("level", "period"))
def indicator_page(indicator: str) -> Response:
    """An indicator: what it measures, where each place of a level stands, and who is missing."""
    told, availability = ask(f"/v1/indicators/{indicator}"), ask(f"/v1/indicators/{indicator}/availability")
    held = {item["level"]: item["periods"] for item in availability.data["levels"]}
    levels = [item for item in ask("/v1/levels").data if item["id"] in held]
    level = request.args.get("level") or _first(held)
    period = request.args.get("period")
    ranking, refused = _ranked(indicator, level, period)
    data = ranking.data if ranking else None
    every = f"/v1/observations.csv?indicator={told.data['id']}"
    asked = {"level": level, **({"period": period} if period else {})}
    return page(
        "indicator.html",
        indicator=told.data,
        meta=told.meta,
        levels=levels,
        level=next((item for item in levels if item["id"] == level), {"id": level, "title": level}),
        periods=held.get(level, [])[::-1],
        ranking=data,
        reason=ranking.meta.get("detail") if ranking else refused,
        scale=_scale(data["regions"]) if data else None,
        names=_names(level),
        titles={item["id"]: item["title"] for item in ask("/v1/indicators", limit=_EVERY).data},
        component=ask(f"/v1/components/{told.data['component']}").data,
        rest=Rest(
            ranking or told,
            (told, availability),
            csv=with_query(f"/v1/rankings/{indicator}", {**asked, "format": "csv"}) if ranking else every,
            xlsx=with_query(f"/v1/rankings/{indicator}", {**asked, "format": "xlsx"}) if ranking else None,
            files={"All periods and places (CSV)": every},
        ),
        around=_around(indicator, level),
    )


def _first(held: dict[str, list[dict[str, Any]]]) -> str:
    ranked = [level for level in _LIKELY if max((item["regions"] for item in held.get(level, ())), default=0) >= _RANKS]
    return next(iter([*ranked, *held]), _LIKELY[0])


def _ranked(indicator: str, level: str, period: str | None) -> tuple[Told | None, str | None]:
    """The ranking of a level, or the reason why there is none."""
    try:
        return ask(f"/v1/rankings/{indicator}", level=level, period=period, limit=_EVERY), None
    except Refused as refused:
        if refused.slug != "invalid-parameter" or _of_the_page(refused):
            raise
        return None, str(refused)


def _of_the_page(refused: Refused) -> bool:
    """Whether what was refused stands in the page's own address."""
    return any(fault["path"] in {"query/level", "query/period"} for fault in refused.problem["errors"])


def _names(level: str) -> dict[str, str]:
    """The Welsh names of the places of a level that have one."""
    return {
        item["code"]: item["welsh_name"]
        for item in ask("/v1/regions", level=level, limit=_EVERY).data
        if item["welsh_name"] and item["welsh_name"] != item["name"]
    }


def _scale(rows: list[dict[str, Any]]) -> tuple[float, float] | None:
    """From where to where bars are drawn: from zero, or from the least value below it, to the greatest."""
    values = [row["value"] for row in rows if row["value"] is not None]
    return (min(0, *values), max(0, *values)) if len(values) >= _RANKS else None


def _around(indicator: str, level: str) -> list[tuple[str, str]]:
    """Where else to go from here."""
    return [
        ("Compare places over time", to("/compare", indicator=indicator)),
        ("A map of it, as GeoJSON", f"/v1/regions.geojson?level={level}&indicator={indicator}"),
    ]
