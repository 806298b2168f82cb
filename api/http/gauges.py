"""What of an application is measured beside its requests: its memory of answers, its database, its release."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event

from api.caches import Cache, Caches
from api.database import Database
from api.http import known
from api.http.metrics import Metrics
from api.http.releases import Releases
from api.http.request_log import RequestLog
from api.http.turns import Turns


def register(app: Flask) -> None:
    """Have the metrics of an application look at its parts, and tell its rules. Nothing is asked that takes time."""
    metrics: Metrics = app.extensions["metrics"]
    log: RequestLog = app.extensions["request_log"]
    app.before_request(known.note_rule)
    caches: Caches = app.extensions["caches"]
    metrics.gauge("requests_running", "Requests that are being answered.", lambda: len(log.running))
    for cache in caches.all():
        _watch_cache(metrics, cache)
    turns: Turns = app.extensions["turns"]
    meaning = "Costly answers that are being made (running), wait in a thread (waiting) or without one (parked)."
    metrics.gauge("costly_requests", meaning, lambda: turns.running, labels={"state": "running"})
    metrics.gauge("costly_requests", meaning, lambda: turns.waiting, labels={"state": "waiting"})
    _watch_database(metrics, app.extensions["database"])
    _watch_release(metrics, app.extensions["releases"])


def _watch_cache(metrics: Metrics, cache: Cache[Any, Any]) -> None:
    counted = [0, 0]

    def look() -> float:
        # What is counted beside the answers is written down here, where nobody waits for it.
        found = [cache.hits, cache.misses]
        for result, before, now in zip(("hit", "miss"), counted, found, strict=True):
            metrics.made.cache_lookups.labels(cache.name, result).inc(now - before)
        counted[:] = found
        return cache.held

    meaning = "Bytes of responses as they were sent, of series as text, and of comparison groups, that are kept."
    metrics.gauge("cache_bytes", meaning, look, labels={"cache": cache.name})


def _watch_database(metrics: Metrics, database: Database) -> None:
    def in_use() -> float | None:
        count = getattr(database.engine.pool, "checkedout", None)
        return None if count is None else count()

    metrics.gauge("database_connections_in_use", "Connections to the database that are in use.", in_use)
    event.listen(database.engine, "handle_error", lambda _context: metrics.made.database_errors.inc())


def _watch_release(metrics: Metrics, releases: Releases) -> None:
    def number() -> float | None:
        return None if releases.last_seen is None else releases.last_seen.id

    def published() -> float | None:
        return (
            None if releases.last_seen is None else datetime.fromisoformat(releases.last_seen.published_at).timestamp()
        )

    metrics.gauge("release_number", "The newest release that a worker has seen.", number, over_processes="livemax")
    metrics.gauge(
        "release_published_timestamp_seconds",
        "When the newest release that a worker has seen was published, in seconds since 1970.",
        published,
        over_processes="livemax",
    )
