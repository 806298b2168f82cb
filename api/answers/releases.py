"""Releases, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from api.answers import absence, provenance
from api.answers.observations import page_length
from api.answers.paging import page
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.answers.withdrawn import before_of, refuse_withdrawn
from api.catalogue import ReleaseInfo
from api.columns import CHANGES, in_json
from api.filters import DiffFilter, Nothing, Page
from api.queries.observations import Selection
from api.queries.releases import count_changes, select_changes
from api.rows import Answer, Rows, number
from api.spans import span_of


def list_releases(reading: Reading, asked: Page) -> Answer:
    """One page of releases, newest first."""
    shown, following, _ = page(
        reading.releases, reading=reading, asked=asked, key=lambda item: (-item.id,), like=(int,)
    )
    why = {} if shown else absence.because("end-of-list", "There is nothing after this cursor.", None)
    meta = {**provenance.meta(reading), "returned": len(shown), **why}
    return Answer([_release(item) for item in shown], meta=meta, next_cursor=following)


def one_release(reading: Reading, _asked: Nothing, release: ReleaseInfo) -> Answer:
    """One release, with how much it changed of the one before that is answered."""
    before = before_of(release, reading.releases)
    previous = before.id if before else 0
    changes = release.changes if previous == release.id - 1 else None
    if changes is None:  # the release before it was withdrawn, or nobody has counted
        with reading.database.connect() as connection:
            changes = count_changes(connection, old=previous, new=release.id, selection=Selection(release=release.id))
    return Answer({**_release(release), "changes": changes}, meta=provenance.meta(reading))


def differences(reading: Reading, asked: DiffFilter, release: ReleaseInfo, other: ReleaseInfo) -> Answer:
    """One page of what is different in `other` from what it was in `release`, with the counts of all of it.

    Problem `release-withdrawn` where either answers no more: its figures would stand on one side.
    """
    refuse_withdrawn(release, reading.releases)
    refuse_withdrawn(other, reading.releases, field="other")
    resolved = resolve(reading, asked)
    kinds = frozenset(asked.change) if asked.change else None
    whole = reading.whole and asked.limit is None and asked.cursor is None and reading.sample is None
    limit = reading.settings.limits.max_observations if whole else page_length(reading, asked)
    ends = {"old": release.id, "new": other.id}
    uncut = replace(resolved.selection, after=None)
    with reading.database.connect() as connection:
        found, following = select_changes(connection, **ends, selection=resolved.selection, kinds=kinds, limit=limit)
        # All that a release changed of the one before was counted when it was published.
        noted = other.changes if other.id == release.id + 1 and not uncut.shape else None
        counts = noted or count_changes(connection, **ends, selection=uncut)
    rows = _changes(reading, found, asked.level)
    why = {}
    if not found:
        why = absence.because(
            "no-match", f"Nothing asked for differs between releases {release.id} and {other.id}.", None
        )
    differing = (reading.catalogue.indicators[number] for number in dict.fromkeys(indicator for indicator, *_ in found))
    meta = provenance.meta_of_figures(reading, differing)
    meta |= {"old_release": release.id, "new_release": other.id, "changes": counts, "returned": len(found)}
    in_all = sum(number for kind, number in counts.items() if kinds is None or kind in kinds)
    rest = None
    if whole and following is not None:
        after = replace(resolved.selection, after=following)
        rest = _pages_of_changes(reading, after, kinds=kinds, levels=asked.level, **ends)
    return Answer(
        rows,
        meta={**meta, **why},
        next_cursor=None if whole else following,
        rest=rest,
        total=lambda: in_all,
    )


def all_changes(reading: Reading) -> Answer:
    """All that is different from the release before that is answered; nothing for the first one: all of it is new."""
    before = before_of(reading.catalogue.release, reading.releases)
    pages: Iterator[Rows] = iter(())
    if before is not None:
        pages = _pages_of_changes(reading, Selection(release=reading.release), old=before.id, new=reading.release)
    return Answer(next(pages, Rows(CHANGES, [])), meta=provenance.meta(reading), rest=pages)


def _pages_of_changes(
    reading: Reading,
    selection: Selection,
    *,
    old: int,
    new: int,
    kinds: frozenset[str] | None = None,
    levels: tuple[str, ...] | None = None,
) -> Iterator[Rows]:
    """The pages from a selection's key on, each read by itself: nothing is held while a slow caller takes its time."""
    most = reading.settings.limits.max_observations
    while True:
        with reading.database.connect() as connection:
            found, after = select_changes(connection, old=old, new=new, selection=selection, kinds=kinds, limit=most)
        yield _changes(reading, found, levels)
        if after is None:
            return
        selection = replace(selection, after=after)


def _changes(reading: Reading, found: list[tuple[Any, ...]], levels: tuple[str, ...] | None) -> Rows:
    return Rows(CHANGES if reading.table else in_json(CHANGES), cells_of_changes(reading, found, levels))


def cells_of_changes(
    reading: Reading, found: list[tuple[Any, ...]], levels: tuple[str, ...] | None
) -> list[tuple[Any, ...]]:
    """Differences as rows of a table, with every digit of values: rounded, some that differ would look alike."""
    indicators, regions = reading.catalogue.indicators, reading.catalogue.in_rows(levels, linked=False)
    rows = []
    for indicator, region, period, change, old_value, new_value, *statuses in found:
        of, place = indicators[indicator], regions[region]
        head, tail = (of.slug, place.code, place.name), (change, number(old_value), number(new_value), *statuses)
        more = (place.label, place.level, *span_of(period)) if reading.table else (period,)
        rows.append((*head, *more, *tail))
    return rows


def _release(release: ReleaseInfo) -> dict[str, Any]:
    return {
        "id": release.id,
        "published_at": release.published_at,
        "kind": release.kind,
        "reason": release.reason,
        "reconstructed": release.reconstructed,
        "state": release.state,
        "owner": release.owner,
        "withdraws": release.withdraws,
        "withdrawn_by": release.withdrawn_by,
    }
