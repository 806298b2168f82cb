"""The files of releases: each built once, whichever process is asked first, with its SHA-256 and size beside it."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from api.answers.identity import identity_of
from api.answers.reading import Readable, Reading
from api.answers.withdrawn import before_of, refuse_withdrawn
from api.catalogue import Catalogue, ReleaseInfo
from api.encoders.negotiate import FILES
from api.exports.locks import alone
from api.exports.package import write_package
from api.exports.tables import write_csv, write_metadata, write_parquet
from api.queries.releases import all_releases, newest_release
from api.settings import Settings

METADATA = "csv-metadata.json"
"""The ending of the file that describes the CSV."""
BUILDERS: dict[str, Callable[[Reading, BinaryIO], None]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "zip": write_package,
    METADATA: write_metadata,
}
"""How the file of each ending is written."""
UNFINISHED = ".building-"
"""How the names of files begin that are being written."""
_HASH_LENGTH = 64
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """A file of a release, how many bytes it has, and their SHA-256 (hexadecimal)."""

    path: Path
    size: int
    sha256: str


def reading_of(
    catalogue: Catalogue, known: Sequence[ReleaseInfo], ending: str, *, database: Readable, settings: Settings
) -> Reading:
    """What the file of a release is made from; `known` are all releases, oldest first."""
    # What describes a file is not what is cited: that is the file.
    cited = "csv" if ending == METADATA else ending
    return Reading(
        catalogue=catalogue,
        releases=tuple(known),
        database=database,
        settings=settings,
        whole=True,
        address=f"/v1/releases/{catalogue.release.id}/download.{cited}",
    )


def find(reading: Reading, ending: str, *, thoroughly: bool = False) -> Built | None:
    """The file of a release, None where it is not there yet, or not whole.

    `thoroughly`: it is read, to see that it still has its hash.
    """
    path = _path_of(reading, ending)
    return _noted(path) if fault_in(path, thoroughly=thoroughly) is None else None


def build(reading: Reading, ending: str, *, thoroughly: bool = False, wait: bool = True) -> Built:
    """The file of a release, built now where it is not there yet, or not whole (see `find`).

    BlockingIOError where another process or thread builds one, and that is not to be waited for; OSError where the file
    cannot be written; problem `release-withdrawn` where the release was withdrawn while it was.
    """
    built = find(reading, ending, thoroughly=thoroughly)
    if built is not None:
        return built
    path = _path_of(reading, ending)
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path.parent, wait=wait):
        built = find(reading, ending, thoroughly=thoroughly)
        if built is not None:
            return built
        if path.exists():
            _LOG.warning("%s: it is built anew", fault_in(path, thoroughly=thoroughly))
        built = _write(reading, BUILDERS[ending], path)
        _refuse_if_withdrawn_since(reading, built)
    return built


def _path_of(reading: Reading, ending: str) -> Path:
    name = name_of(reading.catalogue.release, reading.releases, ending, reading.settings)
    return Path(reading.settings.downloads_path) / name


def name_of(release: ReleaseInfo, known: Sequence[ReleaseInfo], ending: str, settings: Settings) -> str:
    """The name of a file: that of the release, and of all else its bytes depend on."""
    # A package tells what changed since the release before it; another one, once that is withdrawn.
    before = before_of(release, known) if ending == "zip" else None
    since = "" if before is None else f"{before.id}-{before.mark}"
    digest = blake2b(f"{identity_of(release, settings)} {since}".encode(), digest_size=8).hexdigest()
    return f"{release.id}-{release.mark}-{digest}.{ending}"


def names_of(known: Sequence[ReleaseInfo], settings: Settings) -> set[str]:
    """The names of all files that may be asked for: of the releases that are answered."""
    answered = [release for release in known if release.withdrawn_by is None]
    return {name_of(release, known, ending, settings) for release in answered for ending in FILES}


def fault_in(path: Path, *, thoroughly: bool) -> str | None:
    """What is wrong with a file, in a sentence without its end; None where it is whole.

    Its size is looked at each time, its bytes where that is asked for: reading them takes as long as sending them.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return f"the file {path} is not there"
    noted = _noted(path)
    if noted is None:
        return f"what is noted of the file {path} is missing or damaged"
    if size != noted.size:
        return f"the file {path} has {size:,} bytes, and had {noted.size:,} when it was written"
    if thoroughly:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != noted.sha256:
                return f"the file {path} has other bytes than when it was written"
    return None


def note_beside(path: Path) -> Path:
    """Where the SHA-256 and the size of a file are noted."""
    return path.with_name(f"{path.name}.sha256")


def _noted(path: Path) -> Built | None:
    """What was noted of a file when it was written, None where that is missing or damaged."""
    try:
        sha256, size = note_beside(path).read_text(encoding="ascii").split()
        return Built(path, int(size), sha256) if len(bytes.fromhex(sha256)) * 2 == _HASH_LENGTH else None
    except (OSError, ValueError):
        return None


def _write(reading: Reading, write: Callable[[Reading, BinaryIO], None], path: Path) -> Built:
    """Write a file under another name, and give it its own when it is on disk as a whole, and its hash too."""
    for left in path.parent.glob(f"{UNFINISHED}*"):  # by a process that was killed: nobody else is writing now
        left.unlink(missing_ok=True)
    with _unfinished(path.parent) as (file, unfinished):
        write(reading, file)
        size = _on_disk(file)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        with _unfinished(path.parent) as (note, written):
            note.write(f"{sha256} {size}\n".encode())
            _on_disk(note)
            written.replace(note_beside(path))
        unfinished.replace(path)
    return Built(path, size, sha256)


@contextmanager
def _unfinished(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that goes if it does not get another name."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=UNFINISHED, delete=False) as file:
        path = Path(file.name)
        try:
            path.chmod(0o644)
            yield file, path  # type: ignore[misc]
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _on_disk(file: BinaryIO) -> int:
    """Have all of a file on disk; how many bytes it has."""
    file.flush()
    os.fsync(file.fileno())
    return os.fstat(file.fileno()).st_size


def _refuse_if_withdrawn_since(reading: Reading, built: Built) -> None:
    """Remove a file whose release was withdrawn or replaced while it was written. Problem `release-withdrawn`."""
    with reading.database.connect() as connection:
        if newest_release(connection) == (reading.releases[-1].id, reading.releases[-1].mark):
            return
        known = all_releases(connection)
    now = next((item for item in known if (item.id, item.mark) == reading.named), None)
    if now is None or now.withdrawn_by is not None:
        note_beside(built.path).unlink(missing_ok=True)
        built.path.unlink(missing_ok=True)
    if now is None:
        raise OSError(f"release {reading.release} was replaced while its file was written")
    refuse_withdrawn(now, known)
