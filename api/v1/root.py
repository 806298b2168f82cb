"""The root of the API and its limits."""

from api.answers import root as answers
from api.answers.reading import Reading
from api.filters import Nothing
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import root as schemas
from api.schemas.base import NoParameters

blp = Blueprint("service", __name__, description="The service itself: release, resources and limits.")


@blp.read("", query=NoParameters, answer=schemas.RootAnswer, example="/v1")
def get_root(reading: Reading, asked: Nothing) -> Answer:
    """Get the service's name, release and resources

    Start here: the release that is served, and the address of every resource.
    """
    return answers.root(reading, asked)


@blp.read("/config", query=NoParameters, answer=schemas.ConfigAnswer, example="/v1/config")
def get_config(reading: Reading, asked: Nothing) -> Answer:
    """Get every limit of the service

    How much fits into a page, and how long an address may be. A question over a limit is refused with a problem
    that names the limit; nothing is ever cut without saying so. Also the parameters that platforms append to links
    and that are dropped: every other parameter that an operation does not have is refused.
    """
    return answers.config(reading, asked)
