"""Where the same is had in a format that an operation, or the way in which it was asked, does not have.

Each read is served in some formats (`Serving`); an address that asks for another one, by suffix, `format=` or `Accept`,
is told the address that works: its own in the usual way, or that of a table which holds the same figures or places.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from api import synonyms
from api.encoders.format import Format
from api.encoders.negotiate import BY_ENDING, CSV, FEEDS, FILES, FORMATS, LISTS, OBSERVATIONS, PARQUET, PLACES, RANKED
from api.errors import Fault, Problem
from api.http.misnamed import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How a read is served: its name, formats and parameters, whether of a release, whether suffixes name formats.

    `slashed`: its address is found with a slash at its end as well. `calculated`: it may have to wait for its turn.
    """

    name: str
    offered: tuple[Format, ...]
    of_release: bool
    suffixed: bool
    parameters: frozenset[str] = frozenset()
    slashed: bool = False
    calculated: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that holds what an operation tells: what of it, where, in which formats, and how it is asked for."""

    what: str
    path: str
    offered: tuple[Format, ...]
    asked: Mapping[str, str]
    """Parameters, with what the path of the operation names in braces."""
    kept: tuple[str, ...] = ()
    """Parameters of the operation that are asked of the table as well."""
    suffixed: bool = True


_OF_PLACE = _Table(
    "the figures of the place", "/v1/observations", OBSERVATIONS, {"region": "{region}", "latest": "true"}
)
_INDICATORS = _Table("the indicators", "/v1/indicators", LISTS, {})
_TABLES = {
    "get_region_profile": _OF_PLACE,
    "list_region_peers": _OF_PLACE,
    "get_region": _Table("the region", "/v1/regions", PLACES, {"q": "{region}", "valid_on": "any"}),
    "list_region_children": _Table(
        "the regions within it", "/v1/regions", PLACES, {"parent": "{region}"}, ("level", "valid_on")
    ),
    "compare_region": _Table("the figures", "/v1/observations", OBSERVATIONS, {}, ("indicator", "region", "period")),
    "rank_regions": _Table(
        "the figures",
        "/v1/observations",
        OBSERVATIONS,
        {"indicator": "{indicator}", "latest": "true"},
        ("level", "period"),
    ),
    "get_series": _Table("the places", "/v1/regions", PLACES, {"indicator": "{indicator}"}),
    "list_observations": _Table("the places", "/v1/regions", PLACES, {}, ("level", "parent")),
    "get_indicator": _Table("the indicator", "/v1/indicators", LISTS, {"q": "{indicator}"}),
    "get_indicator_availability": _Table("the figures", "/v1/observations", OBSERVATIONS, {"indicator": "{indicator}"}),
    "get_component": _Table("its indicators", "/v1/indicators", LISTS, {"component": "{component}"}),
    "get_source": _Table("its indicators", "/v1/indicators", LISTS, {"source": "{source}"}),
    "list_components": _INDICATORS,
    "list_sources": _INDICATORS,
    "get_catalog": _INDICATORS,
    "list_levels": _Table("the regions, with their levels,", "/v1/regions", PLACES, {}),
    "list_releases": _Table("their feed", "/v1/releases.atom", FEEDS, {}),
    "verify_figure": _Table("the figures", "/v1/observations", OBSERVATIONS, {}, ("indicator", "region", "period")),
    "get_release": _Table("every figure of it", "/v1/releases/{release}/download", (CSV, PARQUET), {}),
    "get_index": _Table("the scores", "/v1/indices/{index}/scores", RANKED, {}, ("edition",), suffixed=False),
}
"""The nearest table to each operation that has none itself, or not in every format."""
_OF_RELEASE = ("release", "as_of")
_UNSERVED = {"html", "htm", "pdf", "xml", "yaml", "yml", "zip", "docx", "png", "svg", "sqlite", "db"}
"""Endings of files in general that name no format here, nor mean one."""


def is_format(name: str, value: str, known: Collection[str]) -> bool:
    """Whether a parameter asks for a format where none of that name is known."""
    if "format" in known or name.casefold() == "format":
        return "format" not in known
    meant = synonyms.PARAMETERS.get(synonyms.fold(name))
    return meant is not None and ("format",) in meant.words and _format(value) is not None


def unserved(name: str, wanted: str) -> Fault:
    """The fault of asking for a format by a parameter, where the operation has no such parameter."""
    given = request.view_args or {}
    path = request.path.removesuffix(f".{given['format']}") if "format" in given else request.path
    serving = _serving(request.endpoint)
    said, addresses = _advice(serving, path, given, wanted) if serving else ("This is answered in JSON.", ())
    why = "The address names a format by its suffix" if "format" in given else "There is one format only"
    return Fault("unknown-parameter", f"query/{name[:80]}", f"{why}: leave {name[:80]} out. {said}", addresses)


def not_among(path: str, wanted: str) -> list[Fault]:
    """What is said besides of a format that exists, but is none of those of the operation: `path` asks for it."""
    serving = _serving(request.endpoint)
    if serving is None or _format(wanted) is None:
        return []
    said, addresses = _advice(serving, request.path, request.view_args or {}, wanted)
    return [Fault("served-elsewhere", path, said, addresses)]


def not_acceptable(problem: Problem) -> Problem:
    """The problem of an `Accept` that an operation cannot answer, with the address that can."""
    accepted = (text.partition(";")[0].strip() for text, _ in request.accept_mimetypes)
    wanted = next((item for item in accepted if _format(item) is not None), "")
    besides = not_among("header/Accept", wanted)
    detail = " ".join((problem.detail, *(item.message for item in besides)))
    return Problem(problem.type.slug, detail, faults=(*problem.faults, *besides))


def by_suffix(path: str) -> tuple[str, tuple[str, ...]] | None:
    """What is said of an address that ends with a format it does not have, and where that is had.

    None where it ends with none, or there is nothing at the address without it either.
    """
    base, _, ending = path.rpartition(".")
    if not base or (_format(ending) is None and ending.casefold() not in _UNSERVED):
        return None
    try:
        endpoint, given = current_app.url_map.bind("").match(base, method="GET")
    except HTTPException:
        return _files(base)
    serving = _serving(endpoint)
    return None if serving is None else _advice(serving, base, given, ending)


def _files(base: str) -> tuple[str, tuple[str, ...]] | None:
    """The files there are, where the address is that of files but for its ending."""
    if not base.startswith("/v1/releases/") or not base.endswith("/download"):
        return None
    addresses = tuple(f"{base}.{ending}" for ending in FILES)
    return f"The files of a release are {', '.join(addresses)}.", addresses


def _serving(endpoint: str | None) -> Serving | None:
    found: Serving | None = getattr(current_app.view_functions.get(endpoint or ""), "serving", None)
    return found


def _format(word: str) -> Format | None:
    """The format that a name, an ending or a media type means, those of other services among them."""
    plain = word.casefold()
    if plain in BY_ENDING:
        return BY_ENDING[plain]
    known = next((item for item in FORMATS.values() if plain in {item.name, item.media_type}), None)
    return known or FORMATS.get(synonyms.FORMATS.get(synonyms.fold(plain), ""))


def _advice(serving: Serving, path: str, given: Mapping[str, Any], wanted: str) -> tuple[str, tuple[str, ...]]:
    """Where what is asked for at a path, without a suffix, is had in a format; else what it is had in."""
    item = _format(wanted)
    asked = {name: values for name, values in request.args.lists() if name in serving.parameters and name != "format"}
    own = tuple(_address(path, asked, other, serving.offered, suffixed=serving.suffixed) for other in serving.offered)
    if item in serving.offered:
        address = own[serving.offered.index(item)]
        return f"This is had as {item.name} at {address}.", (address,)
    names = ", ".join(other.name for other in serving.offered)
    table = _TABLES.get(serving.name)
    if item is None or table is None or item not in table.offered:
        return f"This is served as {names}: {', '.join(own)}.", own
    filled = {name: [text.format_map(given)] for name, text in table.asked.items()}
    kept = {name: asked[name] for name in (*table.kept, *_OF_RELEASE) if name in asked}
    if "period" in kept:
        filled.pop("latest", None)
    where = table.path.format_map(given)
    address = _address(where, {**filled, **kept}, item, table.offered, suffixed=table.suffixed)
    return f"This is served as {names}; {table.what} as {item.name} at {address}.", (address,)


def _address(
    path: str, asked: Mapping[str, list[str]], item: Format, offered: tuple[Format, ...], *, suffixed: bool
) -> str:
    """The address of a question in one of the formats that it is served in."""
    written = [parameter(name, values) for name, values in asked.items()]
    if len(offered) > 1 and suffixed:
        path = f"{path}.{item.ending}"
    elif len(offered) > 1 and item is not offered[0]:
        written.append(parameter("format", [item.name]))
    return f"{path}?{'&'.join(written)}" if written else path
