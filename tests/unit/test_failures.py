"""What errors of a database are taken for: the database's failure, or a mistake of ours."""

import logging
import sqlite3
import threading

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from api.connecting.failures import Failure, Teller, failure_in
from api.connecting.gate import FullError, Gate
from api.database import Database
from tests.conftest import LIMIT


def error_of(file, statement, *, mode="rw"):
    """What SQLAlchemy raises for a statement on a file."""
    engine = create_engine(f"sqlite:///file:{file}?mode={mode}&uri=true", connect_args={"timeout": 0})
    with pytest.raises(DBAPIError) as raised, engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    return raised.value


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "some.sqlite3"
    with sqlite3.connect(made) as connection:
        connection.execute("CREATE TABLE there (number INTEGER)")
    connection.close()
    return made


def test_files_that_cannot_be_had(file, tmp_path):
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"no database at all, " * 500)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    found = {
        "there is none": failure_in(error_of(tmp_path / "none", "SELECT 1")),
        "not one": failure_in(error_of(damaged, "SELECT * FROM there")),
        "locked": failure_in(error_of(file, "SELECT * FROM there")),
    }
    holder.close()
    found["read alone"] = failure_in(error_of(file, "INSERT INTO there VALUES (1)", mode="ro"))
    assert {name: failure.what for name, failure in found.items()} == {
        "there is none": "cannot be opened",
        "not one": "is not a database",
        "locked": "is locked by another process",
        "read alone": "cannot be written to",
    }
    assert not any(failure.passing or failure.unprepared for failure in found.values())


def test_a_full_disk_says_nothing_of_whether_the_database_is_there(file):
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        with pytest.raises(DBAPIError) as raised:
            connection.execute(text("CREATE TABLE large AS SELECT zeroblob(1000000)"))
    engine.dispose()
    assert failure_in(raised.value).what == "is full, or its disk is"
    assert failure_in(raised.value).passing


def test_mistakes_of_ours_are_no_failures(file):
    assert failure_in(error_of(file, "SELECT FROM WHERE")) is None
    assert failure_in(ValueError("no")) is None
    assert failure_in(psycopg.ProgrammingError("the query has 1 placeholder")) is None
    assert failure_in(error_of(file, "SELECT * FROM elsewhere")).unprepared


@pytest.mark.parametrize(
    ("statement", "what", "passing"),
    [
        ("SELECT pg_sleep(3600)", "took too long over a statement", True),
        ("SELECT pg_terminate_backend(pg_backend_pid())", "is being stopped or started", False),
    ],
)
def test_what_postgresql_says(postgresql_url, statement, what, passing):
    database = Database(postgresql_url)
    with database.engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 100"))
        with pytest.raises(DBAPIError) as raised:
            connection.execute(text(statement))
    database.engine.dispose()
    found = failure_in(raised.value)
    assert (found.what, found.passing) == (what, passing)
    assert "\n" not in found.said


def test_a_misspelt_statement_on_postgresql_is_a_mistake(postgresql_url):
    database = Database(postgresql_url)
    with pytest.raises(ProgrammingError), database.connect() as connection:
        connection.execute(text("SELECT FROM WHERE"))
    database.engine.dispose()


def test_many_failures_of_a_kind_are_one_line(caplog):
    teller = Teller()
    with caplog.at_level(logging.ERROR):
        for _ in range(113):
            teller.tell(Failure("one", "is locked", "busy"))
            teller.tell(Failure("another", "is full", "no room"))
    assert [record.getMessage() for record in caplog.records] == [
        "The database is locked: busy",
        "The database is full: no room",
    ]


def test_one_too_many_is_turned_away_and_let_in_once_another_has_left():
    gate, leave, inside = Gate(2), threading.Event(), threading.Barrier(3)

    def stay():
        with gate.entered(), gate.entered():  # who is in goes in again
            inside.wait(LIMIT)
            leave.wait(LIMIT)

    stayers = [threading.Thread(target=stay) for _ in range(2)]
    for thread in stayers:
        thread.start()
    inside.wait(LIMIT)
    for _ in range(3):
        with pytest.raises(FullError), gate.entered():
            pass
    leave.set()
    for thread in stayers:
        thread.join(LIMIT)
    with gate.entered():
        pass
