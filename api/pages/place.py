"""The page of a place: all that is measured of it, what it is compared with, and what others have printed of it."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.pages.asking import ask, ask_or_none
from api.pages.getting import Rest
from api.pages.rendering import page, to, view

_POINTS = 12
_TOLD_IN_WORDS = 3
"""Of how many strengths and gaps the sentences of comparisons are shown."""
_MOST_CHILDREN = 1_000
_PEERS = 5
_BROADEST = ("uk", "country", "itl1", "combined-authority", "county")
"""Levels that people place something by, from the broadest on. Statistical areas are none of them."""
_SAYS_THE_SAME = "equal"
_NOT_COMPARED = {"not-open", "quoted-only"}
"""How quoted figures are told apart: those that nothing here can be held against."""


@view("/places/<code>")
def place(code: str) -> Response:
    """The profile of a place by component."""
    region = ask(f"/v1/regions/{code}")
    profile = ask(f"/v1/regions/{code}/profile", points=_POINTS)
    quoted = ask("/v1/published-figures", region=code, limit=1_000)
    strengths, gaps = profile.data["strengths"], profile.data["gaps"]
    of = {item["indicator"]: item["latest"]["region"] for item in _measured(profile.data)}
    return page(
        "place.html",
        place=region.data,
        profile=profile.data,
        tier=tier_of(region.data),
        within=_within(region.data),
        children=_children(code),
        peers=_peers(code, region.data),
        strengths=_with_sentences(strengths, of),
        gaps=_with_sentences(gaps, of),
        more=(strengths[_TOLD_IN_WORDS:], gaps[_TOLD_IN_WORDS:]),
        quoted=_printed(quoted.data),
        merged=_merged(code, region.data, profile.data),
        rest=Rest(
            profile,
            (region, quoted),
            csv=f"/v1/observations.csv?region={region.data['code']}",
            files={"Workbook (XLSX)": to(f"/places/{region.data['code']}.xlsx")},
        ),
    )


def _measured(profile: dict[str, Any]) -> list[dict[str, Any]]:
    """The indicators that a place has a value of."""
    return [item for part in profile["components"] for item in part["indicators"] if item["latest"]]


def tier_of(place: dict[str, Any]) -> str:
    """The kind of place that one is, in the words of its label."""
    told: str = place["label"].removeprefix(place["name"]).strip(" ()")
    return told or place["label"]


def _within(place: dict[str, Any]) -> list[dict[str, Any]]:
    """What a place lies in, the broadest first; `tier` where the one before it has the same name."""
    titles = {item["id"]: str(item["title"]) for item in ask("/v1/levels").data}
    found: list[dict[str, Any]] = []
    for level in _BROADEST:
        for parent in place["parents"]:
            if level in parent["levels"] and parent["code"] not in {item["code"] for item in found}:
                same = bool(found) and found[-1]["name"] == parent["name"]
                found.append({**parent, "tier": titles[level].lower() if same else None})
    return found


def _children(code: str) -> list[dict[str, Any]]:
    """What lies in a place, by level: each level with its places."""
    titles = {item["id"]: item["title"] for item in ask("/v1/levels").data}
    found: dict[str, list[dict[str, Any]]] = {}
    for child in ask(f"/v1/regions/{code}/children", limit=_MOST_CHILDREN).data:
        found.setdefault(child["levels"][0], []).append(child)
    return [
        {"title": titles[level], "places": sorted(found[level], key=lambda item: str(item["name"]))}
        for level in sorted(found, key=list(titles).index)
    ]


def _peers(code: str, place: dict[str, Any]) -> dict[str, Any] | None:
    """The places most like one, and by what; None where there are none, as of a place that has ended."""
    told = None if place["valid_to"] else ask_or_none(f"/v1/regions/{code}/peers", k=_PEERS)
    return told.data if told is not None and told.data["peers"] else None


def _with_sentences(scored: list[dict[str, Any]], of: dict[str, str]) -> list[dict[str, Any]]:
    """The first of what is scored, each with the sentence of its comparison, of the code that its figure is of."""
    found = []
    for item in scored[:_TOLD_IN_WORDS]:
        told = ask("/v1/comparisons", indicator=item["indicator"], region=of[item["indicator"]])
        found.append({**item, "statement": told.data["statement"] if told.data else None})
    return found


def _printed(quoted: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What reports have printed: that which differs from the nearest figure here, and that which has none."""
    kinds = [(item["match"] or {}).get("kind") for item in quoted]
    differing = [
        item for item, kind in zip(quoted, kinds, strict=True) if kind not in {None, _SAYS_THE_SAME, *_NOT_COMPARED}
    ]
    alone = [item for item, kind in zip(quoted, kinds, strict=True) if kind is None or kind in _NOT_COMPARED]
    return differing, alone


def _merged(code: str, place: dict[str, Any], profile: dict[str, Any]) -> list[dict[str, Any]]:
    """The series that go back beyond the place itself, put together of the districts that it was formed of."""
    if place["valid_to"] or not place["predecessors"]:
        return []
    found = []
    for item in _measured(profile):
        told = ask_or_none(f"/v1/series/{item['indicator']}/{code}", history="merged")
        if told is not None and (told.data.get("merged") or {}).get("values"):
            found.append({**told.data, "address": told.address})
    return found
