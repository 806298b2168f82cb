"""The folder of the files of releases: what nobody may ask for any more is removed, what is damaged is found.

A folder belongs to the instances of one service: they have the same version, public address and database. Files of
other versions, addresses or databases, and of releases that were withdrawn, go. Who is sending one goes on sending it:
a file without a name is there until it is closed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from api.catalogue import ReleaseInfo
from api.database import Database
from api.encoders.negotiate import FILES
from api.errors import Problem
from api.exports.files import UNFINISHED, fault_in, names_of
from api.exports.locks import alone
from api.queries.releases import all_releases
from api.settings import Settings

_ENDINGS = "|".join(re.escape(ending) for ending in FILES)
_OURS = re.compile(rf"(?P<file>\d+-\w+-(?:[0-9a-f]{{12}}|[0-9a-f]{{16}})\.(?:{_ENDINGS}))(?:\.sha256)?", re.ASCII)
"""The names of files that were built here, by this version or an earlier one, and of what is noted of them."""
_TIDIED: WeakKeyDictionary[Any, tuple[int, str]] = WeakKeyDictionary()
"""The newest release at which a process last tidied, by its way to the data."""
_LOG = logging.getLogger(__name__)


def tidy_once(database: Database, known: Sequence[ReleaseInfo], settings: Settings) -> None:
    """Tidy, where this process has not done so since the newest release came; never waits, never fails."""
    newest = known[-1].id, known[-1].mark
    if _TIDIED.get(database) == newest:
        return
    try:
        # A process looks for releases now and then: files of one that it has not seen yet may be there already.
        with database.connect() as connection:
            removed = tidy(all_releases(connection), settings, wait=False)
    except (BlockingIOError, Problem):
        return  # A file is being built, or the database is away: the next one who asks tries again.
    except OSError as error:
        _LOG.warning("files of releases that are asked for no more cannot be removed: %s", error)
        removed = []
    _TIDIED[database] = newest
    if removed:
        _LOG.info("removed %d files of releases that are asked for no more", len(removed))


def tidy(known: Sequence[ReleaseInfo], settings: Settings, *, wait: bool = True) -> list[Path]:
    """Remove the files that nobody may ask for; which ones. OSError where that is not possible.

    BlockingIOError where one is being built, and that is not to be waited for.
    """
    folder = Path(settings.downloads_path)
    if not folder.is_dir():
        return []
    wanted = names_of(known, settings)
    # Who does not wait takes the lock only where something is unfinished: nobody is to take it for one that builds.
    with alone(folder, wait=wait) if wait or any(_unfinished(folder)) else nullcontext():
        for left in _unfinished(folder):  # by a process that was killed
            left.unlink(missing_ok=True)
        removed = [path for path, name in _files_in(folder) if name not in wanted]
        for path in removed:
            path.unlink(missing_ok=True)
    return removed


def faults(known: Sequence[ReleaseInfo], settings: Settings) -> list[str]:
    """What is wrong with the files, a sentence each: damaged ones, and ones that nobody may ask for."""
    wanted = names_of(known, settings)
    folder = Path(settings.downloads_path)
    found = []
    for path, name in sorted(_files_in(folder)):
        if name not in wanted:
            found.append(f"the file {path} is of a release, version, address or database that is not served here")
        elif path.name == name:
            found.append(fault_in(path, thoroughly=True) or "")
        elif not path.with_name(name).exists():
            found.append(f"{path} is noted of a file that is not there")
    return [fault for fault in found if fault]


def count(settings: Settings) -> int:
    """How many files there are."""
    return sum(path.name == name for path, name in _files_in(Path(settings.downloads_path)))


def _unfinished(folder: Path) -> Iterator[Path]:
    return folder.glob(f"{UNFINISHED}*")


def _files_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """What was built here: each file or note, with the name of the file that it is or belongs to."""
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _OURS.fullmatch(path.name)
        if match:
            yield path, match["file"]
