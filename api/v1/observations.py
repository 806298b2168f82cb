"""Observations: tidy rows."""

from api.answers import observations as answers
from api.answers.reading import Reading
from api.encoders.negotiate import OBSERVATIONS
from api.filters import ObservationFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import observations as schemas

blp = Blueprint("observations", __name__, description="Figures as the lines of a table.")


@blp.read(
    "/observations",
    query=schemas.ObservationQuestion,
    answer=schemas.ObservationList,
    formats=OBSERVATIONS,
    example="/v1/observations?indicator=gigabit-availability&level=combined-authority&latest=true&limit=3",
)
def list_observations(reading: Reading, asked: ObservationFilter) -> Answer:
    """List observations

    Tidy rows, one a figure, ordered by indicator, region and period. Values in one parameter are alternatives,
    parameters narrow one another. A page never ends silently: `links.next` and the `Link` header name the next one.

    A place that was recoded is one place: `region` is the code it goes by, `published_region` the one that the figure
    is published under. A cross-section of a level (`level` with `latest`, or with one period) holds each place once:
    codes that others replaced are left out, and named in `meta.left_out`.
    """
    return answers.list_observations(reading, asked)
