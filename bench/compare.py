"""The service against its peers and against what Flask can do at all, side by side (`make bench`).

Everybody answers the same question from the same observations: the first 20, 500 and 10,000 of two indicators, by
indicator, region and period. All are up at the same time and asked in turn, as in `bench.workers`; what is shown are
medians of the rounds. Before anything is measured the answers are compared. Where a server answers few requests in a
load, its p99 is its slowest.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import time
from statistics import median
from typing import Any, NamedTuple

from api.decimals import rounded
from api.periods import Period, parse
from bench import peers, whole
from bench.constant import SMALL
from bench.peers import COLUMNS, DATASETTE, INDICATORS, ROAPI, ROAPI_AS_THEY_LIE
from bench.servers import CONNECTIONS, Contestant, Load, Question, Server, in_turn, running, seeded, under_gunicorn

COMPUTED = under_gunicorn("ours, computed")
COMPUTED_BY_ONE = under_gunicorn("ours, computed, one worker", workers=1)
JOINED = under_gunicorn("ours, joined", caches="series, groups")
SERVED = under_gunicorn("ours, kept", caches=None)
CONSTANT = under_gunicorn("constant Flask view", application="bench.constant:app", probe=f"/{SMALL}")
CONTESTANTS = (COMPUTED, COMPUTED_BY_ONE, JOINED, SERVED, CONSTANT, DATASETTE, ROAPI, ROAPI_AS_THEY_LIE)
OURS = (COMPUTED, COMPUTED_BY_ONE, JOINED, SERVED)


class Case(NamedTuple):
    """A form of answer (JSON, CSV, 304) and how many observations it has, or would have."""

    form: str
    rows: int


CASES = {
    Case("304", 500): 0.5,
    Case("JSON", 20): 0.5,
    Case("JSON", 500): 0.5,
    Case("JSON", 10_000): 1.0,
    Case("CSV", 20): 0.5,
    Case("CSV", 500): 0.5,
    Case("CSV", 10_000): 1.0,
}
"""What is asked, and for how many seconds in each round."""
LEGEND = """
Processes are in brackets: Datasette and ROAPI are one each, as they are meant to be run (ROAPI with a thread a core).
ours, computed: nothing is kept from one request to the next; each reads the database and writes every row.
ours, joined: no answer is kept, but the series that were asked for are, as text; each answer is put together of them,
in any mix, and described anew. All of them were asked for before here, so that no figure is read: that costs what
computing costs, once for each series, format, release and process.
ours, kept: the very answer was given before, and is sent again.
ours/this: our computed answers per second, against those of the line; a process: the same, each divided by processes;
constant: the line against the constant view with answers as large as ours (304: with 2 KB). cpu ms: the server's own
processor time for a request, which depends least on what else the machine does.
"""
_DECIMALS = 2
"""As many as any of the indicators asked for is published with."""
Rates = dict[tuple[Case, Contestant], float]


def question(contestant: Contestant, case: Case, size: int) -> Question | None:
    """How a case is put to a contestant, if it is, without a tag yet; `size` is what our answer has in bytes."""
    if contestant is CONSTANT:
        return Question(f"/{SMALL if case.form == '304' else size}")
    if contestant in OURS:
        suffix = ".csv" if case.form == "CSV" else ""
        path = f"/v1/observations{suffix}?indicator={','.join(INDICATORS)}&limit={case.rows}"
        return Question(path) if case.form != "304" or contestant is SERVED else None
    return None if case.form == "304" else peers.question(contestant, case.form, case.rows)


class Comparison:
    """All contestants, running, and the sizes of our answers."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers = servers
        self.sizes: dict[Case, int] = {}

    def check(self) -> None:
        """Exit with a message unless all give the same observations; note how large our answers are."""
        wanted: dict[Case, list[tuple[Any, ...]]] = {}
        for case in CASES:
            for server in self.servers:
                asked = question(server.contestant, case, 0)
                if asked is None or server.contestant is CONSTANT:
                    continue
                body = server.ask(asked)
                rows = _rows(body, case.form)
                if server.contestant in OURS:
                    self.sizes[case] = len(body)
                _refuse_if_other(server.contestant, case, rows, wanted.setdefault(case, rows))

    def ask(self, server: Server, case: Case) -> Load | None:
        """One load of a case, where it is put to this server."""
        asked = question(server.contestant, case, self.sizes[case])
        if asked is not None and case.form == "304" and server.contestant is SERVED:
            asked = Question(asked.path, (f"If-None-Match: {server.get(asked.path)}",), status=304)
        return None if asked is None else server.load(asked, seconds=CASES[case])

    def show(self, found: dict[tuple[Case, int], list[Load]]) -> Rates:
        """Print the table; the rates that targets are about."""
        rates = {(case, self.servers[n].contestant): median(load.rate for load in found[case, n]) for case, n in found}
        processes = {server.contestant: len(server.pids()) for server in self.servers}
        timed = f"{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}"
        print(f"{'':44}{timed}{'ours/this':>11}{'a process':>11}{'constant':>10}")
        for case in CASES:
            label = f"{case.form}, {case.rows:,}"
            own = rates.get((case, COMPUTED))
            for number, server in enumerate(self.servers):
                if (case, number) not in found:
                    continue
                who, loads = server.contestant, found[case, number]
                count, rate = processes[who], rates[case, who]
                name = f"{who.name} ({count})"
                times = "".join(f"{median(part):9.1f}" for part in list(zip(*loads, strict=True))[1:])
                against = f"{own / rate:11.2f}{own / processes[COMPUTED] / rate * count:11.2f}" if own else f"{'':22}"
                print(f"{label:14}{name:30}{rate:8,.0f}{times}{against}{rate / rates[case, CONSTANT]:10.2f}")
                label = ""
        return rates


def _rows(body: bytes, form: str) -> list[tuple[Any, ...]]:
    """The observations in an answer, in whichever shape; ROAPI leaves out what is null.

    Our tables have periods in full and values as published: in CSV all are compared in that form.
    """
    if form == "CSV":
        given = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
    else:
        answer = json.loads(body)
        given = answer if isinstance(answer, list) else answer["data"]
    for row in given:
        value = row.get("value")
        row["value"] = None if value in {None, ""} else float(value)
        if form == "CSV":
            row["period"] = _label(row["period"])
            row["value"] = None if row["value"] is None else rounded(row["value"], _DECIMALS)
    return [tuple(row.get(column) for column in COLUMNS) for row in given]


def _label(text: str) -> str:
    """The short label of a period, in whichever form it came."""
    period = parse(text)
    return period.label if isinstance(period, Period) else text


def _refuse_if_other(who: Contestant, case: Case, rows: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]]) -> None:
    if len(rows) != case.rows:
        raise SystemExit(f"{who.name}, {case}: {len(rows):,} observations came")
    if who is not ROAPI_AS_THEY_LIE and rows != wanted:
        other = next((given, right) for given, right in zip(rows, wanted, strict=True) if given != right)
        raise SystemExit(f"{who.name}, {case}: {other[0]} came in place of {other[1]}")


def print_targets(rates: Rates, taken: list[whole.Taken]) -> None:
    """What this service is to reach, and whether it does."""
    some, many = Case("JSON", 500), Case("JSON", 10_000)
    reached = []
    for name, ours in (("computed", COMPUTED), ("joined", JOINED)):
        reached += [
            (f"JSON, 500 {name}, of Datasette", rates[some, ours] / rates[some, DATASETTE], 6.0),
            (f"JSON, 500 {name}, of ROAPI", rates[some, ours] / rates[some, ROAPI], 3.0),
            (f"JSON, 10,000 {name}, of ROAPI", rates[many, ours] / rates[many, ROAPI], 1.0),
        ]
    for case in CASES:
        name = f"{case.form}, {case.rows:,}, kept, of the constant view"
        reached.append((name, rates[case, SERVED] / rates[case, CONSTANT], 0.75))
    seconds = {way.name: way.seconds for way in taken}
    if whole.TOOL in seconds:
        name, _ = whole.ADDRESSES[0]
        reached.append((f"{name}, of {whole.TOOL}", seconds[whole.TOOL] / seconds[name], 0.5))
    print(f"\n{'target (requests per second)':44}{'reached':>9}{'wanted':>9}")
    for name, ratio, target in reached:
        print(f"{name:44}{ratio:9.2f}{target:9.2f}   {'met' if ratio >= target else 'NOT met'}")


def main() -> None:
    """Compare, measure, and say which targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    started = time.monotonic()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections, {asked.rounds} rounds")
    print(LEGEND)
    with seeded() as url:
        peers.lay_out(url)
        with running(CONTESTANTS, url) as servers:
            comparison = Comparison(servers)
            comparison.check()
            rates = comparison.show(in_turn(servers, CASES, rounds=asked.rounds, ask=comparison.ask))
            taken = whole.measure(next(server for server in servers if server.contestant is SERVED), url)
    whole.show(taken)
    print_targets(rates, taken)
    print(f"\n{time.monotonic() - started:.0f} seconds in all")


if __name__ == "__main__":
    main()
