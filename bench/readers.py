"""Readers of a server, in a process of their own: `python -m bench.readers PORT ADDRESS ...`, until a line comes in.

Each asks its address now and then, one with parameters anew each time. Printed is how long each waited for each answer,
as JSON. In the process that publishes they would wait for it, and not for the server.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.request

EVERY, LONGEST = 0.05, 60.0
"""Seconds between two questions of a reader, and that it waits for an answer."""


def read(port: str, address: str, waits: list[float], over: threading.Event) -> None:
    """Ask until it is over."""
    number = 0
    while not over.wait(EVERY):
        number += 1
        begun = time.perf_counter()
        own = f"{address}&period_from={1900 + number}" if "?" in address else address
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{own}", timeout=LONGEST) as answer:
            answer.read()
        waits.append(time.perf_counter() - begun)


def main(port: str, *addresses: str) -> None:
    """Ask all of them at the same time."""
    waits: list[list[float]] = [[] for _ in addresses]
    over = threading.Event()
    threads = [
        threading.Thread(target=read, args=(port, address, own, over))
        for address, own in zip(addresses, waits, strict=True)
    ]
    for thread in threads:
        thread.start()
    sys.stdin.readline()
    over.set()
    for thread in threads:
        thread.join()
    json.dump(waits, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
