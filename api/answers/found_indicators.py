"""Indicators that were searched: how each was found, and what to say of what nothing here measures."""

from __future__ import annotations

from api.answers import absence
from api.catalogue import Catalogue, Component, Match, unmeasured, words_of

_HOW = {
    "id": "Its identifier is or begins with the text.",
    "title": "The text stands in its title.",
    "description": "The text stands in its description, not in its title.",
    "synonym": "Its title says it in another word.",
    "component": "It belongs to the component that the text names.",
    "misspelling": "Nothing is called so; a word of it differs by a letter or two. It may not be meant.",
}


def how_found(match: Match) -> dict[str, str]:
    """How an indicator answers to the text."""
    return {"kind": match.kind, "text": match.text, "detail": _HOW[match.kind]}


def not_measured(catalogue: Catalogue, text: str) -> absence.Explanation | None:
    """That nothing measures what a text asks for, where that is known, and the nearest that is measured."""
    wanted = set(words_of(text))
    if not wanted:
        return None
    named = [item for item in catalogue.components.values() if wanted <= {*words_of(item.id), *words_of(item.title)}]
    reasons = [f"{item.title}: {item.reason}" for item in named if not item.measured]
    if reasons:
        return absence.because("not-measured", " ".join(reasons), "/v1/components")
    topic = unmeasured(words_of(text))
    if topic is None:
        return None
    what, slug = topic
    component = catalogue.components.get(slug or "")
    if component is None:
        return absence.because("not-measured", f"Nothing here measures {what}.", "/v1/indicators")
    return absence.because(
        "not-measured", f"Nothing here measures {what}. {_nearest(catalogue, component)}", _address(component)
    )


def _nearest(catalogue: Catalogue, component: Component) -> str:
    if not component.measured:
        return f"{component.title}, which it would belong to, has no measure: {component.reason}"
    titles = [item.title for item in catalogue.indicators.values() if item.component == component.id]
    return f"It would belong to {component.title}, where there is: {', '.join(titles)}."


def _address(component: Component) -> str:
    return f"/v1/indicators?component={component.id}" if component.measured else "/v1/components"
