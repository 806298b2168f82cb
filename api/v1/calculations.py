"""Calculations: the index laboratory."""

from api.answers.index import definitions as answers
from api.answers.index.asked import AskedIndex
from api.answers.reading import Reading
from api.filters import CalculationFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas.index import by_address, tables
from api.schemas.index.calculations import CalculationBody
from api.schemas.index.computed import CalculationAnswer

blp = Blueprint("laboratory", __name__, description="Indices of one's own: definition in, scores and their limits out.")

EXAMPLE = {
    "title": "Digital strength of four places",
    "indicators": [
        {"id": "broadband", "parent": "infrastructure", "polarity": "higher-is-better"},
        {"id": "outages", "parent": "infrastructure", "polarity": "lower-is-better", "weight": 0.5},
        {"id": "jobs", "parent": "economy", "denominator": "population", "scale": 1000},
    ],
    "aggregates": [
        {"id": "index"},
        {"id": "infrastructure", "parent": "index", "weight": 2},
        {"id": "economy", "parent": "index", "weight": 1},
    ],
    "data": {
        "regions": ["North", "South", "East", "West"],
        "values": {
            "broadband": [78.5, 91.2, 84.0, None],
            "outages": [12, 9, 4, 7],
            "jobs": [41000, 120500, 36250, 58000],
        },
        "denominators": {"population": [910000, 1650000, 620000, 1240000]},
    },
    "imputation": "group-median",
    "normalisation": {"method": "min-max", "low": 1, "high": 100},
    "aggregation": ["arithmetic", "arithmetic"],
    "uncertainty": {"draws": 500, "seed": 1, "weights": 0.25, "normalisation": ["min-max", "z-score"]},
    "sensitivity": {"samples": 64, "seed": 1},
}


@blp.compute(
    "/calculations",
    body=CalculationBody,
    answer=CalculationAnswer,
    example=EXAMPLE,
    table=tables.calculation,
    table_example=tables.CALCULATION_EXAMPLE,
)
def calculate(reading: Reading, asked: AskedIndex) -> Answer:
    """Calculate an index of your own

    Over figures of your own (`data`), or of this service (`regions`: a level or any regions; indicators by their
    identifiers). The definition is the tree of indicators and aggregates, weights, and a method for each step, see
    `/v1/methods`. The answer holds scores, ranks, every stage of every value, contributions, effective weights,
    correlations and Cronbach's alpha; on request the ranks over other weights and methods (`method_range_90` is a range
    over methods, not a confidence interval), the best and worst rank that any weights in the band give, and which
    choice matters most. The same body has the same answer. Nothing is stored; `links.permalink` leads back to what was
    computed from figures of this service.

    Figures of your own may come as a table (`text/csv`): regions in the first column, indicators in the others, and the
    rest of the definition as JSON in `definition`.
    """
    return answers.calculate(reading, asked)


@blp.read(
    "/calculations",
    query=by_address.DefinitionQuestion,
    answer=CalculationAnswer,
    calculated=True,
    example='/v1/calculations?definition={"indicators":[{"id":"gigabit-availability"},{"id":"gva-sic-j-per-head"}],'
    '"regions":{"level":"itl1"},"include":["scores"]}',
)
def get_calculation(reading: Reading, asked: CalculationFilter) -> Answer:
    """Get an index calculated from figures of this service

    The same as with POST, at an address that can be kept and cited: `links.permalink` of a calculation leads here.
    """
    return answers.calculate(reading, by_address.definition(asked))
