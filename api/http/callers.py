"""Callers: whether whoever asked is still there, as what takes seconds is not to go on for nobody, and their addresses.

The one place that knows how the server tells whether they are there. gunicorn puts the connection into the request's
environment; under another server every caller counts as present.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

_LEFT = getattr(select, "POLLRDHUP", 0)
"""The other side has closed, or has said that it will send nothing more; told whether or not something that it sent
before is still unread. Linux alone tells it; a connection that is closed or broken altogether is told everywhere."""


Network = IPv4Network | IPv6Network
_LONGEST = 100
"""Characters of an address, more than any has."""


class CallerGone(Exception):  # noqa: N818  (what happened, not what went wrong)
    """Nobody waits for the answer any more."""


def address_in(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; of IPv4 where IPv6 wraps it. None where it is none, as at a Unix socket."""
    return _address_in(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1_000)
def _address_in(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def caller_of(environ: dict[str, Any], proxies: Sequence[Network]) -> IPv4Address | IPv6Address | None:
    """The address of whoever asks; of a request that a trusted proxy passed on, the one that the proxy names."""
    peer = address_in(environ.get("REMOTE_ADDR", ""))
    if peer is not None and any(peer in network for network in proxies):
        # Only what the proxy itself has added is sure: the last of them.
        named = address_in(environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip())
        return named or peer
    return peer


def networks_in(text: str) -> tuple[Network, ...]:
    """The networks of proxies that a setting names, separated by commas."""
    return tuple(ip_network(item.strip()) for item in text.split(",") if item.strip())


def gone(environ: dict[str, Any]) -> bool:
    """Whether the caller of a request has left.

    One that closes only its own side, and would still read, counts as gone, as it does to nginx and HAProxy: hardly any
    client does so, and none can be told from one that has left.
    """
    connection = environ.get("gunicorn.socket")
    if connection is None:
        return False
    try:
        poller = select.poll()
        poller.register(connection, _LEFT)
        return bool(poller.poll(0))
    except (OSError, ValueError):  # closed on this side already
        return True
