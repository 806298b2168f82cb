"""What changed since a release, release by release: for whoever keeps a copy, and takes up what came after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from api import cursors, errors
from api.answers import absence, provenance
from api.answers.observations import page_length
from api.answers.reading import Reading, read_cursor
from api.answers.releases import cells_of_changes
from api.answers.selection import CURSOR, resolve
from api.answers.withdrawn import refuse_withdrawn
from api.catalogue import ReleaseInfo
from api.columns import CHANGES_SINCE, in_json
from api.errors import Fault, Problem
from api.filters import ChangesFilter
from api.queries.observations import Key, Selection
from api.queries.releases import count_changes, select_changes
from api.queries.touched import indicators_touched
from api.rows import Answer, Rows, indicator_of

_MOST_STEPS = 200
"""Releases that are looked through for one page: one that finds little in them ends early, and has a next one."""
_CURSOR = (int, *CURSOR)
Found = list[tuple[ReleaseInfo, tuple[Any, ...]]]
"""Differences as they are read, each with the release that made it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """From one release to the next that is answered."""

    old: ReleaseInfo
    new: ReleaseInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """The releases that changes are read of, in order, and what is asked of each."""

    steps: tuple[_Step, ...]
    selection: Selection
    kinds: frozenset[str] | None

    def page(self, connection: Connection, after: cursors.Key | None, limit: int) -> tuple[Found, cursors.Key | None]:
        """The first `limit` changes after a key (release, indicator, region, start, duration), and the next key."""
        found: Found = []
        steps = self.steps if after is None else tuple(step for step in self.steps if step.new.id >= int(after[0]))
        for step in steps[:_MOST_STEPS]:
            key: Key | None = after[1:] if after is not None and after[0] == step.new.id else None  # type: ignore[assignment]
            rows, following = select_changes(
                connection,
                old=step.old.id,
                new=step.new.id,
                selection=replace(self.selection, after=key),
                kinds=self.kinds,
                limit=limit - len(found),
            )
            found += [(step.new, _shown(row, step.old)) for row in rows]
            if following is not None:
                return found, (step.new.id, *following)
            if len(found) == limit:
                return found, _beginning(steps, step)
        return found, _beginning(steps, steps[_MOST_STEPS - 1]) if len(steps) > _MOST_STEPS else None

    def count(self, connection: Connection) -> int:
        """How many changes there are on the whole way."""
        counts = (
            count_changes(connection, old=step.old.id, new=step.new.id, selection=self.selection) for step in self.steps
        )
        return sum(n for each in counts for kind, n in each.items() if self.kinds is None or kind in self.kinds)


def list_changes(reading: Reading, asked: ChangesFilter) -> Answer:
    """One page of what changed after `since`, up to `until` or the release that is read; tables have all of it.

    In order of release, indicator, region and period. Problems `unknown-id`, `release-withdrawn`, `invalid-parameter`.
    """
    since, until = _ends(reading, asked)
    after = read_cursor(asked.cursor, like=_CURSOR)
    resolved = resolve(reading, replace(asked, cursor=None))
    whole = reading.whole and asked.limit is None and asked.cursor is None and reading.sample is None
    limit = reading.settings.limits.max_observations if whole else page_length(reading, asked)
    with reading.database.connect() as connection:
        steps = _steps(connection, reading, since, until, resolved.selection)
        kinds = frozenset(asked.change) if asked.change else None
        way = _Way(steps=steps, selection=resolved.selection, kinds=kinds)
        found, following = way.page(connection, after, limit)
    indicators = dict.fromkeys(indicator_of(row) for _, row in found)
    meta = provenance.meta_of_figures(reading, (reading.catalogue.indicators[number] for number in indicators))
    meta |= {"old_release": since.id, "new_release": until.id, "returned": len(found)}
    meta["next_since"] = until.id if whole or following is None else None
    return Answer(
        _rows(reading, found, asked.level),
        meta={**meta, **({} if found or following else _nothing(since, until))},
        next_cursor=None if whole else following,
        rest=_rest(reading, way, following, asked.level) if whole and following is not None else None,
        total=lambda: _total(reading, way),
        total_costs=True,
    )


def _nothing(since: ReleaseInfo, until: ReleaseInfo) -> dict[str, Any]:
    said = "was published" if since.id == until.id else "that is asked for changed"
    return absence.because("no-match", f"Nothing {said} after release {since.id} and up to release {until.id}.", None)


def _total(reading: Reading, way: _Way) -> int:
    with reading.database.connect() as connection:
        return way.count(connection)


def _rest(reading: Reading, way: _Way, after: cursors.Key | None, levels: tuple[str, ...] | None) -> Iterator[Rows]:
    """The pages after the first, each read by itself: nothing is held while a slow caller takes its time."""
    most = reading.settings.limits.max_observations
    while after is not None:
        with reading.database.connect() as connection:
            found, after = way.page(connection, after, most)
        yield _rows(reading, found, levels)


def _rows(reading: Reading, found: Found, levels: tuple[str, ...] | None) -> Rows:
    cells = cells_of_changes(reading, [row for _, row in found], levels)
    tuples = [(release.id, release.kind, *row) for (release, _), row in zip(found, cells, strict=True)]
    return Rows(CHANGES_SINCE if reading.table else in_json(CHANGES_SINCE), tuples)


def _shown(row: tuple[Any, ...], old: ReleaseInfo) -> tuple[Any, ...]:
    """A difference, without the figure that a release which answers no more had."""
    if old.withdrawn_by is None:
        return row
    indicator, region, period, change, _, new_value, _, new_status = row
    return indicator, region, period, change, None, new_value, None, new_status


def _beginning(steps: tuple[_Step, ...], done: _Step) -> cursors.Key | None:
    """The key before all that a release after another one changed; None where there is none."""
    later = next((step for step in steps if step.new.id > done.new.id), None)
    return None if later is None else (later.new.id, 0, 0, "", "")


def _steps(
    connection: Connection, reading: Reading, since: ReleaseInfo, until: ReleaseInfo, selection: Selection
) -> tuple[_Step, ...]:
    """From each release that is answered to the next, those left out that have nothing of what is asked for.

    What a release changed that answers no more is told with the next one that is answered, as far as it still stands.
    """
    between = [item for item in reading.releases if since.id < item.id <= until.id and item.withdrawn_by is None]
    steps = [_Step(old, new) for old, new in zip([since, *between], between, strict=False)]
    if selection.indicators is None:
        return tuple(steps)
    touched = indicators_touched(connection, since.id + 1, until.id)

    def has_any(step: _Step) -> bool:
        releases = range(step.old.id + 1, step.new.id + 1)
        return any(touched.get(number, frozenset()) & (selection.indicators or frozenset()) for number in releases)

    return tuple(filter(has_any, steps))


def _ends(reading: Reading, asked: ChangesFilter) -> tuple[ReleaseInfo, ReleaseInfo]:
    """The release that is told of what came after it, withdrawn or not, and the last one that is told of."""
    known = tuple(item for item in reading.releases if item.id <= reading.release)
    until = known[-1] if asked.until is None else _named(known, asked.until, "until")
    refuse_withdrawn(until, reading.releases, field="until")
    since = _named(known, asked.since, "since")
    if since.id > until.id:
        message = f"since (release {since.id}) lies after until (release {until.id}). Exchange the two."
        raise errors.invalid("since", message, code="release-order")
    return since, until


def _named(known: tuple[ReleaseInfo, ...], which: int | str, field: str) -> ReleaseInfo:
    """The release of a number, or the newest one at a moment, among some. Problem `unknown-id`."""
    if isinstance(which, int):
        found = next((item for item in known if item.id == which), None)
        if found is None:
            newest = tuple(str(item.id) for item in known[-3:][::-1])
            raise errors.unknown_id("release", str(which), field=field, candidates=newest, where="/v1/releases")
        return found
    published = [item for item in known if item.published_at <= which]
    if not published:
        message = f"Nothing was published by then: the first release is of {known[0].published_at}."
        day = known[0].published_at[:10]
        raise Problem("unknown-id", message, faults=(Fault("before-first-release", field, message, (day,)),))
    return published[-1]
