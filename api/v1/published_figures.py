"""Published figures: what others printed."""

from api.answers import published_figures as answers
from api.answers.reading import Reading
from api.filters import PublishedFigureFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import published_figures as schemas

blp = Blueprint("published-figures", __name__, description="Figures quoted from reports, with source and edition.")


@blp.read(
    "/published-figures",
    query=schemas.PublishedFigureQuestion,
    answer=schemas.PublishedFigureList,
    example="/v1/published-figures?region=E47000007",
)
def list_published_figures(reading: Reading, asked: PublishedFigureFilter) -> Answer:
    """List figures quoted from reports

    As printed in the editions of techUK's index and in neighbouring reports. They are quoted, not measured here:
    definitions differ from those of the indicators, and a figure printed as `>88` is a bound, not a value.
    """
    return answers.list_published_figures(reading, asked)
