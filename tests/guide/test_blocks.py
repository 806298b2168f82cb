"""The guide is true: every block in it is run, in its order, against the real server with the whole package."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest
from pathlib import Path

import pytest

from api import guide
from api.analysis.method import Method
from api.analysis.methods import METHODS
from api.database import Database
from api.services import keys
from api.services.seed import fill
from api.settings import ROOT
from tests.conftest import LIMIT, running_server
from tests.package import PACKAGE

ADDRESS = "http://127.0.0.1:8000"
TOOLS = Path(sys.executable).parent
MARK = "=== the next block ==="
RUN = {"sh", "python", "js", "r"}
READ = {"text", "json", "powerquery", "html", "output"}
"""Languages of blocks that nothing here can run: they are for programs with windows."""
BETWEEN = {"python": f"print({MARK!r}, flush=True)\n", "js": f"console.log({MARK!r});\n", "r": f"cat('{MARK}\\n')\n"}
ENDING = {"sh": "sh", "python": "py", "js": "mjs", "r": "R"}


@dataclass(frozen=True)
class Block:
    """A block that is run, with what it says where the guide shows that."""

    language: str
    text: str
    said: str | None


def blocks(name: str) -> Iterator[Block]:
    """The blocks of a page that are run. One of language `output` is what the one before it says."""
    fences = [token for token in guide.parse(name) if token.type == "fence"]
    for fence, following in zip_longest(fences, fences[1:]):
        language = fence.info.strip()
        assert language in RUN | READ, f"{name}.md: {language!r}"
        if language in RUN:
            shown = following is not None and following.info.strip() == "output"
            yield Block(language, fence.content, following.content if shown else None)


@pytest.fixture(scope="module")
def whole_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with all that comes with the project, as the guide has it."""
    folder = tmp_path_factory.mktemp("guide")
    url = fill(f"sqlite:///{folder / 'whole.sqlite3'}", folder=PACKAGE)
    with running_server(url, log=folder / "log") as address:
        yield address


PARTS = [
    pytest.param(name, language, id=f"{name}-{language}")
    for name in guide.NAMES
    if name != "partners"  # writes, and has a server of its own
    for language in sorted({block.language for block in blocks(name)})
]


@pytest.fixture(scope="module")
def partners_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The service with a database of its own, to be written to, and the key of a council as `KEY`."""
    folder = tmp_path_factory.mktemp("partners")
    url = fill(f"sqlite:///{folder / 'own.sqlite3'}", folder=PACKAGE)
    database = Database(url)
    with database.begin() as connection:
        _, key = keys.create(connection, owner="Dudley Council", scopes=("upload", "publish"), regions=["E08000027"])
    database.engine.dispose()
    with running_server(url, log=folder / "log", works=True) as address:
        yield address, {"KEY": key}


@pytest.mark.parametrize("language", sorted({block.language for block in blocks("partners")}))
def test_partners_publish_and_take_back(
    partners_server: tuple[str, dict[str, str]], tmp_path: Path, language: str
) -> None:
    server, own = partners_server
    check("partners", language, tmp_path, server, own)


@pytest.mark.parametrize(("name", "language"), PARTS)
def test_every_block_is_run(whole_server: str, tmp_path: Path, name: str, language: str) -> None:
    check(name, language, tmp_path, whole_server, {})


def check(name: str, language: str, folder: Path, server: str, environment: dict[str, str]) -> None:
    """Run the blocks of a page in one language, and hold what they say against what the page shows."""
    program = {"sh": "curl", "r": "Rscript"}.get(language)
    if program is not None and shutil.which(program) is None:
        pytest.skip(f"no {program} on this machine")
    own = [block for block in blocks(name) if block.language == language]
    said = run(own, folder, server, environment)
    assert len(said) == len(own)
    for block, text in zip(own, said, strict=True):
        if block.said is not None:
            assert text.replace(server, ADDRESS).strip() == block.said.strip()


def run(own: list[Block], folder: Path, server: str, environment: dict[str, str]) -> list[str]:
    """What blocks of one language say. Shell blocks run one by one, others as one program: they share their names."""
    texts = [block.text.replace(ADDRESS, server) for block in own]
    if own[0].language == "sh":
        return [_run(["sh", "-e", "-c", text], folder, environment) for text in texts]
    path = folder / f"blocks.{ENDING[own[0].language]}"
    path.write_text(BETWEEN[own[0].language].join(texts), encoding="utf-8")
    command = {"python": sys.executable, "js": str(TOOLS / "node"), "r": "Rscript"}[own[0].language]
    return _run([command, path.name], folder, environment).split(f"{MARK}\n")


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    paths = f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}"
    own = {
        **os.environ,
        **environment,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "PATH": paths,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_stands_behind_a_block_is_of_it() -> None:
    """An `output` follows what is run, and nothing else."""
    for name in guide.NAMES:
        fences = [token.info.strip() for token in guide.parse(name) if token.type == "fence"]
        for before, after in pairwise(fences):
            assert after != "output" or before in RUN


@pytest.mark.parametrize("method", METHODS, ids=lambda method: f"{method.kind}-{method.name}")
def test_the_methods_of_the_laboratory_are_those_that_it_computes_by(method: Method) -> None:
    written = (guide.FOLDER / "methods.md").read_text(encoding="utf-8").replace("\\|", "|")
    row = f"| {method.kind} | `{method.name}` ({method.title}) | {method.formula} | {method.reference} |"
    assert row in written


def test_every_figure_that_was_computed_says_how() -> None:
    written = (guide.FOLDER / "methods.md").read_text(encoding="utf-8")
    with (PACKAGE / "indicators.csv").open(encoding="utf-8", newline="") as file:
        computed = [row for row in csv.DictReader(file) if row["derivation"] or row["formula"]]
    assert len(computed) > 20
    for row in computed:
        assert f"| `{row['indicator']}` | {row['derivation'] or row['formula']} |" in written


def test_every_tool_has_its_blocks() -> None:
    known = {(name, language) for name in guide.NAMES for language, _ in groupby(b.language for b in blocks(name))}
    assert {
        ("five-minute-start", "sh"), ("python-pandas", "python"), ("r", "r"), ("observable", "js"),
    } <= known  # fmt: skip
