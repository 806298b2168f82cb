"""What was published when, and what changed."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.pages.asking import ask, ask_or_none
from api.pages.getting import Rest
from api.pages.rendering import page, view

_EVERY = 1_000
_SHOWN = 200
"""Changes of a kind that a page shows; the file has all of them."""
_KINDS = ("changed", "removed", "added")
"""Kinds of change, those first that put right what was said before."""


@view("/releases")
def releases() -> Response:
    """Every release, the newest first, with how much changed."""
    told = ask("/v1/releases", limit=_EVERY)
    items = [_counted(item, _before(told.data, item)) for item in told.data]
    return page("releases.html", releases=items, rest=Rest(told))


@view("/releases/<release_id>")
def release(release_id: str) -> Response:
    """A release, and the values that changed with it."""
    told, every = ask(f"/v1/releases/{release_id}"), ask("/v1/releases", limit=_EVERY)
    earlier = _before(every.data, told.data)
    path = f"/v1/releases/{earlier}/diff/{told.data['id']}"
    found = [diff for kind in _KINDS if earlier and (diff := ask_or_none(path, change=kind, limit=_SHOWN))]
    changes = [diff for diff in found if diff.data]
    shown = [*changes, *found[:1], told][0]
    return page(
        "release.html",
        release_shown=told.data,
        earlier=earlier,
        changes=changes,
        reason=found[0].meta.get("detail") if found else None,
        titles={item["id"]: item for item in ask("/v1/indicators", limit=_EVERY).data},
        rest=Rest(shown, (*changes[1:], told), csv=f"{path}?format=csv" if found else None),
    )


def _before(every: list[dict[str, Any]], item: dict[str, Any]) -> int | None:
    """The number of the last release before one that can be read."""
    return next((other["id"] for other in every if other["id"] < item["id"] and other["state"] == "published"), None)


def _counted(item: dict[str, Any], before: int | None) -> dict[str, Any]:
    told = ask_or_none(f"/v1/releases/{item['id']}")
    return {**item, "changes": told.data["changes"] if told else None, "before": before}
