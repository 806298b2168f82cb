"""What the page on the method of a published index rests on: where its scores come from, and their limits."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from api.answers.index.editions import version_of
from api.answers.index.examined import examined
from api.answers.reading import Reading
from api.caches import Caches
from api.catalogue import Index
from api.errors import Problem
from api.http import quotas, turns
from api.http.releases import Releases
from api.settings import Settings

_SIZE = 100_000
"""Bytes that what stands on a page takes in memory, about."""


def method_of(index: str, version: int | None) -> dict[str, Any]:
    """What there is to say of the method of an index, by the latest release: its `version`, or the newest.

    Problem `unknown-id`, and `invalid-parameter` for a version that there is not.
    """
    releases: Releases = current_app.extensions["releases"]
    settings: Settings = current_app.extensions["settings"]
    caches: Caches = current_app.extensions["caches"]
    catalogue = releases.current()
    chosen = version_of(catalogue.index(index), version)
    key = (catalogue.origin, catalogue.release.id, "method", chosen.id, chosen.method_version)
    found = caches.groups.get(key)
    if found is None:
        quotas.allow(quotas.LIGHT)
        snapshot = releases.snapshot(catalogue.release)
        reading = Reading(
            catalogue=catalogue,
            releases=releases.all(),
            database=snapshot,
            settings=settings,
            caches=caches,
            address=request.path,
            costly=turns.in_turn(snapshot.let_go),
        )
        with snapshot.held():
            found = _whole(reading, chosen)
        quotas.count(quotas.LIGHT)
        if found["lasting"]:
            caches.groups.put(key, found, _SIZE)
    return {**found, "release": catalogue.release}


def _whole(reading: Reading, index: Index) -> dict[str, Any]:
    """What stands on the page; where the figures allow no scores, why."""
    titles = {item.id: item.title for item in reading.catalogue.components.values()}
    found, reason = None, "Too few components have figures at this release for scores."
    try:
        found = examined(reading, index)
    except Problem as problem:
        if problem.type.slug not in {"impossible-calculation", "invalid-definition"}:
            raise
        reason = problem.detail
    lasting = found is None or found["cacheable"]
    return {"index": index, "titles": titles, "found": found, "reason": reason, "lasting": lasting}
