"""`flask data backup`, `restore` and `verify`: that what is published is not lost, and whole."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from api.cli.common import database_of_service, own_database, ready_database, reports_faults, waiting
from api.cli.following import NO_FILES, follow
from api.exports import tidy
from api.queries.releases import all_releases
from api.services import backup, verify
from api.services import restore as restoring


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@reports_faults
def write_backup(target: Path) -> None:
    """Write all of ours that is in the database to TARGET, a file that is not there yet, while services go on.

    Tables of other applications in the same database are left out, and named.
    It can be restored into SQLite and PostgreSQL alike, whichever it comes from.
    """
    with own_database() as database:
        written = backup.write(database, target)
    release = "nothing published" if written.release is None else f"release {written.release[0]}"
    click.echo(f"{target} ({target.stat().st_size:,} bytes): {release}, {sum(written.tables.values()):,} rows.")
    if written.left_out:
        click.echo(f"Tables that are not of this service, and not in it: {', '.join(written.left_out)}.")


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of all that is in the database.")
@NO_FILES
@reports_faults
def restore_backup(source: Path, *, replace: bool, no_files: bool) -> None:
    """Restore the backup SOURCE into the database, which is empty, or (--replace) is replaced as a whole.

    The backup is checked before anything is changed. Services that are running go on, and see it as a whole. Tables of
    other applications in the database are left alone.
    """
    database = database_of_service()
    restored = restoring.restore(database, source, replace=replace, progress=click.echo, waiting=waiting)
    release = restored.backup.release
    told_release = "nothing published" if release is None else f"release {release[0]}"
    click.echo(f"Restored: {told_release}, as of {restored.backup.taken_at}.")
    if restored.replaced:
        click.echo(f"It took the place of {restored.replaced} releases.")
    click.echo("Next: `flask --app wsgi data verify`.")
    follow(builds=False if no_files else None)


@click.command("verify")
@reports_faults
def verify_all() -> None:
    """Check that the database and the files of releases are whole. Reads everything, changes nothing.

    Exit code 1 where something is wrong, with what it is and what to do.
    """
    settings = current_app.extensions["settings"]
    wrong = 0
    with own_database() as database:
        with database.snapshot() as connection:
            for checked in verify.verify(connection):
                wrong += _told(checked.name, checked.faults)
        if not wrong:
            with ready_database() as again, again.connect() as connection:
                known = all_releases(connection)
            faults = [
                f"{fault[0].upper()}{fault[1:]}. Remove it: it is built anew when it is asked for."
                for fault in tidy.faults(known, settings)
            ]
            wrong += _told(f"files ({tidy.count(settings)})", faults)
    if wrong:
        raise click.ClickException(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")
    click.echo("All is whole.")


def _told(name: str, faults: list[str]) -> int:
    """Say what came of a check; how many things are wrong."""
    click.echo(f"{'WRONG' if faults else 'ok   '}  {name}")
    for fault in faults:
        click.echo(f"       {fault}")
    return len(faults)
