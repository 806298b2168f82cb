"""What follows a commit: the same steps after every command that commits, each told where it fails, and mended."""

from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api import create_app
from api.database import Database
from api.encoders.negotiate import FILES
from api.exports import after_commit, files, tidy
from api.exports.after_commit import STEPS
from api.models import Projection
from api.settings import Settings
from tests.conftest import own_database
from tests.contract_client import ContractClient

FULL = OSError(28, "No space left on device")


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An application with a database and a folder of its own."""
    url = own_database(request, tmp_path, "followed")
    made = create_app(Settings(database_url=url, downloads_path=str(tmp_path / "downloads"), release_check_seconds=0))
    made.test_client_class = ContractClient
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text(
        "indicator,region,period,value,status,source_file\ngva-per-hour,E12000005,2023,41.5,P,s1\n", encoding="utf-8"
    )
    return str(path)


@pytest.fixture
def steps(monkeypatch):
    """Notes which steps are done, in their order."""
    done = []

    def noting(name, step):
        def run(committed):
            done.append(name)
            return step.run(committed)

        return replace(step, run=run)

    for name, step in list(STEPS.items()):
        monkeypatch.setitem(STEPS, name, noting(name, step))
    return done


def run(app, *args):
    return app.test_cli_runner().invoke(args=["data", *map(str, args)])


def newest(app):
    return app.test_client().get("/v1/releases/latest").json["data"]["id"]


def there(app, release):
    """The endings of the files of a release that are there."""
    folder = Path(app.extensions["settings"].downloads_path)
    found = folder.glob(f"{release}-*") if folder.is_dir() else ()
    return {path.name.split(".", 1)[1] for path in found if path.suffix != ".sha256"}


def test_every_command_that_commits_does_every_step(app, table, steps, tmp_path):
    backup = tmp_path / "backup.zip"
    for command in (
        ("publish", table, "--note", "New."),
        ("publish", table, "--note", "All of it stands already."),
        ("withdraw", 5, "--reason", "It was wrong."),
        ("prepare",),
        ("restore", backup, "--replace"),
    ):
        if command[0] == "restore":
            assert run(app, "backup", backup).exit_code == 0
        steps.clear()
        done = run(app, *command)
        assert done.exit_code == 0, done.output
        assert steps == list(STEPS) == ["statistics", "log", "projections", "old files", "files"], command
    steps.clear()
    assert run(app, "project", "--level", "uk").exit_code == 0
    assert steps == [name for name in STEPS if name != "projections"]  # that is what it did itself
    steps.clear()
    assert run(app, "publish", table, "--note", "New.", "--dry-run").exit_code == 0
    assert steps == []


def test_a_first_start_does_every_step_and_writes_no_files(tmp_path, steps):
    url, folder = f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path / "downloads"
    app = create_app(Settings(database_url=url, downloads_path=str(folder)))
    assert run(app, "prepare").exit_code == 0
    assert steps == list(STEPS)
    assert not folder.exists()
    app.extensions["database"].engine.dispose()


def test_files_are_there_when_a_release_is_published(app, table, monkeypatch):
    done = run(app, "publish", table, "--note", "New.")
    assert done.exit_code == 0 and "Wrote 4 files of release 5 to" in done.output, done.output
    assert there(app, 5) == set(FILES)
    monkeypatch.setattr(files, "BUILDERS", {})  # none of them is built for who asks
    for ending in FILES:
        assert app.test_client().get(f"/v1/releases/latest/download.{ending}", buffered=True).status_code == 200
    again = run(app, "prepare")
    assert again.exit_code == 0 and "Wrote" not in again.output


def test_files_are_not_written_where_an_operator_wants_none(app, table):
    done = run(app, "publish", table, "--note", "New.", "--no-files")
    assert done.exit_code == 0 and "Wrote" not in done.output
    assert there(app, 5) == set()
    assert "Wrote" not in run(app, "prepare").output  # there is no folder of files
    Path(app.extensions["settings"].downloads_path).mkdir()
    assert "Wrote" not in run(app, "prepare", "--no-files").output
    assert "Wrote 4 files of release 5 to" in run(app, "prepare").output


@pytest.mark.parametrize("mending", [("prepare",), ("publish", "TABLE", "--note", "Again.")])
def test_files_that_cannot_be_written_are_told_and_written_by_the_next(app, table, monkeypatch, mending):
    def failing(reading, file):
        raise FULL

    with monkeypatch.context() as broken:
        broken.setitem(files.BUILDERS, "zip", failing)
        done = run(app, "publish", table, "--note", "New.")
    assert done.exit_code == 1 and "Traceback" not in done.output
    assert "Published as release 5." in done.output
    assert (
        "Error: Release 5 is published. Its files could not be written. No space left on device. Make room, or name a "
        "file elsewhere. Run `flask --app wsgi data export`."
    ) in done.output
    assert newest(app) == 5
    assert app.test_client().get("/v1/series/gva-per-hour/E12000005").json["data"]["observations"][-1]["value"] == 41.5
    assert "zip" not in there(app, 5)
    mended = run(app, *(table if word == "TABLE" else word for word in mending))
    assert mended.exit_code == 0 and "of release 5 to" in mended.output, mended.output
    assert newest(app) == 5
    assert there(app, 5) == set(FILES)


ERRORS = (FULL, OperationalError("SELECT", {}, Exception("server closed")), KeyError("a mistake of the code"))


@pytest.mark.parametrize("broken_step", list(zip(STEPS, cycle(ERRORS), strict=False)), ids=list(STEPS))
def test_a_step_that_fails_keeps_no_other_from_being_done(app, table, steps, monkeypatch, broken_step):
    name, error = broken_step

    def failing(_):
        raise error

    with monkeypatch.context() as broken:
        broken.setitem(STEPS, name, replace(STEPS[name], run=failing))
        done = run(app, "publish", table, "--note", "New.", "--no-files")
    assert done.exit_code == 1 and "Traceback" not in done.output
    assert newest(app) == 5
    assert steps == [other for other in STEPS if other != name]
    (told,) = [line for line in done.output.splitlines() if line.startswith("Error: ")]
    assert told.startswith(f"Error: Release 5 is published. {STEPS[name].failed} ")
    assert told.endswith(STEPS[name].advice)
    assert run(app, "prepare").exit_code == 0


def test_a_start_goes_on_where_files_cannot_be_written(app, monkeypatch):
    Path(app.extensions["settings"].downloads_path).mkdir()

    def failing(reading, file):
        raise FULL

    with monkeypatch.context() as broken:
        broken.setitem(files.BUILDERS, "csv", failing)
        started = run(app, "prepare")
    assert started.exit_code == 0
    assert "Error: Release 4 is published. Its files could not be written. No space left" in started.output
    assert "Wrote 4 files of release 4" in run(app, "prepare").output


def test_a_log_that_cannot_be_emptied_does_not_hide_that_a_release_is_published(app, table, monkeypatch):
    def failing(self):
        raise FULL

    with monkeypatch.context() as broken:
        broken.setattr(Database, "settle", failing)
        done = run(app, "publish", table, "--note", "New.", "--no-files")
    assert done.exit_code == 1
    assert "Published as release 5." in done.output
    assert f"Release 5 is published. {STEPS['log'].failed} No space left on device." in done.output
    assert newest(app) == 5


def test_projections_that_come_with_the_figures_are_added_by_whoever_commits(app, table):
    database = app.extensions["database"]
    with database.begin() as connection:
        some = text("DELETE FROM projection WHERE series_id IN (SELECT series_id FROM projection LIMIT 3)")
        gone = connection.execute(some).rowcount
    done = run(app, "publish", table, "--note", "New.", "--no-files")
    assert f"Added {gone} projections that come with the figures." in done.output
    with database.connect() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {Projection.__tablename__}")).scalar_one() > 1_000


def test_postgresql_knows_the_sizes_of_tables_that_were_restored(request, tmp_path):
    """Until it does it plans as if they were empty."""
    source = create_app(Settings(database_url=request.getfixturevalue("sqlite_url")))
    assert run(source, "backup", tmp_path / "backup.zip").exit_code == 0
    url = request.getfixturevalue("postgresql_database")("sizes")
    restored = create_app(Settings(database_url=url, downloads_path=str(tmp_path / "downloads")))
    done = run(restored, "restore", tmp_path / "backup.zip")
    assert done.exit_code == 0, done.output
    with restored.extensions["database"].connect() as connection:
        told = connection.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'observation'")).scalar_one()
        assert told == connection.execute(text("SELECT count(*) FROM observation")).scalar_one()
    for made in (source, restored):
        made.extensions["database"].engine.dispose()


def test_files_of_a_release_that_a_process_has_not_seen_yet_stay(app, table):
    late = create_app(replace(app.extensions["settings"], release_check_seconds=1e9))
    assert late.test_client().get("/v1/releases/latest").json["data"]["id"] == 4
    assert run(app, "publish", table, "--note", "New.").exit_code == 0
    assert late.test_client().get("/v1/releases/4/download.csv", buffered=True).status_code == 200
    assert there(app, 5) == set(FILES)
    assert tidy.faults(app.extensions["releases"].all(), app.extensions["settings"]) == []
    late.extensions["database"].engine.dispose()


def test_nothing_follows_where_nothing_is_published(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    database.create()
    with database.engine.connect() as connection:
        from api.services import schema  # noqa: PLC0415

        with connection.begin():
            schema.migrate(connection)
    assert list(after_commit.follow_up(database, Settings())) == []
    database.engine.dispose()
