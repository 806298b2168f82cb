"""CLIENTS.md is true: every block in it is run, against the real server, by the client that it is for."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import duckdb_extension_httpfs
import pytest

from api.settings import ROOT
from tests.conftest import LIMIT

PAGE = (ROOT / "CLIENTS.md").read_text(encoding="utf-8")
HERE = Path(__file__).parent
TOOLS = Path(sys.executable).parent
ADDRESS = "http://127.0.0.1:8000"
SECTION = re.compile(r"^## (?P<title>.+?)$(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(title: str) -> list[tuple[str, str]]:
    """The blocks of a section: language and text."""
    (text,) = [found["text"] for found in SECTION.finditer(PAGE) if found["title"].startswith(title)]
    return BLOCK.findall(text)


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    """What a command says; it must succeed."""
    own = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **environment}
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_block_is_run_below() -> None:
    languages = [language for language, _ in BLOCK.findall(PAGE)]
    assert languages == ["python", "python", "python", "r", "sh", "ts", "powerquery"]


@pytest.mark.parametrize(
    ("title", "said"),
    [("pandas", "90.2 float64\n"), ("polars", "90.2\nFloat64 Date\n"), ("DuckDB", "('Northern Ireland', 94.9)\n")],
)
def test_python(server: str, tmp_path: Path, title: str, said: str) -> None:
    ((_, text),) = blocks(title)
    if title == "DuckDB":
        # Its reader of addresses, which it would fetch from a registry of its own, comes from a package here.
        (extension,) = Path(duckdb_extension_httpfs.__file__).parent.glob("extensions/*/httpfs.duckdb_extension")
        run(
            [sys.executable, "-c", f"import duckdb; duckdb.sql(\"INSTALL '{extension}'\")"],
            tmp_path,
            HOME=str(tmp_path),
        )
    (tmp_path / "block.py").write_text(text.replace(ADDRESS, server))
    assert run([sys.executable, "block.py"], tmp_path, HOME=str(tmp_path)) == said


def test_r(server: str, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("no R on this machine: `make r` installs it")
    ((_, text),) = blocks("R")
    (tmp_path / "block.R").write_text(text.replace(ADDRESS, server))
    assert run(["Rscript", "block.R"], tmp_path) == "95.9 numeric Date \n"


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the page takes from npm, by the lock that stands beside this file."""
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json", "parse.js"):
        shutil.copy(HERE / name, folder)
    run([TOOLS / "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder, PATH=path())
    return folder


def path() -> str:
    return f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}"


def test_typescript(server: str, npm: Path) -> None:
    (_, generate), (_, text) = blocks("TypeScript")
    run(["sh", "-c", generate.replace(ADDRESS, server)], npm, PATH=path())
    (npm / "client.ts").write_text(text.replace(ADDRESS, server))
    options = ["--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]
    run([TOOLS / "npx", "tsc", *options, "--skipLibCheck", "client.ts"], npm, PATH=path())
    said = run([TOOLS / "node", "client.js"], npm).splitlines()
    assert said[:2] == ["gigabit-availability 2026-01 90.2", "gva-per-hour 2023 36.02"]
    assert re.fullmatch(r"[ENSW]\d{8}", said[2])


def test_power_query(server: str, npm: Path) -> None:
    ((_, text),) = blocks("Power Query")
    (npm / "block.pq").write_text(text)
    assert run([TOOLS / "node", "parse.js", "block.pq"], npm) == ""
    # What Web.Contents asks for: a list goes into the query once for each of its values.
    (relative,) = re.findall(r'RelativePath = "(.*?)"', text)
    (record,) = re.findall(r"Query = \[(.*?)\]", text)
    query = {name: re.findall(r'"(.*?)"', value) for name, value in re.findall(r"(\w+) = (\{.*?\}|\".*?\")", record)}
    assert len(query["indicator"]) == 2
    with urllib.request.urlopen(f"{server}/{relative}?{urlencode(query, doseq=True)}", timeout=LIMIT) as answer:
        rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
    typed = set(re.findall(r'\{"(\w+)", type', text))
    assert typed <= rows[0].keys() and {row["indicator"] for row in rows} == set(query["indicator"])
    assert all(re.fullmatch(r"-?\d+\.\d+", row["value"]) for row in rows)
