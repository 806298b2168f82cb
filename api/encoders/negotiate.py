"""Formats and their media types: the only table of them, and the choice among the ones an operation offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept

from api import errors
from api.encoders import csv, json
from api.rows import Answer


@dataclass(frozen=True)
class Format:
    """A way of writing an answer down: its name (and suffix in an address), media type and encoder."""

    name: str
    media_type: str
    content_type: str
    encode: Callable[[Answer], bytes]


JSON = Format("json", "application/json", "application/json", json.encode)
CSV = Format("csv", "text/csv", "text/csv; charset=utf-8; header=present", csv.encode)
FORMATS = {item.name: item for item in (JSON, CSV)}


def choose(offered: tuple[Format, ...], accept: MIMEAccept) -> Format:
    """The offered format that the caller likes best, the first one where all are alike.

    Problem `not-acceptable` where the caller takes none of them.
    """
    if not accept:
        return offered[0]
    best = accept.best_match([item.media_type for item in offered])
    for item in offered:
        if item.media_type == best:
            return item
    allowed = tuple(item.media_type for item in offered)
    message = f"This operation answers in {', '.join(allowed)}. Set `Accept` to one of them, or leave it out."
    raise errors.Problem(
        "not-acceptable", message, faults=(errors.Fault("not-acceptable", "header/Accept", message, allowed),)
    )
