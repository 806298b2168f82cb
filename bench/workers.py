"""Which worker class, how many threads, is one reader at a time worth it? Side by side (`make bench-workers`).

Every contestant is up at the same time, on the same database, and is asked in turn, so that what else the machine does
falls on all alike. Requests per second and latencies are medians of the rounds. The last columns say how long the next
request waited while connections were open that said nothing, had said half a request, or did not hang up.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import time
import urllib.error
from statistics import median

from bench.servers import CONNECTIONS, PATIENCE, Load, Question, Server, in_turn, running, seeded, under_gunicorn

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


GTHREAD = ("--worker-class", "gthread", "--threads", "32")
UNLOCKED = "bench.unlocked:app"
CONTESTANTS = (
    under_gunicorn("as configured"),
    under_gunicorn("... with answers kept", caches=None),
    under_gunicorn("... without the read lock", application=UNLOCKED),
    under_gunicorn("... with 32 threads", "--threads", "32"),
    under_gunicorn("... and without the lock", "--threads", "32", application=UNLOCKED),
    under_gunicorn("gunicorn's gthread, 32", *GTHREAD),
    under_gunicorn("... without the read lock", *GTHREAD, application=UNLOCKED),
    under_gunicorn("sync", "--worker-class", "sync", "--threads", "1"),
)


def ask(server: Server, case: str) -> Load:
    """One load of a case."""
    path, seconds = CASES[case]
    if case == "304":
        return server.load(Question(path, (f"If-None-Match: {server.get(path)}",), status=304), seconds=seconds)
    return server.load(Question(path), seconds=seconds)


def delay(server: Server, count: int, said: bytes) -> float:
    """Milliseconds that the next request takes while others hold connections open."""
    with contextlib.ExitStack() as held:
        for _ in range(count):
            other = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE))
            other.sendall(said)
        time.sleep(0.2)
        started = time.perf_counter()
        with contextlib.suppress(urllib.error.URLError, TimeoutError):
            server.get("/v1/regions/E12000005")
        return (time.perf_counter() - started) * 1000


def print_loads(servers: list[Server], found: dict[tuple[str, int], list[Load]]) -> None:
    """The table of throughput and latency, each against the first contestant."""
    print(f"{'':13}{'':28}{'req/s':>8}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}   range of req/s")
    for case in CASES:
        first = median(load.rate for load in found[case, 0])
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
        delays = [delay(server, count, said) for count, said in OPEN.values()]
        shown = [f"over {PATIENCE * 1000:,.0f}" if delay >= PATIENCE * 1000 else f"{delay:,.0f}" for delay in delays]
        print(f"{server.contestant.name:28}" + "".join(f"{delay:>12}" for delay in shown))


def main() -> None:
    """Run every contestant through every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections\n")
    with seeded() as url, running(CONTESTANTS, url) as servers:
        print_loads(servers, in_turn(servers, CASES, rounds=asked.rounds, ask=ask))
        print_delays(servers)


if __name__ == "__main__":
    main()
