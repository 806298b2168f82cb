"""What the service says of itself."""

from __future__ import annotations

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
    "changes": "/v1/changes?since=1",
    "feed": "/v1/releases.atom",
    "catalog": "/v1/catalog",
    "sdmx": "/v1/sdmx/structure",
    "config": "/v1/config",
    "documentation": "/docs",
    "openapi": "/openapi.json",
}
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


def config(reading: Reading, _asked: Nothing) -> Answer:
    """Every limit that callers meet, and which parameters are dropped."""
    data = {"limits": reading.settings.limits.published(), "dropped_parameters": appended.as_listed()}
    return Answer(data, meta=provenance.meta(reading))
