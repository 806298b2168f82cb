"""Files as partners sent them, kept for good under their SHA-256: the same file sent again is the same file."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

_PART = 1 << 20


class TooLongError(ValueError):
    """A file of more bytes than are taken."""


def file_of(drafts: str | Path, sha256: str) -> Path:
    """Where a file of a digest is kept. No name that a caller gives is ever part of a path."""
    return Path(drafts) / "files" / sha256[:2] / sha256


def keep(stream: IO[bytes] | Any, drafts: str | Path, folder: Path, *, most: int) -> tuple[str, int]:
    """Write a file to the disk, for good, and give it the name of its digest; the digest, and how many bytes it has.

    It is put together in a folder of the same file system first. TooLongError, and OSError where there is no room.
    """
    digest, length = hashlib.sha256(), 0
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder) as file:
        while part := stream.read(_PART):
            length += len(part)
            if length > most:
                raise TooLongError(f"The file is longer than {most:,} bytes.")
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
        target = file_of(drafts, digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        if length:
            with suppress(FileExistsError):
                os.link(file.name, target)
    return digest.hexdigest(), length
