"""A merged value, and what came of putting a series together, as they stand in answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.catalogue import Catalogue, Indicator, Region
from api.columns import RATIO, SUM, WEIGHTED
from api.durations import INSTANT
from api.queries.observations import Selection
from api.rows import DURATION, PERIOD, START, STATUS, VALUE, is_comparable, number

_SAID = {
    SUM: "the sum of",
    RATIO: "the sum of numerators, divided by that of denominators, of",
    WEIGHTED: "the mean, weighted by population, of",
}
ESTIMATED, BREAK = "E", "B"
_DIGITS = 10
"""Decimals that a sum is rounded to, which adds nothing to those of its parts but what floats do."""

Row = tuple[Any, ...]
Key = tuple[str, str]
"""The start and duration of a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A value that was put together: by which method, of which parts, and as what it counts."""

    start: str
    duration: str
    period: str
    value: float
    status: str
    method: str
    parts: tuple[str, ...]
    files: frozenset[int] = frozenset()

    def shown(self, indicator: Indicator) -> float:
        """Its value as it is served: a quotient with the decimals that the indicator is published with."""
        return round(self.value, _DIGITS if self.method == SUM else indicator.decimals)

    def row(self, indicator: Indicator, place: Region) -> Row:
        """It as a row of observations of the place that it is of (`rows`), without a file of its own."""
        value = self.shown(indicator)
        return (indicator.id, place.id, self.period, value, self.status, None, self.start, self.duration)

    def described(self, indicator: Indicator, place: Region, catalogue: Catalogue) -> dict[str, Any]:
        """It as a figure of a series, as it stands in an answer."""
        return {
            "period": self.period,
            "start": self.start,
            "instant": self.duration == INSTANT,
            "value": number(self.shown(indicator)),
            "status": self.status,
            "bounds": None,
            "note": self.note,
            "region": place.code,
            "source_file": catalogue.source_files[min(self.files)].id,
            "method": self.method,
            "parts": list(self.parts),
        }

    @property
    def note(self) -> str:
        """How it was made, in a sentence."""
        return f"Derived: {_SAID[self.method]} {_listed(self.parts)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What came of putting a place together from its parts."""

    parts: tuple[Region, ...] = ()
    reason: str | None = None
    """Why nothing can be put together, where that is so."""
    values: dict[Key, Merged] = field(default_factory=dict)
    failed: dict[Key, tuple[str, str]] = field(default_factory=dict)
    """What parts have values of and what cannot be put together: the label of the period, and the reason."""

    def described(
        self, indicator: Indicator, made: Mapping[Key, Merged], own: Sequence[Row], selection: Selection
    ) -> dict[str, Any]:
        """What came of it as it stands in an answer: `made` are the values that stand in the series."""
        published = {(row[START], row[DURATION]) for row in own if is_comparable(row)}
        failed = [said for key, said in self.failed.items() if key not in published and _asked(key, selection)]
        return {
            "parts": [part.code for part in self.parts],
            "reason": self.reason,
            "values": len(made),
            "not_merged": [{"period": period, "reason": why} for period, why in failed],
            "compared": compared(indicator, self, own),
        }


def filled(merging: Merging, own: Iterable[Row], selection: Selection) -> dict[Key, Merged]:
    """The values that stand in a series, within the periods asked for: where there is no comparable one of its own."""
    published = {(row[START], row[DURATION]) for row in own if is_comparable(row)}
    return {key: made for key, made in merging.values.items() if key not in published and _asked(key, selection)}


def after_estimates(own: Sequence[Row], made: Mapping[Key, Merged]) -> list[Row]:
    """A place's own values, of which the first after estimates is a break: it was not counted as these were."""
    seam = max((key for key, value in made.items() if value.status == ESTIMATED), default=None)
    after = [row for row in own if seam is not None and is_comparable(row) and (row[START], row[DURATION]) > seam]
    return [(*row[:STATUS], BREAK, *row[STATUS + 1 :]) if after and row is after[0] else row for row in own]


def _asked(key: Key, selection: Selection) -> bool:
    """Whether a period is among those asked for."""
    return (selection.start_from or "") <= key[0] <= (selection.start_to or "9999")


def _listed(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} and {codes[-1]}" if len(codes) > 1 else codes[0]


def compared(indicator: Indicator, merging: Merging, own: Iterable[Row]) -> list[dict[str, Any]]:
    """Where the publisher has a value and its parts have one: both, and whether they agree within rounding.

    Each value that a sum is made of is rounded by itself; the mean of shares is no further off than one of them.
    """
    found = []
    half = 0.5 * 10.0**-indicator.decimals
    for row in own:
        ours = merging.values.get((row[START], row[DURATION]))
        if ours is None or not is_comparable(row):
            continue
        most = half * (len(ours.parts) + 1) if ours.method == SUM else 2 * half
        found.append(
            {
                "period": row[PERIOD],
                "published": number(row[VALUE]),
                "merged": number(round(ours.value, indicator.decimals + 1)),
                "agrees": abs(row[VALUE] - ours.value) <= most * (1 + 1e-9),
            }
        )
    return found
