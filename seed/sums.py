"""Looks for figures that cannot be whole: `python -m seed.sums`.

Two checks of the current counts and amounts that districts have, made from the files in `seed/` alone:

* **sums**: where every district of a nation, region, county or combined authority has a figure, they add up to its own;
* **jumps**: the figure of a district does not become several times what it was from one period to the next, unless the
  figures of the other districts do the like.

A figure that is marked as partial (status `D`) takes no part. What is found and understood stands in `explained.csv`,
with the reason; the exit status is 1 where something else is found.
"""

from __future__ import annotations

import csv
import itertools
import math
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

SEED = Path(__file__).resolve().parent
DISTRICT = "local-authority"
WHOLES = {"country", "itl1", "combined-authority", "county", "city-region", "other"}
"""The levels whose areas are made of whole districts."""

SHARE = 0.001
"""The share of a whole by which a sum may miss it, beside what rounding explains."""
ROUNDINGS = 4
"""How many standard deviations of the rounding of its parts a sum may miss its whole by."""
FACTOR = {"survey": 4.0}
"""How many times its former figure makes a jump: more of a sample, whose figures jump by chance."""
USUAL = 2.5
FLOOR = 20
"""How many roundings the larger of two figures must have: below, rounding alone makes jumps."""
ENOUGH = 20
"""How many districts must show how figures moved from a period to the next."""

Key = tuple[str, str]
Series = dict[str, dict[str, float]]
"""The figures of an indicator: by region and the label of the period."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: the region and period that it is about, and what is wrong."""

    check: str
    indicator: str
    region: str
    period: str
    text: str


@dataclass(frozen=True, slots=True)
class Places:
    """The districts of each larger area as they are today, and what each was formed of."""

    names: dict[str, str]
    districts: set[str]
    within: dict[str, list[str]]
    formed_of: dict[str, list[str]]


def places(seed: Path = SEED) -> Places:
    """Read the areas."""
    levels: dict[str, set[str]] = defaultdict(set)
    for row in _read(seed / "region_levels.csv"):
        levels[row["region"]].add(row["level"])
    districts = {region for region, of in levels.items() if DISTRICT in of}
    formed_of: dict[str, list[str]] = defaultdict(list)
    recoded = set()
    for row in _read(seed / "region_successions.csv"):
        if {row["predecessor"], row["successor"]} <= districts:
            formed_of[row["successor"]].append(row["predecessor"])
        if row["kind"] == "recoded":
            recoded.add(row["predecessor"])
    regions = _read(seed / "regions.csv")
    today = {row["region"] for row in regions if not row["valid_to"]} & districts - recoded
    within: dict[str, list[str]] = defaultdict(list)
    for row in _read(seed / "region_parents.csv"):
        if row["region"] in today and levels[row["parent"]] & WHOLES:
            within[row["parent"]].append(row["region"])
    return Places({row["region"]: row["name"] for row in regions}, districts, dict(within), dict(formed_of))


def figures(indicator: str, seed: Path = SEED) -> tuple[Series, list[str]]:
    """The current figures of an indicator that are whole, by region and period, and its periods in order."""
    found: Series = defaultdict(dict)
    starts = {}
    for row in _read(seed / "observations" / f"{indicator}.csv"):
        if not row["last_release"] and row["value"] and row["status"] != "D":
            found[row["region"]][row["period"]] = float(row["value"])
            starts[row["period"]] = row["period_start"]
    return dict(found), sorted(starts, key=lambda period: (starts[period], period))


def rounding(values: list[float]) -> float:
    """The step that figures are rounded to: the largest of 1000, 500, 100, 50, 10, 5 and 1 that divides all."""
    steps = (1000, 500, 100, 50, 10, 5)
    return float(next((step for step in steps if all(value % step == 0 for value in values)), 1))


def parts(series: Series, known: Places, district: str, period: str) -> list[float] | None:
    """The figures that make up a district: its own, or of the districts that it was formed of; None if one lacks."""
    value = series.get(district, {}).get(period)
    if value is not None:
        return [value]
    former = [parts(series, known, of, period) for of in known.formed_of.get(district, [])]
    if not former or None in former:
        return None
    return [value for of in former for value in of or []]


def sums(indicator: str, known: Places, seed: Path = SEED) -> list[Finding]:
    """Larger areas whose districts all have figures that do not add up to its own."""
    series, periods = figures(indicator, seed)
    step = rounding([value for region in known.districts for value in series.get(region, {}).values()])
    found = []
    for whole, period in itertools.product(sorted(known.within), periods):
        total = series.get(whole, {}).get(period)
        members = [parts(series, known, district, period) for district in known.within[whole]]
        if total is None or None in members:
            continue
        values = [value for of in members for value in of or []]
        short = total - sum(values)
        if abs(short) > ROUNDINGS * step * math.sqrt((len(values) + 1) / 12) + SHARE * abs(total):
            text = f"{len(values)} districts add up to {sum(values):,.0f}, {abs(short):,.0f} "
            text += f"{'less' if short > 0 else 'more'} than {known.names[whole]}'s {total:,.0f}"
            found.append(Finding("sum", indicator, whole, period, text))
    return found


def jumps(indicator: str, known: Places, factor: float, seed: Path = SEED) -> list[Finding]:
    """Districts whose figure changes by more than a factor, beside the change of the median district."""
    series, periods = figures(indicator, seed)
    here = {region: series[region] for region in sorted(series.keys() & known.districts)}
    floor = FLOOR * rounding([value for of in here.values() for value in of.values()])
    found = []
    for before, after in itertools.pairwise(periods):
        ratios = {
            region: of[after] / of[before]
            for region, of in here.items()
            if of.get(before, 0) > 0 and of.get(after, 0) > 0
        }
        if len(ratios) < ENOUGH:
            continue
        usual = statistics.median(ratios.values())
        for region, ratio in ratios.items():
            old, new = here[region][before], here[region][after]
            if max(ratio / usual, usual / ratio) > factor and max(old, new) >= floor:
                text = f"{known.names[region]} goes from {old:,.0f} to {new:,.0f}"
                found.append(Finding("jump", indicator, region, after, text))
    return found


def explained(seed: Path = SEED) -> dict[tuple[str, str, str, str], str]:
    """What is understood: check, indicator, region and period, each of the last two perhaps `*` for all -> why."""
    rows = _read(seed / "explained.csv")
    return {(row["check"], row["indicator"], row["region"], row["period"]): row["why"] for row in rows}


def why(finding: Finding, known: dict[tuple[str, str, str, str], str]) -> str | None:
    """The explanation of a finding, if there is one."""
    for region, period in itertools.product((finding.region, "*"), (finding.period, "*")):
        if found := known.get((finding.check, finding.indicator, region, period)):
            return found
    return None


def findings(seed: Path = SEED) -> list[Finding]:
    """All that both checks find."""
    known = places(seed)
    found = []
    for row in _read(seed / "indicators.csv"):
        if row["measure"] != "rate":
            found += sums(row["indicator"], known, seed)
            found += jumps(row["indicator"], known, FACTOR.get(row["collection"], USUAL), seed)
    return found


def main() -> int:
    """Tell what is found, each with its explanation. Returns the exit status."""
    understood = explained()
    found = [(finding, why(finding, understood)) for finding in findings()]
    for finding, reason in found:
        print(f"{finding.check} {finding.indicator} {finding.period}: {finding.text}. {reason or 'NOT EXPLAINED'}")
    unexplained = sum(reason is None for _, reason in found)
    print(f"{len(found)} found, {len(found) - unexplained} explained")
    return 1 if unexplained else 0


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    sys.exit(main())
