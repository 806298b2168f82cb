"""Comparisons: a place beside its benchmarks, its group and its own past."""

from api.answers import comparisons as answers
from api.answers.reading import Reading
from api.filters import ComparisonFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import comparisons as schemas

blp = Blueprint("comparisons", __name__, description="Places compared, like with like, and how sure that is.")


@blp.read(
    "/comparisons",
    query=schemas.ComparisonQuestion,
    answer=schemas.ComparisonAnswer,
    example="/v1/comparisons?indicator=gva-sic-j-per-head&region=E12000005&with=uk-median,E12000002,E12000006&period=2023",
)
def compare_region(reading: Reading, asked: ComparisonFilter) -> Answer:
    """Compare a region

    One indicator of one region beside benchmarks, with its rank, how it changed, and a sentence that is safe to print.
    Counts and amounts are compared through their denominator. Every place of the group counts once, and who is missing
    is listed. Without sampling error held here nothing is tested: a difference is `higher` or `lower`, never better.
    """
    return answers.compare(reading, asked)
