"""A load generator small enough not to be what is measured: `python -m bench.load PORT CONNECTIONS SECONDS < request`.

Plain sockets in one poller, a request in flight on each; a connection is kept as long as the server keeps it, as a
browser or a proxy would. The request is sent as it was read. After the seconds nothing more is asked, and what is in
flight is waited for: a slow server would otherwise be counted short, and go on working while the next one is measured.
Prints one JSON object: requests, seconds, latencies in milliseconds, and each status seen.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
PATIENCE = 20.0
"""Seconds after the last request in which every answer is to be complete."""


class _Sized:
    """A body whose length is known."""

    def __init__(self, length: int) -> None:
        self.missing = length

    def ends(self, part: bytes) -> bool:
        """Take a part; whether it was the last."""
        self.missing -= len(part)
        return self.missing <= 0


class _Chunked:
    """A body in chunks, each under a line with its length; one of length 0 is the last."""

    def __init__(self) -> None:
        self.rest = b""
        self.missing = 0
        """Bytes of the chunk at hand that have not come, its line end included."""

    def ends(self, part: bytes) -> bool:
        """Take a part; whether it was the last. No trailers are expected after the last chunk."""
        data = self.rest + part
        at = self.missing
        while (line := data.find(b"\r\n", at)) >= 0:
            length = int(data[at:line].partition(b";")[0], 16)
            if length == 0:
                self.rest, self.missing = data[at:], 0
                return len(data) >= line + 4
            at = line + 2 + length + 2
        self.rest, self.missing = (data[at:], 0) if at <= len(data) else (b"", at - len(data))
        return False


class _Caller:
    """One connection at a time, with one request in flight on it."""

    def __init__(self, selector: selectors.BaseSelector, port: int, request: bytes) -> None:
        self.selector, self.port, self.request = selector, port, request
        self.socket: socket.socket | None = None

    def ask(self) -> None:
        """Send the request, on the connection there is or on a new one."""
        self.started = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.selector.register(self.socket, selectors.EVENT_READ, self)
        self.socket.sendall(self.request)
        self.head = b""
        self.body: _Sized | _Chunked | None = None

    def read(self) -> tuple[int, float] | None:
        """Take what has come; the status and the latency once the answer is complete."""
        part = self.socket.recv(1 << 20)
        if not part:
            self.hang_up()
            return 0, time.perf_counter() - self.started
        if self.body is None:
            self.head, separator, part = (self.head + part).partition(b"\r\n\r\n")
            if not separator:
                return None
            length = _LENGTH.search(self.head)
            self.body = _Chunked() if _CHUNKED.search(self.head) else _Sized(int(length[1]) if length else 0)
        if not self.body.ends(part):
            return None
        status, latency = int(self.head[9:12]), time.perf_counter() - self.started
        if _CLOSES.search(self.head):
            self.hang_up()
        return status, latency

    def hang_up(self) -> None:
        """Let go of the connection."""
        if self.socket is not None:
            self.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None


def run(port: int, request: bytes, *, connections: int, seconds: float) -> dict[str, object]:
    """Ask over and over for some seconds, and wait for what was asked last."""
    selector = selectors.DefaultSelector()
    callers = [_Caller(selector, port, request) for _ in range(connections)]
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    started = time.perf_counter()
    for caller in callers:
        caller.ask()
    waiting = len(callers)
    while waiting and (elapsed := time.perf_counter() - started) < seconds + PATIENCE:
        for key, _ in selector.select(seconds + PATIENCE - elapsed):
            answer = key.data.read()
            if answer is None:
                continue
            statuses[answer[0]] += 1
            latencies.append(answer[1] * 1000)
            if time.perf_counter() - started < seconds:
                key.data.ask()
            else:
                key.data.hang_up()
                waiting -= 1
    elapsed = time.perf_counter() - started
    statuses.update({"unanswered": waiting} if waiting else {})
    return {"requests": len(latencies), "seconds": elapsed, "latencies": latencies, "statuses": dict(statuses)}


if __name__ == "__main__":
    port, connections, seconds = sys.argv[1:]
    said = sys.stdin.buffer.read()
    json.dump(run(int(port), said, connections=int(connections), seconds=float(seconds)), sys.stdout)
