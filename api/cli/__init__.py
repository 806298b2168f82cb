"""`flask data ...`: what an operator does to the data from a terminal."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection

from api.cli import delivering, importing, keeping, partners, publishing
from api.cli.common import FAULTS, database_of_service, in_words, reports_faults, waiting
from api.cli.following import NO_FILES, follow, followed
from api.encoders.negotiate import FILES
from api.exports import files
from api.filters import At
from api.http import downloads
from api.http.releases import LATEST
from api.services import additions, schema, seed
from api.services import project as projecting
from api.services.ranges import RefusedError

data_commands = AppGroup("data", help="Prepare and fill the database, publish and withdraw, back up and restore.")
for _command in (
    publishing.publish_tables,
    publishing.withdraw_release,
    keeping.write_backup,
    keeping.restore_backup,
    keeping.verify_all,
    partners.key_commands,
    importing.import_file,
    delivering.deliver,
):
    data_commands.add_command(_command)


@data_commands.command("prepare")
@NO_FILES
@reports_faults
def prepare(*, no_files: bool) -> None:
    """Bring the database to the newest schema, load the figures in seed/ into an empty one, add what is missing.

    Every step is a transaction of its own, so that one that is cut off leaves nothing behind, and the next start does
    what is missing: files of the newest release too, where there is a folder of files.
    """
    database = database_of_service()
    database.create()
    with database.begin(waiting=waiting) as connection:
        if schema.current_revision(connection) != schema.newest_revision():
            click.echo("Bringing the database to the newest schema ...")
            schema.migrate(connection)
    started, loaded = time.monotonic(), 0
    with database.begin(waiting=waiting) as connection:
        if seed.is_empty(connection):
            click.echo("Loading the figures that come with the project ...")
            loaded = seed.load(connection, progress=lambda what: click.echo(f"  {what}"))
        else:
            _complete(connection)
    if loaded:
        click.echo(f"Loaded {loaded:,} observations in {time.monotonic() - started:.1f} s.")
    # What fails here keeps no service from starting: it is made when it is asked for, or by the next start.
    for fault in followed(builds=False if no_files else None):
        click.echo(f"Error: {fault}", err=True)


def _complete(connection: Connection) -> None:
    """Add what a newer version of the service comes with, and publish the releases that its figures have since."""
    if completed := additions.complete(connection):
        click.echo(f"Noted of {completed:,} releases what they say besides figures.")
    brought = []
    try:
        brought = seed.bring(connection, progress=lambda what: click.echo(f"  {what}"))
    except RefusedError as refused:  # which keeps no service from starting
        click.echo(f"Error: {refused}", err=True)
    for release in brought:
        click.echo(f"Published release {release.release}: {release.reason}")
        if release.left_out:
            click.echo(f"  {release.left_out:,} rows of it are left out: releases of this database say otherwise.")
    if not brought:
        click.echo("The database holds published data: nothing to load.")
    if added := additions.add(connection):
        click.echo(f"Published release {added.release}: {additions.REASON}")


@data_commands.command("project")
@click.option("--release", type=int, help="The number of a release; without it, the newest one.")
@click.option("--level", "levels", multiple=True, help="Only series of this level; several: name it several times.")
@click.option("--indicator", "indicators", multiple=True, help="Only series of this indicator; several alike.")
@reports_faults
def project(release: int | None, levels: tuple[str, ...], indicators: tuple[str, ...]) -> None:
    """Project every series of a release that can be and is not yet: after each publication, or earlier releases."""
    _project(At(release=release), levels=levels, indicators=indicators)


def _project(at: At, *, levels: tuple[str, ...], indicators: tuple[str, ...]) -> None:
    """Project series, and write them in one transaction. Nothing waits for the computing, which is done before it."""
    started = time.monotonic()
    database = database_of_service()
    catalogue = current_app.extensions["releases"].resolve(at).catalogue
    for level in levels:
        catalogue.level(level)
    for indicator in indicators:
        catalogue.indicator(indicator)
    engine = projecting.load_engine()
    with database.connect() as connection:
        tasks = projecting.waiting(connection, catalogue, levels=levels, indicators=indicators)
    release = catalogue.release.id
    count = sum(not task.known for task in tasks)
    click.echo(f"Projecting {count:,} series of release {release} with {engine.name} ...")
    rows = []
    for slug, done in projecting.computed(tasks, engine):
        click.echo(f"  {slug}: {len(done):,}")
        rows.extend(done)
    with database.begin(waiting=waiting) as connection:
        written = projecting.store(connection, release, rows)
    click.echo(f"Projected {written:,} series in {time.monotonic() - started:.1f} s.")
    follow(without={"projections"})


@data_commands.command("export")
@click.option("--release", default=LATEST, help="The number of a release; without it, the newest one.")
@reports_faults
def export(release: str) -> None:
    """Write the files of a whole release, before anybody asks for them: the larger the data, the longer it takes.

    Files that are there are read, and written anew where they are damaged. One that cannot be written leaves the
    others as they are, and is told at the end.
    """
    database_of_service()
    failed = []
    for ending in FILES:
        started = time.monotonic()
        try:
            built = files.build(downloads.reading_of(release, ending), ending, thoroughly=True)
        except FAULTS as error:
            failed.append(f"{ending}: {in_words(error)}")
            continue
        click.echo(f"{built.path} ({built.size:,} bytes, {time.monotonic() - started:.1f} s)\n  sha256 {built.sha256}")
    if failed:
        raise click.ClickException("Not written. " + " ".join(failed))


@data_commands.command("migrate")
@reports_faults
def migrate() -> None:
    """Bring the database to the newest schema."""
    database = database_of_service()
    database.create()
    with database.begin(waiting=waiting) as connection:
        schema.migrate(connection)
