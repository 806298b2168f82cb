"""Schemathesis: requests made up from the document, valid and invalid ones, asked of the real server."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from api.database import Database
from api.models import Draft
from api.models.partner import SCOPES
from api.services import keys
from api.services.audit import Actor
from api.services.drafts import checking, kept, lifecycle, parts, publishing, uploads
from api.settings import ROOT, Settings
from tests.conftest import LIMIT, running_server

EXAMPLE = "kX3v9QpLr2TzWb1c"
"""The draft of the document's examples."""
INDICATOR = {
    "title": "Something",
    "description": "Something that is measured.",
    "component": "digital-skills",
    "unit": "%",
    "measure": "rate",
    "polarity": "neutral",
    "frequency": "annual",
    "year_kind": "calendar",
    "quality": "no-accreditation",
    "decimals": 1,
}
TABLE = b"indicator,region,period,value\nsomething,E08000027,2025,1\n"


def prepare(database: Database, key: str, drafts: Path) -> None:
    """Make the draft that stands in the document's examples, with one file, which was checked."""
    sha256 = hashlib.sha256(TABLE).hexdigest()
    path = kept.file_of(drafts, sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(TABLE)
    with database.begin() as connection:
        actor = Actor(key=keys.find(connection, key))
        lifecycle.create(connection, actor, reason="An example", kind="release", publish_at=None)
        connection.execute(update(Draft).values(id=EXAMPLE))
        parts.put(connection, actor, EXAMPLE, parts.Part(kind="indicator", name="something", content=INDICATOR), url="")
        given = {"name": "a.csv", "media_type": None, "size": len(TABLE), "sha256": sha256, "options": {}}
        uploads.add(connection, actor, EXAMPLE, **given)
        found = uploads.claim(connection, datetime.now(UTC))
    assert found is not None
    checking.check_upload(database, Settings(drafts_path=str(drafts)), found)
    with database.begin() as connection:
        other = lifecycle.create(connection, actor, reason="To be withdrawn", kind="release", publish_at=None).id
        parts.put(connection, actor, other, parts.Part(kind="indicator", name="another", content=INDICATOR), url="")
        published = publishing.publish_draft(connection, actor, other, drafts=drafts, url="")
    assert published.release == 5


def test_schemathesis_finds_nothing(sqlite_seeded: Path, tmp_path: Path) -> None:
    """Every check in every phase; what is excepted, and why, stands in schemathesis.toml and the hooks it names.

    With a key that may do all, and a draft with a file under the identifiers of the document's examples.
    """
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    shutil.copy(sqlite_seeded, tmp_path / "own.sqlite3")
    database = Database(url)
    with database.begin() as connection:
        _, key = keys.create(connection, owner="A partner", scopes=SCOPES)
    prepare(database, key, tmp_path / "drafts")
    database.engine.dispose()
    command = [Path(sys.executable).with_name("st"), "--no-color", "run", "openapi/openapi.json"]
    bounded = ["--checks", "all", "--max-examples", "12", "--seed", "20261122", "--generation-database", "none"]
    patient = ["--request-timeout", str(LIMIT)]
    with running_server(url, log=tmp_path / "log") as address:
        asked = ["--url", address, "--header", f"Authorization: Bearer {key}"]
        done = subprocess.run(
            [*command, *asked, *bounded, *patient],
            cwd=ROOT, capture_output=True, text=True, timeout=5 * LIMIT, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout, done.stdout
