"""Components of Local Digital Capital."""

from api.answers import catalogue as answers
from api.answers.reading import Reading
from api.catalogue import Component
from api.filters import Nothing, Page
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import catalogue as schemas
from api.schemas.page import PageQuestion

blp = Blueprint("components", __name__, description="The components of Local Digital Capital.")


@blp.read("/components", query=PageQuestion, answer=schemas.ComponentList, example="/v1/components")
def list_components(reading: Reading, asked: Page) -> Answer:
    """List the components of digital capital

    The eight components of Local Digital Capital, the digital economy that comes of them, and context. A component
    without a usable open measure says `measured: false` and why; it is never served as zero.
    """
    return answers.list_components(reading, asked)


@blp.read("/components/<component>", answer=schemas.ComponentAnswer, example="/v1/components/digital-infrastructure")
def get_component(reading: Reading, asked: Nothing, component: Component) -> Answer:
    """Get one component

    What it is about, whether it is measured, and its indicators.
    """
    return answers.one_component(reading, asked, component)
