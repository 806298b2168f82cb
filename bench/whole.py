"""The whole data set for one caller, against what SQLite's own command line tool takes to write the same rows."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from statistics import median

from bench.peers import CURRENT
from bench.servers import Server, file_of

ADDRESSES = (
    ("all observations, as CSV", "/v1/observations.csv"),
    ("the file of the release", "/v1/releases/4/download.csv"),
)
"""What is asked of ours: name and address. The first, which is computed each time, is what the target is about."""
TOOL = "sqlite3 -csv"
OBSERVATIONS = 54_421
REPEATS = 5


@dataclass(frozen=True)
class Taken:
    """What one way to the whole data set took: seconds (the median), bytes and rows."""

    name: str
    seconds: float
    size: int
    rows: int


def measure(server: Server, url: str) -> list[Taken]:
    """Every way, in turn; the command line tool is left out, and it is said, where it is not installed."""
    runs: dict[str, Callable[[], object]] = {}
    sizes: dict[str, tuple[int, int]] = {}
    if shutil.which("sqlite3"):
        command = ["sqlite3", "-readonly", "-csv", str(file_of(url)), CURRENT]
        written = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        sizes[TOOL] = len(written), written.count(b"\n")
        runs[TOOL] = partial(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)
    else:
        print(f"\n{TOOL} is left out: no sqlite3 is installed (on Debian: apt-get install sqlite3).")
    for name, path in ADDRESSES:
        sizes[name] = download(server.port, path)
        runs[name] = partial(download, server.port, path)
    for name, (_, rows) in sizes.items():
        if rows != OBSERVATIONS:
            raise SystemExit(f"{name}: {rows:,} rows came, not {OBSERVATIONS:,}")
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(REPEATS):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - started)
    return [Taken(name, median(seconds[name]), *sizes[name]) for name in runs]


def download(port: int, path: str) -> tuple[int, int]:
    """Bytes and rows (a header line apart) of a table, read to its end as it comes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{path} was answered {answer.status}")
    size = lines = 0
    while part := answer.read(1 << 16):
        size += len(part)
        lines += part.count(b"\n")
    connection.close()
    return size, lines - 1


def show(taken: list[Taken]) -> None:
    """The table, each against the command line tool where there is one."""
    tool = next((way.seconds for way in taken if way.name == TOOL), None)
    print(f"\n{'whole data set, one caller':32}{'seconds':>9}{'MB':>7}{'MB/s':>8}{'rows/s':>11}{'speed':>8}")
    for way in taken:
        speed = f"{tool / way.seconds:8.2f}" if tool else ""
        rates = f"{way.size / 1e6 / way.seconds:8.1f}{way.rows / way.seconds:11,.0f}"
        print(f"{way.name:32}{way.seconds:9.3f}{way.size / 1e6:7.2f}{rates}{speed}")
