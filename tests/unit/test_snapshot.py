"""What a request reads: one state of the database, of the release that it means, and no longer than it may."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from api import create_app
from api.database import Database
from api.errors import Problem
from api.http.releases import Releases
from api.models import Indicator, Projection
from api.queries.catalogue import load_catalogue
from api.services.publish import Revision, publish
from api.settings import Settings
from tests.conftest import DATABASES, LIMIT, own_database, wait_until

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
COUNT = select(func.count()).select_from(Projection)


@pytest.fixture(params=DATABASES)
def database(request, tmp_path):
    made = Database(own_database(request, tmp_path, "snapshot"))
    yield made
    made.engine.dispose()


@pytest.fixture
def releases(database):
    return Releases(database, check_seconds=0)


def write(database, statement):
    with database.begin() as connection:
        connection.execute(text(statement))


def test_while_it_is_held_it_sees_one_state(database, releases):
    snapshot = releases.snapshot(releases.current().release)
    with snapshot.held():
        with snapshot.connect() as connection:
            before = connection.scalar(COUNT)
        write(database, "DELETE FROM projection")
        with snapshot.connect() as again:
            assert again is connection and again.scalar(COUNT) == before > 0
    with snapshot.connect() as later:
        assert later.scalar(COUNT) == 0
    assert database.engine.pool.checkedout() == 0


def test_it_gives_its_connection_back_when_it_is_let_go_and_when_it_fails(database, releases):
    snapshot = releases.snapshot(releases.current().release)
    with pytest.raises(DBAPIError), snapshot.held(), snapshot.connect() as connection:
        connection.execute(text("SELECT FROM WHERE"))
    assert database.engine.pool.checkedout() == 0
    with snapshot.held():
        with snapshot.connect():
            pass
        snapshot.let_go()
        assert database.engine.pool.checkedout() == 0
        with snapshot.connect() as connection:
            assert connection.scalar(COUNT) > 0
    assert database.engine.pool.checkedout() == 0


@pytest.mark.parametrize(
    "replaced",
    ["UPDATE release SET mark = 'another' WHERE id = 4", "UPDATE release SET fingerprint = 'another' WHERE id = 4"],
)
def test_a_release_that_is_another_one_on_this_connection_is_not_read(database, releases, replaced):
    """As behind a balancer, where a replica may not have got the release yet, or where the database was replaced."""
    snapshot = releases.snapshot(releases.current().release)
    write(database, replaced)
    with pytest.raises(Problem, match="Release 4 cannot be read just now") as raised, snapshot.connect():
        raise AssertionError("it was read")
    assert raised.value.type.slug == "not-ready" and raised.value.headers["Retry-After"] == "1"
    assert database.doubted and database.engine.pool.checkedout() == 0


def test_a_draft_of_the_number_is_no_release(database, releases):
    snapshot = releases.snapshot(releases.current().release)
    write(database, "UPDATE release SET state = 'draft' WHERE id = 4")
    with pytest.raises(Problem, match="Release 4 cannot be read just now"), snapshot.connect():
        raise AssertionError("it was read")


def test_a_replica_that_is_behind_answers_503_and_not_under_the_tag_of_the_release(database):
    settings = Settings(
        database_url=database.engine.url.render_as_string(hide_password=False), release_check_seconds=300, caches=""
    )
    app = create_app(settings)
    client, address = app.test_client(), "/v1/series/gigabit-availability/E12000005"
    assert client.get(address).status_code == 200
    write(database, "UPDATE release SET mark = 'another' WHERE id = 4")
    answer = client.get(address)
    assert answer.status_code == 503 and answer.json["detail"].startswith("Release 4 cannot be read just now")
    assert "ETag" not in answer.headers
    wait_until(lambda: client.get(address).status_code == 200)  # it is looked again, and what is there is found
    app.extensions["database"].engine.dispose()


def test_a_statement_that_takes_too_long_is_given_up_and_nothing_else_is(database):
    bounded = Database(
        database.engine.url.render_as_string(hide_password=False), replace(Settings(), database_statement_seconds=0.2)
    )
    for _ in range(2):
        with (
            pytest.raises(Problem, match=r"took too long over a statement\. Ask for less") as raised,
            bounded.connect() as it,
        ):
            it.execute(text(ENDLESS))
        assert raised.value.type.slug == "not-ready"
        assert not bounded.doubted  # it is there
        with bounded.connect() as connection:
            assert connection.scalar(COUNT) > 0
    bounded.engine.dispose()


def test_a_writer_and_a_command_take_as_long_as_they_take(database):
    settings = replace(Settings(), database_statement_seconds=0.2)
    bounded = Database(database.engine.url.render_as_string(hide_password=False), settings)
    long = text(ENDLESS.replace("FROM n)", "FROM n WHERE i < 5000000)"))
    with pytest.raises(Problem), bounded.connect() as connection:
        connection.execute(long)
    with bounded.begin() as connection:
        assert connection.scalar(long) == 5_000_000
    bounded.take_time()
    with bounded.connect() as connection:
        assert connection.scalar(long) == 5_000_000
    bounded.engine.dispose()


def test_who_reads_for_long_holds_up_nobody_else(database):
    inside, leave = threading.Event(), threading.Event()

    def stay():
        with database.connect():
            inside.set()
            assert leave.wait(LIMIT)

    staying = threading.Thread(target=stay)
    staying.start()
    assert inside.wait(LIMIT)
    with database.connect() as connection:  # though the other one never lets go by itself
        assert connection.scalar(COUNT) > 0
    leave.set()
    staying.join(LIMIT)
    assert not staying.is_alive()


def test_readers_go_on_with_the_release_before_while_the_catalogue_of_a_new_one_is_loaded(database, monkeypatch):
    releases = Releases(database, check_seconds=0.001)
    assert releases.current().release.id == 4
    loading, go_on = threading.Event(), threading.Event()

    def slowly(connection, release, origin):
        if release.id == 5:
            loading.set()
            assert go_on.wait(LIMIT)
        return load_catalogue(connection, release, origin)

    monkeypatch.setattr("api.http.releases.load_catalogue", slowly)
    with database.begin() as connection:
        publish(connection, [], revisions=[Revision(Indicator, [{"id": 1, "title": "Another"}])], reason="x")
    wait_until(lambda: releases.current().release.id == 4 and loading.is_set())
    assert [releases.current().release.id for _ in range(3)] == [4, 4, 4]
    go_on.set()
    wait_until(lambda: releases.current().release.id == 5)
    made = vars(releases.current())
    assert {"_places", "_codes", "_at_levels", "_chains"} <= made.keys()  # nobody waits for these either
