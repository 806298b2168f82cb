"""Gunicorn's configuration (`gunicorn -c python:api.server wsgi:app`). `make bench-workers` measures what it rests on.

Threads, not `sync` workers: with those every connection that says nothing holds a whole process, and none is kept for
a further request. Our own kind of threaded worker, since gunicorn's gives a thread to such connections (`api.worker`).
Four threads: more answer no faster and make each other late, since they share one interpreter's lock.
"""

from __future__ import annotations

import gc
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from environs import Env
from gunicorn import util

from api import processes
from api.errors import PROBLEM_TYPES, Fault, Problem
from api.http import problems
from api.settings import Settings

env = Env()
host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8000)
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
workers = env.int("WORKERS", 2)
threads = env.int("THREADS", Settings().threads)
worker_connections = 800
"""Connections of one worker, idle ones included: with the database's files they stay below the usual limit of 1,024."""
worker_class = "api.worker.Worker"
preload_app = True
"""Loaded once and shared by the workers: a start takes half as long. Nothing is connected before they are made."""
keepalive = 5
timeout = 60
graceful_timeout = 20
limit_request_line = Settings().max_request_line
control_socket_disable = True
"""No control socket: it wants a writable home, which a container may not have."""
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
"""Where workers leave their heartbeat: in memory, since a slow disk would look like a dead worker."""


_HANDED_OVER = {"GUNICORN_FD", "LISTEN_FDS"}
"""What says that the port is handed over by another gunicorn (a new version beside the old), or by systemd."""


def on_starting(_server: Any) -> None:
    """Wait for the port, where workers of a server that was killed still answer; say who holds it."""
    if os.environ.keys() & _HANDED_OVER:
        return
    processes.wait_for_port(host, port, seconds=graceful_timeout + 10, say=lambda text: print(text, flush=True))


def post_fork(_server: Any, _worker: Any) -> None:
    """Stop when the server is killed. Look for reference cycles seldom, never among what was loaded before the fork.

    Rows and headers come and go by the thousand, and few of them in cycles: looking after every 700th, as Python does,
    took a quarter of the time of an answer (measured in bench/).
    """
    processes.stop_with_parent()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def when_ready(_server: Any) -> None:
    """Print the addresses to open."""
    base = f"http://127.0.0.1:{port}" if host in {"0.0.0.0", "::"} else f"http://{bind}"  # noqa: S104
    lines = (
        "",
        "  UK Regional Digital Capital API is being served. Open:",
        f"    {base}/docs                                            every operation, to try out",
        f"    {base}/v1/series/gigabit-availability/E12000005        a time series",
        f"    {base}/v1/observations.csv?indicator=gva-sic-j-per-head a table",
        "  Ctrl-C stops it.",
        "",
    )
    print("\n".join(lines), flush=True)


def _write_problem(sock: Any, status_int: int, _reason: str, mesg: str) -> None:
    """Answer what never reaches the application, such as a request line over the limit, as a problem too."""
    kind = PROBLEM_TYPES[{414: "address-too-long", 500: "internal-error"}.get(status_int, "bad-request")]
    detail = f"{mesg.rstrip('.') or kind.title}. {kind.advice}"
    body = problems.body(Problem(kind.slug, detail, faults=(Fault(kind.slug, "request", detail),)), "")
    head = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: {problems.MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store\r\n"
        "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


# Gunicorn has no hook for this page, and writes HTML. Its worker calls the function through the module.
util.write_error = _write_problem
