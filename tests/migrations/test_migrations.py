"""Migrations: up, down and up again on both databases, and no difference from the models."""

import csv

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from api.database import Database
from api.models import Base
from api.queries.releases import all_releases, newest_release
from api.services import schema
from api.settings import SEED


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        database.create()
        yield database
        database.engine.dispose()
        return
    database = Database(request.getfixturevalue("postgresql_database")("migrated"))
    yield database
    database.engine.dispose()


def migrate(database):
    with database.begin() as connection:
        schema.migrate(connection)


def test_up_down_and_up_again(empty):
    migrate(empty)
    with empty.begin() as connection:
        assert schema.current_revision(connection) == schema.newest_revision()
        config = schema.config(connection)
        command.downgrade(config, "base")
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    migrate(empty)
    assert set(inspect(empty.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_migrating_twice_changes_nothing(empty):
    migrate(empty)
    migrate(empty)
    with empty.connect() as connection:
        assert schema.current_revision(connection) == schema.newest_revision()


def test_the_models_are_what_the_migrations_make(empty):
    migrate(empty)
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_revisions_are_numbered_without_gaps():
    numbers = sorted(int(revision.revision) for revision in schema.revisions())
    assert numbers == list(range(1, len(numbers) + 1))


def test_releases_that_were_there_before_are_marked(empty):
    """The step that gave releases a mark, on a database with releases; and code that knows nothing of marks goes on."""
    with empty.begin() as connection:
        command.upgrade(schema.config(connection), "0002")
        columns = "id, published_at, kind, reason, reconstructed"
        add = f"INSERT INTO release ({columns}) VALUES ({{0}}, '2026-01-0{{0}}', 'release', 'x', {{1}})"
        false = "0" if connection.dialect.name == "sqlite" else "false"
        for number in (1, 2):
            connection.exec_driver_sql(add.format(number, false))
        command.upgrade(schema.config(connection), "0003")
        connection.exec_driver_sql(add.format(3, false))
        marks = connection.exec_driver_sql("SELECT mark FROM release ORDER BY id").scalars().all()
        command.upgrade(schema.config(connection), "head")
        assert newest_release(connection) == (3, "20260103000000000000")
    assert marks[0] != marks[1] and marks[2] is None
    assert all(len(mark) == 16 for mark in marks[:2])


def test_withdrawals_that_were_there_before_say_how_far_they_reach(empty):
    """The step that has withdrawals say so, on figures of a withdrawn release that stood for two more."""
    with empty.begin() as connection:
        config = schema.config(connection)
        command.upgrade(config, "0006")
        false = "0" if connection.dialect.name == "sqlite" else "false"
        for number in range(1, 6):
            withdrawn = {4: "2", 5: "3"}.get(number, "NULL")
            connection.exec_driver_sql(
                "INSERT INTO release (id, published_at, kind, reason, reconstructed, withdraws_id) "
                f"VALUES ({number}, '2026-01-0{number}', 'release', 'x', {false}, {withdrawn})"
            )
        for statement in (
            "INSERT INTO source VALUES ('s', 't', 'p', 'l', 'u', 'u', 'a')",
            "INSERT INTO source_file (id, slug, source_id, title) VALUES (1, 'f', 's', 't')",
            f"INSERT INTO component (id, title, description, measured, position) VALUES ('c', 't', 'd', {false}, 1)",
            (
                "INSERT INTO indicator (id, slug, title, description, component_id, source_id, unit, decimals, "
                "measure, polarity, frequency, year_kind, quality, position) VALUES "
                "(1, 'i', 't', 'd', 'c', 's', 'u', 1, 'rate', 'neutral', 'annual', 'calendar', 'official', 1)"
            ),
            "INSERT INTO region (id, code, name) VALUES (1, 'E1', 'x')",
            "INSERT INTO series (id, indicator_id, region_id) VALUES (1, 1, 1)",
            (
                "INSERT INTO observation (series_id, period_start, period_duration, first_release, last_release, "
                "period, value, status, source_file_id) VALUES (1, '2020-01-01', 'P1Y', 2, 3, '2020', 1, 'A', 1)"
            ),
        ):
            connection.exec_driver_sql(statement)
        command.upgrade(config, "0007")
        reached = connection.exec_driver_sql("SELECT id, withdraws_to FROM release WHERE id > 3 ORDER BY id").all()
        assert [tuple(row) for row in reached] == [(4, 3), (5, 3)]
        connection.exec_driver_sql("INSERT INTO indicator_source (indicator_id, source_id) VALUES (1, 's')")
        command.upgrade(config, "0008")
        assert connection.exec_driver_sql("SELECT first_release FROM indicator_source").scalar() == 2
        # Code that knows nothing of it withdraws without: all in between are then taken to have held such figures.
        command.upgrade(config, "head")
        connection.exec_driver_sql("UPDATE release SET withdraws_to = NULL WHERE id = 5")
        assert [item.withdrawn_by for item in all_releases(connection)] == [None, 4, 5, 5, None]
        connection.exec_driver_sql("UPDATE release SET withdraws_to = NULL")
        connection.exec_driver_sql("UPDATE release SET withdraws_id = NULL WHERE id = 5")
        assert [item.withdrawn_by for item in all_releases(connection)] == [None, 4, 4, None, None]
        # Down as far as the step after which releases are withdrawn, with figures that refer to them.
        command.downgrade(config, "0002")
        assert not {"withdraws_to", "mark"} & {item["name"] for item in inspect(connection).get_columns("release")}
        assert connection.exec_driver_sql("SELECT count(*) FROM observation").scalar() == 1


def test_figures_that_were_there_before_say_how_they_are_collected(empty):
    """The step that gave indicators a collection and quoted figures an indicator says what seed/ says now."""
    step = next(item.module for item in schema.revisions() if item.revision == "0004")
    with (SEED / "indicators.csv").open(newline="") as file:
        collected = {row["indicator"]: row["collection"] for row in csv.DictReader(file)}
    assert {slug: kind for kind, slugs in step.COLLECTION.items() for slug in slugs} == collected
    with (SEED / "indicators.csv").open(newline="") as file:
        assert [row["indicator"] for row in csv.DictReader(file) if row["over_time"] == "false"] == [
            step.NO_TIME_SERIES
        ]
    with (SEED / "published_figures.csv").open(newline="") as file:
        figures = list(csv.DictReader(file))
    assert {row["label"]: row["indicator"] for row in figures if row["indicator"]} == step.NEAREST
    assert [row["id"] for row in figures if row["median_side"] == "above"] == [step.ABOVE_THE_MEDIAN]


def test_names_that_were_there_before_are_kept_without_a_kind(empty):
    """The step that gave names a kind goes up and down with a code that is unique and a name that is not."""
    with empty.begin() as connection:
        config = schema.config(connection)
        command.upgrade(config, "0005")
        for number in (1, 2):
            connection.exec_driver_sql(f"INSERT INTO region (id, code, name) VALUES ({number}, 'X{number}', 'x')")
        old = "INSERT INTO region_alias (alias, region_id, scheme) VALUES "
        connection.exec_driver_sql(old + "('Old', 1, 'name'), ('Old', 2, 'name'), ('TLX', 1, 'itl')")
        command.upgrade(config, "0006")
        connection.exec_driver_sql(old + "('Older', 1, 'name')")
        kinds = connection.exec_driver_sql("SELECT DISTINCT kind FROM region_alias").scalars().all()
        assert kinds == [None]
        command.downgrade(config, "0005")
        assert "kind" not in {item["name"] for item in inspect(connection).get_columns("region_alias")}
        assert [item["name"] for item in inspect(connection).get_indexes("region_alias")] == ["uq_region_alias_code"]


def test_levels_that_were_there_before_say_what_they_are(empty):
    """The step that had levels say what they are says what seed/ says, and has fingerprints noted anew."""
    step = next(item.module for item in schema.revisions() if item.revision == "0012")
    names = [name for name, _ in step.COLUMNS]
    with (SEED / "levels.csv").open(newline="") as file:
        seeded = {row["level"]: {name: row[name] for name in names if row[name]} for row in csv.DictReader(file)}
    said = {level: {name: str(value) for name, value in row.items()} for level, row in step.LEVELS.items()}
    assert said == {level: row for level, row in seeded.items() if row}
    with empty.begin() as connection:
        config = schema.config(connection)
        command.upgrade(config, "0011")
        add = "INSERT INTO {0} (id, title, description, position{1}) VALUES ('{2}', 't', 'd', 1{3})"
        for level in ("local-authority", "ward"):
            connection.exec_driver_sql(add.format("level", "", level, ""))
            ranged = add.format("level_history", ", first_release, last_release", level, ", 1, 1")
            connection.exec_driver_sql(ranged)
        false = "0" if connection.dialect.name == "sqlite" else "false"
        connection.exec_driver_sql(
            "INSERT INTO release (id, published_at, kind, reason, reconstructed, fingerprint) "
            f"VALUES (1, '2026-01-01', 'release', 'x', {false}, 'old')"
        )
        command.upgrade(config, "0012")
        for table in ("level", "level_history"):
            found = connection.exec_driver_sql(f"SELECT id, {', '.join(names)} FROM {table} ORDER BY id").all()
            assert [tuple(row) for row in found] == [
                ("local-authority", 3, "district", "itl3", None),
                ("ward", None, None, None, None),
            ]
        assert connection.exec_driver_sql("SELECT fingerprint FROM release").scalar() is None
        # Code that knows nothing of it goes on writing.
        connection.exec_driver_sql(add.format("level", "", "parish", ""))
        command.downgrade(config, "0011")
        assert not {*names} & {item["name"] for item in inspect(connection).get_columns("level")}
        assert connection.exec_driver_sql("SELECT count(*) FROM level").scalar() == 3
