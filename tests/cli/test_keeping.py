"""`flask data backup`, `restore` and `verify`: what is published is not lost, on either database, or between them."""

import os
import shutil
import sqlite3
import tempfile
import threading
import zipfile
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from api import create_app
from api.database import Database
from api.services import backup
from api.services.publish import Figure, publish, withdraw
from api.settings import Settings
from tests.conftest import LIMIT, own_database, wait_until
from tests.contract_client import ContractClient

QUESTIONS = [
    *(
        f"/v1/observations.{ending}?indicator=gva-per-hour,population&region=E12000005,E12000007&release={{}}"
        for ending in ("json", "csv", "xlsx", "parquet", "csv-metadata.json")
    ),
    "/v1/observations?indicator=gva-per-hour&level=itl1&format=json-stat&release={}",
    "/v1/observations?indicator=gva-per-hour&level=itl1&format=sdmx-csv&release={}",
    "/v1/series/gva-per-hour/E12000005?release={}",
    "/v1/series/gva-per-hour/E12000005/projection?release={}",
    "/v1/comparisons?indicator=gva-sic-j-per-head&region=E12000005&release={}",
    "/v1/rankings/gigabit-availability?level=itl1&release={}",
    "/v1/regions/E12000005/profile?release={}",
    "/v1/regions/E12000005/peers?release={}",
    "/v1/regions.geojson?level=itl1&release={}",
    "/v1/regions?q=birmingham&release={}",
    "/v1/indices/local-digital-capital/scores?release={}",
    "/v1/published-figures?release={}",
    "/v1/sources?release={}",
    "/v1/catalog?release={}",
    "/v1/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hour?release={}",
    "/v1/releases/{}/download.csv",
    "/v1/releases/{}/download.parquet",
    "/v1/releases/{}/download.zip",
    "/v1/releases/{}/diff/1?region=E12000005",
    "/v1/releases/{}",
]
"""Each is asked of some releases."""


def app_on(url, folder):
    app = create_app(Settings(database_url=url, downloads_path=str(folder), release_check_seconds=0))
    app.test_client_class = ContractClient
    return app


@pytest.fixture
def start(tmp_path):
    """Starts applications, and ends them."""
    apps = []

    def make(url):
        apps.append(app_on(url, tmp_path / f"downloads-{len(apps)}"))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["database"].engine.dispose()


@pytest.fixture
def empty(request, tmp_path):
    """Gives the address of an empty database of a kind."""

    def make(kind, name="restored"):
        if kind == "postgresql":
            return request.getfixturevalue("postgresql_database")(name)
        return f"sqlite:///{tmp_path / name}.sqlite3"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path, start):
    """An application with a database of its own."""
    return start(own_database(request, tmp_path, "kept"))


def run(app, *args):
    return app.test_cli_runner().invoke(args=["data", *map(str, args)])


def answers(app, releases):
    """All that may be compared of the answers to the questions, pinned to some releases."""
    client, said = app.test_client(), {}
    for release in releases:
        for question in QUESTIONS:
            answer = client.get(question.format(release))
            headers = [
                item for item in answer.headers.to_wsgi_list() if item[0] not in {"Date", "Expires", "X-Request-Id"}
            ]
            said[question.format(release)] = answer.status_code, headers, answer.data
    return said


def pinned(app):
    """The answers of two releases but what is told of a release, which is told at the newest one."""
    return {question: said for question, said in answers(app, (1, 4)).items() if question[:-1] != "/v1/releases/"}


def figure(app, value, year=2023):
    """A figure of a series, from a file of the source that the series is from already."""
    catalogue = app.extensions["releases"].current()
    source = catalogue.indicator("gva-per-hour").source
    file = next(number for number, item in catalogue.source_files.items() if item.source == source)
    return Figure(
        indicator=catalogue.indicator("gva-per-hour").id, region=catalogue.region("E12000005").id,
        period=str(year), period_start=f"{year}-01-01", period_duration="P1Y", value=value, status="A",
        source_file=file,
    )  # fmt: skip


def publish_another(app, value, **how):
    with app.extensions["database"].begin() as connection:
        return publish(connection, [figure(app, value)], reason="x", **how).release


def test_a_restored_service_answers_the_same_bytes(app, start, empty, tmp_path):
    """From one kind of database into the other; from SQLite into SQLite elsewhere here."""
    kind = {"sqlite": "postgresql", "postgresql": "sqlite"}[app.extensions["database"].engine.dialect.name]
    publish_another(app, 40.25)
    publish_another(app, 40.75)
    with app.extensions["database"].begin() as connection:
        withdraw(connection, 5, reason="A mistake.")
    asked = (1, 5, 7)
    before = answers(app, asked)
    assert {said[0] for said in before.values()} == {200, 410}
    target = tmp_path / "backup.zip"
    written = run(app, "backup", target)
    assert written.exit_code == 0 and "release 7" in written.output, written.output
    restored = start(empty(kind))
    done = run(restored, "restore", target)
    assert done.exit_code == 0 and "Restored: release 7" in done.output, done.output
    after = answers(restored, asked)
    different = [question for question, said in before.items() if after[question] != said]
    assert different == []
    # It goes on from there: with numbers of its own for what is new.
    with restored.extensions["database"].begin() as connection:
        place = restored.extensions["releases"].current().region("E92000001").id
        assert publish(connection, [replace(figure(restored, 9.5), region=place)], reason="x").release == 8
    pinned = "/v1/series/gva-per-hour/E12000005?release=7"
    assert restored.test_client().get(pinned).data == before[pinned][2]


@contextmanager
def load_on(app):
    """Questions and publications, one after the other, while the context lasts; gives what was not answered."""
    ended, failed = threading.Event(), []

    def read():
        client = app.test_client()
        while not ended.is_set():
            answer = client.get("/v1/series/gva-per-hour/E12000005")
            if answer.status_code != 200:
                failed.append(answer.text)

    def write():
        value = 50.0
        while not ended.is_set():
            value += 0.25
            publish_another(app, value)

    threads = [threading.Thread(target=work) for work in (read, write)]
    for thread in threads:
        thread.start()
    try:
        yield failed
    finally:
        ended.set()
        for thread in threads:
            thread.join(LIMIT)


def wait_for_another(app):
    """Wait until something was published since."""
    seen = app.extensions["releases"].all()[-1]
    wait_until(lambda: app.extensions["releases"].all()[-1] != seen, "a release", every=0.01)


def test_a_backup_holds_one_moment_though_services_read_and_publish(app, start, empty, tmp_path):
    """Publications and questions go on while it is written; what it holds is whole, and the same as was answered."""
    written = []
    with load_on(app) as failed:
        for number in range(2):
            wait_for_another(app)
            written.append(run(app, "backup", tmp_path / f"{number}.zip"))
    assert failed == []
    assert [said.exit_code for said in written] == [0, 0], [said.output for said in written]
    newest = []
    for number in range(2):
        restored = start(empty("sqlite", f"restored-{number}"))
        assert run(restored, "restore", tmp_path / f"{number}.zip").exit_code == 0
        assert "ok     coverage" in run(restored, "verify").output
        newest.append(restored.extensions["releases"].newest().releases[-1].id)
        asked = "/v1/series/gva-per-hour/E12000005?release={}"
        for release in (1, 4, newest[-1] - 1, newest[-1]):
            there, here = (one.test_client().get(asked.format(release)) for one in (app, restored))
            assert (there.data, there.headers["ETag"]) == (here.data, here.headers["ETag"])
    assert 4 < newest[0] < newest[1]


def test_an_older_backup_takes_the_place_of_all_under_a_running_service(app, start, tmp_path):
    target = tmp_path / "backup.zip"
    assert run(app, "backup", target).exit_code == 0
    before = answers(app, (4,))
    lost = publish_another(app, 77.25, published_at=datetime.now(UTC) - timedelta(days=1))
    client = app.test_client()
    tag = client.get(f"/v1/series/gva-per-hour/E12000005?release={lost}").headers["ETag"]
    assert client.get(f"/v1/releases/{lost}/download.csv").status_code == 200
    refused = run(app, "restore", target)
    assert (
        refused.exit_code == 1 and "holds releases up to 5 already" in refused.output and "--replace" in refused.output
    )
    assert client.get(f"/v1/series/gva-per-hour/E12000005?release={lost}").status_code == 200
    done = run(app, "restore", target, "--replace")
    assert done.exit_code == 0 and "took the place of 5 releases." in done.output, done.output
    assert (
        "Removed 2 files from" in done.output and "Wrote 1 file of release 4 to" in done.output
    )  # the others were asked for
    assert client.get(f"/v1/series/gva-per-hour/E12000005?release={lost}").status_code == 404
    assert answers(app, (4,)) == before
    # Another release of the same number is another one.
    assert publish_another(app, 66.25) == lost
    again = client.get(f"/v1/series/gva-per-hour/E12000005?release={lost}", headers={"If-None-Match": tag})
    assert again.status_code == 200 and again.json["data"]["observations"][-1]["value"] == 66.25


def test_a_backup_of_the_newest_release_takes_the_place_of_damaged_figures(app, tmp_path):
    """Number, mark and moment of the newest release are those of before: what workers keep of it is not."""
    target = tmp_path / "backup.zip"
    assert run(app, "backup", target).exit_code == 0
    with app.extensions["database"].begin() as connection:
        connection.execute(text("UPDATE observation SET value = 12345.5 WHERE value IS NOT NULL"))
    client, asked = app.test_client(), "/v1/series/gva-per-hour/E12000005"
    for _ in range(2):
        assert client.get(asked).json["data"]["observations"][-1]["value"] == 12345.5
    assert run(app, "restore", target, "--replace").exit_code == 0
    assert client.get(asked).json["data"]["observations"][-1]["value"] != 12345.5


def test_another_release_leaves_what_is_kept_of_those_before(app):
    """What is kept of earlier releases is of the same database, and after a write that publishes nothing it is kept."""
    releases = app.extensions["releases"]
    before = releases.seen()
    publish_another(app, 77.25)
    published = releases.seen()
    assert published is not before
    assert published.origin is before.origin
    with app.extensions["database"].begin() as connection:
        connection.execute(text("UPDATE region SET name = name"))
    assert releases.seen() is published


@pytest.mark.parametrize("command", ["backup", "verify"])
def test_what_reads_everything_has_none_of_the_readers_time_outs(postgresql_database, start, tmp_path, command):
    app = start(postgresql_database("kept", seeded=True))
    database, found = app.extensions["database"], []

    def look(connection, _cursor, statement, *_):
        if "FROM observation" in statement:
            found.append((connection.connection.driver_connection.bound, _bound_of(connection)))

    event.listen(database.engine, "before_cursor_execute", look)
    assert run(app, command, *[tmp_path / "backup.zip"][: command == "backup"]).exit_code == 0
    assert found and set(found) == {(None, "0")}
    # Readers keep theirs, on the same connections.
    found.clear()
    with database.engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM observation LIMIT 1"))
    assert found[0][0] is not None and found[0][1] != "0"


def _bound_of(connection):
    with connection.connection.driver_connection.cursor() as cursor:
        return cursor.execute("SHOW statement_timeout").fetchone()[0]


def test_no_backup_is_written_over_another_file(app, tmp_path):
    target = tmp_path / "backup.zip"
    target.write_text("something")
    refused = run(app, "backup", target)
    assert refused.exit_code == 1 and f"{target} is there already" in refused.output
    assert target.read_text() == "something"
    nowhere = run(app, "backup", tmp_path / "none" / "backup.zip")
    assert nowhere.exit_code == 1 and "There is no folder" in nowhere.output
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.zip"]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_backup_takes_the_place_of_a_file_that_comes_to_be_there(app, tmp_path, monkeypatch):
    """On a file system without links too, such as a share or a stick."""

    def without_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", without_links)
    target = tmp_path / "backup.zip"
    assert run(app, "backup", target).exit_code == 0
    assert zipfile.is_zipfile(target)
    another, pack = tmp_path / "another.zip", backup._pack

    def packed(*given):
        pack(*given)
        another.write_text("something")

    monkeypatch.setattr(backup, "_pack", packed)
    refused = run(app, "backup", another)
    assert refused.exit_code == 1 and f"{another} has come to be there meanwhile" in refused.output
    assert another.read_text() == "something"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_backup_is_unpacked_beside_it_or_where_that_can_be(app, tmp_path, monkeypatch):
    """The folder of the system may be memory, and a backup may lie where nothing can be written."""
    (tmp_path / "backups").mkdir()
    target = tmp_path / "backups" / "backup.zip"
    assert run(app, "backup", target).exit_code == 0
    closed, places, make = set(), [], tempfile.TemporaryDirectory

    def noted(*, dir, prefix):  # noqa: A002
        place = Path(dir or tempfile.gettempdir())
        if place in closed:
            raise PermissionError(13, "Permission denied", str(place))
        places.append(place)
        return make(dir=dir, prefix=prefix)

    monkeypatch.setattr(tempfile, "TemporaryDirectory", noted)
    assert run(app, "restore", target, "--replace").exit_code == 0
    closed.add(target.parent)
    told = f"Nothing can be unpacked in {target.parent} (Permission denied). It is unpacked in {tmp_path}."
    assert told in run(app, "restore", target, "--replace").output
    closed.add(tmp_path)
    assert run(app, "restore", target, "--replace").exit_code == 0
    assert places == [target.parent, tmp_path, Path(tempfile.gettempdir())]
    closed.add(places[-1])
    refused = run(app, "restore", target, "--replace")
    assert refused.exit_code == 1 and f"Make room for it beside {target}" in refused.output, refused.output


def test_a_backup_that_cannot_be_finished_leaves_nothing(app, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "backup.zip"))

    monkeypatch.setattr(backup, "_pack", full)
    said = run(app, "backup", tmp_path / "backup.zip")
    assert (
        said.exit_code == 1 and "No space left on device. Make room" in said.output and "Traceback" not in said.output
    )
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def damaged(path, kind):
    """A backup with something wrong."""
    data = bytearray(path.read_bytes())
    if kind == "cut short":
        data = data[: len(data) // 2]
    elif kind == "another byte":
        data[len(data) // 2] ^= 0xFF
    elif kind == "no backup":
        data = bytearray(b"no backup at all")
    path.write_bytes(data)
    if kind in {"no manifest", "another manifest", "other figures", "newer schema", "fewer rows"}:
        rewrite(path, kind)


def rewrite(path, kind):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = parts["manifest.json"]
    if kind == "no manifest":
        del parts["manifest.json"]
    elif kind == "another manifest":
        parts["manifest.json"] = b'["something"]'
    elif kind == "other figures":
        parts["figures.sqlite3"] = parts["figures.sqlite3"][:-1] + b"x"
    elif kind == "newer schema":
        parts["manifest.json"] = manifest.replace(b'"schema": "0', b'"schema": "9')
    elif kind == "fewer rows":
        parts["manifest.json"] = manifest.replace(b'"gap": ', b'"gap": 9')
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is read is a file, whatever it is restored into
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("cut short", "is no backup, or is damaged"), ("another byte", "damaged"),
        ("no backup", "is no backup, or is damaged"), ("no manifest", "is no backup, or is damaged"),
        ("another manifest", "is no backup, or is damaged"), ("other figures", "has not the SHA-256 that it had"),
        ("newer schema", "is newer than this code"), ("fewer rows", "The table gap has 125 rows, and had 9125."),
    ],
)  # fmt: skip
def test_what_is_no_whole_backup_changes_nothing(app, tmp_path, kind, said):
    target = tmp_path / "backup.zip"
    assert run(app, "backup", target).exit_code == 0
    damaged(target, kind)
    before = app.test_client().get("/v1/series/gva-per-hour/E12000005").data
    refused = run(app, "restore", target, "--replace")
    assert refused.exit_code == 1 and said.replace("9125", "9,125") in refused.output, refused.output
    assert "Traceback" not in refused.output
    assert app.test_client().get("/v1/series/gva-per-hour/E12000005").data == before


def test_a_restoring_that_fails_changes_nothing(app, tmp_path, monkeypatch):
    from api.services import copying  # noqa: PLC0415

    target = tmp_path / "backup.zip"
    assert run(app, "backup", target).exit_code == 0
    publish_another(app, 77.25)
    before = answers(app, (5,))
    copy = copying.copy

    def half(source, into):
        copy(source, into)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "copy", half)
    failed = run(app, "restore", target, "--replace")
    assert failed.exit_code == 1 and "No space left on device." in failed.output
    assert answers(app, (5,)) == before


def test_a_backup_of_an_earlier_schema_is_brought_to_the_newest(app, start, empty, tmp_path):
    """Before it is migrated, a database is backed up by the code that is to migrate it."""
    from alembic import command  # noqa: PLC0415

    from api.services import schema  # noqa: PLC0415

    def downgrade():
        with app.extensions["database"].begin() as connection:
            command.downgrade(schema.config(connection), "0006")

    # A database of that schema says of every release what it says of the newest.
    downgrade()
    prepared = run(app, "prepare")
    assert prepared.exit_code == 0, prepared.output
    before = pinned(start(app.extensions["settings"].database_url))
    downgrade()
    written = run(app, "backup", tmp_path / "backup.zip")
    assert written.exit_code == 0, written.output
    restored = start(empty("sqlite"))
    assert run(restored, "restore", tmp_path / "backup.zip").exit_code == 0
    assert pinned(restored) == before


def test_tables_of_another_application_are_left_alone(app, tmp_path):
    database = app.extensions["database"]
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, place INTEGER REFERENCES region (id))"))
        connection.execute(text("INSERT INTO notes VALUES (1, NULL)"))
    written = run(app, "backup", tmp_path / "backup.zip")
    assert written.exit_code == 0, written.output
    assert "Tables that are not of this service, and not in it: notes.\n" in written.output
    publish_another(app, 77.25)
    done = run(app, "restore", tmp_path / "backup.zip", "--replace")
    assert done.exit_code == 0 and "took the place of 5 releases" in done.output, done.output
    with database.connect() as connection:
        assert connection.execute(text("SELECT id FROM notes")).all() == [(1,)]
    assert "All is whole." in run(app, "verify").output


def test_columns_that_are_not_ours_are_told(app, tmp_path):
    with app.extensions["database"].begin() as connection:
        connection.execute(text("ALTER TABLE gap ADD COLUMN remark TEXT"))
    refused = run(app, "backup", tmp_path / "backup.zip")
    assert refused.exit_code == 1, refused.output
    assert "have not the same tables and columns. One alone has gap.remark." in refused.output


def test_a_database_without_tables(start, empty, tmp_path):
    Database(empty("sqlite")).create()
    app = start(empty("sqlite"))
    said = run(app, "backup", tmp_path / "backup.zip")
    assert said.exit_code == 1 and "There is nothing in this database to back up." in said.output
    said = run(app, "verify")
    assert said.exit_code == 1 and "There are no tables. Run `flask --app wsgi data prepare`" in said.output


def test_a_whole_database_is_told_as_such(app):
    said = run(app, "verify")
    assert said.exit_code == 0, said.output
    assert "WRONG" not in said.output and said.output.endswith("All is whole.\n")
    assert app.test_client().get("/v1/releases/4/download.csv").status_code == 200
    assert "ok     files (1)" in run(app, "verify").output


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE observation SET last_release = 3 WHERE series_id = 1 AND first_release = 1",
            "What release 4 covers of",
        ),
        ("UPDATE observation SET last_release = 9 WHERE last_release = 1", "that another of their key holds in"),
        ("UPDATE coverage SET regions = regions + 1 WHERE indicator_id = 1", "is not what is counted"),
        ("DELETE FROM projection WHERE series_id = (SELECT min(series_id) FROM projection)", "1 series of release 4"),
        ("UPDATE projection SET content = '{}' WHERE series_id = (SELECT min(series_id) FROM projection)", "not whole"),
        (
            "UPDATE release SET published_at = '2026-12-31' WHERE id = 2",
            "Release 3 is not later than release 2",
        ),
        ("UPDATE indicator SET title = 'Another' WHERE id = 1", "What release 4 says besides figures is not what it"),
        ("UPDATE release SET fingerprint = NULL WHERE id = 2", "It is not noted what release 2 says."),
        ("DELETE FROM index_definition", "There are no indices."),
        ("UPDATE alembic_version SET version_num = '0006'", "this code needs"),
        ("UPDATE alembic_version SET version_num = '9999'", "is newer than this code"),
    ],
)
def test_what_is_wrong_is_found(app, statement, said):
    with app.extensions["database"].begin() as connection:
        if "last_release = 9" in statement:  # a release that is not there is refused where references are held
            statement = statement.replace("= 9", "= 4")
        connection.execute(text(statement))
    found = run(app, "verify")
    assert found.exit_code == 1, found.output
    assert "WRONG" in found.output and said in found.output, found.output
    assert "wrong." in found.output and "Traceback" not in found.output


def test_a_damaged_file_and_rows_that_lead_nowhere_are_found(sqlite_seeded, start, tmp_path):
    path = tmp_path / "damaged.sqlite3"
    shutil.copy(sqlite_seeded, path)
    app = start(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:  # which holds no references
        connection.execute("DELETE FROM region WHERE code = 'E12000005'")
        connection.commit()
    found = run(app, "verify")
    assert found.exit_code == 1
    assert "rows of the table series refer to rows of region that are not there. Restore a backup." in found.output
    app.extensions["database"].engine.dispose()
    data = bytearray(path.read_bytes())
    for start_ in range(1_000_000, 1_400_000, 4_096):
        data[start_ : start_ + 200] = b"\x00" * 200
    path.write_bytes(data)
    found = run(app, "verify")
    assert found.exit_code == 1 and "Traceback" not in found.output
    assert "SQLite finds the file damaged" in found.output or "The database says" in found.output
