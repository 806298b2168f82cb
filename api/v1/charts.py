"""Charts: questions that are answered by an image, the specification it can be drawn by, and a sentence."""

from api.answers.charts import groups, index, maps, profile, series
from api.answers.charts.cached import cached
from api.answers.reading import Reading
from api.chart_filters import GroupChart, IndexChart, MapChart, ProfileChart, SeriesChart
from api.encoders.negotiate import CHARTS
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import charts as schemas

blp = Blueprint("charts", __name__, description="Charts by address: an image, its specification, and a sentence.")


@blp.read(
    "/charts/series",
    query=schemas.SeriesChartQuestion,
    formats=CHARTS,
    example="/v1/charts/series?indicator=employment-rate&region=E12000005&with=uk",
)
def draw_series(reading: Reading, asked: SeriesChart) -> Answer:
    """Draw series

    An indicator over time in up to six places. Breaks end a line, published limits are shaded, and what is estimated,
    provisional or put together from former places has an empty mark.
    """
    return cached(reading, asked, series.chart)


@blp.read(
    "/charts/comparison",
    query=schemas.ComparisonChartQuestion,
    formats=CHARTS,
    example="/v1/charts/comparison?indicator=gigabit-availability&level=combined-authority&region=E47000007",
)
def draw_comparison(reading: Reading, asked: GroupChart) -> Answer:
    """Draw a comparison

    The regions of a level in the order of their values, with published limits, the median, the middle half, and the
    ranks that each may have. Of more than forty regions those at both ends are shown, and those pointed out.
    """
    return cached(reading, asked, groups.comparison)


@blp.read(
    "/charts/change",
    query=schemas.ChangeChartQuestion,
    formats=CHARTS,
    example="/v1/charts/change?indicator=gigabit-availability&level=itl1&since=2025-01",
)
def draw_change(reading: Reading, asked: GroupChart) -> Answer:
    """Draw a change

    The regions of a level in the order of their change since an earlier period, each from its earlier value to the
    later one. A series break is never crossed.
    """
    return cached(reading, asked, groups.change)


@blp.read(
    "/charts/profile",
    query=schemas.ProfileChartQuestion,
    formats=CHARTS,
    example="/v1/charts/profile?region=E08000027",
)
def draw_profile(reading: Reading, asked: ProfileChart) -> Answer:
    """Draw a place's profile

    A spine chart: for each indicator the share of the place's group that lies behind it, the middle half of the group,
    the ranks that the place may have, its value and the median.
    """
    return cached(reading, asked, profile.chart)


@blp.read(
    "/charts/map",
    query=schemas.MapQuestion,
    formats=CHARTS,
    example="/v1/charts/map?indicator=gigabit-availability&level=local-authority&geometry=hexagons",
)
def draw_map(reading: Reading, asked: MapChart) -> Answer:
    """Draw a map

    The regions of a level in five classes of equally many, as boundaries or as hexagons of the same size.
    """
    return cached(reading, asked, maps.chart)


@blp.read(
    "/charts/index",
    query=schemas.IndexChartQuestion,
    formats=CHARTS,
    calculated=True,
    example="/v1/charts/index?index=local-digital-capital",
)
def draw_index(reading: Reading, asked: IndexChart) -> Answer:
    """Draw an index

    The ranks of an edition, each with the range that 90% of other choices of method give, and the best and the worst.
    """
    return cached(reading, asked, index.chart)
