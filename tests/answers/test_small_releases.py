"""Answers of two or three tiny releases, of a few figures each: the least mistake changes what is said."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from api import models
from api.answers import absence, group_cache, questions
from api.answers.comparison.change import change
from api.answers.comparison.group import Subject, figure_of
from api.answers.index.editions import edition_of
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.catalogue import Index, IndexComponent, IndexIndicator, Origin
from api.database import Database
from api.filters import ObservationFilter
from api.periods import parse
from api.queries.catalogue import load_catalogue
from api.queries.observations import TIDY, Selection, select_observations
from api.queries.releases import all_releases, count_changes, select_changes
from api.services.publish import Figure, publish
from api.settings import Settings
from tests.services.test_publish import template

__all__ = ["template"]

SHARE, PEOPLE, FIRMS = 1, 2, 3
"""A rate; what is divided by; and a count that is compared only through it."""
JANUARY, FEBRUARY = datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def database(template, tmp_path):
    """A database with three indicators and three regions, and nothing published."""
    shutil.copy(template, tmp_path / "own.sqlite3")
    own = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    about = {
        "title": "t", "description": "d", "component_id": "c", "source_id": "s", "decimals": 0, "measure": "count",
        "polarity": "higher-is-better", "frequency": "annual", "year_kind": "calendar", "quality": "official",
        "collection": "administrative",
    }  # fmt: skip
    with own.begin() as connection:
        row = {"id": PEOPLE, "slug": "people", "unit": "people", "position": 2}
        connection.execute(insert(models.Indicator).values(**row, **about))
        row = {"id": FIRMS, "slug": "firms", "unit": "firms", "position": 3, "denominator_id": PEOPLE}
        connection.execute(insert(models.Indicator).values(**row, **about))
    yield own
    own.engine.dispose()


def figure(indicator, region, year, value, status="A"):
    return Figure(
        indicator=indicator, region=region, period=str(year), period_start=f"{year}-01-01", period_duration="P1Y",
        value=value, status=status, source_file=1,
    )  # fmt: skip


def publish_each(database, *releases):
    """Publish lists of figures, the first in January and the second in February."""
    with database.begin() as connection:
        return [
            publish(connection, figures, reason="r", published_at=moment)
            for figures, moment in zip(releases, (JANUARY, FEBRUARY), strict=False)
        ]


def reading(database, release, origin):
    with database.connect() as connection:
        known = tuple(all_releases(connection))
        catalogue = load_catalogue(connection, known[release - 1], origin)
    return Reading(catalogue=catalogue, releases=known, database=database, settings=Settings(), address="/")


def subject(connection, own, indicator, period):
    return Subject(connection=connection, reading=own, indicator=own.catalogue.indicators[indicator], period=period)


def test_groups_of_one_release_are_not_those_of_another(database):
    publish_each(database, [figure(SHARE, region, 2020, 1.0) for region in (1, 2, 3)], [figure(SHARE, 1, 2020, 9.0)])
    origin = Origin()
    values = []
    with database.connect() as connection:
        for release in (1, 2, 1):
            own = reading(database, release, origin)
            group = group_cache.group(subject(connection, own, SHARE, "2020"), "itl1")
            _, intervals = group_cache.ranks(subject(connection, own, SHARE, "2020"), group)
            values.append((group.figures[1].value, intervals[1].quantile))
    assert values == [(1.0, 0.5), (9.0, 1.0), (1.0, 0.5)]


def test_groups_are_kept_by_period_and_by_what_is_divided_by(database):
    figures = [(FIRMS, 2020, 1.0), (FIRMS, 2021, 2.0), (PEOPLE, 2020, 10.0), (SHARE, 2020, 20.0)]
    publish_each(database, [figure(indicator, 1, year, value) for indicator, year, value in figures])
    own, values = reading(database, 1, Origin()), []
    with database.connect() as connection:
        for period, denominator in (("2020", None), ("2021", None), ("2020", own.catalogue.indicators[SHARE])):
            asked = replace(subject(connection, own, FIRMS, period), denominator=denominator)
            values.append(group_cache.group(asked, "itl1").figures[1].value)
    assert values == [1_000.0, 2_000.0, 500.0]


def test_a_figure_of_another_definition_is_shown_and_not_compared(database):
    """Such as one of a part of a place, which the whole would be ranked above for its size alone."""
    publish_each(
        database,
        [figure(SHARE, region, year, 10.0 * region) for region in (1, 2) for year in (2020, 2021)]
        + [figure(SHARE, 3, 2020, 1.0, "D"), figure(SHARE, 3, 2021, 30.0)],
    )
    with database.connect() as connection:
        own = reading(database, 1, Origin())
        asked, region = subject(connection, own, SHARE, "2020"), own.catalogue.regions[3]
        group = group_cache.group(asked, "itl1")
        assert sorted(group.figures) == [1, 2]
        assert [(item.region.id, item.reason) for item in group.missing] == [(3, "not-comparable")]
        assert figure_of(asked, region) is None
        assert change(asked, region)["reason"] == "no comparable value in this period"
        after = change(subject(connection, own, SHARE, "2021"), region)
        assert after["previous"] is None and after["reason"] == "This is the first period of the series."
        rows, _ = select_observations(connection, Selection(release=1), columns=TIDY, limit=9)
        assert len(rows) == 6


def test_a_partial_figure_of_a_place_takes_none_of_its_parts_out_of_the_comparison(database):
    with database.begin() as connection:
        succession = {"predecessor_id": 1, "successor_id": 3, "kind": "reorganised"}
        connection.execute(insert(models.RegionSuccession).values(**succession))
        connection.execute(insert(models.RegionSuccession).values(**{**succession, "predecessor_id": 2}))
    values = {1: 10.0, 2: 20.0}
    publish_each(
        database,
        [figure(SHARE, region, year, value) for region, value in values.items() for year in (2020, 2021)]
        + [figure(SHARE, 3, 2020, 5.0, "D"), figure(SHARE, 3, 2021, 30.0)],
    )
    with database.connect() as connection:
        own = reading(database, 1, Origin())
        partial, whole = (group_cache.group(subject(connection, own, SHARE, year), "itl1") for year in ("2020", "2021"))
    assert sorted(partial.figures) == [1, 2] and [item.region.id for item in partial.missing] == [3]
    assert sorted(whole.figures) == [3] and [item.region.id for item in whole.left_out] == [1, 2]


def test_nothing_is_divided_by_a_partial_figure(database):
    publish_each(
        database,
        [figure(FIRMS, region, 2020, 1.0) for region in (1, 2, 3)]
        + [figure(PEOPLE, 1, 2020, 10.0), figure(PEOPLE, 2, 2020, 1.0, "D"), figure(PEOPLE, 2, 2021, 20.0)]
        + [figure(PEOPLE, 3, 2020, 1.0, "D")],
    )
    with database.connect() as connection:
        group = group_cache.group(subject(connection, reading(database, 1, Origin()), FIRMS, "2020"), "itl1")
    assert {region: item.divisor.year for region, item in group.figures.items()} == {1: 2020, 2: 2021}
    assert [(item.region.id, item.reason) for item in group.missing] == [(3, "no-denominator")]


def test_a_share_without_a_lower_limit_is_as_uncertain_as_it_can_be(database):
    """Shares that are too small for a lower limit have one at nought; values that are no shares have none then."""
    limits = {"bounds_kind": "sampling_ci_95"}
    figures = [replace(figure(SHARE, 1, 2020, 2.0), lower=None, upper=5.0, **limits)]
    figures += [
        replace(figure(SHARE, region, 2020, 9.0 * region), lower=1.0, upper=90.0, **limits) for region in (2, 3)
    ]
    publish_each(database, figures)
    with database.connect() as connection:
        asked = subject(connection, reading(database, 1, Origin()), SHARE, "2020")
        group = group_cache.group(asked, "itl1")
        basis, _ = group_cache.ranks(asked, group)
    assert (group.figures[1].lower, group.figures[1].upper) == (0.0, 5.0)
    assert basis.name == "sampling_ci_95"


@pytest.mark.parametrize(("value", "old", "new"), [(7.0, "A", "P"), (None, "M", "Q")])
def test_a_figure_whose_status_alone_changed_is_a_change(database, value, old, new):
    changed, same = (SHARE, 1, 2020, value), figure(SHARE, 2, 2020, value, old)
    _, published = publish_each(database, [figure(*changed, old), same], [figure(*changed, new), same])
    assert (published.added, published.changed, published.removed) == (0, 1, 0)
    with database.connect() as connection:
        asked = {"old": 1, "new": 2, "selection": Selection(release=2)}
        rows, _ = select_changes(connection, **asked, kinds=None, limit=9)
        assert rows == [(SHARE, 1, "2020", "changed", value, value, old, new)]
        counts = {"added": 0, "changed": 1, "removed": 0}
        assert count_changes(connection, **asked) == all_releases(connection)[1].changes == counts


@pytest.mark.parametrize("sign", [1, -1])
def test_rounding_of_the_denominator_is_part_of_the_interval(database, sign):
    """10 firms for each of 10 people, and 9: by the rounding of firms alone they would be told apart.

    So they would of what has fewer than none, such as a change, if dividing by less moved it upwards.
    """
    firms = {1: sign * 100.0, 2: sign * 90.0, 3: sign * 10.0}
    publish_each(
        database,
        [figure(FIRMS, region, 2020, value) for region, value in firms.items()]
        + [figure(PEOPLE, region, 2020, 10.0) for region in firms],
    )
    with database.connect() as connection:
        own = reading(database, 1, Origin())
        asked = subject(connection, own, FIRMS, "2020")
        basis, intervals = group_cache.ranks(asked, group_cache.group(asked, "itl1"))
    assert basis.name == "rounding"
    alike, apart = ((1, 2), (3, 3)) if sign > 0 else ((2, 3), (1, 1))
    found = {region: (item.best, item.worst) for region, item in intervals.items()}
    assert found == {1: alike, 2: alike, 3: apart}


def test_of_two_years_equally_near_the_earlier_one_is_divided_by(database):
    people = {1: {2019: 10.0, 2021: 20.0}, 2: {2018: 10.0, 2021: 20.0}, 3: {2018: 10.0, 2022: 20.0}}
    publish_each(
        database,
        [figure(FIRMS, region, 2020, 1.0) for region in people]
        + [figure(PEOPLE, region, year, value) for region, years in people.items() for year, value in years.items()],
    )
    with database.connect() as connection:
        own = reading(database, 1, Origin())
        group = group_cache.group(subject(connection, own, FIRMS, "2020"), "itl1")
    assert {region: item.divisor.year for region, item in group.figures.items()} == {1: 2019, 2: 2021, 3: 2018}
    assert {region: item.value for region, item in group.figures.items()} == {1: 1_000.0, 2: 500.0, 3: 1_000.0}


def test_a_denominator_is_at_most_two_years_off(database):
    publish_each(
        database,
        [figure(FIRMS, region, 2020, 1.0) for region in (1, 2, 3)]
        + [figure(PEOPLE, 1, 2017, 10.0), figure(PEOPLE, 2, 2023, 10.0), figure(PEOPLE, 3, 2022, 10.0)],
    )
    with database.connect() as connection:
        own = reading(database, 1, Origin())
        group = group_cache.group(subject(connection, own, FIRMS, "2020"), "itl1")
    assert [item.divisor.year for item in group.figures.values()] == [2022]
    assert [(item.region.id, item.reason) for item in group.missing] == [(1, "no-denominator"), (2, "no-denominator")]


@pytest.mark.parametrize(("release", "reason"), [(1, "not-yet-published"), (2, "outside-period")])
def test_a_series_is_waited_for_until_its_latest_period_began_more_than_four_years_ago(database, release, reason):
    """In January 2026 a series up to 2022 is four years old to the month, and in February more."""
    publish_each(database, [figure(SHARE, 1, 2022, 1.0)], [figure(SHARE, 2, 2022, 1.0)])
    own = reading(database, release, Origin())
    asked = ObservationFilter(indicator=("i",), region=("E1",), period=(parse("2025"),))
    with database.connect() as connection:
        why = absence.explain(connection, own, asked, resolve(own, asked), path=questions.OBSERVATIONS)
    assert why["reason"] == reason
    assert why["nearest"] == "/v1/observations?indicator=i&region=E1&period=2022"


def index(years):
    """An index of one indicator, of which a figure may be so many years old."""
    item = IndexIndicator(indicator="i", weight=1.0, goalposts=(0.0, 1.0))
    return Index(
        id="x", title="t", description="d", level="itl1", method_version="1", normalisation="goalposts",
        treatment="none", imputation="none", aggregation="arithmetic", most_years_old=years, least_share=1.0,
        least_components=1, notes=(), components=(IndexComponent(component="c", weight=1.0, indicators=(item,)),),
    )  # fmt: skip


@pytest.mark.parametrize(("years", "enters"), [(5, True), (4, False)])
def test_a_figure_that_is_just_as_old_as_it_may_be_enters_an_edition(database, years, enters):
    """At the end of 2025 figures of 2020 are five years old to the day."""
    publish_each(database, [figure(SHARE, region, 2020, 1.0) for region in (1, 2, 3)])
    own = reading(database, 1, Origin())
    with database.connect() as connection:
        (use,) = edition_of(connection, own, index(years), 2025).uses
    assert (use.group is not None, use.n) == (enters, 3 if enters else 0)
    assert use.reason == (None if enters else "The latest figures (2020) are more than 4 years old.")
