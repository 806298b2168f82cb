"""Projecting the series of a release: which are to be computed, the computing, and the writing in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, select

from api.analysis import projection
from api.analysis.calibration import HELD, Calibration, calibrate, tried
from api.analysis.projectable import Base, base_of
from api.answers.projection import digest_of, points_of
from api.catalogue import Catalogue, Indicator
from api.database import Database
from api.durations import shifted_day
from api.models import Projection, Series
from api.periods import shifted
from api.queries.observations import TIDY, Selection, all_observations
from api.rows import INDICATOR, REGION

Row = dict[str, Any]
_WIDEST = projection.LEVELS[-1]


class ExtraMissingError(RuntimeError):
    """The forecasting library is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A series to project, and from what; `known` where that was done before, and it only helps to tell the others."""

    series: int
    digest: str
    base: Base
    indicator: Indicator
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What computes: its name and version, the models that compete with the last value, and where they run best."""

    name: str
    models: Mapping[str, projection.Model]
    surroundings: Callable[[], AbstractContextManager[Any]]


def load_engine() -> Engine:
    """What computes. Raises ExtraMissingError where it is not installed."""
    try:
        from api.services import damped_trend  # noqa: PLC0415  (seconds and memory that only a projection is worth)
    except ModuleNotFoundError as error:
        message = f"{error.name} is missing. Projecting needs what requirements-dev.txt installs: run `make project`."
        raise ExtraMissingError(message) from error
    models = {"drift": projection.drift, "damped-trend": damped_trend.damped_trend}
    return Engine(name=damped_trend.ENGINE, models=models, surroundings=damped_trend.one_thread)


def waiting(
    connection: Connection,
    catalogue: Catalogue,
    *,
    levels: Collection[str] = (),
    indicators: Collection[str] = (),
    regions: Collection[str] = (),
) -> list[Task]:
    """The series of a release that can be projected and are not yet, of some levels, indicators, regions or all.

    With them come all other series of the same indicators, as `known`: intervals are calibrated over all of them.
    """
    wanted = {
        item.id
        for item in catalogue.regions.values()
        if (not levels or set(item.levels) & set(levels)) and (not regions or item.code in regions)
    }
    slugs = [item.id for item in catalogue.indicators.values() if not indicators or item.slug in indicators]
    selection = Selection(release=catalogue.release.id, indicators=frozenset(slugs) if indicators else None)
    rows = all_observations(connection, selection, columns=TIDY)
    kept = connection.execute(select(Series.indicator_id, Series.region_id, Series.id))
    numbers = {(indicator, region): number for indicator, region, number in kept}
    done = _known(connection)
    tasks = []
    for (indicator, region), found in groupby(rows, key=itemgetter(INDICATOR, REGION)):
        of = catalogue.indicators[indicator]
        base = base_of(points_of(found), over_time=of.over_time)
        if isinstance(base, Base):
            series, digest = numbers[indicator, region], digest_of(of, base)
            known = region not in wanted or (series, digest) in done
            tasks.append(Task(series=series, digest=digest, base=base, indicator=of, known=known))
    open_ = {task.indicator.id for task in tasks if not task.known}
    return [task for task in tasks if task.indicator.id in open_]


def computed(tasks: list[Task], engine: Engine) -> Iterator[tuple[str, list[Row]]]:
    """The projections of some tasks, indicator by indicator, as they are computed; nothing is written."""
    with engine.surroundings():
        for slug, group in groupby(tasks, key=lambda task: task.indicator.slug):
            yield slug, _of_indicator(list(group), engine)


def _of_indicator(tasks: list[Task], engine: Engine) -> list[Row]:
    """The projections of the series of an indicator that are not known, with intervals calibrated over all of them."""
    found = [(task, _projected(task, engine.models)) for task in tasks]
    every = [tried(item.trials, [point.start for point in task.base.points]) for task, item in found]
    calibration = calibrate(every, max(task.base.horizon for task in tasks))
    return [
        {
            "series_id": task.series,
            "digest": task.digest,
            "engine": engine.name,
            "content": content_of(task, item, calibration),
        }
        for task, item in found
        if not task.known
    ]


def _projected(task: Task, models: Mapping[str, projection.Model]) -> projection.Projected:
    values = np.array(task.base.values)
    scale = projection.scale_of(values, unit=task.indicator.unit, decimals=task.indicator.decimals)
    return projection.project(values, scale, models, horizon=task.base.horizon, earlier=HELD)


def fill(database: Database, catalogue: Catalogue, **which: Collection[str]) -> int:
    """Project some series of a release (see `waiting`) and write them; returns how many: for tests and tools."""
    engine = load_engine()
    with database.connect() as connection:
        tasks = waiting(connection, catalogue, **which)
    rows = [row for _, done in computed(tasks, engine) for row in done]
    with database.begin() as connection:
        return store(connection, catalogue.release.id, rows)


def store(connection: Connection, release: int, rows: list[Row]) -> int:
    """Write projections that are not there yet, in the caller's transaction; returns how many were written."""
    known = _known(connection)
    new = [{**row, "release_id": release} for row in rows if (row["series_id"], row["digest"]) not in known]
    if new:
        connection.execute(insert(Projection), new)
    return len(new)


def content_of(task: Task, found: projection.Projected, calibration: Calibration) -> dict[str, Any]:
    """A projection as it is kept: numbers only, with one decimal more than the indicator has."""
    base, digits = task.base, task.indicator.decimals + 1
    columns = [found.scale.back(found.ahead.mean)]
    for level in projection.LEVELS:
        columns.extend(projection.bounds(found.ahead, found.scale, calibration.factors[level]))
    last = base.points[-1]
    ahead = [
        {
            "period": shifted(last.period, step * base.months),
            "start": shifted_day(last.start, step * base.months),
            "numbers": [round(float(column[step - 1]), digits) for column in columns],
        }
        for step in range(1, base.horizon + 1)
    ]
    said = {name: _significant(number) for name, number in found.ahead.parameters.items()}
    return {
        "model": found.model,
        "scale": found.scale.name,
        "parameters": said,
        "ahead": ahead,
        "back_test": _tested(found, calibration, digits),
        "calibration": _calibrated(calibration),
    }


def _calibrated(calibration: Calibration) -> dict[str, Any]:
    held = calibration.held_out
    shares = None if held is None else {str(level): round(share, 3) for level, share in held.shares.items()}
    return {
        "series": calibration.series,
        "periods": calibration.periods,
        "held_out": held and {"values": held.values, "inside": shares},
    }


def _tested(found: projection.Projected, calibration: Calibration, digits: int) -> dict[str, Any]:
    test, naive = found.tests[found.model], found.tests[projection.NAIVE]
    known, widest = ~np.isnan(test.errors), calibration.factors[_WIDEST]
    means = [[round(float(mean), digits) for mean in np.nanmean(item.errors, axis=0)] for item in (test, naive)]
    ratios = {name: found.ratio(name) for name in found.tests}
    return {
        "origins": len(test.errors),
        "forecasts": int(known.sum()),
        "widening": _significant(widest[0] / projection.quantile(found.ahead.freedom, _WIDEST)),
        "coverage": {
            str(level): [round(test.coverage(level), 3), round(test.coverage_within(factors), 3)]
            for level, factors in calibration.factors.items()
        },
        "candidates": {
            name: [round(item.error, digits), None if (ratio := ratios[name]) is None else round(ratio, 3)]
            for name, item in found.tests.items()
        },
        "unfit": dict(found.unfit),
        "steps": [[int(count), own, before] for count, own, before in zip(known.sum(axis=0), *means, strict=True)],
    }


def _significant(number: float) -> float:
    return float(f"{number:.4g}")


def _known(connection: Connection) -> set[tuple[int, str]]:
    return {(series, digest) for series, digest in connection.execute(select(Projection.series_id, Projection.digest))}
