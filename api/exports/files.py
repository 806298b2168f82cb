"""The files of releases: each built once, whichever process is asked first, with its SHA-256 beside it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from api.answers.reading import Reading
from api.exports.package import write_package
from api.exports.tables import write_csv, write_metadata, write_parquet
from api.queries.releases import mark_of
from api.settings import VERSION

BUILDERS: dict[str, Callable[[Reading, BinaryIO], None]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "zip": write_package,
    "csv-metadata.json": write_metadata,
}
"""How the file of each ending is written."""
_LAYOUT = 3
"""Raised where what is in the files changes within a version of the service, so that they are written anew."""
_UNFINISHED = ".building-"
_HASH_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Built:
    """A file of a release, and the SHA-256 of its bytes (hexadecimal)."""

    path: Path
    sha256: str


def build(reading: Reading, ending: str) -> Built:
    """The file of a release, built now where it is not there yet, or not whole. OSError where it cannot be written."""
    folder = Path(reading.settings.downloads_path)
    with reading.database.connect() as connection:
        mark = mark_of(connection, reading.release)
    # The mark tells databases apart; version and public address are what else the bytes depend on.
    written_by = blake2b(f"{VERSION} {_LAYOUT} {reading.settings.public_url}".encode(), digest_size=6).hexdigest()
    path = folder / f"{reading.release}-{mark}-{written_by}.{ending}"
    built = _whole(path)
    if built is None:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / "building.lock"):
            built = _whole(path) or _write(reading, BUILDERS[ending], path)
    return built


def _whole(path: Path) -> Built | None:
    """A file with its hash beside it, None where either is missing."""
    noted = _noted(path)
    if not (path.is_file() and noted.is_file()):
        return None
    sha256 = noted.read_text(encoding="ascii")
    return Built(path, sha256) if len(sha256) == _HASH_LENGTH else None


def _noted(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _write(reading: Reading, write: Callable[[Reading, BinaryIO], None], path: Path) -> Built:
    """Write a file under another name, and give it its own when it is on disk as a whole, and its hash too."""
    for left in path.parent.glob(f"{_UNFINISHED}*"):  # by a process that was killed: nobody else is writing now
        left.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_UNFINISHED, delete=False) as file:
        unfinished = Path(file.name)
        try:
            write(reading, file)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            _noted(path).write_text(sha256, encoding="ascii")
            unfinished.chmod(0o644)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    return Built(path, sha256)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """While this lasts, no other process or thread is here; a process that dies lets go."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
