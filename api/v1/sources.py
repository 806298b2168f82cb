"""Sources: where figures come from."""

from api.answers import catalogue as answers
from api.answers.reading import Reading
from api.catalogue import Source
from api.filters import Nothing, Page
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import catalogue as schemas
from api.schemas.page import PageQuestion

blp = Blueprint("sources", __name__, description="Where figures come from, and under which licence.")


@blp.read("/sources", query=PageQuestion, answer=schemas.SourceList, example="/v1/sources")
def list_sources(reading: Reading, asked: Page) -> Answer:
    """List the sources of figures

    Every data set that figures come from, with its publisher, licence and attribution.
    """
    return answers.list_sources(reading, asked)


@blp.read("/sources/<source>", answer=schemas.SourceAnswer, example="/v1/sources/ofcom-connected-nations")
def get_source(reading: Reading, asked: Nothing, source: Source) -> Answer:
    """Get one source

    The data set, the indicators that draw on it, and each version of its files that figures were read from.
    """
    return answers.one_source(reading, asked, source)
