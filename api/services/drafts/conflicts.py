"""What others published of a draft's figures since it was compared with what stood: nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, or_, select

from api.errors import Fault, Problem
from api.models import Indicator, Observation, Region, Series
from api.services.drafts import rows
from api.services.drafts.lifecycle import DraftInfo
from api.services.drafts.parts import INDICATOR, Part

_SHOWN = 100
Key = tuple[str, str, str, str]


def refuse(connection: Connection, draft: DraftInfo, newest: int, parts: Iterable[Part], files: Iterable[Path]) -> None:
    """Problem `draft-conflict` where something of a draft changed after its base release, with what changed."""
    if newest == draft.base_release:
        return
    faults = [*_of_parts(connection, draft.base_release, parts), *_of_figures(connection, draft.base_release, files)]
    if faults:
        message = (
            f"{len(faults):,} figures or texts of this draft were changed by others after release "
            f"{draft.base_release}, which it was compared with. Check it anew (POST /v1/drafts/{draft.id}/check), look "
            "at what it changes now (/diff), and publish it then."
        )
        raise Problem("draft-conflict", message, faults=tuple(faults[:_SHOWN]))


def _of_parts(connection: Connection, base: int, parts: Iterable[Part]) -> Iterable[Fault]:
    for part in parts:
        table, name = (Indicator, Indicator.slug) if part.kind == INDICATOR else (Region, Region.code)
        row = connection.execute(select(table.first_release).where(name == part.name)).first()
        if row is not None and row.first_release > base:
            message = f"{part.name} was described in release {row.first_release}."
            yield Fault("changed-since", f"{part.kind}s/{part.name}", message)


def _of_figures(connection: Connection, base: int, files: Iterable[Path]) -> list[Fault]:
    changed = _changed_since(connection, base)
    if not changed:
        return []
    found = []
    for path in files:
        for row in rows.read(path):
            key = row["indicator"], row["region"], row["period_start"], row["period_duration"]
            if key in changed:
                before, now = changed[key]
                ours = "taken out" if row["removed"] == "true" else _told(row["value"] or None)
                message = (
                    f"{row['indicator']} of {row['region']} in {row['period']} was {_told(before)} in release {base}, "
                    f"is {_told(now)} now, and the draft has {ours}."
                )
                found.append(
                    Fault("changed-since", "/".join((row["indicator"], row["region"], row["period"])), message)
                )
    return found


def _changed_since(connection: Connection, base: int) -> dict[Key, tuple[Any, Any]]:
    """The figures that changed after a release, with the value at it and the one that stands; `None`: there is none."""
    names = (Indicator.slug, Region.code, Observation.period_start, Observation.period_duration)
    columns = (*names, Observation.first_release, Observation.last_release, Observation.value)
    touched = or_(Observation.first_release > base, Observation.last_release >= base)
    statement = (
        select(*columns)
        .join(Series, Series.id == Observation.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .join(Region, Region.id == Series.region_id)
        .where(touched)
    )
    found: dict[Key, tuple[Any, Any]] = {}
    for slug, code, start, duration, first, last, value in connection.execute(statement):
        before, now = found.get((slug, code, start, duration), (None, None))
        if first <= base:
            before = value
        if last is None:
            now = value
        found[slug, code, start, duration] = before, now
    return found


def _told(value: Any) -> str:
    return "without a value" if value is None else f"{float(value):.15g}"
