"""Verification: whether a figure that somebody quotes is ours."""

from api.answers import verification as answers
from api.answers.reading import Reading
from api.filters import VerificationFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import verification as schemas

blp = Blueprint("verify", __name__, description="Whether a figure that somebody quotes is ours, and still stands.")


@blp.read(
    "/verify",
    query=schemas.VerificationQuestion,
    answer=schemas.VerificationAnswer,
    example="/v1/verify?figure=90.2&indicator=gigabit-availability",
)
def verify_figure(reading: Reading, asked: VerificationFilter) -> Answer:
    """Verify a figure that somebody quotes

    Name the figure as it was printed, and of what or of where it is (`indicator`, `region`, or both). It matches what
    rounds to it: 71.3% matches 71.28. Signs count: 71.3% is never a number of people, and £33,400 never a percentage;
    a figure without signs may be of any unit. Of each match, the release that said so first, and where a later one
    said something else, what stands in its place. Where nothing matches, the nearest figures. Of withdrawn releases
    nothing is told.
    """
    return answers.verify(reading, asked)
