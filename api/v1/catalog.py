"""The catalogue: what there is here, told to data portals in their own vocabulary."""

from api.answers import dcat
from api.answers.reading import Reading
from api.encoders.negotiate import CATALOGUE, DISTRIBUTIONS, DOWNLOADS
from api.filters import Nothing
from api.http.blueprint import Blueprint
from api.rows import Answer

blp = Blueprint("catalog", __name__, description="What there is here, for data portals and search engines to harvest.")


@blp.read("/catalog", formats=CATALOGUE, example="/v1/catalog")
def get_catalog(reading: Reading, asked: Nothing) -> Answer:
    """Get the catalogue of data sets

    A DCAT 3 catalogue as JSON-LD, with what DCAT-AP asks for: one data set of all figures and one of each indicator,
    with publisher, licence, periods and every file they can be had as, and the API as a data service. Each `accessURL`
    follows the releases; each `downloadURL` is of the release that the catalogue was read at. JSON has pages, and so no
    `downloadURL`.
    """
    return dcat.catalogue(reading, asked, DISTRIBUTIONS, DOWNLOADS)
