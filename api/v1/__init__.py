"""Version 1 of the API: a module each resource, registered in this one list."""

from api.v1 import (
    calculations,
    catalog,
    comparisons,
    components,
    indicators,
    indices,
    levels,
    methods,
    observations,
    published_figures,
    rankings,
    regions,
    releases,
    root,
    series,
    sources,
)

BLUEPRINTS = (
    root.blp,
    regions.blp,
    levels.blp,
    components.blp,
    indicators.blp,
    series.blp,
    observations.blp,
    published_figures.blp,
    comparisons.blp,
    rankings.blp,
    indices.blp,
    calculations.blp,
    methods.blp,
    releases.blp,
    sources.blp,
    catalog.blp,
)
