"""Is our worker worth its keep? Beside gunicorn's behind nginx, waitress and granian (`make bench-fronts`).

All serve the same application on the same database, with what it keeps by default, so that what is measured is how
requests come in and answers go out (and how seldom cycles are looked for, which is set by gunicorn's hook alone). The
second table says how long `/livez` waited at the longest, and how often it was given up, while some sockets sent a
byte now and then of a head or of a body, or did not read the stream they asked for.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import socket
import sys
import time
from statistics import median

from bench.servers import CONNECTIONS, PATIENCE, Contestant, Load, Question, Server, in_turn, running, seeded
from bench.servers import under_gunicorn as gunicorn

GTHREAD = ("--worker-class", "gthread", "--threads")
CASES = {
    "one series": ("/v1/series/gigabit-availability/E47000007", 0.5),
    "500 rows": ("/v1/observations?limit=500", 0.5),
    "10,000 rows": ("/v1/observations?limit=10000", 1.0),
}
"""What is asked, and for how many seconds in each round."""
WAYS = ("head", "body", "stream")
COUNTS = (16, 200, 1_000)
_EVERY = 1.0
"""Seconds between two bytes of a slow caller."""
_HOST = b"Host: 127.0.0.1\r\n"
SAID = {
    "head": b"GET /livez HTTP/1.1\r\n" + _HOST + b"X-Slow: ",
    "body": b"POST /v1/calculations HTTP/1.1\r\n"
    + _HOST
    + b"Content-Type: application/json\r\nContent-Length: 999\r\n\r\n",
    "stream": b"GET /v1/observations.csv?period_from=1850 HTTP/1.1\r\n" + _HOST + b"\r\n",
}


def _in(server: str, name: str, *options: str) -> Contestant:
    return Contestant(name, (sys.executable, "-m", "bench.front", server, "{port}", "{folder}", *options), noisy=True)


CONTESTANTS = (
    gunicorn("ours", caches=None),
    _in("nginx", "ours behind nginx"),
    _in("nginx", "gthread, 4, behind nginx", *GTHREAD, "4"),
    _in("nginx", "gthread, 32, behind nginx", *GTHREAD, "32"),
    _in("waitress", "waitress, 8 threads"),
    _in("granian", "granian, 2 by 4"),
    _in("nginx", "granian behind nginx", "granian"),
)


def ask(server: Server, case: str) -> Load:
    """One load of a case."""
    path, seconds = CASES[case]
    return server.load(Question(path), seconds=seconds)


def print_loads(servers: list[Server], found: dict[tuple[str, int], list[Load]]) -> None:
    """The table of throughput and latency, each against the first contestant."""
    print(f"{'':13}{'':28}{'req/s':>8}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}")
    for case in CASES:
        first = median(load.rate for load in found[case, 0])
        for number, server in enumerate(servers):
            rates, *times = zip(*found[case, number], strict=True)
            label = f"{case if number == 0 else '':13}{server.contestant.name:28}"
            shown = "".join(f"{median(values):9.1f}" for values in times)
            print(f"{label}{median(rates):8,.0f}{median(rates) / first:7.2f}{shown}")


def waited(server: Server, way: str, count: int, seconds: float) -> tuple[float, int, int]:
    """Seconds that `/livez` took at the longest, how often it was given up, and how often it was asked."""
    longest, given_up, asked = 0.0, 0, 0
    with contextlib.ExitStack() as held:
        slow = [held.enter_context(_slow(server, way)) for _ in range(count)]
        until, next_byte = time.monotonic() + seconds, 0.0
        while time.monotonic() < until:
            if way != "stream" and time.monotonic() >= next_byte:
                next_byte = time.monotonic() + _EVERY
                for connection in slow:
                    with contextlib.suppress(OSError):  # let go of by the server
                        connection.send(b"a", socket.MSG_DONTWAIT)
            asked += 1
            started = time.monotonic()
            try:
                server.get("/livez")
            except OSError:
                given_up += 1
            longest = max(longest, time.monotonic() - started)
            time.sleep(0.1)
    return longest, given_up, asked


def _slow(server: Server, way: str) -> socket.socket:
    connection = socket.socket()
    connection.settimeout(PATIENCE)
    if way == "stream":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    with contextlib.suppress(OSError):  # refused, or not taken in time: it holds what it can
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(SAID[way])
    return connection


def print_waits(servers: list[Server], counts: list[int], seconds: float) -> None:
    """The table of slow callers."""
    print(f"\n/livez, longest ms (given up of asked) while n sockets are slow for {seconds:g} s")
    for way in WAYS:
        print(f"{way:28}" + "".join(f"{count:>20,}" for count in counts))
        for server in servers:
            cells = []
            for count in counts:
                longest, given_up, asked = waited(server, way, count, seconds)
                cells.append(f"{longest * 1000:,.0f} ({given_up}/{asked})")
                time.sleep(_EVERY)
            print(f"  {server.contestant.name:26}" + "".join(f"{cell:>20}" for cell in cells))


def main() -> None:
    """Run every contestant through every case, then through every kind of slow caller."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each kind and number of slow callers")
    parser.add_argument("--counts", type=int, nargs="*", default=list(COUNTS))
    asked = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8_192), most))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections\n")
    with seeded() as url, running(CONTESTANTS, url) as servers:
        print_loads(servers, in_turn(servers, CASES, rounds=asked.rounds, ask=ask))
        print_waits(servers, asked.counts, asked.seconds)


if __name__ == "__main__":
    main()
