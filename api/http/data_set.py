"""The data set of all figures, as search engines read it on the home page."""

from __future__ import annotations

from typing import Any

from flask import current_app

from api.answers import schema_org
from api.answers.reading import Reading
from api.encoders.negotiate import DISTRIBUTIONS, DOWNLOADS
from api.http.releases import Releases


def data_set() -> dict[str, Any]:
    """All figures of the newest release as a schema.org `Dataset`. Problem `not-ready` while nothing is published."""
    releases: Releases = current_app.extensions["releases"]
    reading = Reading(
        catalogue=releases.current(),
        releases=releases.all(),
        database=current_app.extensions["database"],
        settings=current_app.extensions["settings"],
        address="/",
    )
    return schema_org.dataset(reading, DISTRIBUTIONS, DOWNLOADS)
