"""The columns of every table that is served, described once: for CSVW, Parquet, workbooks and the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STATUSES = {
    "A": "normal value",
    "B": "time series break: not comparable with the observation before it",
    "D": "definition differs",
    "E": "estimated value",
    "F": "forecast value",
    "G": "experimental value",
    "M": "missing: cannot exist",
    "O": "missing: not available or not reliable enough to publish",
    "P": "provisional value",
    "Q": "missing: suppressed by the publisher",
    "U": "low reliability",
}
"""The observation statuses in use, from the SDMX code list CL_OBS_STATUS."""
_STATUS_LIST = "; ".join(f"`{code}` {meaning}" for code, meaning in STATUSES.items())
STATUS = f"Status, from the SDMX code list CL_OBS_STATUS: {_STATUS_LIST}."


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what stands in it, and of which kind: `string`, `number` or `integer`."""

    name: str
    description: str
    kind: str = "string"
    example: Any = None
    optional: bool = True
    """Whether a cell may be empty."""


def key_of(columns: tuple[Column, ...]) -> list[str]:
    """The columns of a table that tell its rows apart."""
    of_figures = {OBSERVATIONS, CHANGES, PROJECTIONS}
    return ["indicator", "region", "period"] if columns in of_figures else [columns[0].name]


PUBLISHED_REGION = Column(
    "published_region",
    "The code that the figure is published under: another code of the same place where that was recoded.",
    example="E12000005",
    optional=False,
)
OBSERVATIONS = (
    Column("indicator", "Indicator.", example="gigabit-availability", optional=False),
    Column("region", "Code that the region goes by now.", example="E12000005", optional=False),
    Column("region_name", "Name of the region.", example="West Midlands", optional=False),
    Column("period", "Period.", example="2026-01", optional=False),
    Column("value", "The value; null where it is missing, and `status` says why.", "number", 90.2),
    Column("status", STATUS, example="A", optional=False),
    Column("unit", "Unit of the value.", example="% of premises", optional=False),
    PUBLISHED_REGION,
)
REGIONS = (
    Column("code", "Code: GSS, or ITL or NUTS where there is no GSS code.", example="E12000005", optional=False),
    Column("name", "Name. Not unique.", example="West Midlands", optional=False),
    Column("label", "Name and level: what tells places of one name apart.", optional=False),
    Column("levels", "The levels it belongs to, separated by spaces.", example="itl1", optional=False),
    Column("parents", "Codes of the regions it lies in, separated by spaces."),
    Column("valid_from", "First day of the code, or year where only that is known; empty: unknown."),
    Column("valid_to", "Last day of the code, or year; empty: still in use."),
    Column("latitude", "Degrees north (WGS 84) of a point that stands for it.", "number"),
    Column("longitude", "Degrees east (WGS 84) of the point.", "number"),
    Column("centroid", "`published`, or `mean-of-members`: derived as the mean of its local authorities' points."),
)
LATEST = (
    Column("indicator", "The indicator whose latest value is shown."),
    Column("period", "Period of the latest value; empty where there is none."),
    Column("value", "The latest value.", "number"),
    Column("status", STATUS),
    Column("unit", "Unit of the value."),
    Column("published_region", "The code that it is published under, where the place has several."),
)
"""What joins the columns of regions where an indicator is named."""
INDICATORS = (
    Column("id", "Identifier.", example="gigabit-availability", optional=False),
    Column("title", "Title.", optional=False),
    Column("description", "What is measured.", optional=False),
    Column("component", "The component of digital capital that it belongs to.", optional=False),
    Column("unit", "Unit of the values.", optional=False),
    Column("decimals", "Decimals worth showing.", "integer", optional=False),
    Column("measure", "`rate`, `count` or `amount`.", optional=False),
    Column("denominator", "The indicator to divide it by to compare places; empty where there is none."),
    Column("polarity", "Which direction is better, if any.", optional=False),
    Column("collection", "Whether it is counted in records, asked of a sample, or modelled; empty: not known."),
    Column("over_time", "`true` where its periods may be compared, `false` where not; empty: not known."),
    Column("frequency", "How often it is published.", optional=False),
    Column("year_kind", "Which year it is of: calendar, financial, academic.", optional=False),
    Column("quality", "Quality label of the statistic.", optional=False),
    Column("derivation", "How it was derived, where it was not taken as published."),
    Column("caveats", "What to know before using it."),
    Column("source", "Identifier of its source.", optional=False),
    Column("levels", "The levels that it has values for, separated by spaces."),
    Column("last_updated", "The day of the newest file that it was read from."),
    Column("latest_period", "The newest period with a value."),
    Column("next_update", "When its publisher means to publish next, where that is known."),
)
SOURCES = (
    Column("id", "Identifier.", example="ofcom-connected-nations", optional=False),
    Column("title", "Title of the data set.", optional=False),
    Column("publisher", "Who published it.", optional=False),
    Column("licence", "Its licence.", optional=False),
    Column("licence_url", "Where the licence stands.", optional=False),
    Column("url", "Where it is published.", optional=False),
    Column("attribution", "The attribution that the licence asks for.", optional=False),
)
CHANGES = (
    Column("indicator", "Indicator.", example="gigabit-availability", optional=False),
    Column("region", "Code of the region.", example="E12000005", optional=False),
    Column("region_name", "Name of the region.", example="West Midlands", optional=False),
    Column("period", "Period.", example="2025-01", optional=False),
    Column("change", "`added`, `changed` or `removed`.", example="changed", optional=False),
    Column("old_value", "The value in the first release; null where there was none.", "number", 89.2),
    Column("new_value", "The value in the second release; null where there is none.", "number", 88.2),
    Column("old_status", "The status in the first release; null where it was not there.", example="A"),
    Column("new_status", "The status in the second release; null where it is not there.", example="A"),
)
RANKING = (
    Column("region", "Code of the region.", example="E12000005", optional=False),
    Column("region_name", "Name of the region.", example="West Midlands", optional=False),
    Column(
        "value", "The value that is compared: a rate, or a count or an amount through its denominator.", "number", 90.2
    ),
    Column("unit", "Its unit.", example="% of premises", optional=False),
    Column("published_value", "The value as published.", "number", 90.2),
    Column("published_unit", "The unit as published.", example="% of premises", optional=False),
    Column("period", "Period.", example="2026-01", optional=False),
    Column("status", STATUS, example="A", optional=False),
    Column("denominator_year", "The year of the denominator; empty for rates.", example="2023"),
    Column("rank", "Rank, 1 the best; ties share the best rank; empty where a region is alone.", "integer", 4),
    Column("n", "Among how many.", "integer", 12, optional=False),
    Column("rank_lower", "The best rank that the error of the values allows; empty without a basis.", "integer", 4),
    Column("rank_upper", "The worst rank that the error of the values allows; empty without a basis.", "integer", 4),
    Column(
        "rank_basis", "What the interval rests on: `sampling_ci_95` or `rounding`; empty: nothing.", example="rounding"
    ),
    Column("tier", "Which of the groups that cannot be told apart it is in; empty without a basis.", "integer", 4),
    Column("quantile", "The share of the other regions that it is above, ties counted half.", "number", 0.7273),
    PUBLISHED_REGION,
)
"""A ranking, the best first."""
SCORES = (
    Column("region", "Code of the region.", example="E12000005", optional=False),
    Column("region_name", "Name of the region.", example="West Midlands", optional=False),
    Column("index", "The index.", example="local-digital-capital", optional=False),
    Column("edition", "The edition: the year up to whose end figures count.", "integer", 2026, optional=False),
    Column("method_version", "The version of the method.", example="1", optional=False),
    Column("part", "`index`, or the component that the score is of.", example="index", optional=False),
    Column("score", "The score, from 0 to 100 between the goalposts.", "number", 48.21),
    Column("rank", "Rank by the score of the index, 1 the best; empty for components.", "integer", 6),
    Column("method_range_90_lower", "5th percentile of the ranks over other weights and methods.", "number", 5),
    Column("method_range_90_upper", "95th percentile of the ranks over other weights and methods.", "number", 8),
    Column("best_rank", "The best rank that other weights and methods give.", "integer", 4),
    Column("worst_rank", "The worst rank that other weights and methods give.", "integer", 9),
)
"""The scores of an index, a line for each region and part."""
PROJECTIONS = (
    Column("indicator", "Indicator.", example="gva-per-hour", optional=False),
    Column("region", "Code of the region.", example="E12000005", optional=False),
    Column("region_name", "Name of the region.", example="West Midlands", optional=False),
    Column("period", "Period ahead.", example="2024", optional=False),
    Column("value", "The projected value.", "number", 35.4, optional=False),
    Column("lower_80", "Lower bound of the 80 % prediction interval.", "number", 34.1, optional=False),
    Column("upper_80", "Upper bound of the 80 % prediction interval.", "number", 36.7, optional=False),
    Column("lower_95", "Lower bound of the 95 % prediction interval.", "number", 33.2, optional=False),
    Column("upper_95", "Upper bound of the 95 % prediction interval.", "number", 37.6, optional=False),
    Column("unit", "Unit of the value.", example="£ per hour", optional=False),
    Column("model", "The model: `naive`, `drift` or `damped-trend`.", example="drift", optional=False),
)
