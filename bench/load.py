"""A load generator small enough not to be what is measured: `python -m bench.load PORT PATH CONNECTIONS SECONDS [TAG]`.

Plain sockets in one poller, a request in flight on each; a connection is kept as long as the server keeps it, as a
browser or a proxy would. Prints one JSON object: requests, seconds, latencies in milliseconds, and each status seen.
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
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


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
        self.head, self.missing = b"", -1

    def read(self) -> tuple[int, float] | None:
        """Take what has come; the status and the latency once the answer is complete."""
        part = self.socket.recv(1 << 20)
        if not part:
            self.hang_up()
            return 0, time.perf_counter() - self.started
        if self.missing < 0:
            self.head += part
            self.head, separator, body = self.head.partition(b"\r\n\r\n")
            if not separator:
                return None
            length = _LENGTH.search(self.head)
            self.missing = (int(length[1]) if length else 0) - len(body)
        else:
            self.missing -= len(part)
        if self.missing > 0:
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


def run(port: int, path: str, *, connections: int, seconds: float, tag: str = "") -> dict[str, object]:
    """Ask for `path` over and over for some seconds."""
    condition = f"If-None-Match: {tag}\r\n" if tag else ""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{condition}\r\n".encode("latin-1")
    selector = selectors.DefaultSelector()
    callers = [_Caller(selector, port, request) for _ in range(connections)]
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    started = time.perf_counter()
    for caller in callers:
        caller.ask()
    while (elapsed := time.perf_counter() - started) < seconds:
        for key, _ in selector.select(seconds - elapsed):
            answer = key.data.read()
            if answer is not None:
                statuses[answer[0]] += 1
                latencies.append(answer[1] * 1000)
                key.data.ask()
    elapsed = time.perf_counter() - started
    for caller in callers:
        caller.hang_up()
    return {"requests": len(latencies), "seconds": elapsed, "latencies": latencies, "statuses": dict(statuses)}


if __name__ == "__main__":
    port, path, connections, seconds, *tag = sys.argv[1:]
    result = run(int(port), path, connections=int(connections), seconds=float(seconds), tag="".join(tag))
    json.dump(result, sys.stdout)
