"""Up to six places over time, by one indicator."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response as BaseResponse

from api.errors import Fault, Problem
from api.http.addresses import with_query
from api.pages.asking import Moved, ask
from api.pages.getting import Rest
from api.pages.place import tier_of
from api.pages.rendering import page, to, view

MOST = 6
"""Places that are compared at the most: more lines than that nobody tells apart."""
_EVERY = 1_000
_FIRST = "gigabit-availability"
_FOUND = 8


@view("/compare", takes=("places", "indicator", "add"))
def compare() -> BaseResponse:
    """The series of places beside one another; `add` looks for one more by its name."""
    codes = list(dict.fromkeys(filter(None, map(str.strip, request.args.get("places", "").split(",")))))
    if len(codes) > MOST:
        message = f"places: {len(codes)} places, and {MOST} can be compared at the most."
        raise Problem("invalid-parameter", message, faults=(Fault("too-many", "query/places", message),))
    chosen = [_place(code) for code in codes]
    known = [str(place["code"]) for place in chosen]
    if known != codes:
        return redirect(to("/compare", **{**request.args, "places": ",".join(dict.fromkeys(known))}), 308)
    listed = ask("/v1/indicators", limit=_EVERY)
    indicator = request.args.get("indicator") or _default(listed.data)
    about = ask(f"/v1/indicators/{indicator}").data
    return page("compare.html", **_compared(known, chosen, about), **_choices(known, listed.data))


def _compared(codes: list[str], chosen: list[dict[str, Any]], about: dict[str, Any]) -> dict[str, Any]:
    """The table of the places that were chosen."""
    if not codes:
        return {"places": [], "indicator": about, "rows": [], "rest": None, "reason": None}
    asked = {"indicator": about["id"], "region": ",".join(codes)}
    told = ask("/v1/series", **asked)
    series: dict[str, list[dict[str, Any]]] = {code: [] for code in codes}
    for item in told.data:
        series.setdefault(item["region"], []).extend(item["observations"])
    by_period = {(code, point["period"]): point for code, points in series.items() for point in points}
    periods = dict(sorted({point["period"]: point["start"] for point in by_period.values()}.items(), key=_start))
    return {
        "places": [
            {**place, "points": series[place["code"]], "without": _without(codes, place["code"])} for place in chosen
        ],
        "indicator": about,
        "rows": [(period, [by_period.get((code, period)) for code in codes]) for period in reversed(periods)],
        "reason": told.meta.get("detail"),
        "rest": Rest(
            told,
            csv=with_query("/v1/series.csv", asked),
            xlsx=with_query("/v1/series.xlsx", asked),
        ),
    }


def _choices(codes: list[str], listed: list[dict[str, Any]]) -> dict[str, Any]:
    """What else can be chosen: indicators by component, and places by the name that was looked for."""
    name = request.args.get("add", "").strip()
    found = ask("/v1/regions", q=name, limit=_FOUND) if name and len(codes) < MOST else None
    titles = {item["id"]: item["title"] for item in ask("/v1/components").data}
    return {
        "codes": codes,
        "add": name,
        "most": MOST,
        "found": [
            {**item, "tier": tier_of(item), "with": ",".join([*codes, item["code"]])}
            for item in (found.data if found else ())
            if item["code"] not in codes
        ],
        "none_found": found.meta.get("detail") if found else None,
        "groups": [(title, [item for item in listed if item["component"] == part]) for part, title in titles.items()],
    }


def _place(code: str) -> dict[str, Any]:
    """A place, by whichever of its codes."""
    try:
        found: dict[str, Any] = ask(f"/v1/regions/{code}").data
    except Moved as moved:
        found = ask(moved.location.partition("?")[0]).data
    return {**found, "tier": tier_of(found)}


def _default(listed: list[dict[str, Any]]) -> str:
    names = [str(item["id"]) for item in listed]
    return _FIRST if _FIRST in names else names[0]


def _without(codes: list[str], code: str) -> str | None:
    return ",".join(item for item in codes if item != code) or None


def _start(item: tuple[str, str]) -> tuple[str, str]:
    return item[1], item[0]
