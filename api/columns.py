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
BOUND_KINDS = ("sampling_ci_95", "method_range_90")
"""What the lower and upper limits of a value may be."""
DIFFERS = "D"
"""The status of a value that is shown and never compared: another definition, or a part of what it is called after."""
COMPARED = frozenset(STATUSES) - {DIFFERS}
"""The statuses of observations whose value, if they have one, may be compared with others."""
SUM, RATIO, WEIGHTED = METHODS = ("sum", "ratio", "weighted-mean")
"""How a value is put together from those of the parts of a place."""
_STATUS_LIST = "; ".join(f"`{code}` {meaning}" for code, meaning in STATUSES.items())
STATUS = f"Status, from the SDMX code list CL_OBS_STATUS: {_STATUS_LIST}."


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what stands in it, and of which kind.

    Kinds: `string`; `number`, a decimal number; `integer`; `date`, a day (ISO 8601); `boolean`. A column is of one kind
    whatever rows an answer holds, and written so that readers that guess find that one (`api/spans.py`, `decimals.py`).
    """

    name: str
    description: str
    kind: str = "string"
    example: Any = None
    optional: bool = True
    """Whether a cell may be empty."""


def key_of(columns: tuple[Column, ...]) -> list[str]:
    """The columns of a table that tell its rows apart."""
    if columns[: len(OBSERVATIONS)] == OBSERVATIONS:
        return ["indicator", "published_region", "period"]
    if columns == CHANGES_SINCE:
        return ["release", "indicator", "region", "period"]
    return ["indicator", "region", "period"] if columns in {CHANGES, PROJECTIONS} else [columns[0].name]


def in_json(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """What JSON has of the columns of a table: short labels of periods, for it tells types, and nothing beside them."""
    return tuple(_JSON.get(item.name, item) for item in columns if item.name not in _TABLES_ALONE)


def _regions(name: str = "Name of the region. Not unique.") -> tuple[Column, ...]:
    """The columns that say which place a row is of."""
    return (
        Column("region", "Code of the region.", example="E12000005", optional=False),
        Column("region_name", name, example="West Midlands", optional=False),
        Column(
            "region_label",
            "Name and level: what tells places of one name apart.",
            example="West Midlands (ITL 1 region)",
            optional=False,
        ),
        Column(
            "level",
            "Level of the region: one of those asked for, else its first.",
            example="itl1",
            optional=False,
        ),
    )


def _periods(what: str, prefix: str = "period", *, optional: bool = False) -> tuple[Column, ...]:
    """The columns that say which period a row is of."""
    form = "as an ISO 8601 start and duration; of a reading, the month or year that it was taken in"
    return (
        Column(prefix, f"{what}, {form}.", example="2026-01-01/P1M", optional=optional),
        Column(f"{prefix}_start", "The day on which it begins.", "date", "2026-01-01", optional=optional),
        Column(f"{prefix}_end", "The day on which it ends.", "date", "2026-01-31", optional=optional),
    )


PUBLISHED_REGION = Column(
    "published_region",
    "The code that the figure is published under: another code of the same place where that was recoded.",
    example="E12000005",
    optional=False,
)
OBSERVATIONS = (
    Column("indicator", "Indicator.", example="gigabit-availability", optional=False),
    *_regions(),
    *_periods("Period"),
    Column("value", "The value; null where it is missing, and `status` says why.", "number", 90.2),
    Column("status", STATUS, example="A", optional=False),
    Column("unit", "Unit of the value.", example="% of premises", optional=False),
    PUBLISHED_REGION,
)
MERGED_SERIES = (
    *OBSERVATIONS,
    Column("method", f"How it was put together: {', '.join(f'`{item}`' for item in METHODS)}; empty: published."),
    Column("parts", "The codes that it was put together from, separated by spaces."),
)
"""The columns of a series with values that were put together from those of the parts of a place."""
REGIONS = (
    Column("code", "Code: GSS, or ITL or NUTS where there is no GSS code.", example="E12000005", optional=False),
    Column("name", "Name. Not unique.", example="West Midlands", optional=False),
    Column("label", "Name and level: what tells places of one name apart.", optional=False),
    Column("levels", "The levels it belongs to, separated by spaces.", example="itl1", optional=False),
    Column("parents", "Codes of the regions it lies in, separated by spaces."),
    Column("valid_from", "First day of the code; empty: unknown.", "date"),
    Column("valid_from_known_to", "`day`, or `year` where only that is known: then the year's first day stands."),
    Column("valid_to", "Last day of the code; empty: still in use.", "date"),
    Column("valid_to_known_to", "`day`, or `year` where only that is known: then the year's last day stands."),
    Column("latitude", "Degrees north (WGS 84) of a point that stands for it.", "number"),
    Column("longitude", "Degrees east (WGS 84) of the point.", "number"),
    Column("centroid", "`published`, or `mean-of-members`: derived as the mean of its local authorities' points."),
)
LATEST = (
    Column("indicator", "The indicator whose latest value is shown."),
    *_periods("Period of the latest value, empty where there is none", optional=True),
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
    Column("over_time", "`true` where its periods may be compared, `false` where not; empty: not known.", "boolean"),
    Column("frequency", "How often it is published.", optional=False),
    Column("year_kind", "Which year it is of: calendar, financial, academic.", optional=False),
    Column("quality", "Quality label of the statistic.", optional=False),
    Column("derivation", "How it was derived, where it was not taken as published."),
    Column("caveats", "What to know before using it."),
    Column("source", "Identifier of its source.", optional=False),
    Column("levels", "The levels that it has values for, separated by spaces."),
    Column("last_updated", "The day on which its publisher last updated it, where the release knows it.", "date"),
    *_periods("The newest period with a value", "latest_period", optional=True),
    Column("next_update", "When its publisher means to publish next, where that is known.", "date"),
    Column("phrase", "What names it within a sentence."),
    Column("number", "How many the phrase speaks of: `singular` or `plural`."),
    Column("meaning", "What it is and what it is not."),
    Column("covers", "For whom it is missing, and why; empty where it is there for the whole country."),
    Column("formula", "How it is made of others: `numerator * factor / denominator`."),
    Column("mistaken_for", "Indicators that it is taken for, and is not, separated by spaces."),
    Column("owner", "The partner whose indicator it is, who publishes its figures; empty: this service."),
    Column("variant_of", "The indicator of this service that a partner's is a variant of."),
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
TEMPLATE = (
    Column("region", "Code of the place. Leave it as it is.", example="E08000027", optional=False),
    Column("region_name", "Its name, for you to read: it is not used.", example="Dudley", optional=False),
    Column("period", "The period that the figure is of. Write your own over the example.", example="2025"),
    Column("value", "The figure, with a point before its decimals and without its unit; empty where it is missing."),
    Column("status", "A letter, where there is something to say of the figure; empty: a normal value."),
    Column("lower", "Lower limit of its 95 % confidence interval, where there is one."),
    Column("upper", "Upper limit of its 95 % confidence interval, where there is one."),
    Column("note", "A sentence about this one figure, which readers are told."),
)
"""A table that a partner fills in."""
CHANGES = (
    Column("indicator", "Indicator.", example="gigabit-availability", optional=False),
    *_regions(),
    *_periods("Period"),
    Column("change", "`added`, `changed` or `removed`.", example="changed", optional=False),
    Column("old_value", "The value in the first release; null where there was none.", "number", 89.2),
    Column("new_value", "The value in the second release; null where there is none.", "number", 88.2),
    Column("old_status", "The status in the first release; null where it was not there.", example="A"),
    Column("new_status", "The status in the second release; null where it is not there.", example="A"),
)
CHANGES_SINCE = (
    Column("release", "The release that made the change.", "integer", 3, optional=False),
    Column("release_kind", "Its kind: `release`, `correction` or `withdrawal`.", example="correction", optional=False),
    *CHANGES,
)
"""Changes of several releases, in order."""
RANKING = (
    *_regions(),
    Column(
        "value", "The value that is compared: a rate, or a count or an amount through its denominator.", "number", 90.2
    ),
    Column("unit", "Its unit.", example="% of premises", optional=False),
    Column("published_value", "The value as published.", "number", 90.2),
    Column("published_unit", "The unit as published.", example="% of premises", optional=False),
    *_periods("Period"),
    Column("status", STATUS, example="A", optional=False),
    Column("denominator_year", "The year of the denominator; empty for rates.", "integer", 2023),
    Column(
        "rank",
        "Rank, 1 the best; ties share the best; empty where the error of the values is not known.",
        "integer",
        4,
    ),
    Column("n", "Among how many.", "integer", 12, optional=False),
    Column("rank_lower", "The best rank that the error of the values allows; empty without a basis.", "integer", 4),
    Column("rank_upper", "The worst rank that the error of the values allows; empty without a basis.", "integer", 4),
    Column(
        "rank_basis", "What the interval rests on: `sampling_ci_95` or `rounding`; empty: nothing.", example="rounding"
    ),
    Column("tier", "Which of the groups that cannot be told apart it is in; empty without a basis.", "integer", 4),
    Column("quantile", "The share of the other regions that it is above, ties counted half.", "number", 0.7273),
    PUBLISHED_REGION,
    Column("order", "Position in the printed order, ties sharing the best; empty where alone.", "integer", 4),
    Column(
        "marginal_lower",
        "The best rank that sampling error allows it, looked at by itself and not with all others.",
        "integer",
        4,
    ),
    Column("marginal_upper", "The worst rank that sampling error allows it, looked at by itself.", "integer", 5),
    Column("earlier_value", "The value in the earlier period, of a change; else empty.", "number", 88.1),
)
"""A ranking, the best first."""
SCORES = (
    *_regions(),
    Column("index", "The index.", example="local-digital-capital", optional=False),
    Column("edition", "The edition: the year up to whose end figures count.", "integer", 2026, optional=False),
    Column("method_version", "The version of the method.", "integer", 1, optional=False),
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
    *_regions(),
    *_periods("Period ahead"),
    Column("value", "The projected value.", "number", 35.4, optional=False),
    Column("lower_80", "Lower bound of the 80 % prediction interval.", "number", 34.1, optional=False),
    Column("upper_80", "Upper bound of the 80 % prediction interval.", "number", 36.7, optional=False),
    Column("lower_95", "Lower bound of the 95 % prediction interval.", "number", 33.2, optional=False),
    Column("upper_95", "Upper bound of the 95 % prediction interval.", "number", 37.6, optional=False),
    Column("unit", "Unit of the value.", example="£ per hour", optional=False),
    Column("model", "The model: `naive`, `drift` or `damped-trend`.", example="drift", optional=False),
)

_JSON = {
    "period": Column("period", "Period.", example="2026-01", optional=False),
    "denominator_year": Column("denominator_year", "The year of the denominator; empty for rates.", example="2023"),
}
"""Columns that are something else in JSON."""
_TABLES_ALONE = {"region_label", "level", "period_start", "period_end"}
