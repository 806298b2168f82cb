"""The files of releases: each built once, whichever process is asked first, with its SHA-256 beside it."""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from api.answers.reading import Reading
from api.exports.package import write_package
from api.exports.tables import write_csv, write_parquet
from api.queries.releases import mark_of
from api.settings import VERSION

BUILDERS: dict[str, Callable[[Reading, BinaryIO], None]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "zip": write_package,
}
"""How the file of each ending is written."""


@dataclass(frozen=True, slots=True)
class Built:
    """A file of a release, and the SHA-256 of its bytes (hexadecimal)."""

    path: Path
    sha256: str


def build(reading: Reading, ending: str) -> Built:
    """The file of a release, built now where it is not there yet. OSError where it cannot be written."""
    folder = Path(reading.settings.downloads_path)
    with reading.database.connect() as connection:
        mark = mark_of(connection, reading.release)
    # The mark tells databases apart, the version what wrote the file.
    path = folder / f"{reading.release}-{mark}-{VERSION}.{ending}"
    noted = path.with_name(f"{path.name}.sha256")
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{path.name}.lock"):
            if not path.exists():
                _write(reading, BUILDERS[ending], path, noted)
    return Built(path, noted.read_text(encoding="ascii"))


def _write(reading: Reading, write: Callable[[Reading, BinaryIO], None], path: Path, noted: Path) -> None:
    """Write a file under another name, and give it its own when it is whole."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".building-", delete=False) as file:
        unfinished = Path(file.name)
        try:
            write(reading, file)  # type: ignore[arg-type]
            file.flush()
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            noted.write_text(digest, encoding="ascii")
            unfinished.chmod(0o644)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """While this lasts, no other process or thread is here; a process that dies lets go."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
