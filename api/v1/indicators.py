"""Indicators: what is measured."""

from api.answers import catalogue as answers
from api.answers import templates
from api.answers.reading import Reading
from api.catalogue import Indicator
from api.encoders.negotiate import LISTS, TEMPLATES
from api.filters import IndicatorFilter, Nothing, TemplateFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import catalogue as schemas
from api.schemas.template import TemplateQuestion

blp = Blueprint("indicators", __name__, description="What is measured of places.")


@blp.read(
    "/indicators",
    query=schemas.IndicatorQuestion,
    answer=schemas.IndicatorList,
    formats=LISTS,
    example="/v1/indicators?component=digital-infrastructure",
)
def list_indicators(reading: Reading, asked: IndicatorFilter) -> Answer:
    """List or search indicators

    By component, source, level or a text: best match first where a text is searched, else by identifier. Words that
    mean the same and components are understood; `match` says how each was found.
    """
    return answers.list_indicators(reading, asked)


@blp.read("/indicators/<indicator>", answer=schemas.IndicatorAnswer, example="/v1/indicators/gigabit-availability")
def get_indicator(reading: Reading, asked: Nothing, indicator: Indicator) -> Answer:
    """Get one indicator

    Definition, unit, which direction is better, quality label, derivation, caveats and source.
    """
    return answers.one_indicator(reading, asked, indicator)


@blp.read(
    "/indicators/<indicator>/availability",
    answer=schemas.AvailabilityAnswer,
    example="/v1/indicators/gva-sic-j-per-head/availability",
)
def get_indicator_availability(reading: Reading, asked: Nothing, indicator: Indicator) -> Answer:
    """Get what is covered of an indicator

    For which levels and periods there are values, and for how many regions: look here before you ask for figures.
    """
    return answers.availability(reading, asked, indicator)


@blp.read(
    "/indicators/<indicator>/template",
    query=TemplateQuestion,
    formats=TEMPLATES,
    example="/v1/indicators/gigabit-availability/template?level=itl1",
)
def get_indicator_template(reading: Reading, asked: TemplateFilter, indicator: Indicator) -> Answer:
    """Get a table to fill in

    For partners: the places of a level with their codes, an example of how a period is written, and empty columns for
    the figures. Filled in, it is what `/v1/drafts/{draft}/uploads` takes as it stands. Of an indicator that comes with
    a draft: with `draft=`.
    """
    return templates.table(reading, asked, indicator)
