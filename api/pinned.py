"""Addresses of this service that are of a release: a pinned answer leads to pinned ones only."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

_UNPINNED = ("/v1/config", "/v1/methods", "/v1/releases")
"""Resources that are the same at every release, or name theirs in the path."""
_IN_TEXT = re.compile(r"(?<![\w/.:-])/v1/[^\s\"'<>()]*[^\s\"'<>().,;:]")


def at_release(address: str, release: int) -> str:
    """The same question of a release. What names a release, or has none, stays as it is."""
    address, hash_, fragment = address.partition("#")
    path, _, query = address.partition("?")
    resource = path[path.find("/v1/") :] if "/v1/" in path else ""
    named = any(part.startswith(("release=", "as_of=")) for part in query.split("&"))
    if named or not resource or any(resource == item or resource.startswith(f"{item}/") for item in _UNPINNED):
        return f"{address}{hash_}{fragment}"
    return f"{address}{'&' if query else '?'}release={release}{hash_}{fragment}"


def in_text(text: str, release: int) -> str:
    """A sentence whose addresses of this service are of a release."""
    return _IN_TEXT.sub(lambda found: at_release(found[0], release), text)


_OF_THE_ANSWER = frozenset({"release", "as_of", "limit", "cursor", "format", "explain"})
"""Parameters that say how a question is to be answered rather than what is asked."""


def same_question(one: str, other: str) -> bool:
    """Whether two addresses ask the same, whichever release, page or format of it."""
    return _bare(one) == _bare(other)


def _bare(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    path, _, query = address.partition("?")
    asked = frozenset(item for item in parse_qsl(query) if item[0] not in _OF_THE_ANSWER)
    return path.partition(".")[0], asked
