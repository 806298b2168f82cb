"""Peers as others use them: the most similar regions, and the median of theirs that a place is compared with."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from api.answers.comparison.benchmarks import PEERS, Benchmark, median_of
from api.answers.comparison.group import Group, Subject
from api.answers.peers.choice import Asking, choose
from api.answers.peers.codes import Places
from api.answers.peers.likeness import liken
from api.answers.reading import Reading
from api.catalogue import Indicator, Region

USUAL = 5
"""How many peers there are where nobody says."""


def nearest(
    connection: Connection,
    reading: Reading,
    region: Region,
    *,
    level: str,
    count: int = USUAL,
    exclude: Indicator | None = None,
    among: frozenset[int] | None = None,
) -> list[Region]:
    """The regions of a level most like one, nearest first, by the latest figures of all indicators fit for it.

    `exclude` is the indicator that is to be compared: it and what tells the same stay out of the distance, for places
    chosen by what they are compared in would be near in it. `among` narrows the candidates to some regions, by number.
    """
    day = reading.catalogue.release.published_at[:10]
    asking = Asking(connection=connection, reading=reading, region=region, level=level, day=day)
    used = choose(asking, None, exclude=exclude).used
    if not used:
        return []
    return [item.region for item in liken(asking, used, [1.0] * len(used), count=count, among=among).peers]


def peer_median(subject: Subject, group: Group, region: Region, *, count: int = USUAL) -> Benchmark:
    """The benchmark `peers`: the median of the most similar regions with a value in a group; or why there is none."""
    title = f"median of the {count} most similar {subject.catalogue.levels[group.level].plural}"
    day = subject.catalogue.release.published_at[:10]
    places = Places(subject.catalogue, group.level, day)
    found = nearest(
        subject.connection,
        subject.reading,
        region,
        level=group.level,
        count=count,
        exclude=subject.indicator,
        among=frozenset(group.figures),
    )
    by_place = places.figures(group)
    figures = {figure.region.id: figure for figure in (by_place[places.of(item)] for item in found)}
    return median_of(replace(group, figures=figures), name=PEERS, title=title)
