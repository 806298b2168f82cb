"""Published indices: definitions, editions, scores, and what other choices would make of them."""

from __future__ import annotations

from api.answers.index import choices
from api.answers.index import published as answers
from api.answers.index.asked import AskedChoices
from api.answers.reading import Reading
from api.catalogue import Index
from api.encoders.negotiate import RANKED
from api.filters import CalculationFilter, EditionFilter, Nothing
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas.index import by_address
from api.schemas.index import published as schemas
from api.schemas.index.choices import ChoicesBody
from api.schemas.index.computed import CalculationAnswer

blp = Blueprint("indices", __name__, description="Indices that this project publishes, and how far to trust them.")

EXAMPLE = {"weights": {"digital-skills": 2}, "without": ["trade-support"], "include": ["scores", "uncertainty"]}


@blp.read("/indices", answer=schemas.IndexList, example="/v1/indices")
def list_indices(reading: Reading, asked: Nothing) -> Answer:
    """List the indices

    Each is a method of this project's own, as data: components, indicators, weights, goalposts. None is techUK's.
    """
    return answers.list_indices(reading, asked)


@blp.read(
    "/indices/<index>",
    query=schemas.EditionQuestion,
    answer=schemas.IndexAnswer,
    example="/v1/indices/local-digital-capital",
)
def get_index(reading: Reading, asked: EditionFilter, index: Index) -> Answer:
    """Get the definition of an index

    Components, indicators, weights and goalposts, and for an edition which period each indicator enters with, for how
    many regions and through which denominator; what is not measured, and why.
    """
    return answers.one_index(reading, asked, index)


@blp.read(
    "/indices/<index>/scores",
    query=schemas.ScoresQuestion,
    answer=schemas.ScoresAnswer,
    formats=RANKED,
    suffixed=False,
    calculated=True,
    example="/v1/indices/local-digital-capital/scores",
)
def get_scores(reading: Reading, asked: EditionFilter, index: Index) -> Answer:
    """Get the scores of an index

    Scores from 0 to 100 between goalposts that stay the same for a version of the method. Each rank comes with the
    range that other choices give (`method_range_90`; `varied` names them): a range over methods, not a confidence
    interval. Editions hold different indicators: `since` compares two of them by what both hold alike.
    """
    return answers.scores(reading, asked, index)


@blp.read(
    "/indices/<index>/calculations",
    query=by_address.ChoicesQuestion,
    answer=CalculationAnswer,
    calculated=True,
    example='/v1/indices/local-digital-capital/calculations?choices={"include":["scores"],"uncertainty":null}',
)
def get_calculation_of_index(reading: Reading, asked: CalculationFilter, index: Index) -> Answer:
    """Get an index with choices of your own

    The same as with POST, at an address that can be kept and cited: `links.permalink` of a calculation leads here.
    """
    return choices.calculate(reading, by_address.choices(asked), index)


@blp.compute(
    "/indices/<index>/calculations",
    body=ChoicesBody,
    answer=CalculationAnswer,
    example=EXAMPLE,
)
def calculate_index(reading: Reading, asked: AskedChoices, index: Index) -> Answer:
    """Calculate an index with choices of your own

    `{}` is the index as it is published. Weights, goalposts, denominators, imputation, treatment, normalisation and
    aggregation can be chosen otherwise, and parts left out. `links.permalink` leads back to the answer.
    """
    return choices.calculate(reading, asked, index)
