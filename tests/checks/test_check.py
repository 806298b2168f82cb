"""Whole files: figures that stand are right, and among very many rows those that are bad are found, and no others."""

from __future__ import annotations

from itertools import cycle, islice, product

import polars as pl
import pytest
from sqlalchemy import select

from api.checks import STANDING_SCHEMA, check
from api.database import Database
from api.models import Observation, Series
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from tests.checks.small import frame

SAID = ("lower", "upper", "bounds_kind", "note")


@pytest.fixture(scope="module")
def known(sqlite_url):
    """The catalogue of the package, and all figures that stand with what is said of them."""
    database = Database(sqlite_url)
    with database.begin() as connection:
        catalogue = load_catalogue(connection, all_releases(connection)[-1])
        columns = [
            getattr(Observation, name) for name in ("period", "period_start", "period_duration", "value", "status")
        ]
        statement = (
            select(Series.indicator_id, Series.region_id, *columns, *(getattr(Observation, name) for name in SAID))
            .join(Observation, Observation.series_id == Series.id)
            .where(Observation.last_release.is_(None))
        )
        rows = [tuple(row) for row in connection.execute(statement)]
    database.engine.dispose()
    schema = STANDING_SCHEMA | {"bounds_kind": pl.String, "note": pl.String}
    return catalogue, pl.DataFrame(rows, schema=schema, orient="row")


def as_read(catalogue, figures):
    """Figures as a reader hands them over."""
    slugs = {item.id: item.slug for item in catalogue.indicators.values()}
    codes = {item.id: item.code for item in catalogue.regions.values()}
    numbers = [pl.col(name).cast(pl.String) for name in ("value", "lower", "upper")]
    return figures.with_row_index("row", offset=2).select(
        "row",
        pl.col("indicator_id").replace_strict(slugs).alias("indicator"),
        pl.col("region_id").replace_strict(codes).alias("region"),
        *numbers, "period", "status", "bounds_kind", "note",
    )  # fmt: skip


def test_figures_that_stand_are_right_and_read_as_they_are(known):
    catalogue, figures = known
    found = check(as_read(catalogue, figures), catalogue=catalogue, standing=figures)
    errors = found.faults.filter(severity="error")
    # The publisher of a few figures gives one of the two limits alone.
    assert set(errors["code"]) <= {"limits-incomplete"} and errors.height < 20
    good = figures.with_row_index("row", offset=2).filter(~pl.col("row").is_in(errors["row"].implode()))
    assert found.rows.drop("row", "removed").equals(good.select(found.rows.drop("row", "removed").columns))
    assert not {"jump", "sum-of-parts", "fraction-for-percent"} & found.counts.keys()


def test_few_figures_that_stand_would_be_warned_of(known):
    catalogue, figures = known
    found = check(as_read(catalogue, figures), catalogue=catalogue, standing=figures.clear())
    assert not {"out-of-range", "fraction-for-percent", "duplicate", "unit-different"} & found.counts.keys()
    assert found.counts["jump"] < 0.03 * figures.height
    assert found.counts["sum-of-parts"] < 0.003 * figures.height


BAD = {
    "indicator-unknown": {"indicator": "nothing"},
    "region-unknown": {"region": "E0600000"},
    "region-missing": {"region": None},
    "period-unknown": {"period": "soon"},
    "period-kind": {"period": "2023/24"},
    "number-decimal-comma": {"value": "12,5"},
    "number-invalid": {"value": "about 5"},
    "unit-different": {"value": "\u00a350"},
    "out-of-range": {"value": "450"},
    "status-unknown": {"status": "W"},
    "status-contradicts": {"status": "Q"},
    "limits-incomplete": {"upper": "55"},
}


def test_among_fifty_thousand_rows_the_bad_ones_are_found(known):
    catalogue, figures = known
    shares = [item.slug for item in catalogue.indicators.values() if item.unit.startswith("% of")]
    shares = [slug for slug in shares if catalogue.indicator(slug).year_kind == "calendar"][:5]
    places = [
        item.code for item in catalogue.listed(["local-authority"], "any") if not (item.valid_from or item.valid_to)
    ]
    years = [str(year) for year in range(1960, 2020)]
    keys = list(islice(product(shares, places[:200], years), 50_000))
    assert len(keys) == 50_000
    rows = [
        {"indicator": slug, "region": code, "period": year, "value": "50", "status": "A", "upper": None}
        for slug, code, year in keys
    ]  # fmt: skip
    wanted = {}
    for place, code in zip(range(25, len(rows), 50), cycle(BAD), strict=False):
        rows[place] |= BAD[code]
        wanted[place + 2] = code
    table = frame(**{name: [row[name] for row in rows] for name in rows[0]})
    found = check(table, catalogue=catalogue, standing=figures.clear())
    errors = found.faults.filter(severity="error")
    assert dict(errors.select("row", "code").iter_rows()) == wanted
    assert errors.height == len(wanted) == 1_000
    assert found.counts["good"] == 49_000
    assert set(found.faults.filter(severity="warning")["code"]) <= {"region-recoded"}
