"""What measurements share: a database of their own, servers to measure side by side, and the asking in turn."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple, TypeVar

from api.services import seed
from api.settings import ROOT

CONNECTIONS = 16
MB = 1_000_000
PATIENCE = 2.0
"""Seconds after which a waiting request is given up."""
_STARTING = 20.0
"""Seconds that a server may take to start."""

Case = TypeVar("Case", bound=Hashable)


@dataclass(frozen=True)
class Contestant:
    """A server as it is started: `{port}` and `{folder}`, where the database is, may stand in its command."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)
    probe: str = "/readyz"
    """An address that answers once the server is ready."""
    tree: Path = ROOT
    """The checkout that it runs."""
    noisy: bool = False
    """Whether it logs more than errors: that is thrown away."""


def under_gunicorn(
    name: str,
    *options: str,
    application: str = "wsgi:app",
    workers: int | None = None,
    caches: str | None = "groups",
    probe: str = "/readyz",
) -> Contestant:
    """An application as `make serve` runs it, but for some options.

    Neither responses nor series are cached, but where `caches` says so; None is what the service does by default.
    """
    command = (
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:api.gunicorn_conf",
        "--log-level",
        "error",
        *options,
        application,
    )
    environment = {} if workers is None else {"WORKERS": str(workers)}
    if caches is not None:
        environment |= {"CACHES": caches, **_as_before(caches)}
    return Contestant(name, command, environment, probe)


def _in_tree(part: str, tree: Path) -> str:
    """A part of a command as a checkout has it: gunicorn's configuration was `api/server.py` before version 0.2."""
    own = (tree / "api" / "gunicorn_conf.py").exists() or not (tree / "api").exists()
    return part if own else part.replace("api.gunicorn_conf", "api.server")


def _as_before(caches: str) -> dict[str, str]:
    """The same for checkouts of before version 0.2, where each cache had a setting of its own."""
    older = {"KEPT_BYTES": "responses", "KEPT_SERIES_BYTES": "series", "KEPT_GROUPS_BYTES": "groups"}
    return {name: "0" for name, cache in older.items() if cache not in caches}


@dataclass(frozen=True)
class Question:
    """What is asked of a server. With a body it is a POST."""

    path: str
    headers: tuple[str, ...] = ()
    body: str = ""
    status: int = 200
    """What it is answered with."""

    def said(self) -> bytes:
        """The request as it goes over the wire."""
        body = self.body.encode()
        lines = [f"{'POST' if body else 'GET'} {self.path} HTTP/1.1", "Host: 127.0.0.1", *self.headers]
        lines += [f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Load(NamedTuple):
    """What a load came to: requests per second; median and 99th percentile of a request, and the server's own time."""

    rate: float
    middle: float
    high: float
    own: float


class Server:
    """A contestant, running. `url` is the address of the database."""

    def __init__(self, contestant: Contestant, url: str) -> None:
        self.contestant = contestant
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        folder = str(Path(url.removeprefix("sqlite:///")).parent / "downloads")
        own = {
            "DATABASE_URL": url,
            "DOWNLOADS_PATH": folder,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            **contestant.environment,
        }
        self.process = subprocess.Popen(
            [
                _in_tree(part.format(port=self.port, folder=folder_of(url)), contestant.tree)
                for part in contestant.command
            ],
            cwd=self.contestant.tree,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if contestant.noisy else None,
            start_new_session=True,
        )

    def ready(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + _STARTING
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.get(self.contestant.probe)
                return
            time.sleep(0.1)
        raise SystemExit(f"{self.contestant.name} does not start")

    def get(self, path: str, *, timeout: float = PATIENCE) -> str:
        """The entity tag of the answer at a path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
            answer.read()
            return answer.headers["ETag"] or ""

    def ask(self, question: Question, *, timeout: float = 30.0) -> bytes:
        """The body of the answer to a question."""
        given = dict(header.split(": ", 1) for header in question.headers)
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{question.path}", question.body.encode() or None, given
        )
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.read()

    def load(self, question: Question, *, seconds: float) -> Load:
        """What asking over and over comes to, from another process."""
        spent = self.spent()
        command = [sys.executable, "-m", "bench.load", str(self.port), str(CONNECTIONS), str(seconds)]
        run = subprocess.run(command, cwd=ROOT, check=True, input=question.said(), stdout=subprocess.PIPE)
        result = json.loads(run.stdout)
        if set(result["statuses"]) != {str(question.status)}:
            raise SystemExit(f"{self.contestant.name}: {question.path} was answered {result['statuses']}")
        latencies = result["latencies"]
        own = (self.spent() - spent) * 1000 / len(latencies)
        return Load(len(latencies) / result["seconds"], median(latencies), quantiles(latencies, n=100)[98], own)

    def pids(self) -> list[int]:
        """The processes under the server, workers and what may stand in front of them; itself where it has none."""
        return _under(self.process.pid) or [self.process.pid]

    def spent(self) -> float:
        """Seconds of processor time that the server has taken so far: what others do falls on it least."""
        ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in self.pids()]
        return sum(int(tick) for pair in ticks for tick in pair) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB that its workers hold, but for files that they have mapped."""
        held = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):  # it has ended
                _, resident, of_files, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
                held += (resident - of_files) * os.sysconf("SC_PAGE_SIZE")
        return held / MB

    def stop(self) -> None:
        """Stop it with its workers; one that still waits for an idle connection is not waited for."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _under(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [each for child in map(int, children) for each in (child, *_under(child))]


@contextlib.contextmanager
def seeded() -> Iterator[str]:
    """The address of a database of our own, with the figures of the seed."""
    with tempfile.TemporaryDirectory() as folder:
        yield seed.fill(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")


def prepared(tree: Path, folder: Path) -> str:
    """The address of a database in a folder, with the figures that a checkout loads; made once."""
    file = folder / "own.sqlite3"
    url = f"sqlite:///{file}"
    if not file.exists():
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "prepare"]
        own = {"DATABASE_URL": url, "DOWNLOADS_PATH": str(folder / "downloads")}
        subprocess.run(command, cwd=tree, env={**os.environ, **own}, check=True, capture_output=True)
    return url


def file_of(url: str) -> Path:
    """The file of a seeded database."""
    return Path(url.removeprefix("sqlite:///"))


def folder_of(url: str) -> Path:
    """The folder of a seeded database: what lies there goes with it."""
    return file_of(url).parent


@contextlib.contextmanager
def running(contestants: Iterable[Contestant], url: str) -> Iterator[list[Server]]:
    """All contestants at once, ready, and stopped at the end."""
    with contextlib.ExitStack() as stack:
        servers = []
        for contestant in contestants:
            servers.append(Server(contestant, url))
            stack.callback(servers[-1].stop)
        for server in servers:
            server.ready()
        yield servers


def in_turn(
    servers: Sequence[Server], cases: Iterable[Case], *, rounds: int, ask: Callable[[Server, Case], Load | None]
) -> dict[tuple[Case, int], list[Load]]:
    """What each round found for each case and server (where it has one); every round begins with another server."""
    found: dict[tuple[Case, int], list[Load]] = {}
    for turn in range(rounds):
        for case in cases:
            for place in range(len(servers)):
                number = (place + turn) % len(servers)
                load = ask(servers[number], case)
                if load is not None:
                    found.setdefault((case, number), []).append(load)
    return found
