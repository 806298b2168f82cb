"""Whole releases as files: from disk, by ranges, with a strong tag that is the hash of their bytes."""

from __future__ import annotations

import base64
import logging
from functools import partial
from http import HTTPStatus

from flask import Response, current_app, request, send_file

from api.answers.reading import Reading
from api.encoders.negotiate import FILES
from api.errors import Fault, Problem, not_ready
from api.exports import files, tidy
from api.filters import At
from api.http import conditional, ranges, turns
from api.http.releases import LATEST, Releases, find
from api.settings import Settings

_RELATED = {
    "csv": {files.METADATA: "describedby", "parquet": "alternate", "zip": "alternate"},
    "parquet": {"csv": "alternate", "zip": "alternate"},
    "zip": {"csv": "alternate", "parquet": "alternate"},
    files.METADATA: {"csv": "describes"},
}
"""What each file leads to, and how."""
_LOG = logging.getLogger(__name__)


def respond(release: str, ending: str) -> Response:
    """A file of a release, or a part of it. Problems `unknown-id`, `release-withdrawn`, and `not-ready`."""
    settings: Settings = current_app.extensions["settings"]
    release = LATEST if release.casefold() == LATEST else release
    releases: Releases = current_app.extensions["releases"]
    tidy.tidy_once(current_app.extensions["database"], releases.all(), settings)
    reading = reading_of(release, ending)
    current, pinned = reading.catalogue.release, release != LATEST
    built, response = _sent(reading, ending)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.close()
        message = "The file is not the one that `If-Match` names. Take it anew, without `If-Match`."
        raise Problem(
            "precondition-failed", message, faults=(Fault("precondition-failed", "header/If-Match", message),)
        )
    # The file may have been written anew since the release was published: its tag alone tells.
    del response.headers["Last-Modified"]
    response.headers["Cache-Control"] = conditional.freshness(settings, pinned=pinned)
    digest = base64.b64encode(bytes.fromhex(built.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    if not pinned:
        response.headers["Content-Location"] = f"/v1/releases/{current.id}/download.{ending}"
    for other, relation in _RELATED[ending].items():
        link = f'</v1/releases/{current.id}/download.{other}>; rel="{relation}"; type="{FILES[other]}"'
        response.headers.add("Link", link)
    return response


def _sent(reading: Reading, ending: str) -> tuple[files.Built, Response]:
    """The file and the response that sends it. Problem `not-ready` where it cannot be written."""
    try:
        return _sent_as_it_is(reading, ending)
    except FileNotFoundError:  # removed between the look and the opening, by a process of another version
        try:
            return _sent_as_it_is(reading, ending)
        except FileNotFoundError:
            raise _not_written(reading) from None


def _sent_as_it_is(reading: Reading, ending: str) -> tuple[files.Built, Response]:
    built = _built(reading, ending)
    _settle_range(built)
    return built, send_file(
        built.path,
        mimetype=FILES[ending],
        as_attachment=True,
        download_name=f"uk-digital-capital-release-{reading.release}.{ending}",
        etag=built.sha256,
        conditional=True,
    )


def _settle_range(built: files.Built) -> None:
    """Leave `Range` standing only where one part is to be given; else the whole file is (RFC 9110, 13.2.2 and 14.2).

    Other units are not known here, several parts at once are not given, and who has the file needs none of it. A day in
    `If-Range` tells nothing: the same file may have been written at any.
    """
    asked = ranges.parse(request.headers.get("Range", ""))
    known = conditional.matches(built.sha256, request.headers.get("If-None-Match", ""))
    doubtful = not request.headers.get("If-Range", '"').startswith('"')
    if asked is None or request.method != "GET" or known or doubtful:
        request.environ.pop("HTTP_RANGE", None)
    elif asked.count is not None and asked.count > built.size:
        request.environ["HTTP_RANGE"] = "bytes=0-"


def reading_of(release: str, ending: str) -> Reading:
    """What the file of a release, named by its number or as the latest, is made from."""
    releases: Releases = current_app.extensions["releases"]
    number = None if release == LATEST else find(releases.all(), release).id
    catalogue = releases.resolve(At(release=number)).catalogue
    ours = current_app.extensions
    return files.reading_of(catalogue, releases.all(), ending, database=ours["database"], settings=ours["settings"])


def _built(reading: Reading, ending: str) -> files.Built:
    """The file, built when its turn has come where it is not there.

    One thread of a process builds at a time, and no other waits for it, nor for what another process builds. Problem
    `not-ready`.
    """
    built = files.find(reading, ending)
    if built is not None:
        return built
    being_made = partial(_being_made, reading)
    key = f"file in {reading.settings.downloads_path}".encode()
    try:
        return turns.once_for_all(key, lambda: files.build(reading, ending, wait=False), refusal=being_made)
    except BlockingIOError:
        raise being_made() from None
    except OSError as error:
        _LOG.error("The files of release %s cannot be written: %s", reading.release, error)
        raise _not_written(reading) from None


def _being_made(reading: Reading) -> Problem:
    message = (
        f"The file is being made, or waits until another one is. Ask again in {turns.RETRY_SECONDS} seconds, or for "
        f"{_meanwhile(reading)}, which has the same figures."
    )
    return not_ready(message, seconds=turns.RETRY_SECONDS)


def _not_written(reading: Reading) -> Problem:
    message = (
        f"The files of releases cannot be written here just now. Ask for {_meanwhile(reading)} instead, or again later."
    )
    return not_ready(message, seconds=60)


def _meanwhile(reading: Reading) -> str:
    """The address of the same figures that needs no file."""
    return f"/v1/observations.csv?release={reading.release}&history=own"
