"""Series: indicators of regions over time."""

from api.answers import projection
from api.answers import series as answers
from api.answers.reading import Reading
from api.catalogue import Indicator, Region
from api.encoders.negotiate import LISTS, OBSERVATIONS
from api.filters import Nothing, ObservationFilter, SeriesFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import observations as schemas
from api.schemas import projection as projection_schemas

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
    that a page cuts says `continues: true` and goes on in the next. A place that was recoded has one series, with the
    codes that its figures are published under. An empty answer says why in `meta.reason`, and names the nearest
    question that has an answer.
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

    The whole series of an indicator for a place, whichever of its codes is asked for: what was published under earlier
    codes stands before it, with status `B` (a break) where the code changes. `history=own` gives what is published
    under the code itself.
    """
    return answers.one_series(reading, asked, indicator, region)


@blp.read(
    "/series/<indicator>/<region>/projection",
    answer=projection_schemas.ProjectionAnswer,
    formats=LISTS,
    example="/v1/series/gva-per-hour/E12000005/projection",
)
def get_projection(reading: Reading, asked: Nothing, indicator: Indicator, region: Region) -> Answer:
    """Get the projection of one time series

    The next periods of a series with at least ten values at equal distances since its latest break, with 80 % and 95 %
    prediction intervals, the model, and its errors in a back-test against the naive forecast (the last value going on).
    Where no model was better than that, that is what is served. It is computed when a release is published, from the
    figures under the newest code of the place that has any. A series without projection says why in `meta.reason`:
    `too-few-points`, `series-break`, `uneven`, `seasonal`, `no-variation`, or `not-computed` where only the computing
    has not been done.
    """
    return projection.one_projection(reading, asked, indicator, region)
