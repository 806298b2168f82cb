"""Probes: `/livez` tells that the process answers, `/readyz` that it can answer questions."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from api.database import Database
from api.errors import Problem
from api.http.releases import Releases
from api.services import schema
from api.settings import VERSION

blp = Blueprint("health", __name__)


@blp.get("/livez")
def livez() -> Response:
    """The process is alive."""
    return _answer({"status": "alive", "version": VERSION})


@blp.get("/readyz")
def readyz() -> Response:
    """The database is reached, at the newest schema, and has a release."""
    database: Database = current_app.extensions["database"]
    releases: Releases = current_app.extensions["releases"]
    try:
        with database.connect() as connection:
            found = schema.current_revision(connection)
    except Exception as error:
        raise _not_ready("The database does not answer.") from error
    wanted = schema.newest_revision()
    if found != wanted:
        raise _not_ready(f"The database is at schema {found}, this code needs {wanted}. Run `make migrate`.")
    release = releases.current().release.id
    return _answer({"status": "ready", "version": VERSION, "schema": found, "release": release})


def _not_ready(detail: str) -> Problem:
    return Problem("not-ready", detail, headers={"Retry-After": "5"})


def _answer(body: dict[str, object]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
