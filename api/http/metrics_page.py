"""`/metrics`: what the service counts and measures, for Prometheus.

By default for callers on this machine alone, as what it tells is an operator's: a peer on the loopback that speaks for
nobody else. A proxy on the same machine that names its callers (`Forwarded`, `X-Forwarded-For`, `X-Real-IP`, `Via`)
lets nobody in. Nothing here asks the database, so that it is answered when that is away, and where all threads are
taken.
"""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, current_app, request

from api.errors import Problem
from api.http import callers
from api.http.metrics import CONTENT_TYPE, Metrics
from api.settings import Settings

blp = Blueprint("metrics", __name__)
_FOR_OTHERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@blp.get("/metrics")
def metrics() -> Response:
    """Everything, over all workers."""
    if not _allowed(current_app.extensions["settings"]):
        raise Problem("not-found", "The metrics are not told to this caller; the setting METRICS says whom they are.")
    counted: Metrics = current_app.extensions["metrics"]
    response = Response(counted.text(), content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _allowed(settings: Settings) -> bool:
    if settings.metrics == "off":
        return False
    return settings.metrics == "on" or _local() or _has_token(settings.metrics_token)


def _local() -> bool:
    peer = callers.address_in(request.environ.get("REMOTE_ADDR", ""))
    return peer is not None and peer.is_loopback and not any(name in request.headers for name in _FOR_OTHERS)


def _has_token(token: str) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
