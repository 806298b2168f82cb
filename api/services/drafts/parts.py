"""What a draft says besides figures: indicators and places of a partner's own, and what they come to in the tables.

They are kept as they were sent. What they come to is worked out by a connection, by the same rules as the tables of an
operator (`services.descriptions`): in the copy for the preview first, and when the draft is published again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from api import models
from api.errors import Fault, Problem, invalid_definition, standing_in
from api.models import DraftPart
from api.services import audit
from api.services.audit import Actor
from api.services.described import Revision, held_rows
from api.services.descriptions import KINDS, Descriptions
from api.services.drafts import lifecycle, shapes
from api.services.tables import Line, Table

INDICATOR, PLACE = "indicator", "place"
LEVELS = {
    "ward": ("Ward", "Electoral wards and divisions, of the councils that publish figures of theirs here.", "wards"),
    "neighbourhood": (
        "Neighbourhood",
        "Areas within a local authority, smaller than or other than wards, as their council draws them.",
        "neighbourhoods",
    ),
}
"""Levels below local authorities, which are there as soon as a partner has places of them."""
LICENCE = ("Open Government Licence v3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")
_PLACED = re.compile(r"^[^:]*:(\d+): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An indicator or a place as it was sent."""

    kind: str
    name: str
    content: dict[str, Any]


def put(connection: Connection, actor: Actor, draft: str, part: Part, *, url: str) -> bool:
    """Have a draft say something of an indicator or a place; whether it said nothing of it before.

    Problem `not-allowed` where it is another one's, or the key may not write it, and `invalid-definition`.
    """
    found = lifecycle.open_draft(connection, actor, draft)
    _refuse_others(connection, actor, part)
    same = (DraftPart.draft_id == draft, DraftPart.kind == part.kind, DraftPart.name == part.name)
    gone = connection.execute(delete(DraftPart).where(*same)).rowcount
    values = {"draft_id": draft, "kind": part.kind, "name": part.name, "content": part.content}
    connection.execute(insert(DraftPart).values(**values))
    with standing_in("body"):
        revisions(connection, found.owner, of_draft(connection, draft), url=url)
    lifecycle.change(connection, found)
    audit.note(connection, actor, f"{part.kind}-described", subject=draft, details={"name": part.name})
    return not gone


def of_draft(connection: Connection, draft: str) -> list[Part]:
    """What a draft says besides figures: indicators first, each kind by name."""
    statement = select(DraftPart.kind, DraftPart.name, DraftPart.content).where(DraftPart.draft_id == draft)
    rows = connection.execute(statement.order_by(DraftPart.kind, DraftPart.name))
    return [Part(**row) for row in rows.mappings()]


def revisions(connection: Connection, owner: str, parts: Sequence[Part], *, url: str) -> list[Revision]:
    """What some parts come to, in the numbers of a database. Problem `invalid-definition` with all that is wrong."""
    reader, faults = Descriptions(connection), list[Fault]()
    found: list[Revision] = []
    lines: dict[str, list[tuple[str, dict[str, str]]]] = {}
    if levels := _levels(connection, parts):
        lines["levels"] = levels
    for part in parts:
        for name, line in _lines(connection, owner, part, url):
            lines.setdefault(name, []).append((f"{part.kind}s/{part.name}", line))
    if any(part.content.get("geometry") for part in parts):
        lines.setdefault("sources", []).append(("places", _shapes_source(owner, url)))
    for name in sorted(lines, key=list(KINDS).index):
        head = list(dict.fromkeys(key for _, line in lines[name] for key in line))
        full: list[tuple[int, Line]] = [
            (number, {key: line.get(key, "") for key in head}) for number, (_, line) in enumerate(lines[name])
        ]
        told: list[str] = []
        found.extend(reader.revisions([Table(Path(f"{name}.csv"), head, full)], told))
        faults += [_fault(item, [place for place, _ in lines[name]]) for item in told]
    faults += shapes.faults(parts)
    if faults:
        raise invalid_definition(faults)
    number = partial(reader.number_of, "region")
    return [*found, *shapes.revisions(connection, parts, number_of=number, source=_source_of_places(owner))]


def _fault(text: str, places: Sequence[str]) -> Fault:
    """What is wrong with a line of a table, told of the part that it is of."""
    found = _PLACED.match(text)
    if found is None:
        return Fault("invalid-value", places[0], text)
    number = int(found[1])
    return Fault("invalid-value", places[number if number < len(places) else 0], text[found.end() :])


def _lines(connection: Connection, owner: str, part: Part, url: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of tables that a part is written as, with the names of the tables."""
    content = part.content
    if part.kind == INDICATOR:
        source = f"{part.name[:57]}-source"
        own = content.get("source") or {}
        usual = _source_of(owner, content["title"], f"{url}/v1/indicators/{part.name}")
        yield "sources", {"source": source, **usual, **{name: text for name, text in own.items() if text}}
        position = connection.execute(select(func.max(models.Indicator.position))).scalar_one() or 0
        said = {name: _text(value) for name, value in content.items() if name != "source"}
        yield (
            "indicators",
            {"indicator": part.name, "source": source, "owner": owner, "position": str(position + 1)} | said,
        )
        return
    named = {name: _text(content.get(name)) for name in ("valid_from", "valid_to", "latitude", "longitude")}
    centroid = "" if content.get("latitude") is None else "published"
    yield "regions", {"region": part.name, "name": content["name"], "centroid": centroid, **named}
    position = connection.execute(select(func.count()).select_from(models.RegionLevel)).scalar_one()
    yield "region_levels", {"region": part.name, "level": content["level"], "position": str(position + 1)}
    for code in _ancestors(connection, content["within"]):
        yield "region_parents", {"region": part.name, "parent": code}


def _source_of(owner: str, title: str, url: str) -> dict[str, str]:
    """A source of a partner's, as its lines say it unless the partner says otherwise."""
    own = {"publisher": owner, "title": title, "licence": LICENCE[0], "licence_url": LICENCE[1]}
    return own | {"url": url, "attribution": f"Source: {owner}"}


def _shapes_source(owner: str, url: str) -> dict[str, str]:
    return {"source": _source_of_places(owner), **_source_of(owner, f"Places of {owner}", f"{url}/v1/regions")}


def _levels(connection: Connection, parts: Sequence[Part]) -> list[tuple[str, dict[str, str]]]:
    """The lines of levels below local authorities that places are of, where there are none of them yet."""
    wanted = {part.content["level"] for part in parts if part.kind == PLACE}
    missing = sorted(wanted & LEVELS.keys() - {key for (key,) in held_rows(connection, models.Level)})
    position = connection.execute(select(func.max(models.Level.position))).scalar_one() or 0
    said = ("level", "title", "description", "words", "position")
    return [
        (f"levels/{name}", dict(zip(said, (name, *LEVELS[name], str(number)), strict=True)))
        for number, name in enumerate(missing, position + 1)
    ]


def _ancestors(connection: Connection, code: str) -> list[str]:
    """A place, and all that it lies in. Problem `invalid-definition` where there is none of the code."""
    regions = {row["id"]: row["code"] for row in held_rows(connection, models.Region).values()}
    number = next((key for key, known in regions.items() if known == code), None)
    if number is None:
        raise invalid_definition([Fault("region-unknown", "places/within", f"There is no region {code!r}.")])
    held = held_rows(connection, models.RegionParent)
    return [code, *(regions[parent] for region, parent in held if region == number)]


def _refuse_others(connection: Connection, actor: Actor, part: Part) -> None:
    """Problem `not-allowed` where a part is somebody else's, or not of what the key may write."""
    key, owner = actor.key, lifecycle.owner_of(actor)
    if part.kind == INDICATOR:
        row = connection.execute(select(models.Indicator.owner).where(models.Indicator.slug == part.name)).first()
        if row is not None and row.owner != owner:
            _refuse(part, f"{part.name} is an indicator of {row.owner or 'this service'}. Give yours another name.")
        if key is not None and key.indicators is not None and part.name not in key.indicators:
            _refuse(part, f"This key is for {', '.join(sorted(key.indicators)[:5])}, and not for {part.name}.")
        return
    known = connection.execute(select(models.Region.id).where(models.Region.code == part.name)).first()
    if known is not None:
        _refuse(part, f"There is a region {part.name} already. Give the place a code of its own.")
    if key is not None and key.regions is not None:
        within = set(_ancestors(connection, part.content["within"]))
        if within.isdisjoint(key.regions):
            _refuse(part, f"This key is for places within {', '.join(sorted(key.regions)[:5])}.")


def _refuse(part: Part, message: str) -> None:
    raise Problem("not-allowed", message, faults=(Fault("not-yours", f"{part.kind}s/{part.name}", message),))


def _source_of_places(owner: str) -> str:
    """The identifier of the source of an owner's outlines."""
    return f"{re.sub('[^a-z0-9]+', '-', owner.casefold()).strip('-')[:50] or 'partner'}-places"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
