"""The tools: each asks the API, and says of every figure its unit, period, place, release, citation and address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.assistants import meant
from api.assistants.bounded import first
from api.assistants.service import Answered, Service

Told = dict[str, Any]
_POINTS, _HITS, _FACTS = 150, 10, 8
_MOST_RANKED = 50
_INDEX = "local-digital-capital"


def find_place(service: Service, name: str) -> Told:
    """Places that a name or code may mean."""
    answered = service.ask("/v1/regions", q=name, limit=50)
    told: Told = {}
    places = [
        {
            "place": hit["code"],
            "label": hit["label"],
            "found_as": hit["match"]["detail"],
            "same_area_as": hit["same_area"],
            "ended": hit["valid_to"],
        }
        for hit in answered.data
    ]
    first(told, "places", places, _HITS)
    return told | _why(answered) | _source(answered)


def find_indicator(service: Service, about: str) -> Told:
    """Indicators that a text is about."""
    answered = service.ask("/v1/indicators", q=about, limit=50)
    told: Told = {}
    known = [
        {
            "indicator": hit["id"],
            "title": hit["title"],
            "unit": hit["unit"],
            "means": hit["meaning"] or hit["description"],
            "levels": hit["levels"],
            "latest_period": hit["latest_period"],
        }
        for hit in answered.data
    ]
    first(told, "indicators", known, _HITS)
    return told | _why(answered) | _source(answered)


def get_figure(service: Service, place: str, indicator: str, period: str | None = None) -> Told:
    """The latest figure of a place, or that of a period."""
    where, what = meant.place(service, place), meant.indicator(service, indicator)
    asked = {"latest": "true"} if period is None else {"period": period}
    answered = service.ask("/v1/observations", indicator=what["id"], region=where["code"], **asked)
    told = _subject(where, what)
    told["figures"] = [
        {name: row[name] for name in ("period", "value", "unit", "status", "published_region")} for row in answered.data
    ]
    return told | {"caveats": what["caveats"]} | _why(answered) | _source(answered)


def get_series(
    service: Service, place: str, indicator: str, period_from: str | None = None, period_to: str | None = None
) -> Told:
    """A series of a place, its newest values where they are many."""
    where, what = meant.place(service, place), meant.indicator(service, indicator)
    answered = service.ask(f"/v1/series/{what['id']}/{where['code']}", period_from=period_from, period_to=period_to)
    told = _subject(where, what)
    points = [
        [row["period"], row["value"], row["status"]] for row in reversed((answered.data or {}).get("observations", []))
    ]
    told["columns"] = ["period", "value", "status"]
    first(told, "newest_first", points, _POINTS)
    told["statuses"] = (
        "A normal, B break: not comparable with earlier values, E estimate, P provisional, others missing"
    )
    return told | _why(answered) | _source(answered)


def compare_place(
    service: Service, place: str, indicator: str, period: str | None = None, others: list[str] | None = None
) -> Told:
    """A place beside its benchmarks, or other places."""
    where, what = meant.place(service, place), meant.indicator(service, indicator)
    codes = [meant.place(service, other)["code"] for other in others or []]
    beside = ",".join(["median", "uk", *codes]) if codes else None
    answered = service.ask("/v1/comparisons", indicator=what["id"], region=where["code"], period=period, with_=beside)
    told = _subject(where, what)
    if answered.data is None:
        return told | _why(answered) | _source(answered)
    data = answered.data
    told |= {name: data[name] for name in ("statement", "period", "value", "bounds", "comparable", "reason", "caveats")}
    told["rank"] = data["rank"]
    told["benchmarks"] = [
        {name: item[name] for name in ("title", "region", "value", "unit", "n", "reason", "difference")}
        for item in data["benchmarks"]
    ]
    told["change"] = data["change"]
    first(told, "printed_by_others", data["quoted"], 3)
    return told | _source(answered)


def rank_places(
    service: Service, indicator: str, level: str | None = None, period: str | None = None, count: int = 10
) -> Told:
    """The places of a level in order, with the ranks that each may have."""
    what = meant.indicator(service, indicator)
    most = min(count, _MOST_RANKED)
    answered = service.ask(f"/v1/rankings/{what['id']}", level=level, period=period, limit=most)
    told: Told = {"indicator": what["id"], "title": what["title"], "unit": what["unit"]}
    if answered.data is None:
        return told | _why(answered) | _source(answered)
    group = answered.data["group"]
    told |= {"unit": answered.data["unit"], "level": group["level"], "period": group["period"], "places": group["n"]}
    rows = [
        {
            "place": row["region"],
            "label": row["region_name"],
            "value": row["value"],
            "rank": row["rank"],
            "rank_range": [row["rank_lower"], row["rank_upper"]],
            "order": row["order"],
        }
        for row in answered.data["regions"]
    ]
    first(told, "ranked", rows, most, in_all=group["n"])
    told["basis_of_ranks"] = answered.data["basis"]
    median = answered.data["median"]
    told["median"] = None if median is None else median["value"]
    return told | _why(answered) | _source(answered)


def place_profile(service: Service, place: str) -> Told:
    """What a place is strong in and where it has gaps, against the places of its level."""
    where = meant.place(service, place)
    answered = service.ask(f"/v1/regions/{where['code']}/profile")
    told: Told = {"place": where["code"], "label": where["label"], "method": answered.data["method"]}
    names = ("indicator", "title", "value", "unit", "period", "median", "n", "score")
    for part in ("strengths", "gaps"):
        rows = [{name: item[name] for name in names} for item in answered.data[part]]
        first(told, part, rows, _FACTS)
    told["not_scored"] = len(answered.data["not_scored"])
    return told | _source(answered)


def index_scores(service: Service, index: str = _INDEX, place: str | None = None) -> Told:
    """The scores of an index, with the ranks that other methods give; of one place with its components."""
    answered = service.ask(f"/v1/indices/{index}/scores")
    data = answered.data
    told: Told = {"index": data["index"], "title": data["title"], "unit": "score", "period": str(data["edition"])}
    told |= {"method": f"{data['method']} Version {data['method_version']}."}
    told["components_measured"] = f"{data['components_measured']} of {data['components_count']}"
    regions = data["regions"]
    if place is not None:
        where = meant.place(service, place)
        regions = [row for row in regions if row["region"] == where["code"]]
        if not regions:
            told["reason"] = f"{where['label']} is not scored: this index is of {data['n']} places of another level."
    told["places"] = [
        {
            "place": row["region"],
            "label": row["region_name"],
            "score": row["score"],
            "rank": row["rank"],
            "rank_range_90": row["method_range_90"],
            "best": row["best"],
            "worst": row["worst"],
            **({"components": row["components"]} if place is not None else {}),
        }
        for row in regions
    ]
    return told | {"ranges": data["uncertainty"] and data["uncertainty"]["note"]} | _source(answered)


def verify_figure(
    service: Service, figure: str, place: str | None = None, indicator: str | None = None, period: str | None = None
) -> Told:
    """Whether a figure is one of this service, and still stands."""
    where = None if place is None else meant.place(service, place)["code"]
    what = None if indicator is None else meant.indicator(service, indicator)["id"]
    answered = service.ask("/v1/verify", figure=figure, region=where, indicator=what, period=period)
    data = answered.data
    told: Told = {name: data[name] for name in ("figure", "verdict", "statement", "rounded_to")}
    names = ("indicator", "region", "region_label", "period", "value", "unit")
    more = ("verdict", "first_release", "last_release", "now")
    matches = [{name: item[name] for name in (*names, *more)} for item in data["matches"]]
    first(told, "matches", matches, _FACTS, in_all=data["matches_count"])
    told["nearest"] = [{name: item[name] for name in names} for item in data["nearest"]]
    first(told, "printed_by_others", data["quoted"], _FACTS)
    return told | _why(answered) | _source(answered)


def _subject(where: Mapping[str, Any], what: Mapping[str, Any]) -> Told:
    return {
        "place": where["code"],
        "label": where["label"],
        "indicator": what["id"],
        "title": what["title"],
        "unit": what["unit"],
    }


def _why(answered: Answered) -> Told:
    """Why there is nothing, and the nearest question that has an answer."""
    meta = answered.meta
    return {name: meta[name] for name in ("reason", "detail", "nearest") if "reason" in meta}


def _source(answered: Answered) -> Told:
    """What has to stand beside a figure: release, licence, citation, and the address that always gives it."""
    meta = answered.meta
    known = {name: meta[name] for name in ("release", "published_at", "licence", "attribution", "citation")}
    return {**known, "address": answered.address}
