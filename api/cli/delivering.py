"""`flask data deliver`: tell receivers of releases, where no process beside the server does."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from api.cli.common import reports_faults
from api.services.drafts import wanted
from api.services.webhooks.deliverer import Deliverer, stop_by_signal


@click.command("deliver")
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
@reports_faults
def deliver(*, once: bool) -> None:
    """Tell webhooks of the releases that they were not told of yet. One process does so at a time."""
    settings = current_app.extensions["settings"]
    lock = wanted.held(Path(settings.drafts_path), wanted.DELIVERY)
    if lock is None:
        raise click.ClickException("Another process tells webhooks of releases: there is nothing to do for this one.")
    deliverer = Deliverer(settings)
    with lock:
        if once:
            click.echo(f"Made {deliverer.once():,} attempts.")
            return
        stop_by_signal(deliverer)
        deliverer.run()
