"""Rankings: the regions of a level in order."""

from api.answers import rankings as answers
from api.answers.reading import Reading
from api.catalogue import Indicator
from api.encoders.negotiate import RANKED
from api.filters import RankingFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import comparisons as schemas

blp = Blueprint("rankings", __name__, description="The regions of a level in order, and how far the order can be told.")


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
