"""What commands tell of the steps that follow a commit (`exports.after_commit`)."""

from __future__ import annotations

import logging
from collections.abc import Collection

import click
from flask import current_app

from api.cli.common import FAULTS, in_words, waiting
from api.exports.after_commit import STEPS, Outcome, follow_up

NO_FILES = click.option(
    "--no-files", is_flag=True, help="Write no files of the release: they are made when they are asked for."
)
_LOG = logging.getLogger(__name__)


def follow(*, builds: bool | None = None, without: Collection[str] = ()) -> None:
    """Do what follows a commit, and tell what was done. What failed is told in the end, with exit code 1.

    Without a word on `builds` files are written where there is a folder of them.
    """
    failed = followed(builds=builds, without=without)
    if failed:
        raise click.ClickException("\n".join(failed))


def followed(*, builds: bool | None = None, without: Collection[str] = ()) -> list[str]:
    """The same; what failed, a sentence or two each."""
    database, settings = current_app.extensions["database"], current_app.extensions["settings"]
    failed = []
    for outcome in follow_up(database, settings, builds=builds, without=without, waiting=waiting):
        if outcome.error is not None:
            failed.append(_failure(outcome, outcome.error))
        elif outcome.said:
            click.echo(outcome.said)
    return failed


def _failure(outcome: Outcome, error: Exception) -> str:
    if not isinstance(error, FAULTS):
        _LOG.error("The step %r failed after release %s.", outcome.name, outcome.release, exc_info=error)
    step, met = STEPS[outcome.name], in_words(error).strip() or type(error).__name__
    return f"Release {outcome.release} is published. {step.failed} {met.rstrip('.')}. {step.advice}"
