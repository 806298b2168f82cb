"""Schemathesis: requests made up from the document, valid and invalid ones, asked of the real server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from api.database import Database
from api.services import keys
from api.settings import ROOT
from tests.conftest import LIMIT, running_server


def test_schemathesis_finds_nothing(sqlite_seeded: Path, tmp_path: Path) -> None:
    """Every check in every phase; what is excepted, and why, stands in schemathesis.toml and the hooks it names.

    With a key that may upload, and not publish: what is asked after a publication would be of another release.
    """
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    shutil.copy(sqlite_seeded, tmp_path / "own.sqlite3")
    database = Database(url)
    with database.begin() as connection:
        _, key = keys.create(connection, owner="A partner", scopes=["upload"])
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
