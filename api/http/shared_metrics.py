"""The files in which a server's processes share what they count: prometheus-client's multiprocess mode.

The master makes a folder before there are workers, and each worker writes files of its own there, mapped into memory:
what a worker has counted outlasts it. When one ends, what it counted is added to what the dead have counted, and its
files go: else there would be more of them with every worker that is replaced, and every scrape would read them all.
A lock keeps scrapes from seeing that half done. Its room is taken when a file is made: where a disk is full, a process
that writes to a mapped file is killed (SIGBUS); here it tells of itself alone.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client looks for the folder. It is set here and never read: each server has one of its own."""
_NAME = "digital-capital-metrics-"
_SUMMED = ("counter", "histogram")
_ROOM = {"counter": 1 << 20, "histogram": 1 << 20} | {
    f"gauge_{mode}": 1 << 16 for mode in ("livesum", "livemin", "livemax", "liveall")
}
"""Bytes of each file of a process: more than all rules, statuses and gauges take."""
_DEAD = 0
"""Stands for the process number of all that have ended."""
_LOG = logging.getLogger(__name__)


class _Shared:
    """The folder of this server, and which of its processes have ended and are not added up yet."""

    folder: Path | None = None
    ended: set[int] = set()  # noqa: RUF012


def prepare(base: str | None, *, goes_on: bool = False) -> None:
    """Make the folder, in a folder or the system's for temporary files; remove what killed servers have left there.

    `goes_on`: this process has loaded new code, and goes on with the folder that it has made before.
    """
    place, own = Path(base or tempfile.gettempdir()), None
    for left in place.glob(f"{_NAME}*"):
        number = left.name.removeprefix(_NAME).partition("-")[0]
        if goes_on and number == str(os.getpid()):
            own = left
        elif number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    try:
        folder = own or Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-", dir=place))
        (folder / "lock").touch()
    except OSError as error:
        _LOG.warning("each worker tells its own metrics alone, since nothing can be written to %s: %s", place, error)
        return
    _Shared.folder = folder
    os.environ[_VARIABLE] = str(folder)


def join() -> None:
    """Have this process write to files of its own there; to none, where there is no folder or no room."""
    values.ValueClass = values.MutexValue
    if _Shared.folder is None:
        return
    try:
        for kind, size in _ROOM.items():
            _make(_Shared.folder / f"{kind}_{os.getpid()}.db", size)
    except OSError as error:
        _LOG.warning("worker %s tells no metrics, since there is no room for them: %s", os.getpid(), error)
        _forget(os.getpid())
        return
    own = os.getpid()  # asked for with each count else; whoever forks again joins anew
    values.ValueClass = values.MultiProcessValue(lambda: own)


def text() -> bytes | None:
    """What all processes have counted, in Prometheus' text format; None where nothing is shared."""
    if _Shared.folder is None:
        return None
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(_Shared.folder))
    with _locked(fcntl.LOCK_SH):
        return generate_latest(registry)


def leave(process: int, running: Collection[int]) -> None:
    """Add what a process that has ended has counted to what the dead have; its gauges are told no more.

    Where a scrape is under way, it is done when the next process ends: the master never waits.
    """
    if _Shared.folder is None:
        return
    mark_process_dead(process, str(_Shared.folder))
    _Shared.ended = {number for number in (*_Shared.ended, process) if number not in running}
    try:
        with _locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
            for number in _Shared.ended:
                for kind in _SUMMED:
                    _add(_Shared.folder / f"{kind}_{number}.db", _Shared.folder / f"{kind}_{_DEAD}.db")
            _Shared.ended = set()
    except BlockingIOError:
        return
    except (OSError, RuntimeError) as error:
        _LOG.warning("what ended workers have counted stays in files of its own: %s", error)


def remove() -> None:
    """Remove the folder, when the server stops."""
    if _Shared.folder is not None:
        shutil.rmtree(_Shared.folder, ignore_errors=True)
        _Shared.folder = None


def _add(file: Path, to: Path) -> None:
    """Add the values of a file to those of another, and remove it."""
    if not file.exists():
        return
    if not to.exists():
        _make(to, _ROOM[to.name.partition("_")[0]])
    sums = MmapedDict(str(to))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
            sums.write_value(key, sums.read_value(key)[0] + value, 0.0)
    finally:
        sums.close()
    file.unlink()


def _make(file: Path, size: int) -> None:
    """Make a file of so many bytes. It has its name when it has its room: a scrape cannot read an empty one."""
    making = file.with_suffix(".making")
    try:
        with making.open("wb") as made:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(made.fileno(), 0, size)
            else:
                made.truncate(size)
        making.rename(file)
    finally:
        making.unlink(missing_ok=True)


def _forget(process: int) -> None:
    if _Shared.folder is not None:
        for file in _Shared.folder.glob(f"*_{process}.db"):
            file.unlink(missing_ok=True)


@contextmanager
def _locked(how: int) -> Iterator[None]:
    """While this lasts, nobody adds up (LOCK_SH), or nobody reads either (LOCK_EX)."""
    assert _Shared.folder is not None  # noqa: S101
    with (_Shared.folder / "lock").open("rb") as file:
        fcntl.flock(file, how)
        yield


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
