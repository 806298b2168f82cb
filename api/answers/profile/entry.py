"""One indicator in a place's profile: its latest value, what it is compared with and in which group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from api.answers import group_cache
from api.answers.comparison.benchmarks import Benchmark, around, described, own_median
from api.answers.comparison.differences import difference
from api.answers.comparison.error_bounds import Basis
from api.answers.comparison.group import Figure, Group, Subject, figure_of, own_level
from api.answers.comparison.partition import Absent
from api.answers.comparison.rank_intervals import LEAST
from api.answers.comparison.rates import NOT_COMPARABLE
from api.answers.profile.place import Place, Row, elsewhere, latest, short_series, why_not
from api.catalogue import Indicator, Region
from api.rows import NOTE, PERIOD, START, STATUS, VALUE, number

_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("comparable", "not_comparable", "group", "rank", "no_rank")),
    "benchmarks": [],
}
"""What there is to say of a comparison without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An indicator in a profile: as it stands in the answer, and what strengths and sources are told from."""

    indicator: Indicator
    said: dict[str, Any]
    group: Group | None = None
    figure: Figure | None = None
    median: Benchmark | None = None
    basis: Basis | None = None
    tested: bool = False

    @property
    def source_files(self) -> set[int]:
        """The files that its figures were read from."""
        return {figure.source_file for figure in self.group.figures.values()} if self.group else set()


def entry_of(place: Place, indicator: Indicator) -> Entry:
    """An indicator as it stands in the profile of a place.

    What is published only for another area that is the same land stands there too, compared in the level of that.
    """
    place = place.measured(indicator)
    row = latest(place.rows(indicator))
    if row is None:
        reason, detail = why_not(place, indicator)
        said = {**_head(place, indicator, None), **_NOTHING, "reason": reason, "detail": detail}
        return Entry(indicator=indicator, said=said)
    region = place.region
    subject = Subject(connection=place.connection, reading=place.reading, indicator=indicator, period=row[PERIOD])
    level = place.level or own_level(place.reading.catalogue, indicator, region, row[PERIOD])
    group = group_cache.group(subject, level)
    basis, intervals = group_cache.ranks(subject, group)
    figure = _figure(subject, group, region)
    median = own_median(subject, group)
    uk_median, uk = group_cache.of_the_uk(subject)
    wide = around(subject.catalogue, region, uk)
    benchmarks = [_benchmark(item, figure, group) for item in (median, uk_median, wide)]
    interval = intervals.get(region.id)
    difference_ = benchmarks[0]["difference"]
    return Entry(
        indicator=indicator,
        said={
            **_head(place, indicator, row),
            "reason": None,
            "detail": None,
            "comparable": group.comparable(figure),
            "not_comparable": None if figure else _not_comparable(group, region),
            "group": _group(group, place.reading.settings.limits.max_named),
            "benchmarks": benchmarks,
            "rank": None if interval is None else interval.described(basis),
            "no_rank": None if interval else _no_rank(group, region),
        },
        group=group,
        figure=figure,
        median=median,
        basis=basis,
        tested=bool(difference_ and difference_["tested"]),
    )


def _figure(subject: Subject, group: Group, region: Region) -> Figure | None:
    """The comparable figure of a region, be it in the group, left out of it or of another level."""
    if group.scale is None or any(item.region.id == region.id for item in group.missing):
        return None
    return group.figures.get(region.id) or figure_of(subject, region)


def _head(place: Place, indicator: Indicator, row: Row | None) -> dict[str, Any]:
    return {
        "indicator": indicator.slug,
        "title": indicator.title,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "measure": indicator.measure,
        "polarity": indicator.polarity,
        "collection": indicator.collection,
        "quality": indicator.quality,
        "caveats": indicator.caveats,
        "latest": None if row is None else _latest(place, row),
        "elsewhere": elsewhere(place, indicator),
        "series": short_series(place, indicator),
    }


def _latest(place: Place, row: Row) -> dict[str, Any]:
    return {
        "period": row[PERIOD],
        "start": row[START],
        "value": number(row[VALUE]),
        "status": row[STATUS],
        "note": row[NOTE],
        "region": place.region.code,
        "region_label": place.region.label,
        "published_region": place.code_of(row),
    }


def _not_comparable(group: Group, region: Region) -> str:
    if group.scale is None:
        return NOT_COMPARABLE
    return _detail(group.missing, region) or "There is no denominator for it."


def _benchmark(benchmark: Benchmark, figure: Figure | None, group: Group) -> dict[str, Any]:
    """A benchmark without the list of its regions, which the group tells."""
    unit, decimals, polarity = group.unit, group.decimals, group.indicator.polarity
    said = described(benchmark, group, most=0, beside=figure is not None)
    del said["regions"]
    gap = None
    if figure is not None and benchmark.regions != (figure.region,):
        gap = difference(figure, benchmark, unit=unit, decimals=decimals, polarity=polarity)
    return {**said, "difference": gap}


def _group(group: Group, most: int) -> dict[str, Any]:
    """A group in short: how many are in it, and the codes of those who are not, by reason, of each so many."""

    def why(item: Absent) -> tuple[str, str]:
        return item.reason, item.detail

    by_reason = [(said, list(items)) for said, items in groupby(sorted(group.missing, key=why), key=why)]
    return {
        "level": group.level,
        "period": group.period,
        "n": len(group.figures),
        "left_out": [item.region.code for item in group.left_out[:most]],
        "left_out_count": len(group.left_out),
        "missing": len(group.missing),
        "missing_regions": [
            {
                "reason": reason,
                "detail": detail,
                "regions": [item.region.code for item in items[:most]],
                "count": len(items),
            }
            for (reason, detail), items in by_reason[:most]
        ],
        "denominator_years": group.years,
        "reason": group.reason,
    }


def _no_rank(group: Group, region: Region) -> str:
    """Why a region has no rank in its group."""
    if group.reason is not None:
        return group.reason
    if len(group.figures) < LEAST:
        return "There is no other region to rank it among."
    absent = _detail((*group.left_out, *group.missing), region)
    return absent or f"It is not in the group of this level ({group.level})."


def _detail(absent: tuple[Absent, ...], region: Region) -> str | None:
    return next((item.detail for item in absent if item.region.id == region.id), None)
