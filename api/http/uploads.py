"""Taking in a file that a partner uploads: raw, or as one part of a form; it is kept on disk before it is noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any, NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header

from api.errors import Fault, Problem, invalid
from api.services.audit import Actor
from api.services.drafts import kept
from api.settings import Settings

MEDIA_TYPES = (
    "text/csv",
    "application/gzip",
    "application/json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
    "application/vnd.sdmx.data+csv",
    "application/octet-stream",
    "multipart/form-data",
)
"""What may be sent. Whether a file is of the type that is named is seen when it is read."""
_TOO = {"text/tab-separated-values", "text/plain", "application/x-gzip", "application/csv", "application/vnd.ms-excel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that was sent, and is kept."""

    name: str
    media_type: str | None
    bytes: int
    sha256: str


def receive(settings: Settings) -> Received:
    """Keep the file that came with this request. Problems `unsupported-content`, `body-too-large`, `bad-request`."""
    kind = request.mimetype
    if kind and kind not in {*MEDIA_TYPES, *_TOO}:
        message = f"The file is {kind[:80]}, which is not read. Send CSV, gzip, XLSX, Parquet, JSON-stat or SDMX-CSV."
        fault = Fault("unsupported-content", "header/Content-Type", message, MEDIA_TYPES)
        raise Problem("unsupported-content", message, faults=(fault,))
    request.max_content_length = most = settings.limits.max_upload_bytes
    if (request.content_length or 0) > most:
        _too_large(most)
    try:
        if kind == "multipart/form-data":
            return _part(settings, most)
        _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
        return _kept(request.stream, settings, most, name=options.get("filename") or "upload", media_type=kind or None)
    except RequestEntityTooLarge:
        _too_large(most)


def options_of(query: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """How a file is to be read, and what the key that it came with may write. Problem `invalid-parameter`."""
    pairs = {name: pairs_of(name, query.get(name) or ()) for name in ("map", "set")}
    if query.get("indicator"):
        pairs["set"].setdefault("indicator", query["indicator"])
    key = actor.key
    limits = {} if key is None else {"regions": key.regions, "indicators": key.indicators}
    return {
        "reader": query.get("reader"),
        "sheet": query.get("sheet"),
        **pairs,
        **{name: None if codes is None else sorted(codes) for name, codes in limits.items()},
    }


def pairs_of(name: str, given: Iterable[str]) -> dict[str, str]:
    """Pairs such as `value:Figure`. Problem `invalid-parameter` for what is none."""
    found = {}
    for item in given:
        column, mark, text = item.partition(":")
        if not (mark and column.strip() and text.strip()):
            raise invalid(f"query/{name}", f"{item[:60]!r} is no pair. Write column:head, such as value:Figure.")
        found[column.strip()] = text.strip()
    return found


def _part(settings: Settings, most: int) -> Received:
    files = list(request.files.values())
    if len(files) != 1:
        message = f"The form has {len(files)} files. Send one file at a time, as a part of the form with a file name."
        raise Problem("bad-request", message, faults=(Fault("bad-request", "body", message),))
    found = files[0]
    own = found.mimetype if found.mimetype != "application/octet-stream" else None
    return _kept(found.stream, settings, most, name=found.filename or "upload", media_type=own)


def _kept(stream: IO[bytes] | Any, settings: Settings, most: int, *, name: str, media_type: str | None) -> Received:
    """Keep what is sent. RequestEntityTooLarge comes of the stream itself where it is too long."""
    try:
        sha256, length = kept.keep(stream, settings.drafts_path, settings.uploads_folder, most=most)
    except kept.TooLongError:
        _too_large(most)
    except OSError as error:
        message = "There is no room here just now to keep this file. Nothing was done: send it again later."
        raise Problem("not-ready", message, headers={"Retry-After": "60"}) from error
    if not length:
        message = "The file is empty. Send the table as the body."
        raise Problem("bad-request", message, faults=(Fault("bad-request", "body", message),))
    shown = "".join(letter for letter in name if letter.isprintable())[-100:] or "upload"
    return Received(name=shown, media_type=media_type, bytes=length, sha256=sha256)


def _too_large(most: int) -> NoReturn:
    message = f"The file is longer than {most:,} bytes. Send it packed with gzip, or in several parts."
    raise Problem("body-too-large", message, faults=(Fault("body-too-large", "body", message),))
