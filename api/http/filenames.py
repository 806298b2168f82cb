"""Names of files that say what is in them: `dudley-E08000027.xlsx`, `gigabit-availability-itl1-latest.csv`.

Made of what was asked for, from places to periods: ASCII, without spaces, and short enough for every file system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from api.catalogue import Catalogue, Indicator, Region

_PART, _WHOLE = 48, 120
"""How long a part may be, and a name without what ends it."""
_NAMED = 2
"""So many of a kind are named; more are counted."""
_WORDS = {
    "rankings": "ranking",
    "diff": "changes",
    "projection": "projection",
    "scores": "scores",
    "charts": "chart",
    "template": "template",
}
_LISTS = ("regions", "children", "indicators", "sources")


def name_of(*, path: str, question: Any, found: dict[str, Any], catalogue: Catalogue, pinned: bool, ending: str) -> str:
    """The name of the file that a question is answered with.

    `path` is the question's path without the ending, `found` what it names; `pinned` says whether a release was asked
    for rather than the current one.
    """
    segments = path.split("/")
    what = next((_WORDS[item] for item in reversed(segments) if item in _WORDS), None)
    listed = next((item for item in reversed(segments[-1:]) if item in _LISTS), None)
    parts = [
        *([listed if listed != "children" else "regions"] if listed else []),
        *_places(question, found, catalogue),
        *_subjects(question, found),
        *([what] if what else []),
        *_levels(question),
        *_periods(question, found),
        *_rest(question),
    ]
    stem = "-".join(part[:_PART].strip("-") for part in parts if part) or segments[-1]
    if len(stem) > _WHOLE:
        stem = stem[:_WHOLE].rpartition("-")[0]
    release = f"-release-{catalogue.release.id}" if pinned else ""
    return f"{stem}{release}.{ending}"


def _places(question: Any, found: dict[str, Any], catalogue: Catalogue) -> Iterator[str]:
    within = "in-" if "children" in found else ""
    if isinstance(found.get("region"), Region):
        yield within + _place(found["region"])
    for name, before in (("region", ""), ("parent", "in-")):
        codes: Sequence[str] = _several(getattr(question, name, None))
        if len(codes) == 1:
            yield before + _place(catalogue.region(codes[0]))
        elif codes:
            yield f"{before}{len(codes)}-regions"


def _place(region: Region) -> str:
    return f"{_slug(region.name)[: _PART - len(region.code) - 4].strip('-')}-{region.code}"


def _subjects(question: Any, found: dict[str, Any]) -> Iterator[str]:
    """Indicators and components, an index, or sources."""
    if isinstance(found.get("indicator"), Indicator):
        yield found["indicator"].slug
    if "index" in found:
        yield found["index"].id
    yield _few(_several(getattr(question, "indicator", None)), "indicators")
    yield _few(_several(getattr(question, "index", None)), "indices")
    yield _few(getattr(question, "component", None) or (), "components")
    yield _few(getattr(question, "source", None) or (), "sources")


def _levels(question: Any) -> Iterator[str]:
    yield _few(_several(getattr(question, "level", None)), "levels")


def _periods(question: Any, found: dict[str, Any]) -> Iterator[str]:
    first, last = (getattr(question, name, None) for name in ("period_from", "period_to"))
    if first and last:
        yield f"{_label(first)}-{_label(last)}"
    elif first or last:
        yield f"from-{_label(first)}" if first else f"to-{_label(last)}"
    periods = getattr(question, "period", None) or ()
    labels = [_label(item) for item in (periods if isinstance(periods, tuple) else (periods,))]
    yield "-".join(labels) if len(labels) <= _NAMED else f"{len(labels)}-periods"
    if getattr(question, "latest", False):
        yield "latest"
    if getattr(question, "edition", None):
        yield str(question.edition)
    if getattr(question, "since", None) and hasattr(question, "until"):
        ends = (("since", question.since), ("until", question.until))
        yield "-".join(["changes", *(f"{name}-{_slug(str(end))}" for name, end in ends if end)])
    if "other" in found:
        yield f"release-{found['release'].id}-to-{found['other'].id}"


def _rest(question: Any) -> Iterator[str]:
    """What else narrows an answer down."""
    if getattr(question, "q", None):
        yield _slug(question.q)
    if getattr(question, "valid_on", None):
        yield _slug(f"valid-on-{question.valid_on}")
    yield getattr(question, "geometry", None) or ""
    for name in ("status", "change"):
        yield _few(getattr(question, name, None) or (), name)
    if getattr(question, "cursor", None):
        yield "page"
    elif getattr(question, "limit", None):
        yield f"first-{question.limit}"


def _several(asked: str | Sequence[str] | None) -> Sequence[str]:
    """What is asked for of a parameter that takes one value or several."""
    return (asked,) if isinstance(asked, str) else asked or ()


def _few(texts: Sequence[str], what: str) -> str:
    """Some identifiers where they are few, else how many there are."""
    return "-".join(_slug(text) for text in texts) if len(texts) <= _NAMED else f"{len(texts)}-{what}"


def _label(period: Any) -> str:
    return _slug(period.label).upper()


def _slug(text: str) -> str:
    """A text in small ASCII letters and digits, with hyphens between."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
