"""Whether a figure that somebody quotes is ours: of which release, and what stands at the release that is read.

Only what releases that are still answered say is told: a withdrawn figure is not confirmed either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from api.answers import absence, provenance, questions
from api.answers import verification_words as words
from api.answers.paging import page
from api.answers.reading import Reading
from api.answers.selection import Resolved, resolve
from api.answers.verification_words import REMOVED, REVISED, STANDS
from api.catalogue import ReleaseInfo
from api.filters import ObservationFilter, VerificationFilter
from api.queries.published_figures import all_published_figures
from api.queries.versions import (
    FIRST,
    LAST,
    Key,
    Row,
    key_of,
    matching_versions,
    nearest_versions,
    versions_of,
)
from api.quoted import Figure, Range
from api.rows import DURATION, INDICATOR, PERIOD, REGION, SOURCE_FILE, START, STATUS, VALUE, Answer, number

_NEAREST = 3
"""How many of the nearest figures are told where none matches."""
_LIKE = (int, int, str, str, str)
"""What a match is ordered by: whether it stands, its period (the newest first), its indicator, region and duration."""


def verify(reading: Reading, asked: VerificationFilter) -> Answer:
    """What there is to a figure that is quoted. Problems `unknown-id` and `invalid-parameter`."""
    question = ObservationFilter(indicator=asked.indicator, region=asked.region, period=asked.period)
    resolved = resolve(reading, question)
    looked = _Look(reading, asked.figure, resolved)
    with reading.database.connect() as connection:
        matched = looked.matching(connection)
        shown, following, left = page(matched, reading=reading, asked=asked, key=looked.order, like=_LIKE)
        near = [] if matched else looked.nearest(connection)
        told = looked.matches(connection, shown)
        quoted = looked.quoted(connection)
        why = {} if told or near else looked.why(connection, question, ended=bool(matched))
    verdict = words.verdict_of(told)
    data = {
        "figure": asked.figure.text,
        "kind": asked.figure.kind,
        "value": number(float(asked.figure.value)),
        "rounded_to": number(float(looked.step)),
        "verdict": verdict,
        "matches": [item.told for item in told],
        "matches_count": len(matched),
        "nearest": [item.told for item in near],
        "quoted": quoted,
        "statement": words.statement(reading, asked.figure, told, near, quoted, count=left, why=why),
    }
    files = {item.row[SOURCE_FILE] for item in (*told, *near)}
    meta = provenance.meta_of_files(reading, files) if files else provenance.meta(reading)
    meta |= {"returned": len(told), **why}
    return Answer(data, meta=meta, links={"permalink": reading.address}, next_cursor=following, paged="matches")


@dataclass(frozen=True, slots=True)
class _Run:
    """Some releases in succession that say the same of a figure, as far as it was quoted: their newest version."""

    row: Row | None
    """None where they hold no such observation."""
    since: ReleaseInfo
    until: ReleaseInfo


class _Look:
    """A figure that is looked for among some observations."""

    def __init__(self, reading: Reading, figure: Figure, resolved: Resolved) -> None:
        self.reading, self.figure, self.resolved = reading, figure, resolved
        self.catalogue, self.selection = reading.catalogue, resolved.selection
        self.step = figure.steps[0]
        self.places = reading.catalogue.in_rows(None, linked=True)
        self.answered = [item for item in reading.releases if item.withdrawn_by is None and item.id <= reading.release]

    def ranges(self, step: Decimal) -> dict[Range, list[int]]:
        """What rounds to the figure, for the indicators whose unit it can be of."""
        found: dict[Range, list[int]] = defaultdict(list)
        for item in self.resolved.indicators:
            if (near := self.figure.range_in(item.unit, step)) is not None:
                found[near].append(item.id)
        return found

    def matching(self, connection: Connection) -> list[Row]:
        """One version of each observation that matches.

        By its last digit as it is printed; only where nothing matches so, by the last before the zeros at its end.
        """
        for step in self.figure.steps:
            ranges = self.ranges(step)
            found = matching_versions(connection, self.selection, ranges) if ranges else []
            newest: dict[Key, Row] = {}
            for row in sorted((row for row in found if self._is_told(row)), key=lambda row: row[FIRST]):
                newest[key_of(row)] = row
            if newest:
                self.step = step
                return list(newest.values())
        return []

    def nearest(self, connection: Connection) -> list[words.Found]:
        """The figures that come nearest to it, where none matches."""
        ranges = self.ranges(self.figure.steps[0])
        rows = nearest_versions(connection, self.selection, ranges, _NEAREST)
        unit_of = {of: item for item, numbers in ranges.items() for of in numbers}

        def share(row: Row) -> float:
            target = unit_of[row[INDICATOR]].target
            return float(abs(row[VALUE] - target) / (abs(target) or 1.0))

        return [self._found(row, {}) for row in sorted(rows, key=share)[:_NEAREST]]

    def order(self, row: Row) -> tuple[Any, ...]:
        """What matches are ordered by: those that stand and are newest first."""
        ended = row[LAST] is not None and row[LAST] < self.reading.release
        newest = -date.fromisoformat(row[START]).toordinal()
        place = f"{self.places[row[REGION]].code} {self.places[row[REGION]].published_code}"
        return int(ended), newest, self.catalogue.indicators[row[INDICATOR]].slug, place, row[DURATION]

    def matches(self, connection: Connection, rows: Sequence[Row]) -> list[words.Found]:
        """What matches, each with when it was first said and what stands in its place."""
        if not rows:
            return []
        histories: dict[Key, list[Row]] = defaultdict(list)
        for row in versions_of(connection, self.reading.release, map(key_of, rows)):
            histories[key_of(row)].append(row)
        return [self._match(row, self._runs(histories[key_of(row)])) for row in rows]

    def _match(self, row: Row, runs: Sequence[_Run]) -> words.Found:
        meant = [item for item in runs if self._is_meant(item.row)]
        first, own = meant[0].since, meant[-1]
        standing = runs[-1]
        after = runs[runs.index(own) + 1] if own is not standing else None
        verdict = STANDS if after is None else REVISED if standing.row is not None else REMOVED
        now = None
        if after is not None:
            known = standing.row
            now = {
                "value": None if known is None else number(known[VALUE]),
                "status": None if known is None else known[STATUS],
                "release": standing.since.id,
                "published_at": standing.since.published_at,
            }
        said = {
            "verdict": verdict,
            "first_release": first.id,
            "first_published_at": first.published_at,
            "last_release": None if after is None else own.until.id,
            "now": now,
        }
        return self._found(own.row or row, said, again=len(meant) > 1)

    def _runs(self, history: Iterable[Row]) -> list[_Run]:
        """What the releases that are answered said of an observation, one after the other, the newest last."""
        runs: list[_Run] = []
        versions = list(history)
        for release in self.answered:
            holding = [row for row in versions if row[FIRST] <= release.id and (row[LAST] or release.id) >= release.id]
            row = holding[-1] if holding else None
            if runs and self._is_alike(runs[-1].row, row):
                runs[-1] = _Run(row, runs[-1].since, release)
            elif runs or row is not None:
                runs.append(_Run(row, release, release))
        return runs

    def _is_alike(self, row: Row | None, other: Row | None) -> bool:
        """Whether two versions say the same: both what was quoted, or the same value and status."""
        if row is None or other is None:
            return row is other
        return (self._is_meant(row) and self._is_meant(other)) or (
            (row[VALUE], row[STATUS]) == (other[VALUE], other[STATUS])
        )

    def _is_meant(self, row: Row | None) -> bool:
        """Whether a version is what was quoted."""
        if row is None:
            return False
        near = self.figure.range_in(self.catalogue.indicators[row[INDICATOR]].unit, self.step)
        return near is not None and near.holds(row[VALUE])

    def _is_told(self, row: Row) -> bool:
        """Whether a release that is still answered says so."""
        return any(row[FIRST] <= item.id and (row[LAST] or item.id) >= item.id for item in self.answered)

    def _found(self, row: Row, said: dict[str, Any], *, again: bool = False) -> words.Found:
        indicator, place = self.catalogue.indicators[row[INDICATOR]], self.places[row[REGION]]
        series = f"{questions.SINGLE}{indicator.slug}/{place.code}"
        told = {
            "indicator": indicator.slug,
            "indicator_title": indicator.title,
            "region": place.code,
            "region_name": place.name,
            "region_label": place.label,
            "published_region": place.published_code,
            "period": row[PERIOD],
            "value": number(row[VALUE]),
            "status": row[STATUS],
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            **said,
            "address": self.reading.link(series),
        }
        return words.Found(row=row, indicator=indicator, told=told, again=again)

    def quoted(self, connection: Connection) -> list[dict[str, Any]]:
        """Figures that others printed of the same place (or, where none is named, for the indicator), alike."""
        codes = {self.catalogue.regions[item.id].code for item in self.resolved.regions or ()}
        slugs = {item.slug for item in self.resolved.indicators}
        names = ("id", "region", "region_name", "label", "printed", "unit", "period", "edition")
        return [
            {**{name: item[name] for name in names}, "source_title": item["source_title"]}
            for item in all_published_figures(connection, self.reading.release)
            if (item["region"] in codes if codes else item["indicator"] in slugs) and self._is_printed(item)
        ]

    def _is_printed(self, item: dict[str, Any]) -> bool:
        printed = item["bound_value"] if item["value"] is None else item["value"]
        near = self.figure.range_in(item["unit"], self.figure.steps[0])
        return near is not None and near.holds(printed)

    def why(self, connection: Connection, question: ObservationFilter, *, ended: bool) -> absence.Explanation:
        """Why there is nothing: the unit is another, there are no figures at all, or the list has `ended`."""
        if ended:
            return absence.because("end-of-list", "There is nothing after this cursor.", None)
        if self.resolved.indicators and not self.ranges(self.figure.steps[0]):
            detail = words.other_unit(self.figure, self.resolved.indicators)
            return absence.because("other-unit", detail, questions.address_of("/v1/observations", question))
        return absence.explain(connection, self.reading, question, self.resolved, path=questions.OBSERVATIONS)
