"""A server tells receivers of releases by a process of its own, which it begins where there are any, and ends."""

import json
import shutil
import urllib.request
from pathlib import Path

import pytest

from api.database import Database
from api.services import keys
from api.services.figures import catalogue_of
from api.services.publish import Figure, publish
from api.services.withdraw import withdraw
from tests.conftest import LIMIT, running_server, wait_until
from tests.receiving import receiver
from tests.server.test_killed import gone


def asked(address: str, key: str, body: dict) -> dict:
    """The answer to something posted with a key."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, data=json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=LIMIT) as response:
        return json.load(response)["data"]


def deliverers(folder: Path) -> list[int]:
    """The processes that tell receivers, of the server with a folder of drafts."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if b"api.work.delivering" in told[0] and f"DRAFTS_PATH={folder}\0".encode() in told[1] + b"\0":
            found.append(int(process.name))
    return found


def test_a_release_is_told_by_a_running_server(
    sqlite_seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sqlite_seeded, tmp_path / "own.sqlite3")
    url, drafts = f"sqlite:///{tmp_path / 'own.sqlite3'}", tmp_path / "drafts"
    monkeypatch.setenv("WEBHOOKS_PRIVATE", "on")
    database = Database(url)
    with database.begin() as connection:
        _, key = keys.create(connection, owner="Dudley Council", scopes=("publish",))
    with running_server(url, log=tmp_path / "log", works=True) as address, receiver() as to:
        assert deliverers(drafts) == []
        to.secret = asked(f"{address}/v1/webhooks", key, {"url": to.url})["secret"]
        (process,) = wait_until(lambda: deliverers(drafts))
        with database.begin() as connection:
            publish(connection, [figure_of(database)], reason="Others.")
        wait_until(lambda: to.releases == [5])
        with database.begin() as connection:
            withdraw(connection, 5, reason="Mistaken.")
        wait_until(lambda: to.releases == [5, 6])
        assert [said["type"] for _, said in to.said] == ["release.published", "release.withdrawn"]
    wait_until(lambda: gone(process))
    database.engine.dispose()


def figure_of(database: Database) -> Figure:
    """A figure that the database has not got."""
    with database.connect() as connection:
        catalogue = catalogue_of(connection)
    return Figure(
        indicator=catalogue.indicator("gva-per-hour").id, region=catalogue.region("E12000005").id,
        period="2023", period_start="2023-01-01", period_duration="P1Y", value=41.0, status="A", source_file=1,
    )  # fmt: skip
