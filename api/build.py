"""The fingerprint of the build: which code and libraries answer here.

Entity tags and names of files hold it, so that nobody takes the bytes of one build for those of another, however
seldom the version is raised.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

_CODE = Path(__file__).resolve().parent
_INSTALLED = (".dist-info", ".egg-info")


@cache
def fingerprint() -> str:
    """A digest of all files of this package but compiled ones, of the libraries with their versions, and of Python.

    Taken once in a process, when the application is made: the files may be replaced while the process goes on.
    """
    return digest_of(_CODE, [Path(item) for item in sys.path if item])


def digest_of(code: Path, libraries: list[Path]) -> str:
    """Such a digest, of the code in a folder and what is installed in some others: 16 hexadecimal digits."""
    digest = blake2b(digest_size=8)
    for path in sorted(_files(code)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(code).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    digest.update("\n".join(sorted({*_installed(libraries)})).encode())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(parent, name) for name in names)


def _installed(folders: list[Path]) -> Iterator[str]:
    """The names of installed libraries with their versions, as the folders of their records are called."""
    for folder in folders:
        if folder.is_dir():
            yield from (item.name for item in os.scandir(folder) if item.name.endswith(_INSTALLED))
