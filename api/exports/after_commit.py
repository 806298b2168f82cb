"""What follows the commit of a release: one list of steps, for every command that commits one.

Each step may be done again at any time, and does what an earlier run left undone: the next publication, or the next
start, mends what failed. A step that fails undoes nothing of what was published and keeps no other from being done.
What is to follow publications from now on, such as a feed, is one more line of `STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from api.catalogue import ReleaseInfo
from api.database import Database
from api.encoders.negotiate import FILES
from api.exports import files, tidy
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.services import projections
from api.services.sizes import note_sizes
from api.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What was committed, and how it is to be followed up."""

    database: Database
    settings: Settings
    releases: tuple[ReleaseInfo, ...]
    """All that are there now, oldest first."""
    builds: bool
    """Whether the files of the newest release are to be there; else they are built when they are asked for."""
    waiting: Callable[[], None]
    """Called before another writer is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step: what it does, and what is told where it fails. It returns what it did, empty where that was nothing."""

    run: Callable[[Committed], str]
    failed: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a step: what it did, or what it met."""

    name: str
    release: int
    said: str = ""
    error: Exception | None = None


def follow_up(
    database: Database,
    settings: Settings,
    *,
    builds: bool | None = None,
    without: Collection[str] = (),
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """Do every step in turn but those `without`; what came of each. Nothing where nothing is published.

    Without a word on `builds` the files of the newest release are to be there where the folder of files is.
    """
    with database.connect() as connection:
        known = tuple(all_releases(connection))
    if not known:
        return
    kept = Path(settings.downloads_path).is_dir() if builds is None else builds
    committed = Committed(database=database, settings=settings, releases=known, builds=kept, waiting=waiting)
    for name, step in STEPS.items():
        if name in without:
            continue
        try:
            said = step.run(committed)
        except Exception as error:  # whatever it is, the release is published, and that is to be told
            yield Outcome(name=name, release=known[-1].id, error=error)
        else:
            yield Outcome(name=name, release=known[-1].id, said=said)


def _note_sizes(committed: Committed) -> str:
    with committed.database.begin(waiting=committed.waiting) as connection:
        note_sizes(connection)
    return ""


def _empty_log(committed: Committed) -> str:
    committed.database.settle()
    return ""


def _add_projections(committed: Committed) -> str:
    with committed.database.connect() as connection:
        if not projections.missing(connection):
            return ""
    with committed.database.begin(waiting=committed.waiting) as connection:
        added = projections.complete(connection)
    return f"Added {added:,} projections that come with the figures." if added else ""


def _remove_files(committed: Committed) -> str:
    removed = tidy.tidy(committed.releases, committed.settings)
    return f"Removed {len(removed)} files from {committed.settings.downloads_path}." if removed else ""


def _build_files(committed: Committed) -> str:
    if not committed.builds:
        return ""
    known, database, settings = committed.releases, committed.database, committed.settings
    with database.connect() as connection:
        catalogue = load_catalogue(connection, known[-1])
    built = 0
    for ending in FILES:
        reading = files.reading_of(catalogue, known, ending, database=database, settings=settings)
        if files.find(reading, ending) is None:
            files.build(reading, ending)
            built += 1
    count = "1 file" if built == 1 else f"{built} files"
    return f"Wrote {count} of release {known[-1].id} to {settings.downloads_path}." if built else ""


STEPS: dict[str, Step] = {
    "statistics": Step(
        run=_note_sizes,
        failed="The database was not told how large its tables are.",
        advice="Nothing is lost: until the next publication questions may take longer.",
    ),
    "log": Step(
        run=_empty_log,
        failed="What was written still lies beside the database's file.",
        advice="Nothing is lost: whoever writes or publishes next brings it into the file.",
    ),
    "projections": Step(
        run=_add_projections,
        failed="Projections that come with the figures could not be added.",
        advice="Run `flask --app wsgi data prepare`.",
    ),
    "old files": Step(
        run=_remove_files,
        failed="Files of releases that are asked for no more could not be removed.",
        advice="Remove them by hand.",
    ),
    "files": Step(
        run=_build_files,
        failed="Its files could not be written.",
        advice="Run `flask --app wsgi data export`.",
    ),
}
"""The steps, in the order in which they are done: what is removed makes room for what is written."""
