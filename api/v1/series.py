"""Series: indicators of regions over time."""

from api.answers import series as answers
from api.answers.reading import Reading
from api.catalogue import Indicator, Region
from api.encoders.negotiate import OBSERVATIONS
from api.filters import ObservationFilter, SeriesFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import observations as schemas

blp = Blueprint("series", __name__, description="Indicators of regions over time.")


@blp.read(
    "/series",
    query=schemas.SeriesListQuestion,
    answer=schemas.SeriesList,
    formats=OBSERVATIONS,
    example="/v1/series?indicator=gva-sic-j-per-head&region=E12000005,E12000002&period_from=2022",
)
def list_series(reading: Reading, asked: ObservationFilter) -> Answer:
    """List time series with their observations

    Values in one parameter are alternatives, parameters narrow one another. `limit` counts observations; a series
    that a page cuts says `continues: true` and goes on in the next. An empty answer says why in `meta.reason`, and
    names the nearest question that has an answer.
    """
    return answers.list_series(reading, asked)


@blp.read(
    "/series/<indicator>/<region>",
    query=schemas.SeriesQuestion,
    answer=schemas.SeriesAnswer,
    formats=OBSERVATIONS,
    suffixed=False,
    example="/v1/series/gigabit-availability/E47000007",
)
def get_series(reading: Reading, asked: SeriesFilter, indicator: Indicator, region: Region) -> Answer:
    """Get one time series

    The whole series of an indicator for a region. `history=linked` puts what was published under earlier codes of
    the same place before it, with status `B` (a break) where the code changes.
    """
    return answers.one_series(reading, asked, indicator, region)
