"""The database schema: bring it to the newest revision, and tell whether it is there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.settings import ROOT


def migrate(connection: Connection) -> None:
    """Run the migrations that the database has not seen yet, in the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newest_revision() -> str | None:
    """The revision that this code was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """The revision that the database stands at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    return Config(toml_file=str(ROOT / "pyproject.toml"))
