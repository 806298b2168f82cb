"""What is answered to a key, through a proxy that caches all it may: nobody without the key hears any of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.database import Database
from api.services import keys
from api.services.audit import Actor
from api.services.drafts import checking, kept, lifecycle, parts, uploads
from api.settings import Settings
from tests.conftest import running_server
from tests.contract.test_schemathesis import INDICATOR, TABLE
from tests.server.conftest import ask, request
from tests.server.test_proxy import NGINX, Proxied

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")


def draft_of(database: Database, key: str, drafts: Path) -> str:
    """A draft that can be read as it will be, with one figure."""
    sha256 = hashlib.sha256(TABLE).hexdigest()
    path = kept.file_of(drafts, sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(TABLE)
    with database.begin() as connection:
        actor = Actor(key=keys.find(connection, key))
        draft = lifecycle.create(connection, actor, reason="A draft", kind="release", publish_at=None).id
        parts.put(connection, actor, draft, parts.Part(kind="indicator", name="something", content=INDICATOR), url="")
        given = {"name": "a.csv", "media_type": None, "size": len(TABLE), "sha256": sha256, "options": {}}
        uploads.add(connection, actor, draft, **given)
        found = uploads.claim(connection, datetime.now(UTC))
    assert found is not None
    checking.check_upload(database, Settings(drafts_path=str(drafts)), found)
    return str(draft)


def test_a_cache_in_front_keeps_nothing_of_a_key(sqlite_seeded: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_seeded, tmp_path / "own.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with database.begin() as connection:
        key = keys.create(connection, owner="One council", scopes=["upload"])[1]
        other = keys.create(connection, owner="Another council", scopes=["upload"])[1]
    draft = draft_of(database, key, tmp_path / "drafts")
    database.engine.dispose()
    service = running_server(f"sqlite:///{tmp_path / 'own.sqlite3'}", log=tmp_path / "log")
    with service, Proxied(service, tmp_path) as proxied:

        def asked(path: str, sent: str | None) -> tuple[int, bytes]:
            headers = {"Connection": "close"} | ({} if sent is None else {"Authorization": f"Bearer {sent}"})
            response, body = ask(f"http://127.0.0.1:{proxied.ports['1.1']}", request(path, **headers))
            return response.status, body

        for path in (
            f"/v1/series/something/E08000027?draft={draft}",
            f"/v1/observations.csv?indicator=something&draft={draft}",
            f"/v1/drafts/{draft}/diff",
            f"/v1/drafts/{draft}",
        ):
            for _ in range(3):
                assert asked(path, key)[0] == 200, path
                assert asked(path, None)[0] == 401, path
                assert asked(path, other)[0] == 404, path
        # What is public is cached, whoever asked first, and says nothing of anybody.
        public = "/v1/regions/E08000027"
        assert asked(public, key) == asked(public, None)
        assert json.loads(asked("/v1/indicators?q=something", None)[1])["data"] == []
        held = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
        assert b"E08000027" in held
        assert draft.encode() not in held
