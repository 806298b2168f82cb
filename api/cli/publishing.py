"""`flask data publish` and `withdraw`: what readers see from the next release on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import Connection

from api.catalogue import Catalogue
from api.cli.common import Moment, ready_database, reports_faults, waiting
from api.cli.following import NO_FILES, follow
from api.queries.observations import Selection
from api.queries.releases import select_changes
from api.services import additions, figures
from api.services.publish import Published, publish, withdraw
from api.services.withdraw import Consequences, consequences

_SHOWN = 20
"""Changes that are listed: the rest is counted."""
_SIGNS = {"added": "+", "changed": "~", "removed": "-"}
_AT = click.option(
    "--at",
    "moment",
    type=Moment(),
    help="When it is published, as 2026-11-27T09:30:00Z; without it, now. After the last release.",
)
_DRY = click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")


@click.command("publish")
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--note", "reason", required=True, help="Why: readers are told it with the release.")
@click.option("--correction", is_flag=True, help="Mistakes are put right by it, rather than figures added.")
@click.option("--indicator", help="The indicator of lines that name none.")
@click.option("--owner", help="Whose figures they are, if not this service's own: readers are told it.")
@click.option("--actor", help="Who publishes: noted in the database, and told to nobody.")
@click.option("--source-file", help="The file that figures were read from, of lines that name none.")
@_AT
@_DRY
@NO_FILES
@reports_faults
def publish_tables(
    tables: tuple[Path, ...],
    *,
    reason: str,
    correction: bool,
    indicator: str | None,
    source_file: str | None,
    owner: str | None,
    actor: str | None,
    moment: datetime | None,
    dry_run: bool,
    no_files: bool,
) -> None:
    """Publish the figures in TABLES as the next release.

    TABLES are CSV files with the columns indicator, region, period, value, status and source_file, as in
    seed/observations (further ones: period_start, period_duration, lower, upper, bounds_kind, note). A line with
    `removed` in the column `change` takes a figure out. A table with the columns source_file, source, title,
    version_date and retrieved_from adds files that figures were read from. A figure that says what stands already
    changes nothing.

    What is said of figures is published too: a table named as one in seed/ (indicators.csv, regions.csv, gaps.csv,
    region_aliases.csv ...) needs what names a line and the columns that change, and an index is a file in JSON, as
    those in seed/indices. Releases before keep what they said.

    The files of the release are written then. What fails after the release is published leaves it so, and is told.
    """
    kind = "correction" if correction else "release"
    with ready_database() as database, database.begin(waiting=waiting) as connection:
        # Read now that nobody else writes: numbers are given after those that another publication has just taken.
        additions.complete(connection)
        catalogue = figures.catalogue_of(connection)
        brought = figures.read_tables(connection, catalogue, tables, indicator=indicator, source_file=source_file)
        published = publish(
            connection,
            brought.changes,
            revisions=brought.revisions,
            reason=reason,
            kind=kind,
            published_at=moment,
            owner=owner,
            actor=actor,
        )
        if published:
            _list(connection, figures.catalogue_of(connection), published)
        if dry_run or not published:
            connection.rollback()
    if not published:
        click.echo("All of it stands already: nothing is published.")
    elif dry_run:
        click.echo("Nothing is published.")
    else:
        click.echo(f"Published as release {published.release}. Workers notice within {_seconds()}.")
        click.echo("Next: `flask --app wsgi data project`.")
    if not dry_run:
        follow(builds=not no_files)


def _list(connection: Connection, catalogue: Catalogue, published: Published) -> None:
    """Say what is different from the release before."""
    now = published.release
    texts = f"{published.described:,} {'text' if published.described == 1 else 'texts'}"
    said = f", {texts}" if published.described else ""
    click.echo(
        f"Release {now}: {published.added:,} added, {published.changed:,} changed, {published.removed:,} removed{said}."
    )
    changes, more = select_changes(
        connection, old=now - 1, new=now, selection=Selection(release=now), kinds=None, limit=_SHOWN
    )
    for indicator, region, period, change, *values in changes:
        old_value, new_value, old_status, new_status = values
        name = f"{catalogue.indicators[indicator].slug} {catalogue.regions[region].code} {period}"
        before, after = (
            f"{_number(value)} {status}" for value, status in ((old_value, old_status), (new_value, new_status))
        )
        both = f"{before} -> {after}" if change == "changed" else after if change == "added" else before
        click.echo(f"  {_SIGNS[change]} {name}: {both}")
    if more:
        click.echo("  ...")


def _number(value: float | None) -> str:
    return "no value" if value is None else f"{value:.15g}"


@click.command("withdraw")
@click.argument("release", type=int)
@click.option("--reason", required=True, help="Why: readers are told it, and nothing else of the release.")
@_AT
@_DRY
@NO_FILES
@reports_faults
def withdraw_release(release: int, *, reason: str, moment: datetime | None, dry_run: bool, no_files: bool) -> None:
    """Withdraw RELEASE: it is read no more, and what it changed goes back to what was before.

    For what must not be read: a later release that still holds its figures is read no more either. A mistake that may
    stay readable in its own release is put right with `publish --correction`.
    """
    settings = current_app.extensions["settings"]
    with ready_database() as database, database.begin(waiting=waiting) as connection:
        additions.complete(connection)
        found = consequences(connection, release)
        if not dry_run:
            number = withdraw(connection, release, reason=reason, published_at=moment)
    _tell(release, found)
    if dry_run:
        click.echo("Nothing is withdrawn.")
        return
    click.echo(f"Withdrawn by release {number}. Workers notice within {_seconds()}.")
    click.echo(
        f"Caches on the way may hold answers of it for {settings.pinned_cache_seconds:,} s: purge those that you run. "
        "Its figures stay in the database, and in backups."
    )
    follow(builds=False if no_files else None)


def _tell(release: int, found: Consequences) -> None:
    click.echo(f"Release {release}: {len(found.closed):,} figures end, {len(found.opened):,} of before stand again.")
    if found.texts:
        ended, again = sum(len(item[1]) for item in found.texts), sum(len(item[2]) for item in found.texts)
        click.echo(f"Of texts, places and definitions {ended:,} end, and {again:,} of before stand again.")
    if found.last > release:
        others = f"release {found.last}" if found.last == release + 1 else f"releases {release + 1} to {found.last}"
        click.echo(f"Its figures stood in {others}, too: these are read no more either.")


def _seconds() -> str:
    return f"{current_app.extensions['settings'].release_check_seconds:g} s"
