"""Which worker class, how many threads, and is one reader at a time worth it? Measured side by side (`make bench`).

Every contestant is up at the same time, on the same database, and is asked in turn, so that what else the machine does
falls on all alike. Requests per second and latencies are medians of the rounds. The last columns say how long the next
request waited while connections were open that said nothing, had said half a request, or did not hang up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from api.services import seed
from api.settings import ROOT

CONNECTIONS = 16
PATIENCE = 2.0
"""Seconds after which a waiting request is given up."""
CASES = {
    "304": ("/v1/observations?limit=500", 0.5),
    "20 rows": ("/v1/observations?limit=20", 0.5),
    "500 rows": ("/v1/observations?limit=500", 0.5),
    "10,000 rows": ("/v1/observations?limit=10000", 1.0),
}
"""What is asked, and for how many seconds in each round."""
OPEN = {
    "10 idle": (10, b""),
    "100 idle": (100, b""),
    "10 half": (10, b"GET /v1/reg"),
    "100 half": (100, b"GET /v1/reg"),
    "10 linger": (10, b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
}


@dataclass(frozen=True)
class Contestant:
    """A way to run the service: options of gunicorn over `api.server`, and the application."""

    name: str
    options: tuple[str, ...]
    application: str = "wsgi:app"
    kept_bytes: int = 0
    """Answers are computed each time, but where what keeping them is worth is measured."""


GTHREAD = ("--worker-class", "gthread", "--threads", "32")
CONTESTANTS = (
    Contestant("as configured", ()),
    Contestant("... with answers kept", (), kept_bytes=64_000_000),
    Contestant("... without the read lock", (), "bench.unlocked:app"),
    Contestant("... with 32 threads", ("--threads", "32")),
    Contestant("... and without the lock", ("--threads", "32"), "bench.unlocked:app"),
    Contestant("gunicorn's gthread, 32", GTHREAD),
    Contestant("... without the read lock", GTHREAD, "bench.unlocked:app"),
    Contestant("sync", ("--worker-class", "sync", "--threads", "1")),
)


class Server:
    """A contestant, running."""

    def __init__(self, contestant: Contestant, url: str) -> None:
        self.contestant = contestant
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        own = {
            "DATABASE_URL": url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "KEPT_BYTES": str(contestant.kept_bytes),
        }
        environment = {**os.environ, **own}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:api.server", "--log-level", "error"]
        self.process = subprocess.Popen(
            [*command, *contestant.options, contestant.application],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ready(self) -> None:
        """Wait until it answers."""
        for _ in range(100):
            with contextlib.suppress(OSError):
                self.get("/readyz")
                return
            time.sleep(0.1)
        raise SystemExit(f"{self.contestant.name} does not start")

    def get(self, path: str, *, timeout: float = PATIENCE) -> str:
        """The entity tag of the answer at a path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
            answer.read()
            return answer.headers["ETag"] or ""

    def load(self, path: str, *, seconds: float, tag: str) -> tuple[float, float, float, float]:
        """Requests per second; median, 99th percentile and the server's own time (ms) of one. From another process."""
        spent = self.spent()
        command = [sys.executable, "-m", "bench.load", str(self.port), path, str(CONNECTIONS), str(seconds), tag]
        result = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        if set(result["statuses"]) != {"304" if tag else "200"}:
            raise SystemExit(f"{self.contestant.name}: {path} was answered {result['statuses']}")
        latencies = result["latencies"]
        own = (self.spent() - spent) * 1000 / len(latencies)
        return len(latencies) / result["seconds"], median(latencies), quantiles(latencies, n=100)[98], own

    def spent(self) -> float:
        """Seconds of processor time that the server has taken so far: what others do falls on it least."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in pids]
        return sum(int(tick) for pair in ticks for tick in pair) / os.sysconf("SC_CLK_TCK")

    def delay(self, count: int, said: bytes) -> float:
        """Milliseconds that the next request takes while others hold connections open."""
        with contextlib.ExitStack() as held:
            for _ in range(count):
                other = held.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE))
                other.sendall(said)
            time.sleep(0.2)
            started = time.perf_counter()
            with contextlib.suppress(urllib.error.URLError, TimeoutError):
                self.get("/v1/regions/E12000005")
            return (time.perf_counter() - started) * 1000

    def stop(self) -> None:
        """Stop it with its workers; one that still waits for an idle connection is not waited for."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def seeded() -> Iterator[str]:
    """The address of a database of our own, with the figures of the seed."""
    with tempfile.TemporaryDirectory() as folder:
        yield seed.fill(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")


def measure(servers: list[Server], *, rounds: int) -> dict[tuple[str, int], list[tuple[float, ...]]]:
    """What each round found for each case and contestant; every round begins with another contestant."""
    found: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    for turn in range(rounds):
        for case, (path, seconds) in CASES.items():
            for place in range(len(servers)):
                number = (place + turn) % len(servers)
                tag = servers[number].get(path) if case == "304" else ""
                found.setdefault((case, number), []).append(servers[number].load(path, seconds=seconds, tag=tag))
    return found


def print_loads(servers: list[Server], found: dict[tuple[str, int], list[tuple[float, ...]]]) -> None:
    """The table of throughput and latency, each against the first contestant."""
    print(f"{'':13}{'':28}{'req/s':>8}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}   range of req/s")
    for case in CASES:
        first = median(row[0] for row in found[case, 0])
        for number, server in enumerate(servers):
            rates, middles, highs, own = zip(*found[case, number], strict=True)
            label = f"{case if number == 0 else '':13}{server.contestant.name:28}"
            rate = f"{median(rates):8,.0f}{median(rates) / first:7.2f}"
            times = "".join(f"{median(values):9.1f}" for values in (middles, highs, own))
            print(f"{label}{rate}{times}   {min(rates):,.0f}-{max(rates):,.0f}")


def print_delays(servers: list[Server]) -> None:
    """The table of what the next request waits for while others hold connections."""
    print(f"\n{'next request (ms) while':28}" + "".join(f"{name:>12}" for name in OPEN))
    for server in servers:
        delays = [server.delay(count, said) for count, said in OPEN.values()]
        shown = [f"over {PATIENCE * 1000:,.0f}" if delay >= PATIENCE * 1000 else f"{delay:,.0f}" for delay in delays]
        print(f"{server.contestant.name:28}" + "".join(f"{delay:>12}" for delay in shown))


def main() -> None:
    """Run every contestant through every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with seeded() as url, contextlib.ExitStack() as running:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections\n")
        servers = [Server(contestant, url) for contestant in CONTESTANTS]
        for server in servers:
            running.callback(server.stop)
        for server in servers:
            server.ready()
        print_loads(servers, measure(servers, rounds=asked.rounds))
        print_delays(servers)


if __name__ == "__main__":
    main()
