"""`flask data publish` and `withdraw`, as an operator uses them."""

import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from api import create_app
from api.services import figures
from api.services.publish import publish
from api.settings import Settings
from tests.conftest import LIMIT, own_database, wait_until
from tests.contract_client import ContractClient

HEAD = "indicator,region,period,value,status,source_file"
SERIES = "/v1/series/gva-per-hour/E12000005"


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An application with a database and a folder of its own."""
    url = own_database(request, tmp_path, "commanded")
    made = create_app(Settings(database_url=url, downloads_path=str(tmp_path / "downloads"), release_check_seconds=0))
    made.test_client_class = ContractClient
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def table(tmp_path):
    """Writes a table and gives its path."""

    def write(*lines, head=HEAD, name="figures.csv"):
        path = tmp_path / name
        path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
        return str(path)

    return write


def run(app, *args):
    return app.test_cli_runner().invoke(args=["data", *args])


def test_figures_are_published_from_a_table(app, table):
    client = app.test_client()
    path = table(
        "gva-per-hour,E12000005,2023,41.5,P,s1",
        "gva-per-hour,TLG,2024,42.5,,s1",  # a code of another scheme, and the status that goes without saying
        "gigabit-availability,E12000005,2025-01,88.9,A,s1",  # a reading, at the moment that it has here
    )
    tried = run(app, "publish", path, "--note", "New figures.", "--dry-run")
    assert tried.exit_code == 0
    assert "1 added, 2 changed, 0 removed" in tried.output and "Nothing is published." in tried.output
    assert "~ gigabit-availability E12000005 2025-01: 88.2 A -> 88.9 A" in tried.output
    assert client.get("/v1/releases/latest").json["data"]["id"] == 4
    done = run(app, "publish", path, "--note", "New figures.", "--correction")
    assert done.exit_code == 0 and "Published as release 5" in done.output
    release = client.get("/v1/releases/latest").json["data"]
    assert (release["id"], release["kind"], release["reason"]) == (5, "correction", "New figures.")
    assert release["changes"] == {"added": 1, "changed": 2, "removed": 0}
    last = client.get(SERIES).json["data"]["observations"][-2:]
    assert [(item["period"], item["value"], item["status"]) for item in last] == [
        ("2023", 41.5, "P"), ("2024", 42.5, "A"),
    ]  # fmt: skip
    again = run(app, "publish", path, "--note", "New figures.")
    assert again.exit_code == 0 and "All of it stands already: nothing is published." in again.output
    assert client.get("/v1/releases/latest").json["data"]["id"] == 5


def test_figures_are_taken_out_and_bounds_and_files_come_in(app, table):
    source = app.test_client().get("/v1/indicators/gva-per-hour").json["data"]["source"]["id"]
    new_files = table(
        f"ons-2026,{source},A table,2026-06-01,https://example.org/a.csv",
        head="source_file,source,title,version_date,retrieved_from",
        name="files.csv",
    )
    path = table(
        "E12000005,2023,,,,,,,removed",
        "E12000007,2023,50.5,A,49.5,51.5,sampling_ci_95,A note,",
        head="region,period,value,status,lower,upper,bounds_kind,note,change",
    )
    done = run(
        app, "publish", path, new_files, "--indicator", "gva-per-hour", "--source-file", "ons-2026", "--note", "x"
    )
    assert done.exit_code == 0, done.output
    assert "- gva-per-hour E12000005 2023" in done.output
    client = app.test_client()
    assert client.get(SERIES).json["data"]["observations"][-1]["period"] == "2022"
    with app.extensions["database"].connect() as connection:
        row = connection.execute(
            text(
                "SELECT o.value, lower, upper, bounds_kind, note, slug FROM observation o JOIN source_file f "
                "ON f.id = source_file_id WHERE o.first_release = 5"
            )
        ).one()
    assert tuple(row) == (50.5, 49.5, 51.5, "sampling_ci_95", "A note", "ons-2026")


def test_two_publications_at_once_follow_one_another(app, table, monkeypatch):
    """The second waits, says so, and takes numbers after those that the first has given."""
    source = app.test_client().get("/v1/indicators/gva-per-hour").json["data"]["source"]["id"]
    mine, others = (
        [
            Path(table(f"{name},{source},A table", head="source_file,source,title", name=f"files-{name}.csv")),
            Path(table(f"gva-per-hour,E12000005,{year},41.5,A,{name}", name=f"figures-{name}.csv")),
        ]
        for name, year in (("mine", 2023), ("others", 2022))
    )
    waits, done, echo = threading.Event(), [], click.echo

    def heard(said, **how):
        echo(said, **how)
        if "Waiting until it is done" in said:
            waits.set()

    monkeypatch.setattr(click, "echo", heard)
    second = threading.Thread(target=lambda: done.append(run(app, "publish", *map(str, others), "--note", "x")))
    with app.extensions["database"].begin() as connection:
        second.start()
        wait_until(waits.is_set, "the waiting of the second publication")
        brought = figures.read_tables(connection, figures.catalogue_of(connection), mine)
        assert publish(connection, brought.changes, revisions=brought.revisions, reason="x").release == 5
    second.join(LIMIT)
    assert done[0].exit_code == 0 and "Published as release 6" in done[0].output, done[0].output
    with app.extensions["database"].connect() as connection:
        newest = text("SELECT slug FROM source_file ORDER BY id DESC LIMIT 2")
        assert connection.execute(newest).scalars().all() == ["others", "mine"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gva-per-hours,E12000005,2023,1,A,s1", "There is no indicator 'gva-per-hours'. Nearest known: gva-per-hour"),
        ("gva-per-hour,E1200005,2023,1,A,s1", "There is no region 'E1200005'."),
        ("gva-per-hour,E12000005,soon,1,A,s1", "'soon' is not a period."),
        ("gva-per-hour,E12000005,2023/24,1,A,s1", "Write 2023 or 2024."),
        ("gva-per-hour,E12000005,2023,one,A,s1", "the value 'one' is no number."),
        ("gva-per-hour,E12000005,2023,nan,A,s1", "the value 'nan' is no number."),
        ("gva-per-hour,E12000005,2023,1,F,s1", "those are projections"),
        ("gva-per-hour,E12000005,2023,1,X,s1", "the status 'X' is none of A, B"),
        ("gva-per-hour,E12000005,2023,,A,s1", "says 'normal value', and there is no value"),
        ("gva-per-hour,E12000005,2023,1,Q,s1", "says 'missing: suppressed by the publisher', and there is a value"),
        ("gva-per-hour,E12000005,2023,,,s1", "no status says why"),
        ("gva-per-hour,E12000005,2023,1,A,s999", "There is no source file 's999'."),
        ("gva-per-hour,E12000005,2023,1,A,", "the source_file is missing"),
        ("gva-per-hour,,2023,1,A,s1", "the region is missing"),
        (",E12000005,2023,1,A,s1", "the indicator is missing"),
        ("gigabit-availability,E12000005,2031-01,1,A,s1", "Write it into period_start"),
        ("gva-per-hour,E12000005,2023,1", "there are 4 cells, and the head has 6"),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_place(app, table, line, said):
    path = table("gva-per-hour,E12000005,2022,1,A,s1", line)
    refused = run(app, "publish", path, "--note", "x")
    assert refused.exit_code == 1
    assert f"{path}:3: " in refused.output and said in refused.output
    assert "Traceback" not in refused.output
    assert app.extensions["releases"].all()[-1].id == 4


@pytest.mark.parametrize(
    ("lines", "head", "said"),
    [
        (["a"], "indicator;region", ":1: the columns are not separated by commas."),
        (["gva-per-hour,E12000005"], "indicator,regoin", "there is no column 'regoin'. Is 'region' meant?"),
        (["gva-per-hour,E12000005"], "indicator,region", "the column 'period' is missing."),
        (["a,b,c,d"], "indicator,region,period,period", "the column 'period' stands twice."),
        ([], HEAD, "There is no figure in what was given"),
        (
            ["gva-per-hour,E12000005,2023,1,A,s1", "gva-per-hour,TLG,2023,2,A,s1"],
            HEAD,
            "this figure stands in",
        ),
        (["x,y,z"], "source_file,source,title", "There is no source 'y'."),
        (["s1,ofcom-connected-nations,z"], "source_file,source,title", "there is a source file 's1' already"),
        (
            ["gva-per-hour,E12000005,2023,2023-06-01,P1Y,1,A,s1"],
            "indicator,region,period,period_start,period_duration,value,status,source_file",
            "2023 begins on 2023-01-01 and lasts P1Y.",
        ),
        (
            ["gva-per-hour,E12000005,2023,1,A,s1,2,3,sampling_ci_95"],
            f"{HEAD},lower,upper,bounds_kind",
            "does not lie between lower (2) and upper (3)",
        ),
        (["gva-per-hour,E12000005,2023,1,A,s1,2"], f"{HEAD},lower", "go together"),
        (["gva-per-hour,E12000005,2031,1,A,s1,removed"], f"{HEAD},change", "that could be removed"),
    ],
)
def test_a_table_that_is_wrong(app, table, lines, head, said):
    refused = run(app, "publish", table(*lines, head=head), "--note", "x")
    assert refused.exit_code == 1 and said in refused.output
    assert "Traceback" not in refused.output
    assert app.extensions["releases"].all()[-1].id == 4


def test_files_that_are_no_tables(app, tmp_path):
    (tmp_path / "binary.csv").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    refused = run(
        app, "publish", str(tmp_path / "binary.csv"), str(tmp_path / "none.csv"), str(tmp_path), "--note", "x"
    )
    assert refused.exit_code == 1
    assert "binary.csv: this is no text in UTF-8" in refused.output
    assert "none.csv: it cannot be read (No such file or directory)" in refused.output
    assert f"{tmp_path}: it cannot be read (Is a directory)" in refused.output


def test_only_so_many_faults_are_told(app, table):
    refused = run(app, "publish", table(*["x,y,z,1,A,s1"] * 500), "--note", "x")
    assert len(refused.output.splitlines()) < 30 and "And 480 more." in refused.output


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--note", "x", "--at", "2026-06-26"], "is not after the last release, 4, which is of 2026-06-26T00:00:00Z"),
        (["--note", "x", "--at", f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"], "is in the future"),
        (["--note", "x", "--at", "soon"], "'soon' is no moment. Write one as 2026-11-27T09:30:00Z."),
        (["--note", " "], "A release needs a reason"),
    ],
)
def test_a_moment_or_a_note_that_is_wrong(app, table, args, said):
    refused = run(app, "publish", table("gva-per-hour,E12000005,2023,41.5,P,s1"), *args)
    assert refused.exit_code != 0 and said in refused.output
    assert app.extensions["releases"].all()[-1].id == 4


def test_a_release_is_withdrawn_with_its_files(app, table):
    client = app.test_client()
    before = client.get(SERIES).json["data"]
    for year, note in ((2023, "A mistake."), (2022, "Another release.")):
        path = table(f"gva-per-hour,E12000005,{year},41.5,A,s1")
        assert run(app, "publish", path, "--note", note, "--no-files").exit_code == 0
    for release in (4, 5, 6):
        assert client.get(f"/v1/releases/{release}/download.csv").status_code == 200
    tried = run(app, "withdraw", "5", "--reason", "It was wrong.", "--dry-run")
    assert "1 figures end, 1 of before stand again" in tried.output
    assert "Its figures stood in release 6, too: these are read no more either." in tried.output
    assert "Nothing is withdrawn." in tried.output
    assert client.get(f"{SERIES}?release=5").status_code == 200
    done = run(app, "withdraw", "5", "--reason", "It was wrong.", "--no-files")
    assert done.exit_code == 0 and "Withdrawn by release 7" in done.output
    assert "Removed 4 files" in done.output  # two, each with its note
    folder = Path(app.extensions["settings"].downloads_path)
    assert {path.name[0] for path in folder.iterdir() if path.name != "building.lock"} == {"4"}
    assert [client.get(f"{SERIES}?release={release}").status_code for release in (4, 5, 6, 7)] == [200, 410, 410, 200]
    now = {item["period"]: item["value"] for item in client.get(SERIES).json["data"]["observations"]}
    assert now["2022"] == 41.5
    assert now["2023"] == before["observations"][-1]["value"]


@pytest.mark.parametrize(
    ("release", "said"), [("9", "There is no release 9. The newest is 4."), ("x", "'x' is not a valid integer")]
)
def test_a_release_that_cannot_be_withdrawn(app, release, said):
    refused = run(app, "withdraw", release, "--reason", "x")
    assert refused.exit_code != 0 and said in refused.output and "Traceback" not in refused.output


def test_a_release_is_not_withdrawn_twice(app):
    assert run(app, "withdraw", "4", "--reason", "x").exit_code == 0
    again = run(app, "withdraw", "4", "--reason", "x")
    assert again.exit_code == 1 and "Release 4 is withdrawn already, by release 5." in again.output


@pytest.mark.parametrize("command", [["publish", "f.csv", "--note", "x"], ["withdraw", "1", "--reason", "x"]])
def test_a_database_that_is_not_there_or_not_ready(tmp_path, command, table):
    path = tmp_path / "none.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{path}"))
    missing = run(app, *command)
    assert (
        missing.exit_code == 1 and f"There is no database {path}. Run `flask --app wsgi data prepare`" in missing.output
    )
    assert not path.exists()
    path.touch()
    empty = run(app, *command)
    assert empty.exit_code == 1 and "There are no tables." in empty.output
    app.extensions["database"].engine.dispose()


def test_a_database_by_an_address_of_sqlites_own_kind(sqlite_seeded, tmp_path):
    """It names no file to look for: whether there is one is for SQLite to find out."""
    shutil.copy(sqlite_seeded, tmp_path / "there.sqlite3")
    app = create_app(Settings(database_url=f"sqlite:///file:{tmp_path}/there.sqlite3?mode=rw&uri=true"))
    found = run(app, "withdraw", "4", "--reason", "x", "--dry-run")
    assert found.exit_code == 0 and "Nothing is withdrawn." in found.output, found.output
    app.extensions["database"].engine.dispose()
