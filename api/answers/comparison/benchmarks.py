"""What a place is compared with: each benchmark is defined once, here, and says when it cannot be had.

`median` is the unweighted median of the region's own level, from five regions on; `uk-median` that of the twelve ITL 1
regions, all of them; `uk` the published figure of the United Kingdom, else of the widest area that has one; `parent`
the ITL 1 region around it, others as `parent:county`; `peers` the median of the most similar regions; a code is that
region.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.analysis.intervals import published_step
from api.answers.comparison.group import Figure, Group, Subject, figure_of, shown
from api.answers.comparison.rates import divisors
from api.catalogue import Catalogue, Level, Region
from api.models.geography import GROUPING, NATION, WHOLE

_NAMED = 20
FEWEST = 5
"""A median of fewer regions is not given."""
MEDIAN, UK_MEDIAN, UK, PARENT, PEERS = "median", "uk-median", "uk", "parent", "peers"
_POPULATION = "population"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A value to compare with, where it can be had; else `reason` says why not."""

    id: str
    kind: str
    title: str
    value: float | None = None
    quartiles: tuple[float, float] | None = None
    n: int | None = None
    regions: tuple[Region, ...] = ()
    figure: Figure | None = None
    """The figure, where it is of a single region."""
    reason: str | None = None
    note: str | None = None
    """What to know of the value itself."""


NO_MAIN = Benchmark(
    id=UK_MEDIAN, kind="median", title="median of the regions", reason="No level is what the country is divided into."
)


def median_of(group: Group, *, name: str, title: str, fewest: int = FEWEST) -> Benchmark:
    """The unweighted median of a group, with its quartiles (linear between neighbours, as most software takes them)."""
    count = len(group.figures)
    if group.reason or count < fewest:
        reason = group.reason or f"A median is given of {fewest} regions or more; {count} have a value."
        return Benchmark(id=name, kind="median", title=title, n=count, reason=reason)
    lower, middle, upper = np.percentile(group.values, [25, 50, 75])
    return Benchmark(
        id=name,
        kind="median",
        title=title,
        value=float(middle),
        quartiles=(float(lower), float(upper)),
        n=count,
        regions=tuple(figure.region for figure in group.figures.values()),
    )


def own_median(subject: Subject, group: Group) -> Benchmark:
    """The median of the level that a region is compared in."""
    level = subject.catalogue.levels[group.level]
    whose = "its level" if len(group.figures) < FEWEST else f"the {members(group, level)}"
    return median_of(group, name=MEDIAN, title=f"median of {whose}")


def named(catalogue: Catalogue, region: Region) -> str:
    """A place by its name, with its level where another place has the same name."""
    same = catalogue.same_place(region)
    shared = any(number not in same for number in catalogue.named_alike(region))
    return region.label if shared else region.name


def members(group: Group, level: Level) -> str:
    """Those in a group, as people say it: 12 ITL 1 regions, 263 local authorities with a value."""
    count = len(group.figures)
    return f"{count} {level.singular if count == 1 else level.plural}{' with a value' if group.missing else ''}"


def uk_median(subject: Subject, wide: Group) -> Benchmark:
    """The median of the regions that the whole is divided into, the twelve of ITL 1, given where all have a value."""
    catalogue = subject.catalogue
    day = catalogue.release.published_at[:10]
    wanted = {item for item in catalogue.regions_at(wide.level) if catalogue.regions[item].valid_on(day)}
    without = [catalogue.regions[item].name for item in sorted(wanted - wide.figures.keys())]
    they = f"{len(wanted)} {catalogue.levels[wide.level].plural}"
    title = f"median of the {they}"
    if wide.reason is None and without:
        named_ = ", ".join(without[:_NAMED]) + (f" and {len(without) - _NAMED} more" if len(without) > _NAMED else "")
        reason = f"All {they} are needed; without a value: {named_}."
        return Benchmark(id=UK_MEDIAN, kind="median", title=title, n=len(wide.figures), reason=reason)
    return median_of(wide, name=UK_MEDIAN, title=title)


def united_kingdom(subject: Subject, main: Group | None = None) -> Benchmark:
    """The published figure of the United Kingdom, else of the widest area with one, which is then named.

    `main` is the group of the regions that the whole is divided into: a total may hold what is given to none of them.
    """
    for region in _widest_first(subject):
        figure = figure_of(subject, region)
        if figure is not None:
            return replace(_of_region(subject, UK, region, figure), note=_unallocated(subject, region, figure, main))
    reason = f"This service holds no figure of a wider area for {subject.period}."
    whole = subject.catalogue.level_as(WHOLE)
    return Benchmark(id=UK, kind="area", title=whole.title if whole else UK, reason=reason)


def around(catalogue: Catalogue, region: Region, wide: Benchmark) -> Benchmark:
    """The benchmark `uk` for a region: what stands in for the United Kingdom has to be around it, or a grouping."""
    standing = wide.regions[0] if wide.regions else None
    if standing is None or standing.id == region.id or standing.id in region.parents:
        return wide
    if standing.id in catalogue.regions_as(WHOLE, GROUPING):
        return wide
    reason = f"No figure of the United Kingdom is held here, and {region.name} is no part of {standing.name}."
    return Benchmark(id=wide.id, kind=wide.kind, title=wide.title, reason=reason)


def _unallocated(subject: Subject, region: Region, figure: Figure, main: Group | None) -> str | None:
    """What a total holds beyond its regions, where all of these have a figure too; None where that is rounding."""
    whole = region.id in subject.catalogue.regions_as(WHOLE)
    if main is None or not whole or subject.indicator.measure == "rate" or main.missing or figure.published <= 0:
        return None
    published = [item.published for item in main.figures.values()]
    step = published_step([*published, figure.published], subject.indicator.decimals)
    beyond = figure.published - sum(published)
    if abs(beyond) <= step * (len(published) + 1) / 2:
        return None  # no more than rounding
    share = 100 * abs(beyond) / figure.published
    if beyond < 0:
        return f"The figures of the regions come to {share:.2g}% more than the published total, which is not their sum."
    return f"The published total includes {share:.2g}% that is allocated to no region."


def of_parent(subject: Subject, region: Region, level: str | None, *, name: str) -> Benchmark:
    """The figure of the region of a level that contains another."""
    catalogue = subject.catalogue
    if level is None:
        return Benchmark(id=name, kind="area", title=name, reason=NO_MAIN.reason)
    places = (catalogue.place_of(catalogue.regions[item]) for item in region.parents)
    around = list({item.id: item for item in places if level in item.levels}.values())
    title = catalogue.levels[level].title
    if len(around) != 1:
        lies = "lies in several" if around else "lies in none"
        return Benchmark(id=name, kind="area", title=title, reason=f"{region.label} {lies} of this level ({title}).")
    return of_region(subject, around[0], name=name)


def of_region(subject: Subject, region: Region, *, name: str) -> Benchmark:
    """The figure of one region."""
    figure = figure_of(subject, region)
    if figure is None:
        reason = f"This service holds no comparable figure of {region.label} for {subject.period}."
        return Benchmark(id=name, kind="area", title=named(subject.catalogue, region), regions=(region,), reason=reason)
    return _of_region(subject, name, region, figure)


def described(benchmark: Benchmark, group: Group, most: int, *, beside: bool = True) -> dict[str, Any]:
    """A benchmark as it stands in an answer: medians with one decimal more than the indicator, and `most` regions.

    It is in the unit that the group is compared in. What it stands `beside` may have no value in that unit: then it has
    no value either, which nobody could compare.
    """
    if not beside and benchmark.value is not None and group.unit != group.indicator.unit:
        reason = f"It is in {group.unit}, and the place has no value in that unit."
        benchmark = replace(benchmark, value=None, quartiles=None, reason=reason)
    more = group.decimals + 1
    quartiles = benchmark.quartiles
    return {
        "id": benchmark.id,
        "kind": benchmark.kind,
        "title": benchmark.title,
        "region": benchmark.regions[0].code if benchmark.kind == "area" and benchmark.regions else None,
        "value": shown(benchmark.value, more),
        "unit": None if benchmark.value is None else group.unit,
        "quartiles": None
        if quartiles is None
        else {"lower": shown(quartiles[0], more), "upper": shown(quartiles[1], more)},
        "n": benchmark.n,
        "regions": [region.code for region in benchmark.regions[:most]],
        "reason": benchmark.reason,
        "note": None if benchmark.value is None else benchmark.note,
    }


def _of_region(subject: Subject, name: str, region: Region, figure: Figure) -> Benchmark:
    title = named(subject.catalogue, region)
    return Benchmark(id=name, kind="area", title=title, value=figure.value, regions=(region,), figure=figure)


def _widest_first(subject: Subject) -> Iterator[Region]:
    """The United Kingdom, then (read only if need be) groupings and countries by population in the nearest year."""
    catalogue = subject.catalogue
    yield from (catalogue.regions[number] for number in sorted(catalogue.regions_as(WHOLE)))
    wide = [catalogue.regions[number] for number in sorted(catalogue.regions_as(GROUPING, NATION))]
    population = next((item for item in catalogue.indicators.values() if item.slug == _POPULATION), None)
    if population is not None:
        people = divisors(subject.connection, subject.reading, population, wide, int(subject.period[:4]))
        yield from sorted(wide, key=lambda item: -people[item.id].value if item.id in people else 0.0)
