"""What the service says of itself."""

from __future__ import annotations

from typing import Any

from api import appended
from api.answers import provenance
from api.answers.reading import Reading
from api.filters import Nothing
from api.rows import Answer
from api.settings import VERSION

RESOURCES = {
    "regions": "/v1/regions",
    "levels": "/v1/levels",
    "components": "/v1/components",
    "indicators": "/v1/indicators",
    "series": "/v1/series",
    "observations": "/v1/observations",
    "published_figures": "/v1/published-figures",
    "verify": "/v1/verify?figure=90.2%25&indicator=gigabit-availability",
    "comparisons": "/v1/comparisons?indicator=gva-sic-j-per-head&region=E12000005",
    "rankings": "/v1/rankings/gigabit-availability",
    "indices": "/v1/indices",
    "methods": "/v1/methods",
    "sources": "/v1/sources",
    "releases": "/v1/releases",
    "feed": "/v1/releases.atom",
    "catalog": "/v1/catalog",
    "sdmx": "/v1/sdmx/structure",
    "config": "/v1/config",
    "documentation": "/docs",
    "openapi": "/openapi.json",
}
EXAMPLES = (
    ("/v1/series/gigabit-availability/E47000007", "one indicator of one place over time, with its source and citation"),
    ("/v1/regions?q=birmingham", "a place by its name, with its code"),
    ("/v1/regions/E12000005/profile", "everything about a place in one call, with its strengths and gaps"),
    ("/v1/comparisons?indicator=gva-sic-j-per-head&region=E12000005", "a place compared, in a sentence safe to print"),
    ("/v1/indices/local-digital-capital/scores", "an index of the regions, with the range that other methods give"),
    ("/v1/observations.xlsx?indicator=gva-sic-j-per-head&level=itl1&latest=true", "a workbook for a spreadsheet"),
    ("/v1/observations.csv?indicator=gva-sic-j-per-head&level=itl1&latest=true", "the same table for a script"),
)
"""Addresses to begin with, and what they answer."""
_TOLD = ("id", "published_at", "kind", "reason", "reconstructed", "withdraws")
"""What is told of the release. Not its mark: that tells databases apart, and nothing of the figures."""


def root(reading: Reading, _asked: Nothing) -> Answer:
    """The service, its release, and where everything is."""
    data = {
        "name": provenance.SERVICE,
        "version": VERSION,
        "release": {name: getattr(reading.catalogue.release, name) for name in _TOLD},
        "resources": RESOURCES,
    }
    return Answer(data, meta=provenance.meta(reading))


def home(reading: Reading) -> dict[str, Any]:
    """What the home page says: the release, how many indicators and (on its day) regions there are, and examples."""
    release = reading.catalogue.release
    return {
        "release": release,
        "indicators": len(reading.catalogue.indicators),
        "regions": len(reading.catalogue.listed(None, release.published_at[:10])),
        "examples": EXAMPLES,
        "indices": list(reading.catalogue.indices.values()),
        "licence": provenance.OWN_LICENCE,
        "licence_url": provenance.OWN_LICENCE_URL,
    }


def config(reading: Reading, _asked: Nothing) -> Answer:
    """Every limit that callers meet, and which parameters are dropped."""
    data = {"limits": reading.settings.limits.published(), "dropped_parameters": appended.as_listed()}
    return Answer(data, meta=provenance.meta(reading))
