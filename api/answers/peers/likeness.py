"""How alike the places of a level are to one: distances over standardised rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.analysis import neighbours
from api.analysis.ranks import Floats
from api.answers.comparison.group import Figure
from api.answers.peers.choice import Asking, Used
from api.answers.peers.codes import Places
from api.catalogue import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A place that is like another: under its code of the day, its distance, and what each indicator adds to it."""

    region: Region
    distance: float
    figures: list[Figure]
    scores: Floats
    """Its values on the scale, an indicator each."""
    shares: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The nearest places, how many were candidates, who was none, and the scale of each indicator."""

    peers: list[Peer]
    candidates: int
    missing: list[tuple[Region, list[str]]]
    """The places of the level that lack indicators, and which."""
    means: Floats
    medians: Floats
    deviations: Floats
    own: Floats
    """The region's own values on it."""
    shares: Floats
    """What each indicator adds to the squared distances of all candidates, on average: a share of 1."""


def liken(
    asking: Asking, used: list[Used], weights: list[float], *, count: int, among: frozenset[int] | None = None
) -> Likeness:
    """The `count` nearest places, of those with every indicator; `among` narrows them to some regions by number.

    Indicators are standardised over their whole group, whoever of it is a candidate.
    """
    places = Places(asking.catalogue, asking.level, asking.day)
    known = [places.figures(item.group) for item in used]
    own = places.of(asking.region)
    numbers = sorted({place for figures in known for place in figures}, key=lambda item: _code(places, item))
    table = [[figures[place].value if place in figures else np.nan for figures in known] for place in numbers]
    scaled = neighbours.standardise(np.array(table).reshape(len(numbers), len(used)))
    scores = neighbours.on_scale(scaled, np.array([item.own.value for item in used]))
    allowed = None if among is None else {places.of(asking.catalogue.regions[item]) for item in among}
    found = neighbours.distances(scaled.values, scores, np.array(weights))
    for row, place in enumerate(numbers):
        if place == own or place not in places.there or (allowed is not None and place not in allowed):
            found[row] = np.nan
    shares = neighbours.contributions(scaled.values, scores, np.array(weights))
    peers = [
        Peer(
            region=places.there[numbers[row]],
            distance=float(found[row]),
            figures=[figures[numbers[row]] for figures in known],
            scores=scaled.values[row],
            shares=shares[row],
        )
        for row in neighbours.nearest(found, count)
    ]
    return Likeness(
        peers=peers,
        candidates=int(np.sum(~np.isnan(found))),
        missing=_missing(places, own, used, known),
        means=scaled.means,
        medians=scaled.medians,
        deviations=scaled.deviations,
        own=scores,
        shares=_mean(shares[found > 0], len(used)),
    )


def _mean(shares: Floats, count: int) -> Floats:
    return shares.mean(axis=0) if len(shares) else np.zeros(count)


def _code(places: Places, place: int) -> str:
    return (places.there.get(place) or places.catalogue.regions[place]).code


def _missing(
    places: Places, own: int, used: list[Used], known: list[dict[int, Figure]]
) -> list[tuple[Region, list[str]]]:
    lacking = {
        place: [item.indicator.slug for item, figures in zip(used, known, strict=True) if place not in figures]
        for place in places.there
        if place != own
    }
    found = [(places.there[place], slugs) for place, slugs in lacking.items() if slugs]
    return sorted(found, key=lambda item: item[0].code)
