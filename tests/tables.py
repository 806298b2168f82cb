"""What tables must hold, from what JSON says: periods in full, and values rounded as publishers round."""

from __future__ import annotations

import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from api import columns

DECIMALS = {"gigabit-availability": 1, "gva-sic-j-per-head": 1, "fe-ict-achievements": 0, "population": 0}
"""How many decimals indicators of the tests are published with."""


def in_full(label: str) -> str:
    """A period as tables have it, from its short label."""
    return {4: f"{label}-01-01/P1Y", 7: f"{label}-01/P1M"}.get(len(label), label)


def rounded(value: float | None, decimals: int) -> float | None:
    """A value as tables have it."""
    if value is None:
        return None
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def figures_of(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], float | None]:
    """Rows of JSON as tables have them: indicator, region and period in full -> value."""
    return {
        (row["indicator"], row["region"], in_full(row["period"])): rounded(row["value"], DECIMALS[row["indicator"]])
        for row in rows
    }


TABLES: dict[str, tuple[columns.Column, ...]] = {
    "/v1/regions?level=itl1": columns.REGIONS,
    "/v1/regions?valid_on=any": columns.REGIONS,
    "/v1/regions?level=county": columns.REGIONS,
    "/v1/regions?level=itl1,country&indicator=gva-per-hour": columns.REGIONS + columns.LATEST,
    "/v1/regions?level=combined-authority&indicator=population": columns.REGIONS + columns.LATEST,
    "/v1/regions?level=itl3&indicator=gigabit-availability": columns.REGIONS + columns.LATEST,
    "/v1/regions?level=local-authority&indicator=fe-ict-achievements": columns.REGIONS + columns.LATEST,
    "/v1/indicators": columns.INDICATORS,
    "/v1/indicators?component=digital-skills": columns.INDICATORS,
    "/v1/indicators?q=population": columns.INDICATORS,
    "/v1/rankings/gigabit-availability?level=itl1": columns.RANKING,
    "/v1/rankings/active-businesses?level=itl1": columns.RANKING,
    "/v1/rankings/level-3-qualifications?level=local-authority": columns.RANKING,
    "/v1/rankings/gva-sic-j?level=local-authority&period=2020": columns.RANKING,
    "/v1/indices/local-digital-capital/scores": columns.SCORES,
    "/v1/indices/combined-authority-digital-capital/scores": columns.SCORES,
    "/v1/releases/1/diff/2": columns.CHANGES,
    "/v1/releases/2/diff/3": columns.CHANGES,
    "/v1/releases/2/diff/3?change=changed": columns.CHANGES,
    "/v1/releases/1/diff/4?limit=30": columns.CHANGES,
    "/v1/series/population/E12000005": columns.OBSERVATIONS,
    "/v1/series/gigabit-availability/E08000038?history=linked": columns.OBSERVATIONS,
}
"""Addresses of tables, and the columns that each has."""
INDICATORS = (
    "population", "gva-per-hour", "gigabit-availability", "employment-soc-21", "5g-area-coverage", "total-exports",
    "digital-job-adverts", "digital-job-adverts-share", "fe-ict-achievements", "business-birth-rate", "ukri-funding",
    "level-3-qualifications", "gva-sic-j-per-head", "ict-service-exports", "apprenticeship-starts-rate",
)  # fmt: skip
LEVELS = ("itl1", "itl1,country", "combined-authority", "local-authority", "itl3", "county", "uk", "city-region")
REGIONS = ("E12000005", "E47000007", "E08000025", "K02000001", "W92000004", "E06000023", "E08000038", "E08000016")


@st.composite
def questions(draw: st.DrawFn) -> str:
    """The query of any observations."""
    parts = ["limit=" + str(draw(st.sampled_from([1, 2, 7, 500, 5_000])))]
    if named := draw(st.lists(st.sampled_from(INDICATORS), max_size=3, unique=True)):
        parts.append(f"indicator={','.join(named)}")
    if draw(st.booleans()):
        parts.append(f"level={draw(st.sampled_from(LEVELS))}")
    else:
        parts.append(
            f"region={','.join(draw(st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4, unique=True)))}"
        )
    parts.append(draw(st.sampled_from(["", "latest=true", "period=2022", "period=2024-01,2023", "period_from=2021"])))
    return "&".join(part for part in parts if part)


def in_format(address: str, name: str) -> str:
    """The address of a table in a format."""
    return f"{address}{'&' if '?' in address else '?'}format={name}"


def filled(text: str, *, of: tuple[columns.Column, ...]) -> dict[str, str]:
    """The kinds of those columns of a CSV that hold anything; an empty one has no type. Asserts its header."""
    header, *lines = csv.reader(io.StringIO(text))
    assert header == [column.name for column in of]
    held = [any(cells) for cells in zip(*lines, strict=True)] if lines else [False] * len(of)
    return {column.name: column.kind for column, anything in zip(of, held, strict=True) if anything}


def gaps(text: str) -> set[str]:
    """The columns of a CSV with an empty cell among others."""
    rows = list(csv.DictReader(io.StringIO(text)))
    return {name for row in rows for name, cell in row.items() if cell == ""}
