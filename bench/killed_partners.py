"""Kills the server while partners upload and publish, and looks whether anything is lost or half there.

    python -m bench.killed_partners [sqlite|postgresql ...] [--times 200] [--seed 1]

A partner makes one draft after another, uploads, publishes, and sends again whatever was not answered. Meanwhile a
worker, the master with its workers, the process in the background, the one that checks a file, or all of them are
killed (SIGKILL) at random moments, and started again where nobody else does. After each restart every release must be
whole, nothing of a draft may stand in the database, and in the end every draft must be published once, with its
figures.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from api.database import Database
from bench.databases import KINDS, databases
from bench.partner import Partner, partner

SHORT, LONG = 40, 6_000
"""Rows of a draft that is published at once, and of one that is published in the background."""
TARGETS = ("worker", "master", "background", "checker", "all")


def table(indicator: str, rows: int) -> bytes:
    """A file of so many figures of one indicator."""
    codes = [f"E060000{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]
    months = [f"{year}-{month:02}" for year in range(1970, 2026) for month in range(1, 13)]
    lines = [f"{indicator},{code},{month},{number % 97}" for month in months for number, code in enumerate(codes)]
    return "\n".join(["indicator,region,period,value", *lines[:rows], ""]).encode()


class Publishing(threading.Thread):
    """A partner who publishes one draft after another until told to stop."""

    def __init__(self, given: Partner) -> None:
        super().__init__()
        self._given, self.ended = given, threading.Event()
        self.expected: dict[str, int] = {}
        """How many figures each indicator has to have, once it is published."""
        self.published: dict[str, int] = {}
        """The release of each indicator, as it was answered."""
        self.faults: list[str] = []

    def run(self) -> None:
        """Publish one draft after another."""
        number = 0
        while not self.ended.is_set() and not self.faults:
            number += 1
            try:
                self._publish(f"ours-{number}", LONG if number % 4 == 0 else SHORT)
            except SystemExit as error:
                self.faults.append(str(error))

    def _publish(self, indicator: str, rows: int) -> None:
        self.expected[indicator] = rows
        draft = self._given.draft([indicator], reason=indicator)
        self._given.upload(draft, table(indicator, rows))
        told = self._given.wait(draft, until="checked")
        if not told["ready"]:
            raise SystemExit(f"{indicator} is not ready: {told}")
        status, said = self._given.ask("POST", f"/v1/drafts/{draft}/publish")
        if status not in {201, 202}:
            raise SystemExit(f"{indicator} was answered {status}: {said}")
        told = self._given.wait(draft, until="published")
        if told["state"] != "published":
            raise SystemExit(f"{indicator} is {told['state']}: {told['problem']}")
        self.published[indicator] = told["release"]


def wrong(url: str, expected: dict[str, int]) -> list[str]:
    """What is not as it should be: releases that are not whole, and anything of a draft that is not published."""
    found = []
    database = Database(url)
    with database.connect() as connection:
        releases = connection.execute(
            text("SELECT id, reason, added, state, fingerprint FROM release ORDER BY id")
        ).all()
        drafts = dict(connection.execute(text("SELECT reason, release_id FROM draft WHERE state = 'published'")).all())
        counted = (
            "SELECT indicator.slug, count(*) FROM observation JOIN series ON series.id = series_id "
            "JOIN indicator ON indicator.id = indicator_id WHERE indicator.owner IS NOT NULL GROUP BY indicator.slug"
        )
        held = dict(connection.execute(text(counted)).all())
        owned = set(connection.execute(text("SELECT slug FROM indicator WHERE owner IS NOT NULL")).scalars())
    database.engine.dispose()
    if [item.id for item in releases] != list(range(1, len(releases) + 1)):
        found.append(f"releases are {[item.id for item in releases]}")
    ours = {item.reason: item for item in releases if item.reason in expected}
    for name, item in ours.items():
        whole = item.added == expected[name] == held.get(name) and item.fingerprint and item.state == "published"
        if not whole or drafts.get(name) != item.id:
            found.append(
                f"{name}: release {item.id} has {item.added}, {held.get(name)} stand, draft {drafts.get(name)}"
            )
    alone = (owned | held.keys() | drafts.keys()) - ours.keys()
    return found + [f"{name} stands without a release" for name in alone]


def kill(given: Partner, target: str, draw: random.Random) -> str:
    """Kill what there is of a kind; what was killed. Where the server is, it is started again."""
    there = given.processes()
    if target in {"master", "all"} or target not in there.values():
        killed = there if target == "all" or target not in there.values() else {
            number: kind for number, kind in there.items() if kind in {"master", "worker"}
        }  # fmt: skip
        for number in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        given.stop()
        given.start()
        return "master" if target == "master" else "all"
    with contextlib.suppress(ProcessLookupError):
        os.kill(draw.choice([number for number, kind in there.items() if kind == target]), signal.SIGKILL)
    return target


def tried(kind: str, times: int, seed: int) -> int:
    """Every moment; how many were not whole."""
    draw, killed, faults = random.Random(seed), Counter[str](), []
    with (
        tempfile.TemporaryDirectory() as folder,
        databases(kind, Path(folder)) as made,
        partner(made.empty("killed"), Path(folder)) as given,
    ):
        publishing = Publishing(given)
        publishing.start()
        for number in range(times):
            time.sleep(draw.uniform(0.1, 1.5))
            killed[kill(given, draw.choice(TARGETS), draw)] += 1
            found = [*wrong(given.url, dict(publishing.expected)), *publishing.faults]
            faults += [f"after {number + 1}: {fault}" for fault in found]
            if publishing.faults:
                break
        publishing.ended.set()
        publishing.join()
        faults += [*wrong(given.url, publishing.expected), *publishing.faults]
        missing = publishing.expected.keys() - publishing.published.keys()
        faults += [f"{name} was never published" for name in missing]
        done, rows = len(publishing.published), sum(publishing.expected.values())
    print(f"{kind}: killed {dict(killed)}; {done} drafts with {rows:,} figures published, each once", flush=True)
    print("\n".join([f"  {fault}" for fault in faults] or ["  nothing lost, nothing half there"]), flush=True)
    return len(faults)


def main() -> int:
    """Try the kinds of databases that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    return sum(tried(kind, given.times, given.seed) for kind in given.kinds)


if __name__ == "__main__":
    sys.exit(main())
