"""Strengths and gaps of a place: how far from the median of its level, in interquartile ranges, for better or worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.answers.comparison.error_bounds import NO_BASIS
from api.answers.comparison.group import shown
from api.answers.comparison.rank_intervals import direction_of
from api.answers.profile.entry import Entry
from api.catalogue import Indicator

OUTCOME, CONTEXT = "digital-economy", "context"
"""Components that are not digital capital itself: what comes of it, and what the other figures are read with."""
METHOD = (
    "(value - median) / interquartile range of the region's level, times -1 where lower is better. Strengths lie above "
    "0, gaps below, the furthest first. A score orders; it is no test: see `tested` and `basis`."
)
DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How far an entry is from the median, in interquartile ranges; better is positive."""

    entry: Entry
    value: float
    spread: float


def strengths_and_gaps(entries: list[Entry]) -> dict[str, Any]:
    """The scored indicators as they stand in a profile, and why the others have no score."""
    scored: list[Score] = []
    without: list[dict[str, str]] = []
    for entry in entries:
        score = _score(entry)
        if isinstance(score, Score):
            scored.append(score)
        else:
            without.append({"indicator": entry.indicator.slug, "reason": score})
    rates = {item.entry.indicator.slug for item in scored}
    for item in list(scored):
        told = told_by(item.entry.indicator, rates)
        if told is not None:
            scored.remove(item)
            without.append({"indicator": item.entry.indicator.slug, "reason": f"told by its rate, {told}"})
    above = sorted((item for item in scored if item.value > 0), key=lambda item: (-item.value, _slug(item)))
    below = sorted((item for item in scored if item.value < 0), key=lambda item: (item.value, _slug(item)))
    without.extend(
        {"indicator": _slug(item), "reason": "its value is the median"} for item in scored if item.value == 0
    )
    return {
        "method": METHOD,
        "strengths": [_described(item) for item in above],
        "gaps": [_described(item) for item in below],
        "not_scored": sorted(without, key=lambda item: item["indicator"]),
    }


def told_by(indicator: Indicator, rates: set[str]) -> str | None:
    """The rate that tells the same as a count or an amount: it carries its name (`gva-sic-j`, `gva-sic-j-per-head`)."""
    if indicator.measure == "rate":
        return None
    return next((slug for slug in sorted(rates) if slug.startswith(f"{indicator.slug}-")), None)


def _score(entry: Entry) -> Score | str:
    """The score of an entry, or why it has none."""
    reason = _unscored(entry)
    median = entry.median
    if reason is not None or entry.figure is None or median is None or median.value is None or median.quartiles is None:
        return reason or (median and median.reason) or "not comparable"
    spread = median.quartiles[1] - median.quartiles[0]
    if spread <= 0:
        return "half of the regions or more have the same value: there is no spread to measure by"
    gap = (entry.figure.value - median.value) * direction_of(entry.indicator.polarity)
    return Score(entry=entry, value=gap / spread, spread=spread)


def _unscored(entry: Entry) -> str | None:
    """Why an indicator is not scored, whatever its values are."""
    if entry.indicator.component == CONTEXT:
        return "context: what the other figures are read with, neither strength nor gap"
    if entry.indicator.polarity == "neutral":
        return "neutral: neither direction is better"
    if entry.group is None:
        return "no value"
    if entry.figure is None:
        return str(entry.said["not_comparable"])
    inside = entry.figure.region.id in entry.group.figures
    return None if inside else str(entry.said["no_rank"])


def _described(score: Score) -> dict[str, Any]:
    entry = score.entry
    basis = entry.basis
    scale = entry.group.scale if entry.group else None
    decimals = (scale.decimals if scale else entry.indicator.decimals) + 1
    comparable, (median, *_) = entry.said["comparable"], entry.said["benchmarks"]
    return {
        "indicator": entry.indicator.slug,
        "title": entry.indicator.title,
        "component": entry.indicator.component,
        "outcome": entry.indicator.component == OUTCOME,
        "score": shown(score.value, DIGITS),
        "value": comparable["value"],
        "unit": comparable["unit"],
        "median": median["value"],
        "interquartile_range": shown(score.spread, decimals),
        "n": median["n"],
        "period": entry.said["latest"]["period"],
        "tested": entry.tested,
        "basis": basis.name if basis else None,
        "basis_reason": basis.reason if basis else NO_BASIS,
    }


def _slug(score: Score) -> str:
    return score.entry.indicator.slug
