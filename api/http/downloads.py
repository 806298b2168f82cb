"""Whole releases as files: from disk, by ranges, with a strong tag that is the hash of their bytes."""

from __future__ import annotations

import base64
import logging
from datetime import datetime

from flask import Response, current_app, request, send_file

from api.answers.reading import Reading
from api.encoders.negotiate import DOWNLOADS
from api.errors import Problem
from api.exports import files
from api.filters import At
from api.http import conditional
from api.http.releases import Releases, find
from api.settings import Settings

LATEST = "latest"
"""Stands for the newest release where its number stands otherwise."""
_LOG = logging.getLogger(__name__)


def respond(release: str, ending: str) -> Response:
    """A file of a release, or a part of it. Problems `unknown-id`, `release-withdrawn`, and `not-ready`."""
    settings: Settings = current_app.extensions["settings"]
    reading = reading_of(release, ending)
    current, pinned = reading.catalogue.release, release != LATEST
    built = _built(reading, ending)
    response = send_file(
        built.path,
        mimetype=DOWNLOADS[ending],
        as_attachment=True,
        download_name=f"uk-digital-capital-release-{current.id}.{ending}",
        etag=built.sha256,
        last_modified=datetime.fromisoformat(current.published_at),
        conditional=True,
    )
    response.headers["Cache-Control"] = conditional.freshness(settings, pinned=pinned)
    digest = base64.b64encode(bytes.fromhex(built.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    if not pinned:
        response.headers["Content-Location"] = reading.address
    for other in DOWNLOADS:
        if other != ending:
            link = f'</v1/releases/{current.id}/download.{other}>; rel="alternate"; type="{DOWNLOADS[other]}"'
            response.headers.add("Link", link)
    return response


def reading_of(release: str, ending: str) -> Reading:
    """What the file of a release, named by its number or as the latest, is made from."""
    releases: Releases = current_app.extensions["releases"]
    number = None if release == LATEST else find(releases.all(), release, path="path/release").id
    catalogue = releases.reach(At(release=number)).catalogue
    return Reading(
        catalogue=catalogue,
        releases=releases.all(),
        database=current_app.extensions["database"],
        settings=current_app.extensions["settings"],
        whole=True,
        address=f"/v1/releases/{catalogue.release.id}/download.{ending}",
    )


def _built(reading: Reading, ending: str) -> files.Built:
    try:
        return files.build(reading, ending)
    except OSError:
        _LOG.exception("the file of release %s cannot be written, asked for at %s", reading.release, request.path)
        message = (
            "The files of releases cannot be written here just now. Ask for "
            f"/v1/observations.csv?release={reading.release} instead, or again later."
        )
        raise Problem("not-ready", message, headers={"Retry-After": "60"}) from None
