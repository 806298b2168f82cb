"""The Dockerfile without Docker: what it runs, copies and starts is run, looked for and started here."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from api.settings import ROOT
from tests.conftest import LIMIT, free_port, wait_until
from tests.server.conftest import ask, request

APT = re.compile(r"apt-get update && apt-get install -y (--no-install-recommends )?make")


def instructions() -> list[tuple[str, str]]:
    """Each instruction and what follows it, comments left out and continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, " ".join(rest.split())) for name, rest in (line.split(maxsplit=1) for line in lines)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(number for number, (name, _) in enumerate(found) if name == "FROM") :]


def variables(found: list[tuple[str, str]]) -> dict[str, str]:
    return dict(word.split("=", 1) for name, rest in found if name == "ENV" for word in shlex.split(rest))


def command(name: str) -> list[str]:
    (rest,) = [rest for found, rest in last_stage() if found == name]
    return json.loads(rest[rest.index("[") :])


def copied() -> list[tuple[str, str]]:
    """What is copied from the context, and to where."""
    pairs = []
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            *sources, target = rest.split()
            pairs += [(source, target) for source in sources]
    return pairs


def ignored(path: Path) -> bool:
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    names = path.relative_to(ROOT).parts
    beginnings = ["/".join(names[:length]) for length in range(1, len(names) + 1)]
    return any(
        fnmatch(start, pattern) or (pattern.startswith("**/") and fnmatch(start.rpartition("/")[2], pattern[3:]))
        for start in beginnings
        for pattern in patterns
    )


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the image would hold, the installed packages being those of the tests."""
    image = tmp_path_factory.mktemp("image") / "app"
    for source, target in copied():
        place = image / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=lambda at, names: [n for n in names if ignored(Path(at) / n)])
        else:
            place = place / Path(source).name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / source, place)
    (image / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != ".service":
            (image / ".venv" / part.name).symlink_to(part)
    (image / ".venv" / ".service").touch()
    return image


@pytest.fixture
def started(image: Path, tmp_path: Path) -> Iterator[tuple[str, Path, subprocess.Popen[bytes]]]:
    """The container's command, at work on an empty volume."""
    port = str(free_port())
    environment = os.environ | variables(last_stage()) | volume(tmp_path) | {"HOST": "127.0.0.1", "PORT": port}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command("CMD"), cwd=image, env=environment, stdout=log, stderr=log)
    yield f"http://127.0.0.1:{port}", image, process
    process.terminate()
    assert process.wait(timeout=LIMIT) == 0


def volume(tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'volume' / 'digital-capital.sqlite3'}"}


def health(port: str, image: Path) -> int:
    environment = os.environ | {"PORT": port}
    check = subprocess.run(command("HEALTHCHECK"), cwd=image, env=environment, capture_output=True, check=False)
    return check.returncode


def test_every_step_is_a_target_of_the_makefile() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    steps = [rest for name, rest in instructions() if name == "RUN"]
    assert "make install" in steps
    for step in steps:
        assert APT.fullmatch(step) or (step.startswith("make ") and set(step.split()[1:]) <= set(targets)), step


def test_it_does_what_make_serve_does() -> None:
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    for part in command("CMD")[-1].split(" && "):
        assert f"\t@{part}\n" in recipes


def test_it_does_not_run_as_root_and_says_what_it_is() -> None:
    found = last_stage()
    users = [rest for name, rest in found if name == "USER"]
    assert users
    assert users[-1].split(":")[0] not in {"root", "0"}
    assert ("EXPOSE", "8000") in found
    assert ("VOLUME", "/data") in found
    assert variables(found)["HOST"] == "0.0.0.0"
    assert variables(found)["DATABASE_URL"].startswith("sqlite:////data/")
    # A new volume takes over the owner of what it covers.
    owner = users[-1]
    assert ("COPY", f"--from=build --chown={owner} /data /data") in found


def test_everything_that_is_copied_is_there_and_not_ignored() -> None:
    assert copied()
    for source, _ in copied():
        assert (ROOT / source).exists(), source
        assert not ignored(ROOT / source), source
    for path in ("seed/observations", "api/http/templates/page.html", "migrations/versions", "openapi/openapi.json"):
        assert not ignored(ROOT / path), path
    for path in (".venv/bin", ".git/HEAD", "tests/conftest.py", "api/__pycache__", "openapi/lint/node_modules"):
        assert ignored(ROOT / path), path


def test_the_figures_are_loaded_without_installing_again(image: Path) -> None:
    environment = os.environ | variables(instructions())
    for target in ("install", "seed", "serve"):
        planned = subprocess.check_output(["make", "-n", target], cwd=image, env=environment, text=True)
        assert "pip" not in planned


def test_it_starts_on_an_empty_volume_and_then_counts_as_healthy(started, tmp_path: Path) -> None:
    address, image, process = started
    port = address.rpartition(":")[2]
    assert health(port, image) != 0
    wait_until(lambda: process.poll() is not None or health(port, image) == 0, every=0.1)
    assert process.poll() is None, (tmp_path / "log").read_text()
    assert b"92.3" in ask(address, request())[1]
    assert "Loaded " in (tmp_path / "log").read_text()


def test_the_health_check_tells_a_server_from_none(server: str, image: Path) -> None:
    assert health(server.rpartition(":")[2], image) == 0
    assert health(str(free_port()), image) != 0
