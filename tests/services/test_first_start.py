"""A first start that is killed, or meets another one: what is missing is there after the next."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from api import create_app
from api.database import Database
from api.models import Projection
from api.services import projections, schema
from api.settings import ROOT, Settings
from bench.killed import figures
from tests.conftest import LIMIT, own_database

PREPARE = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "prepare"]
STEPS = ("Bringing the database", "gigabit-availability", "projections")
"""One of each transaction of a first start, as the command names them; `bench.killed` kills at any moment."""


@pytest.fixture(autouse=True)
def _no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder of files for the commands to look after."""
    monkeypatch.setenv("DOWNLOADS_PATH", str(tmp_path / "downloads"))


def start(url: str) -> subprocess.Popen[str]:
    """A first start, which says at once what it is at."""
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        PREPARE, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that does not exist yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'first.sqlite3'}"
    url: str = request.getfixturevalue("postgresql_database")("first_start")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the figures, to be written to."""
    return own_database(request, tmp_path, "unfinished")


@pytest.mark.parametrize(
    ("new_url", "step"), [*(("sqlite", step) for step in STEPS), ("postgresql", STEPS[-1])], indirect=["new_url"]
)
def test_killed_at_a_step_it_is_whole_after_the_next_start(
    new_url: str, step: str, request: pytest.FixtureRequest
) -> None:
    process = start(new_url)
    assert process.stdout is not None
    reached = next((line for line in process.stdout if line.strip().startswith(step)), None)
    process.kill()
    process.communicate(timeout=LIMIT)
    assert reached is not None
    again = start(new_url)
    said = again.communicate(timeout=LIMIT)[0]
    assert again.returncode == 0, said
    kind = "sqlite" if new_url.startswith("sqlite") else "postgresql"
    assert figures(new_url) == figures(request.getfixturevalue(f"{kind}_url"))


def test_projections_that_are_missing_are_told_and_added_once(own_url: str, tmp_path: Path) -> None:
    database = Database(own_url)
    with database.begin() as connection:
        whole = connection.execute(select(func.count()).select_from(Projection)).scalar_one()
        some = select(Projection.series_id).order_by(Projection.series_id).limit(7)
        connection.execute(delete(Projection).where(Projection.series_id.in_(some)))
    app = create_app(Settings(database_url=own_url, downloads_path=str(tmp_path / "downloads")))
    unready = app.test_client().get("/readyz")
    assert unready.status_code == 503
    assert "7 projections" in unready.json["detail"]
    assert "make seed" in unready.json["detail"]
    first, second = (app.test_cli_runner().invoke(args=["data", "prepare"]) for _ in range(2))
    assert "Added 7 projections" in first.output
    assert "Added" not in second.output
    assert app.test_client().get("/readyz").status_code == 200
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Projection)).scalar_one() == whole
        assert projections.missing(connection) == []
    for each in (database, app.extensions["database"]):
        each.engine.dispose()


def test_who_waits_for_another_one_that_writes_says_so(own_url: str) -> None:
    database = Database(own_url)
    with database.begin() as connection:
        assert schema.current_revision(connection) is not None
        waiting = start(own_url)
        assert waiting.stderr is not None
        assert "Another process is writing" in next(iter(waiting.stderr), "")
        assert waiting.poll() is None
    said, _ = waiting.communicate(timeout=LIMIT)
    assert waiting.returncode == 0
    assert "nothing to load" in said
    database.engine.dispose()


def test_commands_tell_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    for url, said in (
        (f"sqlite:///{tmp_path / 'none.sqlite3'}", "The database is not there"),
        ("postgresql://nobody@127.0.0.1:1/none", "The database cannot be reached"),
    ):
        environment = {**os.environ, "DATABASE_URL": url}
        for command in ("project", "export"):
            ended = subprocess.run(
                [*PREPARE[:-1], command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            assert ended.returncode == 1
            assert said in ended.stderr
            assert "Traceback" not in ended.stderr
    assert not (tmp_path / "none.sqlite3").exists()
