"""Schemathesis: requests made up from the document, valid and invalid ones, asked of the real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from api.settings import ROOT
from tests.conftest import LIMIT


def test_schemathesis_finds_nothing(server: str) -> None:
    """Every check in every phase; what is excepted, and why, stands in schemathesis.toml and the hooks it names."""
    command = [Path(sys.executable).with_name("st"), "--no-color", "run", "openapi/openapi.json", "--url", server]
    bounded = ["--checks", "all", "--max-examples", "12", "--seed", "20261122", "--generation-database", "none"]
    patient = ["--request-timeout", str(LIMIT)]
    done = subprocess.run(
        [*command, *bounded, *patient], cwd=ROOT, capture_output=True, text=True, timeout=5 * LIMIT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout, done.stdout
