"""A place's indicators as a spine: where it stands in its group in each of them, with the ranks that it may have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api.answers.charts import words
from api.answers.profile import one_profile
from api.answers.reading import Reading
from api.chart_filters import ProfileChart
from api.charts.chart import ESTIMATED, PLAIN, Axis, Mark, Row, Rows
from api.filters import ProfileFilter
from api.rows import Answer

_MIDDLE_HALF = (25.0, 75.0)
_LOWER_IS_BETTER = "lower-is-better"


def chart(reading: Reading, asked: ProfileChart) -> Answer:
    """The spine of a place. Problems `unknown-id`, and `invalid-parameter` of a level that the place is not of."""
    catalogue = reading.catalogue
    region = catalogue.place_of(catalogue.region(asked.region))
    question = ProfileFilter(component=asked.component, level=asked.level, points=1)
    answer = one_profile(reading, question, region)
    data = answer.data
    rows: list[Row] = []
    levels: dict[str, int] = {}
    if isinstance(data, dict):
        for component in _components(data, asked):
            drawn = [_row(entry) for entry in component["indicators"] if _is_drawn(entry)]
            rows += _headed(component["title"], drawn)
            for entry in component["indicators"]:
                if _is_drawn(entry):
                    levels[entry["group"]["level"]] = max(levels.get(entry["group"]["level"], 0), entry["group"]["n"])
    name = words.name_of(region, asked)
    title = f"{name} among its like"
    if not rows or not isinstance(data, dict):
        return words.unfigured(reading, kind="profile", title=title, meta=answer.meta)
    group = " and ".join(catalogue.levels[level].plural for level in levels)
    return words.charted(
        reading,
        kind="profile",
        title=f"{name} among {group}",
        subtitle="Latest figure of each indicator, by the share of the group that lies behind",
        statement=_statement(name, group, rows, data),
        body=Rows(
            axis=Axis(lower=0.0, upper=100.0, ticks=((0.0, ""), (25.0, ""), (50.0, ""), (75.0, ""), (100.0, ""))),
            rows=tuple(rows),
            columns=("value", "median", "rank"),
            marks=(Mark(label="middle of the group", value=50.0),),
            band=_MIDDLE_HALF,
            ends=("← last", "first →"),
            one_place=True,
        ),
        meta=answer.meta,
        notes=_notes(rows, data, asked),
    )


def _components(data: dict[str, Any], asked: ProfileChart) -> list[dict[str, Any]]:
    """The components that are asked for; else those of digital capital, without outcomes and context."""
    return [item for item in data["components"] if asked.component or item["role"] == "component"]


def _is_drawn(entry: dict[str, Any]) -> bool:
    rank = entry.get("rank")
    return rank is not None and rank["n"] > 1


def _headed(title: str, rows: list[Row]) -> list[Row]:
    """The rows of a component, the first with its title above."""
    return [replace(rows[0], heading=title), *rows[1:]] if rows else []


def _row(entry: dict[str, Any]) -> Row:
    """An indicator: how much of the group lies behind the place, as its order and its rank interval tell."""
    rank, comparable = entry["rank"], entry["comparable"]
    median = next((item for item in entry["benchmarks"] if item["id"] == "median"), None)
    interval = rank["interval"]
    known = interval is not None and interval["lower"] is not None
    ranks = (interval["lower"], interval["upper"]) if known else None
    unit, decimals = comparable["unit"], comparable["decimals"]
    return Row(
        label=f"{entry['title']}{_direction(entry)}",
        code=entry["indicator"],
        value=_behind(rank["order"], rank["n"]),
        text=words.value_text(comparable["value"], decimals, unit),
        interval=None if ranks is None else (_behind(ranks[1], rank["n"]), _behind(ranks[0], rank["n"])),
        cells=(
            words.value_text(median and median["value"], decimals, unit),
            words.NONE if ranks is None else f"{words.places_text(ranks)} of {rank['n']}",
        ),
        kind=PLAIN if known else ESTIMATED,
    )


def _direction(entry: dict[str, Any]) -> str:
    """A lower value stands first in few indicators, which say so."""
    return " (low is first)" if entry["polarity"] == _LOWER_IS_BETTER else ""


def _behind(place: int, n: int) -> float:
    """The share of the other places that lie behind a place in the order, in per cent."""
    return 100.0 * (n - place) / (n - 1)


def _statement(name: str, group: str, rows: list[Row], data: dict[str, Any]) -> str:
    first = sum(1 for row in rows if row.value is not None and row.value > _MIDDLE_HALF[1])
    last = sum(1 for row in rows if row.value is not None and row.value < _MIDDLE_HALF[0])
    said = f"{name} among {group}: of {len(rows)} indicators {first} are in the first quarter and {last} in the last."
    for kind in ("strengths", "gaps"):
        found = [item["title"] for item in data.get(kind) or ()][:3]
        if found:
            said += f" {kind.capitalize()}: {', '.join(found)}."
    return said


def _notes(rows: list[Row], data: dict[str, Any], asked: ProfileChart) -> list[str]:
    band = "The shaded band holds the middle half of the group."
    notes = [f"{band} Right is the better end, or the higher value where neither end is better."]
    if any(row.interval is not None for row in rows):
        notes.append("Thick lines are the ranks that a place may have, given the error of the values.")
    if any(row.kind != PLAIN for row in rows):
        notes.append("Empty dots: only the order of the values is known, and no rank is given.")
    total = sum(len(component["indicators"]) for component in _components(data, asked))
    if total > len(rows):
        notes.append(f"{total - len(rows)} more indicators have no comparable figure for this place.")
    return notes
