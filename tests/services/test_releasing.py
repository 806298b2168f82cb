"""Seeding writes each release as publishing does: what is noted of one is noted of the other."""

import csv
import shutil
from datetime import datetime

import pytest
from sqlalchemy import select

from api import models
from api.database import Database
from api.services import schema, seed
from api.services.described import Revision
from api.services.package import Package
from api.services.publish import Figure, Removal, publish
from api.settings import SEED
from bench.killed import figures


@pytest.fixture
def package(tmp_path):
    """A copy of the package, to be changed: gives its folder, and what changes the lines of a file."""
    folder = tmp_path / "seed"
    shutil.copytree(SEED, folder)

    def change(path, changed):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [row for row in map(changed, rows) if row]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(kept)
        return rows

    return folder, change


@pytest.fixture
def loaded(tmp_path):
    """Loads a package into a database of its own."""
    made = []

    def load(folder):
        made.append(Database(f"sqlite:///{tmp_path / f'loaded-{len(made)}.sqlite3'}"))
        made[-1].create()
        with made[-1].begin() as connection:
            schema.migrate(connection)
            seed.load(connection, progress=lambda _: None, folder=folder, projected=False)
        return made[-1]

    yield load
    for database in made:
        database.engine.dispose()


def test_a_release_of_the_package_is_what_would_have_been_published(package, loaded):
    """The package without its last release, which is then published: the same rows, whichever way they came."""
    folder, change = package
    change(folder / "published_by.csv", lambda row: row | {"published_by": "2025-01-01"})
    whole = loaded(folder)
    brought, ended = {}, {}

    def without_the_last(row):
        if row["first_release"] == "4":
            brought[path.stem].append(row)
            return None
        if row["last_release"] == "3":
            ended[path.stem].append(row)
        return row | {"last_release": "" if row["last_release"] == "3" else row["last_release"]}

    for path in sorted((folder / "observations").glob("*.csv")):
        brought[path.stem], ended[path.stem] = [], []
        change(path, without_the_last)
    (last,) = (row for row in change(folder / "releases.csv", lambda row: row["release"] != "4" and row)
               if row["release"] == "4")  # fmt: skip
    database = loaded(folder)
    with database.begin() as connection:
        numbers = [
            dict(connection.execute(select(column, model.id)).all())
            for model, column in (
                (models.Indicator, models.Indicator.slug),
                (models.Region, models.Region.code),
            )
        ]
        files = files_of(folder)  # each is known since the first release with figures of it
        changes = list(changes_of(brought, ended, *numbers, {row["slug"]: row["id"] for row in files}))
        why = {"reason": last["reason"], "kind": last["kind"], "actor": Package(folder).actor(4)}
        moment = datetime.fromisoformat(last["published_at"])
        done = publish(connection, changes, revisions=[Revision(models.SourceFile, files)], published_at=moment, **why)
        connection.execute(models.Release.__table__.update().where(models.Release.id == 4).values(reconstructed=True))
    assert (done.release, done.added) == (4, sum(map(len, brought.values())) - done.changed)
    for each in (database, whole):
        figures_alone(each)
    found, expected = (figures(each.address.render_as_string()) for each in (database, whole))
    assert found == expected


def files_of(folder):
    """The files of a package, as rows."""
    with (folder / "source_files.csv").open(encoding="utf-8", newline="") as file:
        return [
            {"id": number, "slug": row.pop("source_file"), "source_id": row.pop("source")}
            | {name: text or None for name, text in row.items()}
            for number, row in enumerate(csv.DictReader(file), 1)
        ]


def figures_alone(database):
    """Have all that is said besides figures stand from the first release on, and in no fingerprint."""
    with database.begin() as connection:
        for model in (models.SourceFile, models.Gap):
            connection.execute(model.__table__.update().values(first_release=1))
        connection.execute(models.Release.__table__.update().values(fingerprint=None))


def changes_of(brought, ended, indicators, regions, files):
    """What a release brought and ended, as it is published."""
    again = set()
    for slug, rows in brought.items():
        for row in rows:
            key = indicators[slug], regions[row["region"]], row["period_start"], row["period_duration"]
            again.add(key)
            yield Figure(
                **dict(zip(("indicator", "region", "period_start", "period_duration"), key, strict=True)),
                period=row["period"], value=float(row["value"]) if row["value"] else None, status=row["status"],
                source_file=files[row["source_file"]], note=row["note"] or None,
            )  # fmt: skip
    for slug, rows in ended.items():
        for row in rows:
            key = indicators[slug], regions[row["region"]], row["period_start"], row["period_duration"]
            if key not in again:
                yield Removal(**dict(zip(("indicator", "region", "period_start", "period_duration"), key, strict=True)))


def test_a_figure_that_ends_in_the_package_is_taken_out(package, loaded):
    folder, change = package
    ended = []

    def ending(row):
        if not ended and row["region"] == "E12000005" and row["first_release"] == "1" and not row["last_release"]:
            ended.append(row)
            return row | {"last_release": "2"}
        return row

    change(folder / "observations" / "gva-sic-j.csv", ending)
    database = loaded(folder)
    with database.connect() as connection:
        third = connection.execute(select(models.Release).where(models.Release.id == 3)).one()
        assert third.removed == 1
        held = select(models.Observation.last_release).join(
            models.Series, models.Series.id == models.Observation.series_id
        )
        of = held.join(models.Region, models.Region.id == models.Series.region_id).join(
            models.Indicator, models.Indicator.id == models.Series.indicator_id
        )
        found = of.where(
            models.Indicator.slug == "gva-sic-j",
            models.Region.code == "E12000005",
            models.Observation.period_start == ended[0]["period_start"],
        )
        assert connection.execute(found).scalars().all() == [2]
