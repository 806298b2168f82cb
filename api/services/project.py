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


class ExtraMissingError(RuntimeError):
    """The forecasting library is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A series to project, and from what."""

    series: int
    digest: str
    base: Base
    indicator: Indicator


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
    """The series of a release that can be projected and are not yet, of some levels, indicators, regions or all."""
    places = [
        item.id
        for item in catalogue.regions.values()
        if (not levels or set(item.levels) & set(levels)) and (not regions or item.code in regions)
    ]
    slugs = [item.id for item in catalogue.indicators.values() if not indicators or item.slug in indicators]
    selection = Selection(
        release=catalogue.release.id,
        indicators=frozenset(slugs) if indicators else None,
        regions=frozenset(places) if levels or regions else None,
    )
    rows = all_observations(connection, selection, columns=TIDY)
    kept = connection.execute(select(Series.indicator_id, Series.region_id, Series.id))
    numbers = {(indicator, region): number for indicator, region, number in kept}
    known = _known(connection)
    tasks = []
    for (indicator, region), found in groupby(rows, key=itemgetter(INDICATOR, REGION)):
        of = catalogue.indicators[indicator]
        base = base_of(points_of(found), over_time=of.over_time)
        if isinstance(base, Base):
            task = Task(series=numbers[indicator, region], digest=digest_of(of, base), base=base, indicator=of)
            tasks.extend([task] if (task.series, task.digest) not in known else [])
    return tasks


def computed(tasks: list[Task], engine: Engine) -> Iterator[tuple[str, list[Row]]]:
    """The projections of some tasks, indicator by indicator, as they are computed; nothing is written."""
    with engine.surroundings():
        for slug, group in groupby(tasks, key=lambda task: task.indicator.slug):
            yield slug, [_row(task, engine) for task in group]


def _row(task: Task, engine: Engine) -> Row:
    content = content_of(task, engine.models)
    return {"series_id": task.series, "digest": task.digest, "engine": engine.name, "content": content}


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


def content_of(task: Task, models: Mapping[str, projection.Model]) -> dict[str, Any]:
    """A projection as it is kept: numbers only, with one decimal more than the indicator has."""
    base, digits = task.base, task.indicator.decimals + 1
    values = np.array(base.values)
    scale = projection.scale_of(values, unit=task.indicator.unit, decimals=task.indicator.decimals)
    found = projection.project(values, scale, models, horizon=base.horizon)
    columns = [found.scale.back(found.ahead.mean)]
    for level in projection.LEVELS:
        columns.extend(found.bounds(level))
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
        "back_test": _tested(found, digits),
    }


def _tested(found: projection.Projected, digits: int) -> dict[str, Any]:
    test, naive = found.tests[found.model], found.tests[projection.NAIVE]
    known = ~np.isnan(test.errors)
    means = [[round(float(mean), digits) for mean in np.nanmean(item.errors, axis=0)] for item in (test, naive)]
    ratios = {name: found.ratio(name) for name in found.tests}
    return {
        "origins": len(test.errors),
        "forecasts": int(known.sum()),
        "widening": _significant(test.widening),
        "coverage": {
            str(level): [round(test.coverage(level), 3), round(test.coverage(level, widening=test.widening), 3)]
            for level in projection.LEVELS
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
