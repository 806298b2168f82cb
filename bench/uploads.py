"""A long file, checked and published, and what readers notice of it: `python -m bench.uploads [sqlite|postgresql]`.

A million figures of ten indicators, 361 districts and 278 months are uploaded, checked, looked at and published, while
readers ask for a cached answer and for a computed one, so many times a second. Printed are the seconds of each step,
the most memory that each process held, and the readers' 99th percentile alone and meanwhile. Then a file of which two
in a hundred rows are wrong in known ways: named must be exactly these, and nothing is published.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.client
import io
import json
import random
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from bench.databases import KINDS, databases
from bench.partner import Partner, partner

READERS = {
    "cached": "/v1/series/gva-per-hour/E12000005",
    "computed": "/v1/observations?region=E12000005&limit=20&cursor=",
}
_EVERY = 0.02
"""Seconds from one request of a reader to the next."""
WRONG = {
    "number-decimal-comma": lambda row: (*row[:3], f"{row[3]:.1f}".replace(".", ",")),
    "region-unknown": lambda row: (row[0], f"{row[1][:-1]}X", *row[2:]),
    "period-unknown": lambda row: (*row[:2], "sometime", row[3]),
    "number-invalid": lambda row: (*row[:3], "about ten"),
}


def figures(districts: list[str], count: int) -> Iterator[tuple[str, str, str, float]]:
    """So many figures: indicator, district, month, value."""
    draw, made = random.Random(1), 0
    for number in range(1_000):
        for year in range(2000, 2026):
            for month in range(1, 13):
                for code in districts:
                    if made == count:
                        return
                    made += 1
                    yield f"ours-{number}", code, f"{year}-{month:02}", round(draw.gauss(500, 5), 2)


def written(rows: Iterator[tuple[object, ...]]) -> bytes:
    """Rows as a packed CSV file."""
    text = io.StringIO()
    text.write("indicator,region,period,value\n")
    text.writelines(",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) + "\n" for row in rows)
    return gzip.compress(text.getvalue().encode(), 1)


class Readers:
    """Readers that ask for an answer every so often, each in a thread of its own."""

    def __init__(self, port: int) -> None:
        self._port, self._ended = port, threading.Event()
        self.took: dict[str, list[float]] = defaultdict(list)
        self._threads = [threading.Thread(target=self._read, args=item) for item in READERS.items()]

    def _read(self, name: str, path: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._ended.wait(_EVERY):
            begun = time.perf_counter()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request(
                    "GET",
                    path.removesuffix("&cursor=") + (f"&limit={random.randint(1, 900)}" if "cursor" in path else ""),
                )
                connection.getresponse().read()
                self.took[name].append((time.perf_counter() - begun) * 1_000)
        connection.close()

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def told(self) -> str:
        """Median, 99th percentile and longest of each, in milliseconds."""
        return ", ".join(
            f"{name} p50 {quantiles(took, n=100)[49]:.1f} p99 {quantiles(took, n=100)[98]:.1f} max {max(took):.0f} ms "
            f"({len(took)})"
            for name, took in self.took.items()
        )


class Memory:
    """The most memory that each kind of process held, looked at often."""

    def __init__(self, watched: Partner) -> None:
        self._watched, self._ended = watched, threading.Event()
        self.most: dict[str, float] = defaultdict(float)
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            for number, kind in self._watched.processes().items():
                with contextlib.suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{number}/status").read_text().splitlines()
                    held = int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1_000
                    self.most[kind] = max(self.most[kind], held)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def measured(given: Partner, count: int, kind: str) -> None:
    """All of it, printed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{given.port}/v1/regions?level=local-authority&limit=1000") as answer:
        districts = [
            item["code"]
            for item in json.load(answer)["data"]
            if item["valid_from"] is None or item["valid_from"] < "2000"
        ]
    names = sorted({row[0] for row in figures(districts, count)})
    print(f"{kind}: {count:,} rows, {len(names)} indicators, {len(districts)} districts", flush=True)
    good = written(figures(districts, count))
    with Readers(given.port) as readers:
        time.sleep(10)
    print(f"  readers alone: {readers.told()}", flush=True)
    with Memory(given) as memory, Readers(given.port) as readers:
        draft = given.draft(names)
        steps = {"uploaded": time.perf_counter()}
        given.upload(draft, good)
        steps["checked"] = time.perf_counter()
        told = given.wait(draft, until="checked")["uploads"][0]
        steps["ready to be read"] = time.perf_counter()
        given.wait(draft, until="preview")
        steps["published"] = time.perf_counter()
        status, _ = given.ask("POST", f"/v1/drafts/{draft}/publish")
        told |= given.wait(draft, until="published")
        steps["end"] = time.perf_counter()
    moments = list(steps.values())
    spent = ", ".join(
        f"{name} in {after - before:.1f} s" for name, before, after in zip(steps, moments, moments[1:], strict=False)
    )
    print(
        f"  {len(good) / 1e6:.1f} MB: {spent}; publish answered {status}; release {told['release']}, "
        f"problem {told['problem']}"
    )
    print(f"  most memory: {', '.join(f'{name} {held:.0f} MB' for name, held in sorted(memory.most.items()))}")
    print(f"  readers meanwhile: {readers.told()}", flush=True)
    named_exactly(given, districts, count)


def named_exactly(given: Partner, districts: list[str], count: int) -> None:
    """A file with two rows in a hundred that are wrong: whether exactly these are named."""
    expected: dict[int, str] = {}

    def spoilt() -> Iterator[tuple[object, ...]]:
        for line, row in enumerate(figures(districts, count), 2):
            if line % 50 == 7:
                code = list(WRONG)[line // 50 % len(WRONG)]
                expected[line] = code
                yield WRONG[code](row)
            else:
                yield row

    draft = given.draft([])
    begun = time.perf_counter()
    given.upload(draft, written(spoilt()))
    told = given.wait(draft, until="checked")["uploads"][0]
    spent = time.perf_counter() - begun
    address = f"http://127.0.0.1:{given.port}{told['links']['faults']}"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {given.key}"})
    with urllib.request.urlopen(request) as answer:
        lines = answer.read().decode("utf-8-sig").splitlines()
    head = lines[0].split(",")
    row, code, severity = head.index("row"), head.index("problem"), head.index("problem_severity")
    import csv  # noqa: PLC0415

    found = {int(line[row]): line[code] for line in csv.reader(lines[1:]) if line[severity] == "error"}
    refused = given.ask("POST", f"/v1/drafts/{draft}/publish")[0]
    print(
        f"  with {len(expected):,} bad rows: {told['errors']:,} errors in {spent:.1f} s with the upload, "
        f"exactly these: {found == expected}; publish answered {refused}"
    )


def main() -> None:
    """Measure on the kinds of databases that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    for kind in given.kinds:
        with (
            tempfile.TemporaryDirectory() as folder,
            databases(kind, Path(folder)) as made,
            partner(made.empty("uploads"), Path(folder)) as one,
        ):
            measured(one, given.rows, kind)


if __name__ == "__main__":
    main()
