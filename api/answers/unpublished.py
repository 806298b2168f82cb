"""Indicators that a release describes but holds no value of: they were published after it, or are still to be."""

from __future__ import annotations

from collections.abc import Iterable

from api.catalogue import Catalogue, Indicator

NOT_YET = "not-yet-published"
"""The reason, as answers give it."""


def unpublished(catalogue: Catalogue, indicators: Iterable[Indicator]) -> str | None:
    """That no value of some indicators was published by the release; None where one of them has a value anywhere."""
    named = list(indicators)
    if not named or any(item.coverage for item in named):
        return None
    titles = " / ".join(item.title for item in named[:3])
    release = catalogue.release
    return f"{titles}: nothing had been published here by release {release.id} ({release.published_at[:10]})."
