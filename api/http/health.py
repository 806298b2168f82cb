"""Probes: `/livez` tells that the process answers, `/readyz` that it can answer questions."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from api import build
from api.database import Database
from api.errors import not_ready
from api.http.releases import Releases
from api.services import additions, projections, schema
from api.settings import VERSION

_WHOLE = "whole"
"""Under which it is noted of which state of the database everything was found to be there: nothing is taken away."""

blp = Blueprint("health", __name__)


@blp.get("/livez")
def livez() -> Response:
    """The process is alive."""
    return _answer({"status": "alive"})


@blp.get("/readyz")
def readyz() -> Response:
    """The database is reached, at the newest schema, has a release, and what comes with the figures is whole."""
    database: Database = current_app.extensions["database"]
    releases: Releases = current_app.extensions["releases"]
    seen, wanted = releases.seen(), schema.newest_revision()
    with database.connect() as connection:
        found = schema.current_revision(connection)
    if found != wanted:
        raise not_ready(f"The database is at schema {found}, this code needs {wanted}. Run `make migrate`.")
    if seen is not current_app.extensions.get(_WHOLE):
        with database.connect() as connection:
            missing, prepared = projections.missing(connection), additions.has_indices(connection)
        if not prepared:
            raise not_ready("The indices that come with the figures are missing. Run `make seed`.")
        if missing:
            raise not_ready(f"{len(missing):,} projections that come with the figures are missing. Run `make seed`.")
        current_app.extensions[_WHOLE] = seen
    return _answer({"status": "ready", "schema": found, "release": seen.releases[-1].id})


def _answer(body: dict[str, object]) -> Response:
    """An answer that tells which code gives it, too."""
    response = jsonify({**body, "version": VERSION, "build": build.fingerprint()})
    response.headers["Cache-Control"] = "no-store"
    return response
