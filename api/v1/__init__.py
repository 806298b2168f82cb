"""Version 1 of the API: a module each resource, registered in this one list by what people come to do."""

from typing import NamedTuple

from api.http.blueprint import Blueprint
from api.v1 import (
    audit,
    calculations,
    catalog,
    changes,
    charts,
    comparisons,
    components,
    drafts,
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
    sdmx,
    series,
    sources,
    verify,
    webhooks,
    withdrawals,
)


class Task(NamedTuple):
    """What people come to do, under which operations stand together in the documentation."""

    name: str
    description: str
    blueprints: tuple[Blueprint, ...]


TASKS = (
    Task(
        "Find places and indicators",
        "What there is: places and their levels, indicators and their components, and where figures come from.",
        (regions.blp, levels.blp, indicators.blp, components.blp, sources.blp),
    ),
    Task(
        "Get figures",
        "Indicators of places over time, as series or as rows of a table; and whether a quoted figure is one of them.",
        (series.blp, observations.blp, published_figures.blp, verify.blp),
    ),
    Task(
        "Compare places",
        "Like with like: beside benchmarks and groups, in order, and how sure that is.",
        (comparisons.blp, rankings.blp),
    ),
    Task("Draw charts", "An image, its specification, and a sentence, by address.", (charts.blp,)),
    Task(
        "Weigh an index",
        "Indices that this project publishes, the same with choices of your own, and indices of your own figures.",
        (indices.blp, calculations.blp, methods.blp),
    ),
    Task(
        "Follow releases",
        "What was published when, what changed, and whole releases as files.",
        (releases.blp, changes.blp),
    ),
    Task(
        "Publish figures of your own",
        "For partners with a key: upload, see what is wrong, see what changes, publish in one step, take back; "
        "and be told of releases.",
        (drafts.blp, withdrawals.blp, webhooks.blp, audit.blp),
    ),
    Task(
        "Connect other systems",
        "The service itself, its catalogue for data portals, and SDMX for the tools that speak it.",
        (root.blp, catalog.blp, sdmx.blp),
    ),
)
"""In the order of the guide."""
BLUEPRINTS = tuple(blueprint for task in TASKS for blueprint in task.blueprints)
