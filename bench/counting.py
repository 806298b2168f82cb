"""Two publishers count together, each adding one to what stands: `python -m bench.counting [sqlite|postgresql ...]`.

Each reads the figure, uploads it with one added, and publishes; who hears of a conflict begins again. Where no update
is lost, the figure is at last the number of publications.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.databases import KINDS, databases
from bench.partner import Partner, partner

INDICATOR, PLACE = "counted", "E08000027"


def value(given: Partner) -> tuple[int, int]:
    """The figure as it stands, and the release that says so: a worker may learn of the newest a second later."""
    answer = given.ask("GET", f"/v1/series/{INDICATOR}/{PLACE}")[1]
    return int(answer["data"]["observations"][-1]["value"]), int(answer["meta"]["release"])


def published(given: Partner, draft: str, number: int) -> bool:
    """Whether a draft of one figure goes through."""
    given.upload(draft, f"indicator,region,period,value\n{INDICATOR},{PLACE},2025-01,{number}\n".encode())
    given.wait(draft, until="checked")
    status, told = given.ask("POST", f"/v1/drafts/{draft}/publish")
    if status not in {201, 409}:
        raise SystemExit(f"a draft was answered {status}: {told}")
    return status == 201


def count(given: Partner, rounds: int, conflicts: list[int]) -> None:
    """Add one, so many times."""
    for _ in range(rounds):
        while True:
            before, release = value(given)
            draft = given.draft([], base_release=release)
            if published(given, draft, before + 1):
                break
            conflicts.append(1)
            given.ask("DELETE", f"/v1/drafts/{draft}")


def tried(kind: str, rounds: int) -> bool:
    """Whether nothing was lost on a kind of database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        databases(kind, Path(folder)) as made,
        partner(made.empty("counting"), Path(folder)) as given,
    ):
        if not published(given, given.draft([INDICATOR]), 0):
            raise SystemExit("the first figure is not published")
        conflicts: list[int] = []
        both = [threading.Thread(target=count, args=(given, rounds, conflicts)) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        time.sleep(2)
        found, _ = value(given)
    print(f"{kind}: {2 * rounds} publications, {len(conflicts)} conflicts, the figure is {found}", flush=True)
    return found == 2 * rounds


def main() -> int:
    """Try the kinds of databases that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--rounds", type=int, default=25)
    given = parser.parse_args()
    return sum(not tried(kind, given.rounds) for kind in given.kinds)


if __name__ == "__main__":
    sys.exit(main())
