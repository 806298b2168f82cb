"""A long day in short: `python -m bench.soak [--minutes 10]`.

First as much as the service answers is measured, with reads, workbooks, calculations and exports as they come in. Then
70 % of that is asked for, at even distances, while every minute a release is published and a worker is killed. Every
answer is read to its end and held against its length, its form, and the first answer that had the same address and
`ETag`: another one is torn. Printed are, for each minute, what was asked and what came of it, how long it took since it
was due, and the memory of all workers.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import quantiles

from api.settings import ROOT
from bench.attacks import served
from bench.servers import Server, prepared

CALLERS = 32
WAITING = 256
"""Callers that may wait at the same time, when what is asked does not depend on what is answered."""
SHARE = 0.7
_LONGEST = 60.0
_SERIES = "/v1/series/gigabit-availability/"
_REGIONS = [f"E1200000{number}" for number in range(1, 10)] + ["E47000007", "E08000027", "K02000001", "W92000004"]
_DRAWN = {"uncertainty": {"draws": 1_000, "weights": 0.2}, "include": ["uncertainty"]}
_HEADER = "indicator,region,period,value,status,source_file\n"


@dataclass(frozen=True)
class Asked:
    """One request of the mix."""

    kind: str
    path: str
    body: bytes | None = None


def mix(made_up: random.Random) -> Iterator[Asked]:
    """Nine reads in ten, and of a hundred two workbooks, five calculations and three exports."""
    for number in itertools.count():
        kind = made_up.choices(("read", "workbook", "calculation", "export"), (90, 2, 5, 3))[0]
        region = made_up.choice(_REGIONS)
        if kind == "workbook":
            yield Asked(kind, f"/v1/observations.xlsx?indicator=gigabit-availability&region={region}")
        elif kind == "export":
            yield Asked(kind, "/v1/observations.csv?component=digital-infrastructure")
        elif kind == "calculation":
            values = {name: [made_up.randint(1, 99) for _ in range(40)] for name in "xyz"}
            data = {"regions": [f"R{place}" for place in range(40)], "values": values}
            definition = {"indicators": [{"id": name} for name in values], "data": data}
            drawn = _DRAWN if number % 2 else {}
            yield Asked(kind, "/v1/calculations", json.dumps(definition | drawn).encode())
        else:
            page = f"/v1/observations?indicator=gigabit-availability&level=itl1&limit={made_up.randint(1, 400)}"
            yield Asked(kind, made_up.choice((f"{_SERIES}{region}", page, f"/v1/regions/{region}/profile")))


@dataclass
class Tally:
    """What has come of the requests of a minute."""

    outcomes: Counter[str] = field(default_factory=Counter)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds since each was due, by kind."""

    def line(self) -> str:
        """As it is printed: of each kind median, 99th percentile and longest."""
        told = [f"{name} {count:,}" for name, count in sorted(self.outcomes.items())]
        for kind, times in sorted(self.times.items()):
            middle, high = (quantiles(times, n=100)[at] for at in (49, 98)) if len(times) > 1 else (times[0],) * 2
            told.append(f"{kind} {middle:.3f} {high:.2f} {max(times):.2f}")
        return "   ".join(told)


_SEEN: dict[tuple[str, str], bytes] = {}
"""What was answered, in short, by address and `ETag`."""


class Caller(threading.local):
    """A connection for each thread, kept as long as it is good."""

    connection: http.client.HTTPConnection | None = None


_CALLER = Caller()


def ask(port: int, asked: Asked) -> str:
    """What comes of a request: `ok`, a status, `reset` where the connection broke before an answer, or `torn`."""
    for again in (True, False):
        fresh = _CALLER.connection is None
        if _CALLER.connection is None:
            _CALLER.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
        try:
            headers = {"Content-Type": "application/json"} if asked.body else {}
            _CALLER.connection.request("POST" if asked.body else "GET", asked.path, asked.body, headers)
            response = _CALLER.connection.getresponse()
        except (OSError, http.client.HTTPException):
            _drop()
            if again and not fresh:
                continue  # as every client does with a connection that was kept
            return "reset"
        try:
            body = response.read()
        except (OSError, http.client.HTTPException):
            _drop()
            return "broken off"
        if response.status != 200:
            return str(response.status)
        return "ok" if _whole(asked, body) and _as_before(asked, response.headers["ETag"], body) else "TORN"
    return "reset"


def _drop() -> None:
    if _CALLER.connection is not None:
        _CALLER.connection.close()
    _CALLER.connection = None


def _whole(asked: Asked, body: bytes) -> bool:
    if asked.kind == "workbook":
        return body.startswith(b"PK") and b"PK\x05\x06" in body[-64:]
    if asked.kind == "export":
        lines = body.decode().splitlines()
        return len(lines) > 1_000 and len({line.count(",") for line in lines if '"' not in line}) == 1
    return bool(json.loads(body)["data"])


def _as_before(asked: Asked, tag: str | None, body: bytes) -> bool:
    if asked.body or tag is None:
        return True
    digest = sha256(body).digest()
    return _SEEN.setdefault((asked.path, tag), digest) == digest


def capacity(port: int, seconds: float) -> float:
    """Requests a second that are answered when every caller asks as soon as it has an answer, in the second half."""
    began = time.monotonic() + seconds / 2
    until = began + seconds / 2

    def caller(seed: int) -> int:
        count = 0
        for asked in mix(random.Random(seed)):
            if time.monotonic() >= until:
                return count
            ok = ask(port, asked) == "ok"
            count += ok and began <= time.monotonic() < until
        return count

    with ThreadPoolExecutor(CALLERS) as threads:
        return sum(threads.map(caller, range(CALLERS))) / (seconds / 2)


def every_minute(server: Server, url: str, folder: Path, tree: Path, over: threading.Event) -> None:
    """Publish a figure, and kill a worker half a minute later, until it is over."""
    for number in itertools.count(1):
        table = folder / f"revision-{number}.csv"
        table.write_text(f"{_HEADER}gigabit-availability,E12000001,2024-01,{40 + number},A,s1\n", encoding="utf-8")
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "publish", str(table), "--note", "Soak."]
        own = {"DATABASE_URL": url, "DOWNLOADS_PATH": str(folder / "downloads")}
        done = subprocess.run(command, cwd=tree, env={**os.environ, **own}, capture_output=True, text=True, check=False)
        print(f"          published: {(done.stdout or done.stderr).strip().splitlines()[-1:]}", flush=True)
        if over.wait(30):
            return
        with contextlib.suppress(OSError, IndexError):
            os.kill(random.choice(server.pids()), signal.SIGKILL)
        if over.wait(30):
            return


def soak(server: Server, rate: float, minutes: int, tally: Callable[[], Tally]) -> None:
    """Ask at even distances for so many minutes."""
    questions, gap, started = mix(random.Random(0)), 1 / rate, time.monotonic()

    def one(asked: Asked, due: float) -> None:
        outcome = ask(server.port, asked)
        tally().outcomes[outcome] += 1
        tally().times[asked.kind].append(time.monotonic() - due)

    with ThreadPoolExecutor(WAITING) as threads:
        for number in itertools.count():
            due = started + number * gap
            if due - started > minutes * 60:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            threads.submit(one, next(questions), due)


def main() -> None:
    """Measure, then ask for 70 % of it for some minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--tree", type=Path, default=ROOT)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, served(asked.tree.resolve(), Path(name)) as server:
        rate = capacity(server.port, 60) * SHARE
        print(
            f"{rate:,.0f} requests a second for {asked.minutes} minutes\n"
            "  minute   outcomes   of each kind seconds: p50, p99, longest",
            flush=True,
        )
        tallies: list[Tally] = [Tally()]
        over = threading.Event()
        url = prepared(asked.tree.resolve(), Path(name))
        upset = threading.Thread(target=every_minute, args=(server, url, Path(name), asked.tree.resolve(), over))
        upset.start()

        def report() -> None:
            for minute in itertools.count(1):
                ended = over.wait(60)
                done = tallies[-1]
                tallies.append(Tally())
                print(f"{minute:8}   {done.line()}   {server.memory():,.0f} MB", flush=True)
                if ended:
                    return

        reporter = threading.Thread(target=report)
        reporter.start()
        soak(server, rate, asked.minutes, lambda: tallies[-1])
        over.set()
        upset.join()
        reporter.join()
        print(f"in all: {dict(sum((tally.outcomes for tally in tallies), Counter()))}")


if __name__ == "__main__":
    main()
