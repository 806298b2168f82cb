"""What streaming everything takes in memory: `python -m bench.memory [ADDRESS]`.

A worker that held the whole data set, or a little more with each answer, would show here and nowhere else.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from bench.servers import running, seeded, under_gunicorn
from bench.whole import ADDRESSES, download

TIMES = 10


def peak(pid: int) -> float:
    """The most memory that a process has had so far, in MB."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    if found is None:
        raise SystemExit("This system does not say how much memory a process has had.")
    return int(found[1]) / 1024


def main() -> None:
    """Download over and over from one worker, and print its peak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default=ADDRESSES[0][1])
    address = parser.parse_args().address
    ours = under_gunicorn("ours, one process", workers=1, caches=None)
    with seeded() as url, running([ours], url) as (server,):
        (worker,) = server.pids()
        print(f"peak memory of the worker (VmHWM), {address}\n{'before':14}{peak(worker):8.1f} MB")
        for number in range(1, TIMES + 1):
            download(server.port, address)
            if number in {1, TIMES}:
                print(f"{f'after {number}':14}{peak(worker):8.1f} MB")


if __name__ == "__main__":
    main()
