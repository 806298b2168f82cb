"""Charts: `python -m bench.charts`.

Ten questions, each drawn for the first time in a service without caches (the answer included) and then over and over
with them, as SVG and as PNG; the drawing alone, beside Vega-Lite's renderer on the specification of the same chart; and
what 50 people looking at charts do to those who read series. Sizes are of the SVG, before compression.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from statistics import median, quantiles

from api.settings import ROOT
from bench.servers import Question, Server, running, seeded, under_gunicorn

QUESTIONS = {
    "gigabit, combined authorities": "comparison{}?indicator=gigabit-availability&level=combined-authority",
    "output per head, regions": "comparison{}?indicator=gva-sic-j-per-head&level=itl1&region=E12000005",
    "employment with limits": "comparison{}?indicator=employment-rate&level=itl1&region=E12000005",
    "Cumberland, merged": "series{}?indicator=gigabit-availability&region=E06000063&history=merged&with=uk",
    "5G across its break": "series{}?indicator=5g-area-coverage&region=E12000005,E12000007",
    "index with ranges": "index{}?index=local-digital-capital",
    "map of districts": "map{}?indicator=gigabit-availability&level=local-authority",
    "hexagons of districts": "map{}?indicator=gigabit-availability&level=local-authority&geometry=hexagons",
    "Dudley's spine": "profile{}?region=E08000027",
    "change, regions": "change{}?indicator=gigabit-availability&level=itl1&since=2025-01",
}
VIEWERS = 50
READ = Question("/v1/series/gigabit-availability/E12000005?history=own&release=7")
ASKED_FOR = (
    "/v1/regions/E08000027/profile",
    "/v1/regions.geojson?level=local-authority&geometry=boundaries&indicator=gigabit-availability",
    "/v1/indices/local-digital-capital/scores",
    "/v1/rankings/gigabit-availability?level=local-authority",
    "/v1/rankings/employment-rate?level=itl1",
)
"""What charts are made of, as it is asked for without them."""
_SECONDS = 10.0
_PACE = 0.01
_DRAWN_ELSEWHERE = """
import json, sys, time, vl_convert
told = sys.stdin.read()
times = []
for _ in range(6):
    start = time.perf_counter()
    image = vl_convert.vegalite_to_svg(told, allowed_base_urls=[])
    times.append((time.perf_counter() - start) * 1000)
held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
json.dump({"first": times[0], "later": sorted(times[1:])[2], "bytes": len(image), "mb": int(held) / 1024}, sys.stdout)
"""


def path_of(asked: str, ending: str) -> str:
    """The address of a chart in a format."""
    return f"/v1/charts/{asked.format('.' + ending)}"


def timed(server: Server, path: str) -> tuple[float, int]:
    """Milliseconds that an answer takes, and its bytes."""
    started = time.perf_counter()
    body = server.ask(Question(path), timeout=60)
    return (time.perf_counter() - started) * 1000, len(body)


def drawn_elsewhere(told: bytes) -> dict[str, float]:
    """What Vega-Lite's renderer takes for a specification: first and later times, bytes, and memory of its process."""
    command = [sys.executable, "-c", _DRAWN_ELSEWHERE]
    done = subprocess.run(command, input=told, capture_output=True, check=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def each(computing: Server, keeping: Server) -> None:
    """A line for each question."""
    heads = ("first", "svg", "png", "again", "bytes", "gzip", "vl first", "vl later", "vl bytes", "vl MB")
    print(f"{'ms, bytes':32}" + "".join(f"{head:>10}" for head in heads))
    for name, asked in QUESTIONS.items():
        svg, png = path_of(asked, "svg"), path_of(asked, "png")
        first, size = timed(computing, svg)
        later = median(timed(computing, svg)[0] for _ in range(5))
        drawn = median(timed(computing, png)[0] for _ in range(3))
        timed(keeping, svg)
        again = median(timed(keeping, svg)[0] for _ in range(20))
        packed = len(keeping.ask(Question(svg, ("Accept-Encoding: gzip",))))
        other = drawn_elsewhere(computing.ask(Question(path_of(asked, "json")), timeout=60))
        shown = (first, later, drawn, again, size, packed, other["first"], other["later"], other["bytes"], other["mb"])
        print(f"{name:32}" + "".join(f"{value:10,.{0 if value > 100 else 1}f}" for value in shown), flush=True)


def paced(server: Server) -> tuple[float, float]:
    """Median and 99th percentile, in milliseconds, of reads of a series at even distances."""
    latencies = []
    until = time.perf_counter() + _SECONDS
    while (started := time.perf_counter()) < until:
        server.ask(READ)
        latencies.append((time.perf_counter() - started) * 1000)
        time.sleep(max(0.0, _PACE - latencies[-1] / 1000))
    return median(latencies), quantiles(latencies, n=100)[98]


def beside_viewers(server: Server, *, own_widths: bool) -> None:
    """How long readers wait while 50 people look at a chart a second each: at the same ones, or each at his own."""
    stop = threading.Event()
    seen = [0] * VIEWERS

    def look(number: int) -> None:
        paths = [path_of(asked, "svg") for asked in QUESTIONS.values()]
        stop.wait(number / VIEWERS)
        while not stop.is_set():
            width = 330 + 3 * (number + VIEWERS * (seen[number] // len(paths))) if own_widths else 720
            server.ask(Question(f"{paths[(seen[number] + number) % len(paths)]}&width={width}"), timeout=60)
            seen[number] += 1
            stop.wait(1.0)

    viewers = [threading.Thread(target=look, args=(number,)) for number in range(VIEWERS)]
    for viewer in viewers:
        viewer.start()
    stop.wait(2.0)
    middle, high = paced(server)
    stop.set()
    for viewer in viewers:
        viewer.join()
    kind = "each at charts of a width of his own" if own_widths else "all at the same charts"
    print(f"{f'{VIEWERS} viewers, {kind} ({sum(seen):,} seen)':66}{middle:8.1f}{high:8.1f}", flush=True)


def main() -> None:
    """Measure, and print."""
    computing = under_gunicorn("without caches of answers", caches="groups")
    keeping = under_gunicorn("as it is", caches=None)
    with seeded() as url, running([computing, keeping], url) as (one, other):
        for path in ASKED_FOR:
            for _ in other.pids():
                other.ask(Question(path), timeout=60)
        before = other.memory()
        each(one, other)
        workers = len(other.pids())
        print(f"\nMB of a worker, the same questions asked as JSON, then as charts: {before / workers:.0f}, "
              f"{other.memory() / workers:.0f}")  # fmt: skip
        print(f"\n{'reads of a series, a hundred a second':66}{'p50 ms':>8}{'p99 ms':>8}")
        print(f"{'alone':66}" + "".join(f"{value:8.1f}" for value in paced(other)))
        beside_viewers(other, own_widths=False)
        beside_viewers(other, own_widths=True)


if __name__ == "__main__":
    main()
