"""How a release comes to say what it says of figures, whoever writes it: seeding, publishing and withdrawing alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from api.models import RegionLevel, RegionSuccession, SourceFile
from api.services.coverage import note_renamed_sources, note_sources, refresh_coverage, shift_coverage
from api.services.described import Model, note_fingerprint
from api.services.ranges import Row, note_changes
from api.services.sizes import note_sizes
from api.services.staged import Applied, apply, staging

COUNTED_BY = frozenset({RegionLevel, RegionSuccession})
"""What the regions of a level are counted by."""
_MANY = 10_000
"""Changes from which on tables are of another size than before."""


def finish_release(
    connection: Connection,
    release: int,
    changes: Iterable[Row],
    *,
    described: Collection[Model],
    only_new: bool = True,
) -> Applied:
    """Have a release say changes of figures (rows of `staged.STAGED`), and note all that is noted of a release.

    That is coverage, sources, how much it changed, and its fingerprint. What it says besides figures is written before,
    `described` are the tables of it that it changes. `only_new` leaves out what says what stands already. Returns how
    many observations it added, changed and took out. RefusedError where two changes are of the same observation.
    """
    with staging(connection, changes, only_new=only_new):
        applied = apply(connection, release)
        if sum(applied) >= _MANY:
            # What is counted next is planned by the sizes of tables, which may have been noted when they were empty.
            note_sizes(connection)
        if COUNTED_BY.isdisjoint(described):
            shift_coverage(connection, release=release)
        else:
            refresh_coverage(connection, release=release)
        note_sources(connection, release)
    if SourceFile in described:
        note_renamed_sources(connection, release)
    note_changes(connection, release)
    note_fingerprint(connection, release)
    return applied
