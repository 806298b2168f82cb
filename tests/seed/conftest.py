"""Reads seed/ as plain text: no part of the application is imported."""

import csv
from pathlib import Path

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed"
NEWEST = 5


def read(name):
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Seed:
    """The seed's tables, each read once."""

    folder = SEED

    def __init__(self):
        self._tables = {}
        files = sorted((SEED / "observations").glob("*.csv"))
        self.observations = {file.stem: read(f"observations/{file.name}") for file in files}

    def table(self, name):
        if name not in self._tables:
            self._tables[name] = read(f"{name}.csv")
        return self._tables[name]

    def by(self, name, key):
        return {row[key]: row for row in self.table(name)}

    def current(self, indicator):
        return [row for row in self.observations[indicator] if not row["last_release"]]

    def at(self, indicator, release):
        """(region, period) -> row, as the figures stood in a release."""
        return {
            (row["region"], row["period"]): row
            for row in self.observations[indicator]
            if int(row["first_release"]) <= release and (not row["last_release"] or release <= int(row["last_release"]))
        }

    def value(self, indicator, region, period, release=NEWEST):
        return self.at(indicator, release)[region, period]["value"]

    def ancestors(self, region):
        return {row["parent"] for row in self.table("region_parents") if row["region"] == region}

    def levels(self, region):
        return {row["level"] for row in self.table("region_levels") if row["region"] == region}

    def successions(self):
        return {(row["predecessor"], row["successor"]): row["kind"] for row in self.table("region_successions")}


@pytest.fixture(scope="session")
def seed():
    return Seed()
