"""Levels: the tiers of places."""

from api.answers import catalogue as answers
from api.answers.reading import Reading
from api.filters import Nothing
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import places as schemas

blp = Blueprint("levels", __name__, description="The tiers of places.")


@blp.read("/levels", answer=schemas.LevelList, example="/v1/levels")
def list_levels(reading: Reading, asked: Nothing) -> Answer:
    """List the levels of geography

    Every tier of places, widest first. A region can belong to several: Scotland is a country and an ITL 1 region.
    """
    return answers.list_levels(reading, asked)
