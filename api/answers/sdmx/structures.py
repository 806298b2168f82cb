"""Structures by SDMX's own questions: which artefacts are meant, which others come with them, and how much of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace
from pysdmx.model import (
    AgencyScheme,
    Categorisation,
    CategoryScheme,
    Codelist,
    Components,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
)
from pysdmx.model.__base import ItemScheme, MaintainableArtefact

from api import errors
from api.answers import provenance
from api.answers.reading import Reading
from api.answers.sdmx.artefacts import artefacts, references
from api.answers.sdmx.terms import ANY, is_version
from api.filters import StructureFilter
from api.rows import Answer

_KINDS: dict[str, type[MaintainableArtefact]] = {
    "dataflow": Dataflow,
    "datastructure": DataStructureDefinition,
    "conceptscheme": ConceptScheme,
    "codelist": Codelist,
    "categoryscheme": CategoryScheme,
    "categorisation": Categorisation,
    "agencyscheme": AgencyScheme,
}
_STUBS = {"allstubs", "allcompletestubs"}

Graph = dict[str, set[str]]


def list_structures(reading: Reading, asked: StructureFilter, path: dict[str, str]) -> Answer:
    """The artefacts that a path names, with those that `references` asks for.

    Problem `unknown-id` where there are none: SDMX answers 404 where nothing is found.
    """
    known = artefacts(reading.catalogue)
    found = [urn for urn, item in known.items() if _is_of(item, path)]
    if not found:
        raise _unknown(known.values(), path)
    item_ids = path.get("item", "*")
    chosen = {urn: _with_items(known[urn], item_ids, path) for urn in found}
    related = _related(known, found, asked.references)
    chosen |= {urn: known[urn] for urn in known if urn in related and urn not in chosen}
    told = [_told(item, asked.detail, referenced=urn not in found) for urn, item in chosen.items()]
    return Answer(told, meta=provenance.meta(reading) | {"returned": len(told)})


def _is_of(item: MaintainableArtefact, path: dict[str, str]) -> bool:
    kind = path.get("structure", "*")
    return (
        (kind in {"*", "structure"} or isinstance(item, _kind(kind)))
        and _names(path.get("agency", "*"), str(item.agency))
        and _names(path.get("resource", "*"), item.id)
        and is_version(path.get("version", "~"), item.version)
    )


def _kind(name: str) -> type[MaintainableArtefact]:
    if name not in _KINDS:
        raise errors.unknown_id(
            "type of structure", name, field="path/structure", candidates=tuple(_KINDS), where="/v1/sdmx/structure"
        )
    return _KINDS[name]


def _names(asked: str, name: str) -> bool:
    """Whether a part of a path, one or several identifiers, names something."""
    return asked in ANY or name in _several(asked)


def _several(asked: str) -> list[str]:
    """Identifiers separated by commas, or by plus signs as in the first versions of the interface."""
    return re.split(r"[,+]", asked)


def _related(known: dict[str, MaintainableArtefact], found: list[str], asked: Iterable[str]) -> set[str]:
    """The artefacts that come with those that were found."""
    children: Graph = {urn: references(urn, item) & known.keys() for urn, item in known.items()}
    parents: Graph = {urn: {other for other, its in children.items() if urn in its} for urn in known}
    start = set(found)
    above = _step(start, parents)
    siblings = above | _step(above, children)
    sets: dict[str, Callable[[], set[str]]] = {
        "none": set,
        "children": lambda: _step(start, children),
        "descendants": lambda: _closure(start, children),
        "parents": lambda: above,
        "parentsandsiblings": lambda: siblings,
        "ancestors": lambda: _closure(start, parents),
        "all": lambda: siblings | _closure(start, children),
    }
    related: set[str] = set()
    for name in asked:
        if name in sets:
            related |= sets[name]()
        elif name in _KINDS:  # those of one type
            reached = _closure(start, children) | _closure(start, parents)
            related |= {urn for urn in reached if isinstance(known[urn], _KINDS[name])}
    return related


def _step(start: Iterable[str], graph: Graph) -> set[str]:
    return set().union(*(graph[urn] for urn in start))


def _closure(start: set[str], graph: Graph) -> set[str]:
    reached: set[str] = set()
    edge = start
    while edge:
        edge = _step(edge, graph) - reached
        reached |= edge
    return reached


def _with_items(item: MaintainableArtefact, asked: str, path: dict[str, str]) -> MaintainableArtefact:
    """The artefact with the items asked for alone, marked as a part. Problem `unknown-id` where it has none of them."""
    if asked in ANY:
        return item
    wanted = set(_several(asked))
    if not isinstance(item, ItemScheme):
        message = f"A {path.get('structure', 'structure')} has no items. Leave {asked!r} out of the address."
        raise errors.Problem("unknown-id", message, faults=(errors.Fault("unknown-id", "path/item", message),))
    kept = tuple(part for part in item.items if part.id in wanted)
    if not kept:
        candidates = errors.nearest(asked, [part.id for part in item.items])
        where = f"/v1/sdmx/structure/{path.get('structure', '*')}/{item.agency}/{item.id}"
        raise errors.unknown_id(f"item of {item.id}", asked, field="path/item", candidates=candidates, where=where)
    return replace(item, items=kept, is_partial=True)


def _told(item: MaintainableArtefact, detail: str, *, referenced: bool) -> MaintainableArtefact:
    """The artefact in the detail asked for: whole, or as a stub, which has its name and where to ask for the rest."""
    if detail not in _STUBS and not (referenced and detail in {"referencestubs", "referencecompletestubs"}):
        return item
    emptied: dict[str, Any] = {"is_external_reference": True}
    if isinstance(item, ItemScheme):
        emptied["items"] = ()
    elif isinstance(item, DataStructureDefinition):
        emptied["components"] = Components([])
    if "complete" not in detail:
        emptied |= {"description": None, "annotations": ()}
    return replace(item, **emptied)


def _unknown(known: Iterable[MaintainableArtefact], path: dict[str, str]) -> errors.Problem:
    """The problem of a question that no artefact answers, with the ones of its type that there are."""
    name = path.get("structure", "*")
    if name != "*":
        _kind(name)
    of_kind = [item for item in known if _is_of(item, {"structure": name})]
    there = tuple(f"{item.agency}/{item.id}/{item.version}" for item in of_kind)
    asked = "/".join(path[part] for part in ("agency", "resource", "version") if part in path)
    where = "/v1/sdmx/structure"
    return errors.unknown_id(name, asked, field="path/resource", candidates=there, where=where)
