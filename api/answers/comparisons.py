"""A place compared: one indicator of one region, beside its benchmarks, its group and its own past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from api import errors
from api.answers import absence, group_cache, provenance, questions
from api.answers.articles import the
from api.answers.comparison import benchmarks as marks
from api.answers.comparison.change import change
from api.answers.comparison.differences import difference
from api.answers.comparison.group import Figure, Group, Subject, figure_of, own_level, shown
from api.answers.comparison.rank_intervals import ALONE
from api.answers.comparison.selected import described_selected, selected
from api.answers.comparison.statement import Said, statement
from api.answers.peers import peer_median
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.catalogue import Catalogue, Indicator, Region
from api.filters import ComparisonFilter, ObservationFilter
from api.models.geography import MAIN
from api.queries.observations import FULL, select_observations
from api.queries.published_figures import all_published_figures
from api.rows import DURATION, PERIOD, REGION, SOURCE_FILE, VALUE, Answer, number

USUAL = (marks.MEDIAN, marks.UK)
"""What a place is compared with where nothing is named."""
NAMED = (marks.MEDIAN, marks.UK_MEDIAN, marks.UK, marks.PARENT, marks.PEERS)
"""Benchmarks by name, in the order in which they are answered; regions come after them."""
_OF_PARENT = f"{marks.PARENT}:"


def compare(reading: Reading, asked: ComparisonFilter) -> Answer:
    """One comparison. Problems `unknown-id` and `invalid-parameter`; without a value, the reason why."""
    catalogue = reading.catalogue
    indicator = catalogue.indicator(asked.indicator)
    region = catalogue.place_of(catalogue.region(asked.region))
    wanted = _wanted(catalogue, asked.benchmarks or USUAL)
    with reading.database.connect() as connection:
        row, why = _published(connection, reading, asked, indicator, region)
        if row is None:
            meta = {**provenance.meta_of_figures(reading, [indicator]), **why}
            return Answer(None, meta=meta)
        subject = Subject(connection=connection, reading=reading, indicator=indicator, period=row[PERIOD])
        level = own_level(catalogue, indicator, region, row[PERIOD])
        group = group_cache.group(subject, level)
        found = [_benchmark(subject, group, region, name) for name in wanted]
        data = _Comparison(subject=subject, region=region, row=row, group=group, found=found).data()
        codes = {catalogue.regions[code].code for code in catalogue.codes_of(region)}
        quoted = _quoted(connection, reading.release, indicator, codes, data["benchmarks"])
        named = [catalogue.region(name) for name in wanted if name not in NAMED and not name.startswith(_OF_PARENT)]
        own = selected(subject, region, named) if len(named) > 1 else None
        data["selected"] = None if own is None else described_selected(subject, region, own)
    data["quoted"] = quoted
    beside = [mark.figure.files for mark in found if mark.figure is not None]
    if own is not None:
        beside.append(own.files)
    return Answer(data, meta=provenance.meta_of_files(reading, {row[SOURCE_FILE], *group.files}.union(*beside)))


def _wanted(catalogue: Catalogue, names: Iterable[str]) -> list[str]:
    """The benchmarks asked for: by name in the usual order, then by level of a parent, then by region."""
    asked = {name if any(character.isdigit() for character in name) else name.casefold() for name in names}
    parents = sorted(name for name in asked if name.startswith(_OF_PARENT))
    for name in parents:
        catalogue.level(name.removeprefix(_OF_PARENT), field="with")
    codes = sorted(asked - {*NAMED, *parents})
    for name in codes:
        if name in catalogue.levels:
            message = (
                f"{name!r} is a level. Did you mean {_OF_PARENT}{name}, the place of this level around the region?"
            )
            raise errors.invalid("with", message, code="unknown-benchmark", allowed=(f"{_OF_PARENT}{name}",))
        near = errors.nearest(name, list(NAMED), count=1)
        if near and name == name.casefold():
            message = f"There is no benchmark {name!r}. Did you mean {near[0]}? Or name a region by its code."
            raise errors.invalid("with", message, code="unknown-benchmark", allowed=NAMED)
    regions = [catalogue.place_of(catalogue.region(code, field="with")).code for code in codes]
    return [*(name for name in NAMED if name in asked), *parents, *dict.fromkeys(regions)]


def _published(
    connection: Connection, reading: Reading, asked: ComparisonFilter, indicator: Indicator, region: Region
) -> tuple[tuple[Any, ...] | None, absence.Explanation]:
    """The observation that is compared: of the period asked for, else the latest; or why there is none."""
    question = ObservationFilter(indicator=(indicator.slug,), region=(region.code,), latest=True)
    if asked.period is not None:
        question = replace(question, period=(asked.period,))
    resolved = resolve(reading, question)
    rows, _ = select_observations(connection, resolved.selection, columns=FULL, limit=1)
    if rows:
        return rows[0], {}
    why = absence.explain(connection, reading, question, resolved, path=questions.OBSERVATIONS)
    nearest = absence.nearest_value(connection, reading, question, resolved, like=why["nearest"])
    if nearest is not None:
        why = {**why, "nearest": questions.address_of("/v1/comparisons", replace(nearest, latest=False))}
    return None, why


def _benchmark(subject: Subject, group: Group, region: Region, name: str) -> marks.Benchmark:
    if name == marks.MEDIAN:
        return marks.own_median(subject, group)
    if name == marks.UK_MEDIAN:
        return group_cache.of_the_uk(subject)[0]
    if name == marks.UK:
        return marks.around(subject.catalogue, region, group_cache.of_the_uk(subject)[1])
    if name == marks.PEERS:
        return peer_median(subject, group, region)
    if name == marks.PARENT or name.startswith(_OF_PARENT):
        main = subject.catalogue.level_as(MAIN)
        usual = None if main is None else main.id
        level = name.removeprefix(_OF_PARENT) if name.startswith(_OF_PARENT) else usual
        return marks.of_parent(subject, region, level, name=name)
    return marks.of_region(subject, subject.catalogue.region(name, field="with"), name=name)


class _Comparison:
    """One comparison that has a value: puts its parts together."""

    def __init__(
        self, *, subject: Subject, region: Region, row: tuple[Any, ...], group: Group, found: list[marks.Benchmark]
    ) -> None:
        self.subject, self.region, self.row, self.group, self.found = subject, region, row, group, found
        self.indicator = subject.indicator
        # In the group, or beside it where another place came after it.
        self.figure: Figure | None = group.figures.get(region.id) or figure_of(subject, region)
        self.basis, intervals = group_cache.ranks(subject, group)
        self.interval = intervals.get(region.id)
        self.unit, self.decimals = group.unit, group.decimals

    def data(self) -> dict[str, Any]:
        """The comparison as it is answered."""
        indicator, group, region = self.indicator, self.group, self.region
        _, _, period, value, status, *_ = self.row
        most = self.subject.reading.settings.limits.max_named
        compared = [(benchmark, self._difference(benchmark)) for benchmark in self.found]
        return {
            "indicator": indicator.slug,
            "indicator_title": indicator.title,
            "definition": indicator.description,
            "polarity": indicator.polarity,
            "collection": indicator.collection,
            "quality": indicator.quality,
            "caveats": indicator.caveats,
            "region": region.code,
            "region_name": region.name,
            "region_welsh_name": region.welsh_name,
            "region_label": region.label,
            "published_region": self.subject.catalogue.regions[self.row[REGION]].code,
            "level": group.level,
            "period": period,
            "value": shown(value, indicator.decimals),
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            "status": status,
            "bounds": self._bounds(),
            "comparable": group.comparable(self.figure),
            "reason": self._reason(),
            "rank": self._rank(),
            "benchmarks": [
                {**marks.described(benchmark, self.group, most, beside=self.figure is not None), "difference": given}
                for benchmark, given in compared
            ],
            "change": change(self.subject, region),
            "group": group.described(most),
            "statement": self._statement(compared),
        }

    def _rank(self) -> dict[str, Any] | None:
        if self.interval is None:
            return None
        own = group_cache.marginal_ranks(self.subject, self.group).get(self.region.id)
        marginal = None if own is None else {"lower": own[0], "upper": own[1]}
        return {**self.interval.described(self.basis), "marginal": marginal}

    def _bounds(self) -> dict[str, Any] | None:
        *_, lower, upper, kind, _ = self.row
        return None if kind is None else {"kind": kind, "lower": lower, "upper": upper}

    def _reason(self) -> str | None:
        """Why the region has no place in a group, where that is so."""
        absent = (*self.group.left_out, *self.group.missing)
        own = next((item.detail for item in absent if item.region.id == self.region.id), None)
        alone = ALONE if self.interval is None else None
        return own or self.group.reason or alone

    def _difference(self, benchmark: marks.Benchmark) -> dict[str, Any] | None:
        figure = self.figure
        if figure is None or benchmark.regions == (self.region,):
            return None
        polarity = self.indicator.polarity
        return difference(figure, benchmark, unit=self.unit, decimals=self.decimals, polarity=polarity)

    def _divided(self) -> str:
        """What the value was divided by, where that is of another year than itself."""
        divisor = None if self.figure is None else self.figure.divisor
        if divisor is None or self.group.denominator is None or str(divisor.year) == self.row[PERIOD][:4]:
            return ""
        title = self.group.denominator.title
        return f" ({title[:1].lower()}{title[1:]} of {divisor.year})"

    def _named(self) -> str:
        """The place as the sentences call it: one in Wales by its Welsh name as well."""
        region = self.region
        name, welsh = the(region.name, marks.named(self.subject.catalogue, region)), region.welsh_name
        if welsh is None or not region.code.startswith("W"):
            return name
        return name.replace(" (", f" ({welsh}, ", 1) if name.endswith(")") else f"{name} ({welsh})"

    def _statement(self, compared: list[tuple[marks.Benchmark, dict[str, Any] | None]]) -> str:
        figure, catalogue = self.figure, self.subject.catalogue
        published = figure is None
        said = Said(
            value=self.row[VALUE] if figure is None else figure.value,
            decimals=self.indicator.decimals if published else self.decimals,
            unit=self.indicator.unit if published else self.unit,
            period=self.row[PERIOD],
            duration=self.row[DURATION],
            year_kind=self.indicator.year_kind,
            denominator=None if published else self.group.denominator,
            divisor=self._divided(),
        )
        return statement(
            self.group,
            self.region,
            catalogue.levels[self.group.level],
            said,
            name=self._named(),
            compared=compared,
            interval=self.interval,
            basis=self.basis,
            alone=self._reason() if self.group.reason is None else None,
        )


def _quoted(
    connection: Connection, release: int, indicator: Indicator, codes: set[str], found: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What others printed of the same place and much the same thing, and whether it points the other way."""
    return [
        {
            **{name: figure[name] for name in ("id", "label", "printed", "unit", "edition", "median_side", "note")},
            "value": number(figure["value"]),
            "source_title": figure["source_title"],
            "source_url": figure["source_url"],
            "points_the_other_way": _points_the_other_way(figure["median_side"], found),
        }
        for figure in all_published_figures(connection, release)
        if figure["region"] in codes and _about(figure["indicator"], indicator)
    ]


def _about(slug: str | None, indicator: Indicator) -> bool:
    """Whether a figure is about an indicator, or about the rate or the amount that tells the same."""
    return slug is not None and (slug == indicator.slug or slug.startswith(f"{indicator.slug}-"))


def _points_the_other_way(side: str | None, found: list[dict[str, Any]]) -> bool | None:
    """Whether a figure was put on the other side of the median than ours; None where that is not known."""
    medians = [item["difference"] for item in found if item["kind"] == "median" and item["difference"] is not None]
    if side is None or not medians or not medians[0]["absolute"]:
        return None
    return (side == "above") != bool(medians[0]["absolute"] > 0)
