"""Whole releases as files: written once, hashed, served by ranges, and read by clients that are not ours."""

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import pytest
from csvw import CSVW
from frictionless import Package, validate
from pyarrow import parquet
from sqlalchemy.exc import DatabaseError

from api import create_app
from api.database import Database
from api.exports import files
from api.services.publish import withdraw
from tests.contract_client import ContractClient

DOWNLOAD = "/v1/releases/4/download"


@pytest.fixture
def package(client, tmp_path):
    """The unpacked Data Package of the newest release."""
    with zipfile.ZipFile(io.BytesIO(client.get(f"{DOWNLOAD}.zip").data)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    return tmp_path


@pytest.mark.parametrize("release", [1, 2, 3, 4])
def test_the_csv_is_what_the_release_answers(client, release):
    whole = client.get(f"/v1/releases/{release}/download.csv")
    assert whole.mimetype == "text/csv"
    assert whole.data == client.get(f"/v1/observations.csv?history=own&release={release}").data
    assert f"release-{release}.csv" in whole.headers["Content-Disposition"]


def test_the_parquet_file_has_the_same_figures(client):
    table = parquet.read_table(io.BytesIO(client.get(f"{DOWNLOAD}.parquet").data))
    lines = client.get(f"{DOWNLOAD}.csv").text.splitlines()
    assert table.num_rows == len(lines) - 1 == 54_421
    key = itemgetter("indicator", "region", "period")
    by_key = {key(row): row["value"] for row in csv.DictReader(lines)}
    rows = table.to_pylist()
    assert {key(row): row["value"] for row in rows} == {
        key: None if text == "" else float(text) for key, text in by_key.items()
    }
    assert [key(row) for row in rows] == sorted(by_key)
    assert table.schema.metadata[b"release"] == b"4"


def test_frictionless_validates_the_package(client, package):
    report = validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]
    described = Package(str(package / "datapackage.json"))
    rows = {task.name: task.stats["rows"] for task in report.tasks}
    sources = len(client.get("/v1/sources?limit=1000").json["data"])
    assert rows.pop("changes") > 0
    assert rows == {"observations": 54_421, "regions": 836, "indicators": 31, "sources": sources}
    assert {resource.name for resource in described.resources} == {*rows, "changes"}
    for resource in described.resources:
        data = (package / resource.path).read_bytes()
        assert (resource.bytes, resource.hash) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")


def test_frictionless_misses_what_is_wrong(package):
    figures = package / "observations.csv"
    figures.write_text(figures.read_text().replace("E12000005,West Midlands", "E99999999,West Midlands", 1))
    report = validate(str(package / "datapackage.json"))
    assert not report.valid
    assert {"foreign-key", "hash-count"} & {error[0] for error in report.flatten(["type"])}


def test_the_csv_in_the_package_has_valid_csvw_metadata(package):
    table = CSVW(str(package / "observations.csv-metadata.json"), validate=True)
    assert table.is_valid, table.warnings


def test_the_package_says_what_it_is(client, package):
    text = (package / "README.md").read_text()
    release = client.get("/v1/releases/4").json["data"]
    for said in ("Open Government Licence v3.0", release["reason"], "release 4", "Contains Ofcom data", "suppressed"):
        assert said in text
    assert "Contains OS data" in text and "Contains OS data" in (package / "datapackage.json").read_text()
    header = (package / "regions.csv").read_text().splitlines()[0]
    section = text.split("## regions.csv")[1].split("## ")[0]
    assert re.findall(r"^- `(\w+)`", section, re.MULTILINE) == header.split(",")
    changes = (package / "changes.csv").read_text().splitlines()
    assert len(changes) - 1 == sum(release["changes"].values()) > 0
    descriptor = json.loads((package / "datapackage.json").read_text())
    assert descriptor["version"] == "4" and descriptor["created"] == release["published_at"]
    assert {item["title"] for item in descriptor["licenses"]} >= {"Open Government Licence v3.0"}


def test_the_first_release_has_no_changes(client):
    with zipfile.ZipFile(io.BytesIO(client.get("/v1/releases/1/download.zip").data)) as archive:
        assert len(archive.read("changes.csv").splitlines()) == 1


@pytest.mark.parametrize("ending", ["csv", "parquet", "zip"])
def test_parts_put_together_are_the_file(client, ending):
    whole = client.get(f"{DOWNLOAD}.{ending}")
    digest = hashlib.sha256(whole.data)
    assert whole.headers["ETag"] == f'"{digest.hexdigest()}"'
    assert whole.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "public, max-age=86400, immutable"
    middle = len(whole.data) // 2
    parts = [
        client.get(f"{DOWNLOAD}.{ending}", headers={"Range": f"bytes={part}"})
        for part in (f"0-{middle}", f"{middle + 1}-")
    ]
    assert [part.status_code for part in parts] == [206, 206]
    assert parts[0].headers["Content-Range"] == f"bytes 0-{middle}/{len(whole.data)}"
    assert parts[0].data + parts[1].data == whole.data
    last = client.get(f"{DOWNLOAD}.{ending}", headers={"Range": "bytes=-100"})
    assert last.data == whole.data[-100:]


def test_what_has_changed_since_is_sent_whole(client):
    tag = client.get(f"{DOWNLOAD}.csv").headers["ETag"]
    same = client.get(f"{DOWNLOAD}.csv", headers={"Range": "bytes=0-9", "If-Range": tag})
    other = client.get(f"{DOWNLOAD}.csv", headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (same.status_code, len(same.data)) == (206, 10)
    assert other.status_code == 200 and len(other.data) > 1_000_000
    assert client.get(f"{DOWNLOAD}.csv", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "asked", ["items=0-3", "bytes=abc", "bytes=9-3", "bytes=0-3,10-13", "bytes=", "bytes=-999999999", "0-3"]
)
def test_what_is_no_single_range_is_answered_with_the_whole(client, asked):
    whole = client.get(f"{DOWNLOAD}.csv")
    answer = client.get(f"{DOWNLOAD}.csv", headers={"Range": asked})
    assert answer.status_code == (206 if asked == "bytes=-999999999" else 200)
    assert answer.data == whole.data


def test_conditions_come_before_ranges(client):
    tag = client.get(f"{DOWNLOAD}.csv").headers["ETag"]
    known = client.get(f"{DOWNLOAD}.csv", headers={"Range": "bytes=0-9", "If-None-Match": tag})
    assert known.status_code == 304
    weak = client.get(f"{DOWNLOAD}.csv", headers={"Range": "bytes=0-9", "If-Range": f"W/{tag}"})
    assert weak.status_code == 200 and len(weak.data) > 1_000_000
    head = client.head(f"{DOWNLOAD}.csv", headers={"Range": "bytes=0-9"})
    assert head.status_code == 200 and int(head.headers["Content-Length"]) == len(weak.data)
    other = client.get(f"{DOWNLOAD}.csv", headers={"If-Match": '"other"'})
    assert other.status_code == 412 and other.json["errors"][0]["path"] == "header/If-Match"
    assert client.get(f"{DOWNLOAD}.csv", headers={"If-Match": tag}).status_code == 200
    assert "Last-Modified" not in weak.headers


def test_the_csv_leads_to_what_describes_it(client):
    (link,) = [link for link in client.get(f"{DOWNLOAD}.csv").headers.getlist("Link") if "describedby" in link]
    address = link.split(">")[0].removeprefix("<")
    assert address == f"{DOWNLOAD}.csv-metadata.json"
    assert client.get(address).json["url"] == "download.csv"


def test_a_part_that_is_not_there(client):
    answer = client.get(f"{DOWNLOAD}.csv", headers={"Range": "bytes=999999999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"].startswith("bytes */")
    assert answer.json["type"] == "/docs/problems#range-not-satisfiable"


def test_a_file_is_not_packed_since_its_parts_would_differ(client):
    plain = client.get(f"{DOWNLOAD}.csv", headers={"Accept-Encoding": "gzip, zstd"})
    assert "Content-Encoding" not in plain.headers
    part = client.get(f"{DOWNLOAD}.csv", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert part.data == b"indicator,"


def test_the_newest_release_by_its_name(client):
    latest = client.get("/v1/releases/latest/download.csv")
    assert latest.headers["Content-Location"] == f"{DOWNLOAD}.csv"
    assert "immutable" not in latest.headers["Cache-Control"]
    assert latest.headers["ETag"] == client.get(f"{DOWNLOAD}.csv").headers["ETag"]


def test_bad_addresses(client):
    unknown = client.get("/v1/releases/99/download.csv")
    assert unknown.status_code == 404 and unknown.json["errors"][0]["path"] == "path/release"
    assert client.get("/v1/releases/4/download.pdf").status_code == 404
    unknown = client.get(f"{DOWNLOAD}.csv?indicator=population")
    assert unknown.status_code == 422 and "takes no parameters" in unknown.json["detail"]
    assert client.get(f"{DOWNLOAD}.csv", data="{}", content_type="application/json").status_code == 415
    assert client.post(f"{DOWNLOAD}.csv").status_code == 405


@pytest.fixture
def apart(settings, tmp_path):
    """An application with a folder of its own for files."""
    app = create_app(replace(settings, downloads_path=str(tmp_path / "downloads")))
    app.test_client_class = ContractClient
    yield app
    app.extensions["database"].engine.dispose()


def test_a_file_is_built_once_whoever_asks(apart, monkeypatch):
    built = []
    write = files.BUILDERS["csv"]

    def counting(reading, file):
        built.append(reading.release)
        write(reading, file)

    monkeypatch.setitem(files.BUILDERS, "csv", counting)
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda _: apart.test_client().get(f"{DOWNLOAD}.csv"), range(4)))
    assert built == [4]
    answers = [answer for answer in asked if answer.status_code == 200]
    assert len({answer.data for answer in answers}) == 1
    # Who came while another had it built was told so.
    assert {answer.status_code for answer in asked} <= {200, 503}
    # What was written stays: another process finds it.
    another = create_app(apart.extensions["settings"])
    another.test_client_class = ContractClient
    assert another.test_client().get(f"{DOWNLOAD}.csv").data == answers[0].data
    assert built == [4]
    another.extensions["database"].engine.dispose()


def test_the_same_release_is_the_same_bytes_whenever_it_is_written(client, apart):
    for ending in ("csv", "zip"):
        assert apart.test_client().get(f"{DOWNLOAD}.{ending}").data == client.get(f"{DOWNLOAD}.{ending}").data


def test_a_file_that_could_not_be_finished_is_not_served(apart, monkeypatch):
    def breaking(reading, file):
        file.write(b"half")
        raise OSError("no room")

    monkeypatch.setitem(files.BUILDERS, "csv", breaking)
    answer = apart.test_client().get(f"{DOWNLOAD}.csv")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
    assert "/v1/observations.csv?release=4" in answer.json["detail"]
    folder = Path(apart.extensions["settings"].downloads_path)
    assert [path.name for path in folder.iterdir() if path.suffix != ".lock"] == []
    monkeypatch.undo()
    assert apart.test_client().get(f"{DOWNLOAD}.csv").status_code == 200


def test_the_command_writes_them_before_anybody_asks(apart, monkeypatch):
    said = apart.test_cli_runner().invoke(args=["data", "export", "--release", "2"])
    assert said.exit_code == 0, said.output
    folder = Path(apart.extensions["settings"].downloads_path)
    assert {path.suffix for path in folder.iterdir()} >= {".csv", ".parquet", ".zip"}
    monkeypatch.setattr(files, "BUILDERS", {})
    served = apart.test_client().get("/v1/releases/2/download.csv")
    assert served.headers["ETag"].strip('"') in said.output
    unknown = apart.test_cli_runner().invoke(args=["data", "export", "--release", "77"])
    assert unknown.exit_code == 1 and "There is no release '77'" in unknown.output


def test_the_command_tells_each_file_that_a_database_fails_at(apart, monkeypatch):
    def failing(*_, **__):
        raise DatabaseError("SELECT", {}, Exception("database disk image is malformed"))

    monkeypatch.setitem(files.BUILDERS, "csv", failing)
    monkeypatch.setitem(files.BUILDERS, "zip", failing)
    said = apart.test_cli_runner().invoke(args=["data", "export"])
    assert said.exit_code == 1 and isinstance(said.exception, SystemExit), said.exception
    for ending in ("csv", "zip"):
        assert f"{ending}: The database says: database disk image is malformed" in said.output
    assert ".parquet (" in said.output


def test_a_file_without_its_hash_is_built_again(apart):
    client = apart.test_client()
    first = client.get(f"{DOWNLOAD}.csv")
    (noted,) = Path(apart.extensions["settings"].downloads_path).glob("*.sha256")
    noted.unlink()
    assert client.get(f"{DOWNLOAD}.csv").headers["ETag"] == first.headers["ETag"]
    noted.write_text("")  # as a disk without power may leave it
    assert client.get(f"{DOWNLOAD}.csv").headers["ETag"] == first.headers["ETag"]


def test_a_service_at_another_address_writes_its_own(apart, settings):
    moved = create_app(replace(apart.extensions["settings"], public_url="https://stats.example.org"))
    moved.test_client_class = ContractClient
    here, there = (app.test_client().get(f"{DOWNLOAD}.zip").data for app in (apart, moved))
    moved.extensions["database"].engine.dispose()
    with zipfile.ZipFile(io.BytesIO(there)) as archive:
        assert b"https://stats.example.org" in archive.read("README.md")
    assert here != there


def test_a_withdrawn_release_is_not_handed_out(apart):
    database = apart.extensions["database"]
    connection = database.engine.connect()
    assert apart.test_client().get("/v1/releases/3/download.csv").status_code == 200
    with connection.begin() as transaction:
        withdraw(connection, 3, reason="A wrong file.")
        apart.extensions["releases"] = type(apart.extensions["releases"])(
            Borrowed(apart.extensions["settings"].database_url, connection), check_seconds=0
        )
        answer = apart.test_client().get("/v1/releases/3/download.csv")
        transaction.rollback()
    connection.close()
    assert answer.status_code == 410 and "A wrong file" in answer.json["detail"]
    assert answer.json["errors"][0]["path"] == "path/release"


class Borrowed(Database):
    """A way to read within a transaction that is not finished."""

    def __init__(self, url, connection):
        super().__init__(url)
        self.connection = connection

    def connect(self):
        return nullcontext(self.connection)

    look = connect

    def settle(self):
        """Nothing is: the transaction is not finished."""
