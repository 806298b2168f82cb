"""What was withdrawn is gone, by every way by which figures leave, in every process that serves them."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.exports import files
from api.services.publish import Figure, publish, withdraw
from api.settings import Settings
from tests.conftest import LIMIT, own_database
from tests.contract_client import ContractClient

VALUE = 87654.32
"""Nothing else has it, in whichever format."""
SERIES = "gva-per-hour/E12000005"
ASKED = "indicator=gva-per-hour&region=E12000005"
FIGURES = [
    f"/v1/observations?{ASKED}",
    *(f"/v1/observations.{ending}?{ASKED}" for ending in ("csv", "json", "xlsx", "parquet", "csv-metadata.json")),
    f"/v1/observations?format=json-stat&{ASKED}",
    f"/v1/observations?format=sdmx-csv&{ASKED}",
    f"/v1/observations?{ASKED}&explain=true",
    f"/v1/observations?{ASKED}&period=2023&status=A",
    f"/v1/series/{SERIES}",
    f"/v1/series/{SERIES}?format=csv",
    f"/v1/series?{ASKED}",
    f"/v1/series/{SERIES}/projection",
    f"/v1/comparisons?{ASKED}",
    "/v1/rankings/gva-per-hour?level=itl1",
    "/v1/regions/E12000005/profile",
    "/v1/regions/E12000005/peers",
    "/v1/regions/E12000005",
    "/v1/regions.geojson?level=itl1",
    "/v1/indicators/gva-per-hour",
    "/v1/indicators/gva-per-hour/availability",
    "/v1/indices/local-digital-capital/scores",
    "/v1/published-figures",
    f"/v1/verify?figure={VALUE:.0f}&{ASKED}",
    f"/v1/verify?figure=87655&{ASKED}",
    "/v1/catalog",
    "/v1/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hour",
    "/v1/sdmx/structure/dataflow/UKDC/OBSERVATIONS/1.0.0",
]
"""What may be asked of a release."""
ENDINGS = ("csv", "parquet", "zip", "csv-metadata.json")
JULY, AUGUST, SEPTEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (7, 8, 9))


@pytest.fixture(params=["sqlite", "postgresql"])
def workers(request, tmp_path):
    """Two processes of one service, as far as memory goes: each keeps what it answered."""
    settings = Settings(
        database_url=own_database(request, tmp_path, "withdrawn"),
        downloads_path=str(tmp_path / "downloads"),
        release_check_seconds=0,
    )
    apps = [create_app(settings) for _ in range(2)]
    for app in apps:
        app.test_client_class = ContractClient
    yield apps
    for app in apps:
        app.extensions["database"].engine.dispose()


def figure(app, value, region="E12000005"):
    catalogue = app.extensions["releases"].current()
    return Figure(
        indicator=catalogue.indicator("gva-per-hour").id, region=catalogue.region(region).id,
        period="2023", period_start="2023-01-01", period_duration="P1Y", value=value, status="A", source_file=1,
    )  # fmt: skip


def holds_it(answer):
    """Whether the figure stands in an answer, as a number or in a sentence."""
    return str(VALUE).encode() in answer.data or f"{VALUE:,}".encode() in answer.data


def pinned(address, at):
    return f"{address}{'&' if '?' in address else '?'}{at}"


def test_every_way_by_which_figures_leave(workers):
    database = workers[0].extensions["database"]
    with database.begin() as connection:
        publish(connection, [figure(workers[0], VALUE)], reason="A mistake.", published_at=JULY)
    with database.begin() as connection:
        publish(connection, [figure(workers[0], 30.0, "E12000007")], reason="Others.", published_at=AUGUST)
    # 5 brought the figure, 6 still holds it: by number, by a moment, as the current one, in each format.
    asked = [pinned(address, at) for address in FIGURES for at in ("release=5", "release=6", "as_of=2026-07-02")]
    asked += [f"/v1/releases/{release}/download.{ending}" for release in (5, 6) for ending in ENDINGS]
    asked += [f"/v1/releases/{old}/diff/{new}" for old, new in ((4, 5), (5, 4), (5, 6), (4, 6), (6, 4))]
    asked += ["/v1/releases/4/diff/5?format=csv&region=E12000005"]
    before = {address: workers[0].test_client().get(address) for address in asked}
    assert {address: answer.text for address, answer in before.items() if answer.status_code != 200} == {}
    assert before[pinned(f"/v1/observations.csv?{ASKED}", "release=6")].text.count(str(VALUE)) == 1
    current = {address: workers[1].test_client().get(address).headers["ETag"] for address in FIGURES[:2]}
    for address in asked:
        workers[1].test_client().get(address)  # kept there, too

    with database.begin() as connection:
        assert withdraw(connection, 5, reason="It was not to be told.", published_at=SEPTEMBER) == 7
    for app in workers:
        client = app.test_client()
        for address in asked:
            for headers in ({}, {"If-None-Match": before[address].headers.get("ETag", "none")}, {"Range": "bytes=0-9"}):
                gone = client.get(address, headers=headers)
                assert gone.status_code == 410, (address, headers)
                assert not holds_it(gone)
                assert gone.json["type"] == "/docs/problems#release-withdrawn"
                assert "It was not to be told" in gone.json["detail"]
                assert "Ask for release 7, the current one, or for release 4" in gone.json["detail"]
                assert gone.json["errors"][0]["allowed"] == ["7", "latest", "4"]
            assert FlaskClient(app, app.response_class).head(address).status_code == 410
        for address, tag in current.items():
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert "holds figures of release 5" in client.get(f"/v1/series/{SERIES}?release=6").json["detail"]
    assert "Release 5 was withdrawn by release 7" in client.get(f"/v1/series/{SERIES}?release=5").json["detail"]
    posted = client.post("/v1/indices/local-digital-capital/calculations?release=6", json={})
    assert posted.status_code == 410


def test_nothing_that_is_answered_holds_it(workers):
    database = workers[0].extensions["database"]
    client = workers[0].test_client()
    with database.begin() as connection:
        publish(connection, [figure(workers[0], VALUE)], reason="A mistake.", published_at=JULY)
    with database.begin() as connection:
        publish(connection, [figure(workers[0], 40.125)], reason="Put right.", published_at=AUGUST)
    # A package tells what changed: that of 6 was built while 5 could be read, and tells its figure.
    package = client.get("/v1/releases/6/download.zip")
    assert str(VALUE) in changes_in(package)
    with database.begin() as connection:
        withdraw(connection, 5, reason="It was not to be told.", published_at=SEPTEMBER)
    for app in workers:
        client = app.test_client()
        for release in (1, 4, 6, 7):
            for other in (1, 4, 6, 7):
                answer = client.get(f"/v1/releases/{release}/diff/{other}?indicator=gva-per-hour")
                assert answer.status_code == 200 and not holds_it(answer)
            for address in FIGURES:
                answer = client.get(pinned(address, f"release={release}"))
                assert answer.status_code == 200 and not holds_it(answer)
            for ending in ENDINGS:
                answer = client.get(f"/v1/releases/{release}/download.{ending}")
                assert answer.status_code == 200 and not holds_it(answer)
        old_tag = {"If-None-Match": package.headers["ETag"]}
        again = client.get("/v1/releases/6/download.zip", headers=old_tag)
        assert again.status_code == 200 and str(VALUE) not in changes_in(again)
        assert "40.125" in changes_in(again)
        detail = client.get("/v1/releases/6").json["data"]
        assert len(changes_in(again).splitlines()) - 1 == sum(detail["changes"].values()) == 1
    folder = Path(workers[0].extensions["settings"].downloads_path)
    assert not any(path.name.startswith("5-") for path in folder.iterdir())
    assert len([path for path in folder.iterdir() if path.name.startswith("6-") and path.suffix == ".zip"]) == 1


def changes_in(package):
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        return archive.read("changes.csv").decode()


def test_what_is_pinned_tells_no_source_that_came_later(workers):
    """A file of another source is drawn on from the next release on: earlier ones name those that they named."""
    address = "/v1/indicators/gva-per-hour?release=4"
    before = workers[0].test_client().get(address).data
    with workers[0].extensions["database"].begin() as connection:
        publish(connection, [figure(workers[0], VALUE)], reason="From another source.", published_at=JULY)
    anew = create_app(workers[0].extensions["settings"])
    assert FlaskClient(anew, anew.response_class).get(address).data == before
    catalogue = anew.extensions["releases"].current()
    assert "ofcom-connected-nations" in catalogue.indicator("gva-per-hour").sources
    anew.extensions["database"].engine.dispose()


def test_what_is_told_of_a_release_that_answers_no_more(workers):
    database = workers[0].extensions["database"]
    client = workers[0].test_client()
    for value, moment in ((VALUE, JULY), (None, AUGUST)):
        changed = figure(workers[0], value) if value else figure(workers[0], 30.0, "E12000007")
        with database.begin() as connection:
            publish(connection, [changed], reason="A mistake.", published_at=moment)
    with database.begin() as connection:
        withdraw(connection, 5, reason="It was not to be told.", published_at=SEPTEMBER)
    listed = {item["id"]: item["withdrawn_by"] for item in client.get("/v1/releases").json["data"]}
    assert listed == {7: None, 6: 7, 5: 7, 4: None, 3: None, 2: None, 1: None}
    answer = client.get("/v1/releases/5")
    assert answer.status_code == 200 and answer.json["data"]["withdrawn_by"] == 7
    assert not holds_it(answer)


def test_a_download_that_runs_is_finished_and_its_file_is_removed(workers):
    database = workers[0].extensions["database"]
    settings = workers[0].extensions["settings"]
    with database.begin() as connection:
        publish(connection, [figure(workers[0], VALUE)], reason="A mistake.", published_at=JULY)
    whole = workers[1].test_client().get("/v1/releases/5/download.csv").data
    folder = Path(settings.downloads_path)
    (folder / ".building-killed").write_bytes(b"half of it")
    running = FlaskClient(workers[0], workers[0].response_class).get("/v1/releases/5/download.csv", buffered=False)
    parts = running.iter_encoded()
    first = next(parts)
    said = workers[1].test_cli_runner().invoke(args=["data", "withdraw", "5", "--reason", "It was not to be told."])
    assert said.exit_code == 0, said.output
    assert not [path for path in folder.iterdir() if path.name.startswith(("5-", ".building"))]
    assert first + b"".join(parts) == whole
    running.close()


def test_a_file_that_is_being_built_when_its_release_is_withdrawn_is_not_handed_out(workers, monkeypatch):
    database = workers[0].extensions["database"]
    with database.begin() as connection:
        publish(connection, [figure(workers[0], VALUE)], reason="A mistake.", published_at=JULY)
    write = files.BUILDERS["csv"]

    def slowly(reading, file):
        write(reading, file)
        with database.begin() as connection:
            withdraw(connection, 5, reason="It was not to be told.", published_at=SEPTEMBER)

    monkeypatch.setitem(files.BUILDERS, "csv", slowly)
    answer = workers[0].test_client().get("/v1/releases/5/download.csv")
    assert answer.status_code == 410
    folder = Path(workers[0].extensions["settings"].downloads_path)
    assert [path.name for path in folder.iterdir()] == ["building.lock"]


def test_a_worker_that_looks_seldom_sees_it_when_it_looks(workers):
    """Within `RELEASE_CHECK_SECONDS` a worker answers as before; what it keeps is under the newest release it saw."""
    app = create_app(replace(workers[0].extensions["settings"], release_check_seconds=1e9))
    client = app.test_client()
    with workers[0].extensions["database"].begin() as connection:
        publish(connection, [figure(workers[0], VALUE)], reason="A mistake.", published_at=JULY)
    address = f"/v1/series/{SERIES}?release=5"
    assert json.loads(client.get(address).data)["meta"]["release"] == 5
    with workers[0].extensions["database"].begin() as connection:
        withdraw(connection, 5, reason="It was not to be told.", published_at=SEPTEMBER)
    assert client.get(address).status_code == 200
    watch = app.extensions["releases"]._watch
    watch._begun = float("-inf")  # its interval is over
    client.get(address)  # has it look; a busy machine may answer before it has seen
    watch._looking.join(LIMIT)
    assert client.get(address).status_code == 410
    app.extensions["database"].engine.dispose()
