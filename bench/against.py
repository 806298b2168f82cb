"""The service against another checkout of it: `python -m bench.against CHECKOUT [--rounds N] [--only WORD]`.

Both are up at the same time, each with the figures that its own code loads, and are asked in turn; what is shown are
medians of the rounds, and what the other's are of ours. Computed: nothing is kept from one request to the next. Joined:
the series that were asked for are kept as text. Kept: the very answer was given before. Where `rate` is below 0.95
something became slower.

One worker each, on a processor of its own, and whoever asks on another: with as many workers as processors the three
take turns on two, and two measurements of one checkout differ by a tenth.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import NamedTuple

from api.settings import ROOT
from bench.servers import CONNECTIONS, Load, Question, Server, in_turn, prepared, running, under_gunicorn

WAYS = {
    "computed": under_gunicorn("computed", workers=1),
    "joined": under_gunicorn("joined", caches="series, groups", workers=1),
    "kept": under_gunicorn("kept", caches=None, workers=1),
}
_TABLE = "?indicator=gigabit-availability,gva-sic-j-per-head&limit="
_DEFINITION = {
    "indicators": [{"id": "x"}, {"id": "y"}],
    "data": {"regions": ["a", "b", "c"], "values": {"x": [1, 2, 9], "y": [3, 2, 5]}},
}


class Case(NamedTuple):
    """What is asked, of servers that answer in one way."""

    title: str
    way: str
    question: Question
    seconds: float = 0.5


def cases() -> list[Case]:
    """What is measured: tables in three sizes and two forms, one thing of each kind, and what is posted."""
    tables = {
        f"{form}, {rows:,}": (f"/v1/observations{ending}{_TABLE}{rows}", 1.0 if rows > 500 else 0.5)
        for form, ending in (("JSON", ""), ("CSV", ".csv"))
        for rows in (20, 500, 10_000)
    }
    one_of_each = {
        "a series": "/v1/series/gigabit-availability/E12000005",
        "a profile": "/v1/regions/E08000025/profile",
        "a ranking": "/v1/rankings/gigabit-availability?level=itl1",
        "the regions": "/v1/regions",
        "a probe": "/livez",
    }
    body = json.dumps(_DEFINITION)
    posted = Question("/v1/calculations", ("Content-Type: application/json",), body=body)
    return [
        *(Case(title, way, Question(path), seconds) for title, (path, seconds) in tables.items() for way in WAYS),
        *(Case(title, way, Question(path)) for title, path in one_of_each.items() for way in ("computed", "kept")),
        Case("304", "kept", Question(f"/v1/observations{_TABLE}500")),
        Case("a workbook, 500", "computed", Question(f"/v1/observations.xlsx{_TABLE}500"), 2.0),
        Case("a calculation", "computed", posted),
    ]


def ask(server: Server, case: Case) -> Load | None:
    """One load of a case, where the server answers in its way."""
    if server.contestant.name != case.way:
        return None
    question = case.question
    if case.title == "304":
        question = Question(question.path, (f"If-None-Match: {server.get(question.path)}",), status=304)
    return server.load(question, seconds=case.seconds)


def processors() -> tuple[set[int], set[int]]:
    """Which processors servers run on, and which whoever asks them: the same where there is one."""
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


def main() -> None:
    """Ask both, and say what became slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="the other checkout; it is run by the same Python")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="only cases with this in their title or way")
    asked = parser.parse_args()
    trees = (ROOT, asked.other.resolve())
    chosen = [case for case in cases() if asked.only in f"{case.title} {case.way}"]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections, {asked.rounds} rounds\n")
    started = time.monotonic()
    served, asking = processors()
    with ExitStack() as stack:
        os.sched_setaffinity(0, served)
        servers: list[Server] = []
        for tree in trees:
            url = prepared(tree, Path(stack.enter_context(tempfile.TemporaryDirectory())))
            own = [replace(way, tree=tree, noisy=True) for way in WAYS.values()]
            servers += stack.enter_context(running(own, url))
        os.sched_setaffinity(0, asking)
        found = in_turn(servers, chosen, rounds=asked.rounds, ask=ask)
    print(f"{'':26}{'req/s':>9}{'other':>9}{'cpu ms':>9}{'other':>9}{'rate':>9}{'cpu':>7}")
    for case in chosen:
        loads = [found[case, number] for number in range(len(servers)) if (case, number) in found]
        (rate, other), (cost, of_other) = (
            [median(getattr(load, name) for load in of_one) for of_one in loads] for name in ("rate", "own")
        )
        numbers = f"{rate:9,.0f}{other:9,.0f}{cost:9.3f}{of_other:9.3f}{rate / other:9.2f}"
        print(f"{case.title + ', ' + case.way:26}{numbers}{cost / of_other if of_other else 1:7.2f}")
    print(f"\n{time.monotonic() - started:.0f} seconds in all")


if __name__ == "__main__":
    main()
