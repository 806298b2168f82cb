"""Calculations: the index laboratory."""

from api.answers import calculations as answers
from api.answers.calculations import Calculation
from api.answers.reading import Reading
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas.calculations import CalculationBody
from api.schemas.computed import CalculationAnswer
from api.schemas.definitions import calculation

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


@blp.compute("/calculations", body=CalculationBody, load=calculation, answer=CalculationAnswer, example=EXAMPLE)
def calculate(reading: Reading, asked: Calculation) -> Answer:
    """Calculate an index from your own figures

    Send a definition (the tree of indicators and aggregates, weights, a method for each step, see `/v1/methods`) with
    the figures. The answer holds scores, ranks, every stage of every value, contributions, effective weights,
    correlations and Cronbach's alpha; on request the ranks over other weights and methods (`method_range_90` is a range
    over methods, not a confidence interval), the best and worst rank that any weights in the band give, and which
    choice matters most. The same body has the same answer. Nothing is stored.
    """
    return answers.calculate(reading, asked)
