"""What the service says of itself."""

from __future__ import annotations

from dataclasses import asdict

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
    "sources": "/v1/sources",
    "releases": "/v1/releases",
    "catalog": "/v1/catalog",
    "config": "/v1/config",
    "documentation": "/docs",
    "openapi": "/openapi.json",
}


def root(reading: Reading, _asked: Nothing) -> Answer:
    """The service, its release, and where everything is."""
    data = {
        "name": provenance.SERVICE,
        "version": VERSION,
        "release": asdict(reading.catalogue.release),
        "resources": RESOURCES,
    }
    return Answer(data, meta=provenance.meta(reading))


def config(reading: Reading, _asked: Nothing) -> Answer:
    """Every limit that callers meet."""
    return Answer({"limits": reading.settings.limits()}, meta=provenance.meta(reading))
