"""Gunicorn's configuration (`gunicorn -c python:api.server wsgi:app`).

Threads, not `sync` workers: browsers open connections ahead of use, and each idle one would hold a `sync` worker.
A thread waits at most five seconds for the first byte of a connection before it lets go of it, so there are more
threads than a handful of browsers have idle connections. Reading SQLite from several threads is kept fast by
`api.database`. Measured in `bench/workers.py`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from environs import Env
from gunicorn import util

from api.errors import Fault, Problem
from api.http import problems
from api.settings import Settings

env = Env()
bind = f"{env.str('HOST', '127.0.0.1')}:{env.int('PORT', 8000)}"
workers = env.int("WORKERS", 2)
threads = env.int("THREADS", 32)
worker_class = "api.worker.Worker"
keepalive = 5
timeout = 60
graceful_timeout = 20
limit_request_line = Settings().max_request_line
control_socket_disable = True
"""No control socket: it wants a writable home, which a container may not have."""
worker_tmp_dir = env.str("WORKER_TMP_DIR", "/dev/shm")  # noqa: S108
"""Where workers leave their heartbeat: in memory, since a slow disk would look like a dead worker."""


def when_ready(server: Any) -> None:
    """Print the addresses to open."""
    base = f"http://{bind}"
    lines = (
        "",
        "  UK Regional Digital Capital API is being served. Open:",
        f"    {base}/docs                                            every operation, to try out",
        f"    {base}/v1/series/gigabit-availability/E12000005        a time series",
        f"    {base}/v1/observations.csv?indicator=gva-sic-j-per-head a table",
        "  Ctrl-C stops it.",
        "",
    )
    print("\n".join(lines), flush=True)  # noqa: T201


def _write_problem(sock: Any, status_int: int, reason: str, mesg: str) -> None:
    """Answer what never reaches the application, such as a request line over the limit, as a problem too."""
    slug = {414: "address-too-long", 500: "internal-error"}.get(status_int, "bad-request")
    advice = Problem(slug, "").type.advice
    detail = f"{reason or HTTPStatus(status_int).phrase}. {mesg} {advice}".replace("  ", " ").strip()
    body = problems.body(Problem(slug, detail, faults=(Fault(slug, "request", detail),)), "")
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: {problems.MEDIA_TYPE}\r\n"
        f"Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


# Gunicorn has no hook for this page, and writes HTML. Its worker calls the function through the module.
util.write_error = _write_problem
