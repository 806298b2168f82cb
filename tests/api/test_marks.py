"""Tags name the release among those of all databases: a database built anew gives others, a copy gives the same."""

import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from api import create_app
from api.database import Database
from api.services.publish import Figure, publish
from api.services.seed import fill
from api.settings import Settings
from tests.conftest import own_database
from tests.contract_client import ContractClient

ADDRESSES = [
    "/v1/series/gva-per-hour/E12000005?release=4",
    "/v1/observations.csv?indicator=gva-per-hour&region=E12000005",
    "/v1/regions/E12000005/profile",
    "/v1/releases/2/diff/3?region=E12000005",
    "/v1/",
]


def app_on(url, folder):
    app = create_app(Settings(database_url=url, downloads_path=str(folder / "downloads"), release_check_seconds=0))
    app.test_client_class = ContractClient
    return app


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An application on a database of its own."""
    made = app_on(own_database(request, tmp_path, "marked"), tmp_path)
    yield made
    made.extensions["database"].engine.dispose()


def build_anew(app):
    """As far as tags go: the same releases, under other marks."""
    with app.extensions["database"].begin() as connection:
        connection.execute(text("UPDATE release SET mark = 'anew' || id"))


def test_a_database_that_is_built_anew_has_other_tags(app):
    client = app.test_client()
    before = {address: client.get(address).headers["ETag"] for address in ADDRESSES}
    build_anew(app)
    for address, tag in before.items():
        again = client.get(address, headers={"If-None-Match": tag})
        assert again.status_code == 200, address
        assert again.headers["ETag"] != tag
        known = client.get(address, headers={"If-None-Match": again.headers["ETag"]})
        assert known.status_code == 304


def test_differences_have_other_tags_when_the_first_release_is_another(app):
    """The second one names the catalogue; the figures on one side are of the first."""
    addresses = ["/v1/series/gva-sic-j/E12000005?release=3", "/v1/releases/2/diff/3?region=E12000005"]
    client = app.test_client()
    before = {address: client.get(address).headers["ETag"] for address in addresses}
    with app.extensions["database"].begin() as connection:
        # And the newest, by which it is seen that the database was replaced.
        connection.execute(text("UPDATE release SET mark = 'anew' || id WHERE id IN (2, 4)"))
    answers = [client.get(address, headers={"If-None-Match": tag}) for address, tag in before.items()]
    assert [answer.status_code for answer in answers] == [304, 200]


def test_two_fillings_are_two_databases(tmp_path):
    """What `own_database` makes alike is random: `fill` gives each database marks of its own."""
    marks = []
    for name in ("one", "other"):
        database = Database(fill(f"sqlite:///{tmp_path / name}.sqlite3", projected=False))
        with database.connect() as connection:
            marks.append(set(connection.execute(text("SELECT mark FROM release")).scalars()))
        database.engine.dispose()
    assert len(marks[0] | marks[1]) == 8


def test_a_copy_of_a_database_has_the_same_tags(sqlite_seeded, tmp_path):
    answers = []
    for name in ("one", "copy"):
        (tmp_path / name).mkdir()
        shutil.copy(sqlite_seeded, tmp_path / name / "own.sqlite3")
        app = app_on(f"sqlite:///{tmp_path / name / 'own.sqlite3'}", tmp_path / name)
        answers.append([app.test_client().get(address) for address in ADDRESSES])
        app.extensions["database"].engine.dispose()
    assert [item.headers["ETag"] for item in answers[0]] == [item.headers["ETag"] for item in answers[1]]
    assert [item.data for item in answers[0]] == [item.data for item in answers[1]]


def test_what_is_kept_is_not_taken_for_that_of_another_release_of_the_same_number(app):
    """An older copy is restored, and another release published under the number of the one that was lost."""
    address, pinned = "/v1/series/gva-per-hour/E12000005", "/v1/series/gva-per-hour/E12000005?release=5"
    client, database = app.test_client(), app.extensions["database"]
    catalogue = app.extensions["releases"].current()
    key = {
        "indicator": catalogue.indicator("gva-per-hour").id,
        "region": catalogue.region("E12000005").id,
        "period": "2023",
        "period_start": "2023-01-01",
        "period_duration": "P1Y",
    }
    tags, values = [], []
    for value in (91.5, 92.5):
        with database.begin() as connection:
            connection.execute(text("DELETE FROM coverage WHERE first_release = 5"))
            connection.execute(text("DELETE FROM observation WHERE first_release = 5"))
            connection.execute(text("UPDATE observation SET last_release = NULL WHERE last_release = 4"))
            connection.execute(text("UPDATE coverage SET last_release = NULL WHERE last_release = 4"))
            connection.execute(text("DELETE FROM release_file WHERE release_id = 5"))
            connection.execute(text("DELETE FROM release WHERE id = 5"))
            changed = Figure(**key, value=value, status="A", source_file=1)
            publish(connection, [changed], reason="x", published_at=datetime(2026, 7, 1, tzinfo=UTC))
        for asked in (address, pinned):
            answer = client.get(asked, headers={"If-None-Match": ", ".join(tags)} if tags else {})
            assert answer.status_code == 200
            values.append(answer.json["data"]["observations"][-1]["value"])
        tags += [client.get(asked).headers["ETag"] for asked in (address, pinned)]
    assert values == [91.5, 91.5, 92.5, 92.5]
    assert len(set(tags)) == 2  # one for each release, whichever way it is asked for
