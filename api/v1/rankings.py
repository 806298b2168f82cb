"""Rankings: the regions of a level in order."""

from api.answers import own_ranking
from api.answers import rankings as answers
from api.answers.own_ranking import AskedRanking
from api.answers.reading import Reading
from api.catalogue import Indicator
from api.encoders.negotiate import RANKED
from api.filters import RankingFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import comparisons as schemas
from api.schemas.index import tables
from api.schemas.own_ranking import OwnRankingAnswer, RankingBody

blp = Blueprint("rankings", __name__, description="The regions of a level in order, and how far the order can be told.")

EXAMPLE = {
    "title": "Mathematics, 2018",
    "estimates": [
        {"id": "Japan", "estimate": 526.97, "standard_error": 2.47},
        {"id": "Korea", "estimate": 525.93, "standard_error": 3.12},
        {"id": "United Kingdom", "estimate": 501.77, "standard_error": 2.56},
        {"id": "United States", "estimate": 478.24, "lower": 471.9, "upper": 484.58},
    ],
    "best": 1,
}


@blp.read(
    "/rankings/<indicator>",
    query=schemas.RankingQuestion,
    answer=schemas.RankingAnswer,
    formats=RANKED,
    suffixed=False,
    example="/v1/rankings/gigabit-availability?level=itl1",
)
def rank_regions(reading: Reading, asked: RankingFilter, indicator: Indicator) -> Answer:
    """Rank the regions of a level

    Values first: the order is only as good as the error of the values allows. `tier` groups regions that cannot be told
    apart, and each rank has an interval with its basis, or the reason why there is none.
    """
    return answers.rank(reading, asked, indicator)


@blp.compute(
    "/rankings",
    body=RankingBody,
    answer=OwnRankingAnswer,
    example=EXAMPLE,
    table=tables.ranking,
    table_example=tables.RANKING_EXAMPLE,
)
def rank_estimates(reading: Reading, asked: AskedRanking) -> Answer:
    """Rank estimates of your own, with confidence sets

    For each estimate the ranks that it may have, given the errors of all: looked at by itself (`marginal`), and told
    for all at once (`simultaneous`); and which may be among the best or the worst. Nothing is stored. The estimates
    may come as a table (`text/csv`): `id`, `estimate`, and `standard_error`, or `lower` and `upper`.
    """
    return own_ranking.rank(reading, asked)
