"""Levels: the tiers of places."""

from api.answers import catalogue as answers
from api.answers.reading import Reading
from api.filters import Page
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import places as schemas
from api.schemas.page import PageQuestion

blp = Blueprint("levels", __name__, description="The tiers of places.")


@blp.read("/levels", query=PageQuestion, answer=schemas.LevelList, example="/v1/levels")
def list_levels(reading: Reading, asked: Page) -> Answer:
    """List the levels of geography

    Every tier of places, widest first. A region can belong to several: Scotland is a country and an ITL 1 region.
    """
    return answers.list_levels(reading, asked)
