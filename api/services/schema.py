"""The database schema: bring it to the newest revision, and tell whether it is there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from api.settings import ROOT


def migrate(connection: Connection) -> None:
    """Run the migrations that the database has not seen yet, in the caller's transaction."""
    command.upgrade(config(connection), "head")


def newest_revision() -> str | None:
    """The revision that this code was written for."""
    return ScriptDirectory.from_config(config()).get_current_head()


def revisions() -> list[Script]:
    """Every migration, newest first."""
    return list(ScriptDirectory.from_config(config()).walk_revisions())


def current_revision(connection: Connection) -> str | None:
    """The revision that the database stands at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for commands that run on a connection."""
    made = Config(toml_file=str(ROOT / "pyproject.toml"))
    made.attributes["connection"] = connection
    return made
