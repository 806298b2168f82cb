"""Seeding: everything once, nothing twice, nothing lost."""

import csv
import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from api import create_app, models
from api.database import Database
from api.services import schema, seed
from api.settings import ROOT, SEED, Settings
from tests.conftest import LIMIT


def seed_rows(name):
    with (SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (models.Level, "levels"),
        (models.Region, "regions"),
        (models.RegionLevel, "region_levels"),
        (models.RegionParent, "region_parents"),
        (models.RegionAlias, "region_aliases"),
        (models.RegionSuccession, "region_successions"),
        (models.Source, "sources"),
        (models.SourceFile, "source_files"),
        (models.Component, "components"),
        (models.Indicator, "indicators"),
        (models.Release, "releases"),
        (models.Gap, "gaps"),
        (models.PublishedFigure, "published_figures"),
        (models.Projection, "projections"),
    ],
)
def test_every_row_is_loaded(app, model, name):
    with app.extensions["database"].connect() as connection:
        loaded = connection.execute(select(func.count()).select_from(model)).scalar()
    assert loaded == len(seed_rows(name)) > 0


def test_every_figure_is_loaded(app):
    files = sorted((SEED / "observations").glob("*.csv"))
    compiled = sum(len(seed_rows(f"observations/{path.stem}")) for path in files)
    with app.extensions["database"].connect() as connection:
        assert connection.execute(select(func.count()).select_from(models.Observation)).scalar() == compiled > 50_000


def test_every_boundary_is_loaded(app):
    topology = json.loads((SEED / "boundaries" / "areas.topojson").read_text(encoding="utf-8"))
    areas = topology["objects"]["areas"]["geometries"]
    with app.extensions["database"].connect() as connection:
        rows = connection.execute(
            select(models.Region.code, models.Boundary.arcs).join(
                models.Boundary, models.Boundary.region_id == models.Region.id
            )
        )
        assert {code: json.loads(arcs) for code, arcs in rows} == {area["id"]: area["arcs"] for area in areas}
        arcs = connection.execute(select(models.BoundaryArc.points).order_by(models.BoundaryArc.id)).scalars()
        assert [json.loads(points) for points in arcs] == topology["arcs"]
    assert len(areas) == 702


def test_codes_of_a_place_have_numbers_side_by_side_the_oldest_first(app):
    with app.extensions["database"].connect() as connection:
        numbers = dict(connection.execute(select(models.Region.code, models.Region.id)).all())
    pairs = [row for row in seed_rows("region_successions") if row["kind"] == "recoded"]
    assert len(pairs) > 50
    assert all(numbers[row["successor"]] == numbers[row["predecessor"]] + 1 for row in pairs)
    current = sorted(numbers.keys() - {row["predecessor"] for row in pairs})
    assert [numbers[code] for code in current] == sorted(numbers[code] for code in current)


@pytest.fixture
def prepared(tmp_path):
    """An application on a database that `flask data prepare` made, and the command's runner."""
    url = f"sqlite:///{tmp_path / 'var' / 'new.sqlite3'}"
    app = create_app(Settings(database_url=url, downloads_path=str(tmp_path / "downloads")))
    runner = app.test_cli_runner()
    first = runner.invoke(args=["data", "prepare"])
    assert first.exit_code == 0, first.output
    yield app, runner, first.output
    app.extensions["database"].engine.dispose()


def test_prepare_tells_what_it_does_and_does_it_once(prepared):
    app, runner, output = prepared
    assert "gigabit-availability" in output and "Loaded 54," in output
    with app.extensions["database"].begin() as connection:
        connection.execute(models.Component.__table__.update().values(description="ours"))
    again = runner.invoke(args=["data", "prepare"])
    assert again.exit_code == 0
    assert "nothing to load" in again.output
    with app.extensions["database"].connect() as connection:
        assert set(connection.execute(select(models.Component.description)).scalars()) == {"ours"}


def test_a_seeding_that_fails_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "seed"
    folder.mkdir()
    for path in SEED.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "observations").mkdir()  # the figures are missing
    database = Database(f"sqlite:///{tmp_path / 'half.sqlite3'}")
    database.create()
    with database.begin() as connection:
        schema.migrate(connection)
    with pytest.raises(FileNotFoundError), database.begin() as connection:
        seed.load(connection, progress=lambda _: None, folder=folder)
    with database.connect() as connection:
        assert seed.is_empty(connection)
        assert connection.execute(select(func.count()).select_from(models.Region)).scalar() == 0
    database.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request, tmp_path):
    """The address of a database that does not exist yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    return request.getfixturevalue("postgresql_database")("prepared_twice")


def test_two_that_prepare_at_once_do_not_get_in_each_other_s_way(new_url, tmp_path):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "prepare"]
    environment = {**os.environ, "DATABASE_URL": new_url, "DOWNLOADS_PATH": str(tmp_path / "downloads")}
    both = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=LIMIT)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sorted("nothing to load" in output for output in outputs) == [False, True]
