"""What small requests can do to the service: `python -m bench.attacks [--tree CHECKOUT] [--only WORD]`.

Each attack goes on for some seconds against a server of its own on 127.0.0.1, with the usual workers and settings.
Meanwhile a probe and a series that is kept are asked every fifth of a second, each on a connection of its own. Printed
are the longest that either waited, how many were not answered within ten seconds, the processor time and the most
memory of all workers, and what they hold five seconds after. `--tree` names another checkout, to compare with.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api.settings import ROOT
from bench.servers import Server, prepared, under_gunicorn

LONGEST = 10.0
"""Seconds after which a probe counts as not answered."""
EVERY = 0.2
PROBES = ("/livez", "/v1/series/gigabit-availability/E12000005")
JSON = "Content-Type: application/json\r\n"
_RESET = struct.pack("ii", 1, 0)
"""What has a socket end its connection with a reset (SO_LINGER)."""


def head(path: str, *, method: str = "GET", more: str = "") -> bytes:
    """The head of a request."""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode()


def post(body: bytes, *, more: str = "") -> bytes:
    """A calculation as it is sent."""
    return head("/v1/calculations", method="POST", more=f"{JSON}Content-Length: {len(body)}\r\n{more}") + body


def definition(number: int) -> dict[str, Any]:
    """What is computed of an index: within every limit, and costly. Ranks are to be found exactly, in equal ways."""
    drawn = {"draws": 1_000, "seed": number, "weights": 0.9, "normalisation": [{"method": "min-max"}] * 10}
    return {"uncertainty": {**drawn, "extremes": True}, "include": ["uncertainty"]}


def calculation(number: int) -> bytes:
    """Such an index of 50 made-up regions and 4 indicators."""
    made_up = random.Random(number)
    values = {f"i{row}": [made_up.randint(1, 100) for _ in range(50)] for row in range(4)}
    data = {"regions": [f"R{place}" for place in range(50)], "values": values}
    return json.dumps({"indicators": [{"id": name} for name in values], "data": data, **definition(number)}).encode()


def calculation_asked(number: int) -> bytes:
    """Such an index of the figures here, as a read."""
    indicators = [{"id": name} for name in ("gigabit-availability", "level-3-qualifications", "gva-sic-j-per-head")]
    asked = {"indicators": indicators, "regions": {"level": "itl1"}, **definition(number)}
    return head(f"/v1/calculations?definition={quote(json.dumps(asked))}")


Attack = Callable[[int, float], int]
"""Attacks a port until a moment, and says how many requests it made."""


def answered(said: Callable[[int], bytes], *, at_once: int) -> Attack:
    """Requests whose answers are read, so many at once."""

    def attack(port: int, until: float) -> int:
        count = 0

        def one(number: int) -> None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as caller:
                caller.sendall(said(number).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                while caller.recv(1 << 16) and time.monotonic() < until + 60:
                    pass

        with ThreadPoolExecutor(at_once) as threads:
            while time.monotonic() < until:
                list(threads.map(one, range(count, count + at_once)))
                count += at_once
        return count

    return attack


def left(said: Callable[[int], bytes], *, at_once: int, after: float = 0.05, die: bool = False) -> Attack:
    """Requests whose callers leave before the answer, or die without a word, over and over."""

    def attack(port: int, until: float) -> int:
        count = 0
        while time.monotonic() < until:
            callers = []
            for number in range(count, count + at_once):
                with contextlib.suppress(OSError):
                    callers.append(socket.create_connection(("127.0.0.1", port), timeout=5))
                    callers[-1].sendall(said(number))
            time.sleep(after)
            for caller in callers:
                if die:
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                caller.close()
            count += at_once
            time.sleep(1)
        return count

    return attack


def held(said: bytes, *, count: int, then: bytes = b"a") -> Attack:
    """Connections that say something and then a byte every four seconds, or read one where `then` is empty."""

    def attack(port: int, until: float) -> int:
        with contextlib.ExitStack() as stack:
            callers = []
            for _ in range(count):
                caller = stack.enter_context(socket.socket())
                if not then:
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                caller.settimeout(2)
                with contextlib.suppress(OSError):
                    caller.connect(("127.0.0.1", port))
                    caller.sendall(said)
                    caller.setblocking(False)  # noqa: FBT003
                    callers.append(caller)
            while time.monotonic() < until:
                time.sleep(min(4, max(0, until - time.monotonic())))
                for caller in callers:
                    with contextlib.suppress(OSError):
                        caller.send(then) if then else caller.recv(1)
        return len(callers)

    return attack


def _repeated(size: int) -> bytes:
    return b"{" + b",".join([b'"indicators":1'] * (size // 15)) + b"}"


_BAD_REGIONS = json.dumps({"indicators": ["gva-sic-j-per-head"], "regions": ["E00000000"] * 100_000}).encode()
_UNKNOWN = "&".join(f"name{number}=1" for number in range(600))
_ACCEPT = "".join("Accept: " + ",".join(["a/b;q=0.1"] * 800) + "\r\n" for _ in range(95))
_EXPECTING = "Content-Length: 9\r\nExpect: 100-continue\r\n"
_CHUNKED = JSON + "Transfer-Encoding: chunked\r\n"
ATTACKS: dict[str, Attack] = {
    "workbooks, 8 at once": answered(
        lambda number: head(f"/v1/observations.xlsx?period_from={1900 + number}"), at_once=8
    ),
    "bodies of 2 MB, refused": answered(lambda _: post(b'{"a": [' + b"[1]," * 499_000 + b"1]}"), at_once=8),
    "a key repeated, 180 kB": answered(lambda _: post(_repeated(180_000)), at_once=8),
    "a key repeated, 2 MB": answered(lambda _: post(_repeated(1_900_000)), at_once=8),
    "100,000 bad regions": answered(lambda _: post(_BAD_REGIONS), at_once=8),
    "95 headers of 8 kB": answered(lambda _: head("/v1/regions", more=_ACCEPT), at_once=8),
    "600 unknown parameters": answered(lambda _: head(f"/v1/observations?{_UNKNOWN}"), at_once=8),
    "calculations, 8 at once": answered(lambda number: post(calculation(number)), at_once=8),
    "calculations, callers leave": left(lambda number: post(calculation(number)), at_once=12),
    "... asked by address": left(calculation_asked, at_once=12),
    "chunks of a byte, 720 kB": answered(
        lambda _: head("/no", method="POST", more=_CHUNKED) + b"1\r\na\r\n" * 120_000 + b"0\r\n\r\n", at_once=8
    ),
    "die when told to go on": left(
        lambda _: head("/no", method="POST", more=_EXPECTING), at_once=50, after=0, die=True
    ),
    "1,000 say nothing": held(b"", count=1_000, then=b"G"),
    "1,000 slow heads": held(b"GET /v1/regi", count=1_000),
    "1,000 slow heads of 17 kB": held(
        head("/v1/regions")[:-2] + b"A: " + b"a" * 8_000 + b"\r\nB: " + b"b" * 8_100, count=1_000
    ),
    "1,000 slow bodies": held(post(b" " * 1_000)[:-999], count=1_000),
    "1,000 slow chunks": held(head("/v1/calculations", method="POST", more=_CHUNKED) + b"ff\r\n{", count=1_000),
    "1,000 slow bodies of reads": held(head("/v1/regions", more="Content-Length: 9999\r\n") + b"{", count=1_000),
    "1,000 slow bodies to nowhere": held(
        head("/no", method="POST", more="Content-Length: 9999\r\n") + b"{", count=1_000
    ),
    "200 leave a table unread": held(head("/v1/observations.csv"), count=200, then=b""),
    "200 leave a page unread": held(head("/v1/observations?limit=10000"), count=200, then=b""),
}


@dataclass
class Watch:
    """Asks the probes, and looks at the workers, until it is told to stop."""

    server: Server
    waits: dict[str, list[float]] = field(default_factory=lambda: {path: [] for path in PROBES})
    missed: int = 0
    most: float = 0.0
    spent: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, path: str) -> None:
        """One probe over and over."""
        while not self.over.wait(EVERY):
            started = time.monotonic()
            caller = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=LONGEST)
            try:
                caller.request("GET", path)
                ok = caller.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                ok = False
            finally:
                caller.close()
            self.waits[path].append(time.monotonic() - started)
            self.missed += not ok

    def look(self) -> None:
        """The memory, over and over."""
        while not self.over.wait(EVERY):
            self.most = max(self.most, self.server.memory())

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Watch meanwhile."""
        before = self.server.spent()
        threads = [threading.Thread(target=self.ask, args=(path,)) for path in PROBES]
        threads.append(threading.Thread(target=self.look))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
            self.spent = self.server.spent() - before


@contextlib.contextmanager
def served(tree: Path, folder: Path) -> Iterator[Server]:
    """A checkout being served as it is by default."""
    url = prepared(tree, folder)
    usual = under_gunicorn("attacked", caches=None)
    server = Server(replace(usual, tree=tree, noisy=True), url)
    try:
        server.ready()
        yield server
    finally:
        server.stop()


def main() -> None:
    """Each attack, on a server of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("--only", default="", help="only attacks with this in their name")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each goes on")
    asked = parser.parse_args()
    titles = ("/livez s", "series s", "missed", "of", "sent", "cpu s", "MB most", "MB after")
    print(f"{'':30}" + "".join(f"{title:>10}" for title in titles), flush=True)
    with tempfile.TemporaryDirectory() as name:
        for title, attack in ATTACKS.items():
            if asked.only not in title:
                continue
            with served(asked.tree.resolve(), Path(name)) as server:
                for path in PROBES * 20:  # so often that each worker has kept the series
                    server.get(path)
                watch = Watch(server)
                with watch.on():
                    sent = attack(server.port, time.monotonic() + asked.seconds)
                time.sleep(5)
                longest = [max(watch.waits[path], default=0.0) for path in PROBES]
                asked_for = sum(map(len, watch.waits.values()))
                numbers = f"{watch.missed:10}{asked_for:10}{sent:10}{watch.spent:10.1f}"
                memory = f"{watch.most:10.0f}{watch.server.memory():10.0f}"
                print(f"{title:30}" + "".join(f"{wait:10.2f}" for wait in longest) + numbers + memory, flush=True)


if __name__ == "__main__":
    main()
