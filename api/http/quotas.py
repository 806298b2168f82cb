"""What a caller may have made in a minute: costly answers are counted, by what they cost, before they are made.

Reads are not counted here: what is in memory costs nothing, and a proxy in front counts connections and requests
(`deploy/nginx.conf`). Callers on the same machine are not counted either, but where a proxy there names others. Each
process counts by itself, so that with several a caller may have as many times as much.
"""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_network
from math import ceil
from typing import Any

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.errors import Fault, Problem
from api.http import callers
from api.settings import Settings

LIGHT, HEAVY = 1, 20
"""What a calculation costs that is made at once, and what one costs, or a large workbook, that takes a turn."""
_NAME = "costly"
_WINDOW = 60
_TOLD = "quota"


class Quotas:
    """What each caller has had made in this process. Safe to share among threads."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.limits.costly_units_per_minute
        self._counted = settings.count_callers
        self._proxies = callers.networks_in(settings.trusted_proxies)
        self._item = RateLimitItemPerMinute(self._most)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allow(self, environ: dict[str, Any], cost: int) -> None:
        """Look whether a caller may have something made. Problem `too-many-requests`."""
        caller = self._caller(environ)
        if caller is not None and not self._limiter.test(self._item, caller, cost=cost):
            raise self._refusal(caller)

    def count(self, environ: dict[str, Any], cost: int) -> None:
        """Count what is made."""
        caller = self._caller(environ)
        if caller is not None:
            self._limiter.hit(self._item, caller, cost=cost)

    def headers(self, environ: dict[str, Any]) -> dict[str, str]:
        """What is left to a caller, as the draft of the IETF's HTTPAPI group has it; nothing where none is counted."""
        caller = self._caller(environ)
        return {} if caller is None else self._told(caller)

    def _told(self, caller: str) -> dict[str, str]:
        reset, left = self._limiter.get_window_stats(self._item, caller)
        seconds = max(1, ceil(reset - time.time()))
        return {
            "RateLimit-Policy": f'"{_NAME}";q={self._most};w={_WINDOW}',
            "RateLimit": f'"{_NAME}";r={max(0, left)};t={seconds}',
        }

    def _refusal(self, caller: str) -> Problem:
        told = self._told(caller)
        wait = told["RateLimit"].rpartition("=")[2]
        message = (
            f"You have had as much made as one caller may in a minute ({self._most} units: a calculation takes "
            f"{LIGHT}, a costly one or a large workbook {HEAVY}). Ask again in {wait} seconds; reads are not counted."
        )
        fault = Fault("too-many-requests", "request", message)
        return Problem("too-many-requests", message, faults=(fault,), headers={"Retry-After": wait, **told})

    def _caller(self, environ: dict[str, Any]) -> str | None:
        """Who asks: an address, of IPv6 the network that one customer has. None for whoever is not counted."""
        if self._counted == "none":
            return None
        peer = callers.caller_of(environ, self._proxies)
        if peer is None:
            return None
        if peer.is_loopback and self._counted == "remote":
            return None
        return str(ip_network((peer, 64), strict=False)) if isinstance(peer, IPv6Address) else str(peer)


def register(app: Flask, settings: Settings) -> None:
    """Count what callers of an application have made, and tell them what is left."""
    app.extensions["quotas"] = Quotas(settings)
    app.after_request(_tell)


def allow(cost: int) -> None:
    """Look whether the caller of this request may have something made. Problem `too-many-requests`."""
    _quotas().allow(request.environ, cost)


def count(cost: int) -> None:
    """Count what is made for this request. A request that is to be asked again later is not to come so far."""
    setattr(g, _TOLD, True)
    _quotas().count(request.environ, cost)


def _quotas() -> Quotas:
    quotas: Quotas = current_app.extensions["quotas"]
    return quotas


def _tell(response: Response) -> Response:
    if g.get(_TOLD) and "RateLimit" not in response.headers:
        response.headers.extend(_quotas().headers(request.environ))
    return response
