"""What a worker tells of itself in the metrics: its threads, its connections, its memory, and that it goes round."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from api.http.metrics import Metrics
from api.worker.memory import memory

if TYPE_CHECKING:
    from api.worker import Worker


def register(worker: Worker, metrics: Metrics) -> None:
    """Have the metrics look at a worker that begins."""
    metrics.made.workers_started.inc()
    metrics.gauge("workers", "Workers that run.", lambda: 1)
    metrics.gauge("threads", "Threads that answer.", lambda: worker.cfg.threads)
    meaning = "Requests that have a thread (running) or wait for one (waiting)."
    running = {"state": "running"}
    metrics.gauge("thread_requests", meaning, lambda: len(worker.taken) - len(worker.queued), labels=running)
    metrics.gauge("thread_requests", meaning, lambda: len(worker.queued), labels={"state": "waiting"})
    meaning = "Costly answers that are being made (running), wait in a thread (waiting) or without one (parked)."
    metrics.gauge("costly_requests", meaning, lambda: len(worker.parked), labels={"state": "parked"})
    metrics.gauge("connections", "Connections of callers, idle ones included.", lambda: worker.nr_conns)
    metrics.gauge("connections_most", "Connections that there is room for.", lambda: worker.worker_connections)
    metrics.gauge("requests_held_bytes", "Bytes of requests not answered yet.", lambda: worker.arrivals.held_bytes)
    metrics.gauge("put_aside_bytes", "Bytes of answers that wait for slow callers.", lambda: worker.bytes_aside)
    each = {"worker": str(os.getpid())}
    metrics.gauge(
        "worker_memory_bytes", "Memory that a worker holds.", memory.held, over_processes="livemax", labels=each
    )
    metrics.gauge(
        "worker_memory_most_bytes",
        "Memory beyond which a worker is replaced; 0: it never is.",
        lambda: memory.most,
        over_processes="livemax",
    )
    metrics.gauge(
        "worker_seen_timestamp_seconds",
        "When the loop of the worker that has been still for longest last went round, in seconds since 1970.",
        time.time,
        over_processes="livemin",
    )
