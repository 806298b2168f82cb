"""`flask data ...`: what an operator does to the data from a terminal."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import AppGroup

from api.database import Database
from api.services import schema, seed

data_commands = AppGroup("data", help="Prepare and fill the database.")


@data_commands.command("prepare")
def prepare() -> None:
    """Bring the database to the newest schema and, where nothing is published yet, load the figures in seed/."""
    database: Database = current_app.extensions["database"]
    with database.begin() as connection:
        if schema.current_revision(connection) != schema.newest_revision():
            click.echo("Bringing the database to the newest schema ...")
            schema.migrate(connection)
    with database.begin() as connection:
        if not seed.is_empty(connection):
            click.echo("The database holds published data: nothing to load.")
            return
        click.echo("Loading the figures that come with the project ...")
        started = time.monotonic()
        loaded = seed.load(connection, progress=lambda what: click.echo(f"  {what}"))
    click.echo(f"Loaded {loaded:,} observations in {time.monotonic() - started:.1f} s.")


@data_commands.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema."""
    database: Database = current_app.extensions["database"]
    with database.begin() as connection:
        schema.migrate(connection)
