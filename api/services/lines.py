"""One line of an operator's table, read as a change to publish."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from api import periods
from api.catalogue import Catalogue, Indicator, Region
from api.columns import BOUND_KINDS, STATUSES
from api.durations import DURATIONS, INSTANT, duration_of
from api.errors import nearest
from api.models import Observation, Series
from api.services.publish import Figure, Removal

Line = Mapping[str, str]
Moment = tuple[str, str]
"""Where a period starts, and its duration."""
Labels = Mapping[tuple[int, str], Mapping[int, Moment]]
"""What periods of a label are, by indicator and label, for each region that has a figure of it."""

_CHANGES = {"": False, "added": False, "changed": False, "removed": True}
_NUMBERED = ("value", "lower", "upper")


def labels_of(connection: Connection, indicators: Collection[int]) -> Labels:
    """What the periods of the figures are that stand now, of some indicators."""
    statement = (
        select(
            Series.indicator_id,
            Series.region_id,
            Observation.period,
            Observation.period_start,
            Observation.period_duration,
        )
        .join(Observation, Observation.series_id == Series.id)
        .where(Series.indicator_id.in_(sorted(indicators)), Observation.last_release.is_(None))
    )
    found: defaultdict[tuple[int, str], dict[int, Moment]] = defaultdict(dict)
    for indicator, region, label, start, duration in connection.execute(statement):
        found[indicator, label][region] = start, duration
    return found


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads lines by a catalogue. Each method raises ValueError, or the Problem of a look-up, with what is wrong."""

    catalogue: Catalogue
    files: Mapping[str, int]
    """The numbers of files by their names, new ones among them."""
    indicator: str | None
    source_file: str | None
    labels: Labels = field(default_factory=dict)

    def indicator_of(self, line: Line) -> Indicator:
        """The indicator of a line."""
        slug = line.get("indicator") or self.indicator
        if not slug:
            raise ValueError("the indicator is missing.")
        return self.catalogue.indicator(slug)

    def read(self, line: Line) -> Figure | Removal:
        """The change that a line is."""
        indicator, region = self.indicator_of(line), self._region(line)
        label, start, duration = self._period(line, indicator, region)
        key = {"indicator": indicator.id, "region": region.id, "period_start": start, "period_duration": duration}
        change = line.get("change", "").casefold()
        if change not in _CHANGES:
            raise ValueError(f"the change {change!r} is none. Write 'removed' to take a figure out, else nothing.")
        if _CHANGES[change]:
            if region.id not in self.labels.get((indicator.id, label), {}):
                raise ValueError(f"{indicator.slug} has no figure for {region.code} in {label} that could be removed.")
            return Removal(**key)  # type: ignore[arg-type]
        value, lower, upper = (_number(line, name) for name in _NUMBERED)
        return Figure(
            **key,  # type: ignore[arg-type]
            period=label,
            value=value,
            status=_status(line, value),
            source_file=self._file(line),
            note=line.get("note") or None,
            lower=lower,
            upper=upper,
            bounds_kind=_bounds(line, lower, value, upper),
        )

    def _region(self, line: Line) -> Region:
        code = line.get("region", "")
        if not code:
            raise ValueError("the region is missing.")
        return self.catalogue.region(code)

    def _period(self, line: Line, indicator: Indicator, region: Region) -> tuple[str, str, str]:
        """Label, start and duration: as they are given, or as they are of the figures that stand."""
        text = line.get("period", "")
        if not text:
            raise ValueError("the period is missing.")
        period = self.catalogue.resolve_period(periods.parse(text), [indicator])
        given = line.get("period_start", ""), line.get("period_duration", "")
        existing = self.labels.get((indicator.id, period.label), {})
        known = {existing[region.id]} if region.id in existing else set(existing.values())
        if any(given):
            start, duration = _moment(given, period)
            if region.id in existing and (start, duration) not in known:
                was = " and ".join(existing[region.id])
                raise ValueError(f"{period.label} begins and lasts {was} here, not {start} and {duration}.")
        elif len(known) == 1:
            start, duration = known.pop()
        elif indicator.year_kind == INSTANT:
            raise ValueError(
                f"{indicator.slug} is read at one moment, and nothing tells at which in {period.label}. "
                f"Write it into period_start, and {INSTANT!r} into period_duration."
            )
        else:
            start, duration = period.start, duration_of(period.start, period.end)
        return period.label, start, duration

    def _file(self, line: Line) -> int:
        slug = line.get("source_file") or self.source_file
        if not slug:
            raise ValueError("the source_file is missing: name the file that the figure was read from.")
        if slug not in self.files:
            near = nearest(slug, self.files)
            told = f"Nearest known: {', '.join(near)}." if near else "Bring a table of source files that has it."
            raise ValueError(f"There is no source file {slug!r}. {told}")
        return self.files[slug]


def _moment(given: Moment, period: periods.Period) -> Moment:
    """Start and duration as they are given, that go with a period."""
    start, duration = given
    if not (start and duration):
        raise ValueError("period_start and period_duration go together: write both, or neither.")
    if duration not in {INSTANT, *DURATIONS}:
        shown = ", ".join((INSTANT, *DURATIONS[:5]))
        raise ValueError(f"the period_duration {duration!r} is none of {shown}, or several years such as P3Y.")
    if not period.start <= start <= period.end:
        raise ValueError(f"the period_start {start!r} does not lie in {period.label}.")
    if duration != INSTANT and (start, duration) != (period.start, duration_of(period.start, period.end)):
        raise ValueError(f"{period.label} begins on {period.start} and lasts {duration_of(period.start, period.end)}.")
    return start, duration


def _number(line: Line, name: str) -> float | None:
    text = line.get(name, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"the {name} {text!r} is no number. Write digits with a decimal point, or nothing.")
    return number


def _status(line: Line, value: float | None) -> str:
    status = line.get("status", "").upper() or ("A" if value is not None else "")
    if not status:
        raise ValueError("the value is missing, and no status says why. Write one, such as M, or the value.")
    if status == "F":
        raise ValueError("the status F says that this is a forecast: those are projections, and not published so.")
    if status not in STATUSES:
        raise ValueError(f"the status {status!r} is none of {', '.join(STATUSES)}.")
    missing = STATUSES[status].startswith("missing")
    if missing != (value is None):
        said = f"the status {status} says {STATUSES[status]!r}"
        raise ValueError(f"{said}, and there is {'a' if missing else 'no'} value. Put one of the two right.")
    return status


def _bounds(line: Line, lower: float | None, value: float | None, upper: float | None) -> str | None:
    kind = line.get("bounds_kind", "")
    if lower is None and upper is None and not kind:
        return None
    if lower is None or upper is None or not kind:
        raise ValueError("lower, upper and bounds_kind go together: write all of them, or none.")
    if kind not in BOUND_KINDS:
        raise ValueError(f"the bounds_kind {kind!r} is none of {', '.join(BOUND_KINDS)}.")
    if not lower <= (lower if value is None else value) <= upper:
        raise ValueError(f"the value does not lie between lower ({lower:g}) and upper ({upper:g}).")
    return kind
