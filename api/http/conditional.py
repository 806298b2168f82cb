"""Conditional requests: an answer is pinned down by release, question and format, so its tag is known before it is.

Weak tags, since compression may change the bytes but not what they say (RFC 9110, 8.8.1).
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import request
from werkzeug.http import http_date, parse_etags, quote_etag

from api.answers.identity import identity_of
from api.catalogue import ReleaseInfo
from api.settings import Settings

_TAG = "digital_capital.tag"
_UNCACHEABLE = "digital_capital.uncacheable"
_RELEASE = "digital_capital.release"


def tag_of(*, release: ReleaseInfo, question: object, path: str, media_type: str, settings: Settings) -> str:
    """The entity tag of the answer to a question at a release, in a format."""
    pinned = f"{identity_of(release, settings)}\n{path}\n{question!r}\n{media_type}"
    return f"{release.id}-{blake2b(pinned.encode(), digest_size=12).hexdigest()}"


def matches(tag: str, if_none_match: str) -> bool:
    """Whether the caller already has the answer with this tag.

    `*` asks whether there is any answer at all, which a tag alone cannot tell: it is left unheard.
    """
    known = parse_etags(if_none_match)
    return not known.star_tag and known.contains_weak(tag)


def tag_in(environ: dict[str, Any]) -> str | None:
    """The tag of the answer that was given to a request, None where it has none."""
    tag: str | None = environ.get(_TAG)
    return tag


def note_release(release: int) -> None:
    """Note the release that is being read."""
    request.environ[_RELEASE] = release


def release_in(environ: dict[str, Any]) -> int | None:
    """The number of the release that was read for a request, None where none was."""
    release: int | None = environ.get(_RELEASE)
    return release


def note_uncacheable() -> None:
    """Note that the release alone does not decide the response: it gets no tag, so that nobody caches it for long."""
    request.environ[_UNCACHEABLE] = True


def headers(*, tag: str, pinned: bool, published_at: str, settings: Settings) -> list[tuple[str, str]]:
    """What a response (200 or 304) says of how long it holds and how to ask again. Its tag is noted."""
    environ = request.environ
    if environ.get(_UNCACHEABLE):
        return [("Cache-Control", f"public, max-age={settings.cache_seconds}")]
    environ[_TAG] = tag
    return [
        ("ETag", quote_etag(tag, weak=True)),
        ("Cache-Control", freshness(settings, pinned=pinned)),
        ("Last-Modified", _http_date(published_at)),
    ]


@lru_cache(maxsize=64)
def _http_date(moment: str) -> str:
    return http_date(datetime.fromisoformat(moment))


def freshness(settings: Settings, *, pinned: bool) -> str:
    """`Cache-Control` of an answer.

    What is pinned to a release never changes, but a release may be withdrawn: caches keep it for a day.
    """
    if pinned:
        return f"public, max-age={settings.pinned_cache_seconds}, immutable"
    return f"public, max-age={settings.cache_seconds}, stale-while-revalidate={settings.cache_stale_seconds}"
