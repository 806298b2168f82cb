"""Methods of the index laboratory."""

from api.answers.index import methods as answers
from api.answers.reading import Reading
from api.filters import Nothing
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas.base import NoParameters
from api.schemas.index.methods import MethodList

blp = Blueprint("methods", __name__, description="The methods of the index laboratory.")


@blp.read("/methods", query=NoParameters, answer=MethodList, example="/v1/methods")
def list_methods(reading: Reading, asked: Nothing) -> Answer:
    """List the methods of the index laboratory

    Each way of imputing, treating, normalising and aggregating, with its formula, where it is from, and its parameters.
    The laboratory computes by this very table.
    """
    return answers.list_methods(reading, asked)
