"""`flask data keys ...`: who may upload and publish."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from api.cli.common import Moment, ready_database, reports_faults, waiting
from api.models.partner import SCOPES
from api.services import audit, keys
from api.services.figures import catalogue_of

key_commands = AppGroup("keys", help="Make, list, revoke and replace the keys of partners.")
_OPERATOR = audit.Actor()


@key_commands.command("create")
@click.option("--owner", required=True, help="Whose it is: readers are told it of what is published with the key.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=("upload", "publish"), show_default=True,
    help="What may be done with it; several: name it several times.",
)  # fmt: skip
@click.option("--region", "regions", multiple=True, help="Only figures of this region and of places within it.")
@click.option("--indicator", "indicators", multiple=True, help="Only figures of this indicator.")
@click.option("--expires", type=Moment(), help="When it ends, as 2027-03-31; without it, never.")
@reports_faults
def create_key(
    *,
    owner: str,
    scopes: tuple[str, ...],
    regions: tuple[str, ...],
    indicators: tuple[str, ...],
    expires: datetime | None,
) -> None:
    """Make a key. It is printed once, and nobody can find it again."""
    with ready_database() as database, database.begin(waiting=waiting) as connection:
        codes = []
        if regions:
            catalogue = catalogue_of(connection)
            codes = [catalogue.region(code).code for code in regions]
        key, sent = keys.create(
            connection, owner=owner, scopes=scopes, regions=codes, indicators=indicators, expires_at=expires
        )
        audit.note(connection, _OPERATOR, "key-created", subject=key.prefix, details=_told(key))
    click.echo(sent)
    click.echo(f"This is the key of {key.owner}. It is shown this once: keep it as a password is kept.", err=True)


@key_commands.command("list")
@reports_faults
def list_keys() -> None:
    """List every key that there ever was: by the beginning that is stored, never by what is sent."""
    with ready_database() as database, database.connect() as connection:
        for key in keys.all_keys(connection):
            told = _told(key)
            limits = [f"{name} {', '.join(told[name])}" for name in ("regions", "indicators") if told[name]]
            used = "never used" if key.last_used_at is None else f"last used {key.last_used_at:%Y-%m-%d %H:%M}"
            said = [", ".join(told["scopes"]), *limits, used, *([ended] if (ended := _ended(key)) else [])]
            click.echo(f"{key.prefix}  {key.owner}: {'; '.join(said)}")


@key_commands.command("revoke")
@click.argument("prefix")
@reports_faults
def revoke_key(prefix: str) -> None:
    """Take the key that begins with ukdc_PREFIX no more, from now on."""
    with ready_database() as database, database.begin(waiting=waiting) as connection:
        key = keys.revoke(connection, prefix)
        audit.note(connection, _OPERATOR, "key-revoked", subject=key.prefix)
    click.echo(f"The key {prefix} of {key.owner} is taken no more.")


@key_commands.command("rotate")
@click.argument("prefix")
@click.option("--keep-hours", default=0.0, help="For how many hours the old key is taken yet.", show_default=True)
@reports_faults
def rotate_key(prefix: str, *, keep_hours: float) -> None:
    """Make another key that may do what the one of PREFIX may, and take that one no more."""
    with ready_database() as database, database.begin(waiting=waiting) as connection:
        key, sent = keys.rotate(connection, prefix, keep=timedelta(hours=keep_hours))
        audit.note(connection, _OPERATOR, "key-rotated", subject=prefix, details={"new": key.prefix})
    click.echo(sent)
    click.echo(f"This is the new key of {key.owner}. It is shown this once.", err=True)


def _told(key: keys.Key) -> dict[str, list[str]]:
    """What a key may do."""
    limits = {"regions": key.regions, "indicators": key.indicators}
    return {"scopes": sorted(key.scopes)} | {name: sorted(known or ()) for name, known in limits.items()}


def _ended(key: keys.Key) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
    return "" if key.expires_at is None else f"ends {key.expires_at:%Y-%m-%d}"
