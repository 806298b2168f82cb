"""A group of the caller's own: regions that are named together, of whatever level, with the place that is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.answers.comparison.benchmarks import Benchmark, described, median_of
from api.answers.comparison.counts import counts_of
from api.answers.comparison.differences import difference
from api.answers.comparison.error_bounds import errors_of
from api.answers.comparison.group import Group, Subject, group_among
from api.answers.comparison.rank_intervals import marginal, rank_intervals
from api.catalogue import Region

SELECTED = "selected"
_FEWEST = 3
"""A median of fewer of the caller's own regions is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The group of a place and the regions that were named, and the median of those."""

    group: Group
    median: Benchmark

    @property
    def files(self) -> set[int]:
        """The files that its values were read from."""
        return self.group.files


def selected(subject: Subject, region: Region, named: Sequence[Region]) -> Selected:
    """The place among the regions named; their median is without it, unless it was named itself."""
    own = subject.catalogue.place_of(region)
    others = list(dict.fromkeys(subject.catalogue.place_of(item).id for item in named))
    together = group_among(subject, [subject.catalogue.regions[item] for item in dict.fromkeys((own.id, *others))])
    figures = {item: figure for item, figure in together.figures.items() if item in others}
    title = f"median of the {len(figures)} regions named"
    median = median_of(replace(together, figures=figures), name=SELECTED, title=title, fewest=_FEWEST)
    return Selected(group=together, median=median)


def described_selected(subject: Subject, region: Region, found: Selected) -> dict[str, Any]:
    """The group of the caller's own as it stands in an answer: its median, and the place's rank within it."""
    group, most = found.group, subject.reading.settings.limits.max_named
    figure = group.figures.get(subject.catalogue.place_of(region).id)
    errors = errors_of(group, counts_of(subject, group))
    interval = rank_intervals(group, errors).get(region.id)
    own = marginal(group, errors).get(region.id)
    rank = None if interval is None else interval.described(errors.basis)
    gap = None
    if figure is not None:
        polarity = subject.indicator.polarity
        gap = difference(figure, found.median, unit=group.unit, decimals=group.decimals, polarity=polarity)
    return {
        "median": {**described(found.median, group, most, beside=figure is not None), "difference": gap},
        "rank": rank and {**rank, "marginal": None if own is None else {"lower": own[0], "upper": own[1]}},
        "group": group.described(most),
    }
