"""Gunicorn's configuration (`gunicorn -c python:api.gunicorn_conf wsgi:app`). `make bench-workers` shows why it is so.

Threads, not `sync` workers: with those every connection that says nothing holds a whole process, and none is kept for
a further request. Our own kind of threaded worker, since gunicorn's gives a thread to such connections (`api.worker`).
Four threads: more answer no faster and make each other late, since they share one interpreter's lock.
"""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from environs import Env
from gunicorn import util

from api import chatter, processes
from api.errors import PROBLEM_TYPES, Fault, Problem
from api.http import problems, request_log, shared_metrics
from api.limits import Limits
from api.settings import Settings
from api.worker import renewal
from api.worker.memory import memory

env = Env()
host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8000)
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
workers = env.int("WORKERS", 2)
threads = env.int("THREADS", Settings().threads)
worker_connections = 800
"""Connections of one worker, idle ones included. Each is a file, and a second one where much of its answer is put
aside: where files are few there are fewer of them (`api.worker`)."""
worker_memory = env.int("WORKER_MEMORY_MB", 1_024) * 1_000_000
"""Bytes of memory beyond which a worker is replaced by a new one, after it has answered; 0: never."""
worker_class = "api.worker.Worker"
logger_class = "api.worker.log.Log"
preload_app = True
"""Loaded once and shared by the workers: a start takes half as long. Nothing is connected before they are made.

So that new code is loaded by a server that begins anew (`api.worker.renewal`), and not by new workers."""
keepalive = 5
timeout = 60
graceful_timeout = 20
limit_request_line = Limits().max_request_line
forwarder_headers, secure_scheme_headers, forwarded_allow_ips = "", {}, "*"  # type: ignore[var-annotated]
"""No header steers where the application takes itself to be, whoever sends it: so it need not be found out with each
request whether its sender is a proxy. Whose `X-Forwarded-For` names a caller is for `api.http.quotas` to say."""
sendfile = False
"""Files are written as all else is, so that a caller who does not read holds no thread."""
control_socket_disable = True
"""No control socket: it wants a writable home, which a container may not have."""
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
"""Where workers leave their heartbeat: in memory, since a slow disk would look like a dead worker."""


_old_workers = [named] if (named := env.str(renewal.OLD_WORKERS, "")) else []
_HANDED_OVER = {"GUNICORN_FD", "LISTEN_FDS"}
"""What says that the port is handed over by another gunicorn (a new version beside the old), or by systemd."""


def on_starting(server: Any) -> None:
    """Make the folder in which workers share what they count, where there is none yet, and wait for the ports.

    Workers of a server that was killed may still answer there: it is said who holds them.
    """
    shared_metrics.prepare(worker_tmp_dir, goes_on=bool(_old_workers))
    processes.allow_files(2 * worker_connections + 500)
    if not os.environ.keys() & _HANDED_OVER:
        for name, number in _ports(server):
            processes.wait_for_port(
                name, number, seconds=graceful_timeout + 10, say=lambda text: print(text, flush=True)
            )


def _ports(server: Any) -> list[tuple[str, int]]:
    """The hosts and ports that are listened at, which `--bind` may say otherwise than HOST and PORT."""
    return [address for address in server.cfg.address if isinstance(address, tuple)]


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker has counted that has ended."""
    shared_metrics.leave(worker.pid, server.WORKERS)


def worker_exit(_server: Any, worker: Any) -> None:
    """Write down what a worker has counted since it did so last."""
    if worker.metrics is not None:
        worker.metrics.write()


def on_exit(_server: Any) -> None:
    """Remove that folder."""
    shared_metrics.remove()


def pre_fork(server: Any, _worker: Any) -> None:
    """Count workers of the code before among ours, so that gunicorn ends them once there are new ones."""
    if _old_workers:
        renewal.take_over(server, _old_workers.pop())


def post_fork(_server: Any, _worker: Any) -> None:
    """Have a new worker end with its server, keep what libraries print out of the log, and look after its memory."""
    processes.stop_with_parent()
    chatter.silence()
    memory.prepare(worker_memory)


def when_ready(server: Any) -> None:
    """Print the addresses to open, or that new code is loaded."""
    renewal.prepare(server)
    if _old_workers:
        server.log.info("New code is loaded.")
        return
    print("\n".join(_greeting(server)), flush=True)


def _greeting(server: Any) -> list[str]:
    """What to open, where it is served at a port, and how to stop it."""
    listening = _ports(server)
    opened = []
    if listening:
        name, number = listening[0]
        shown = "127.0.0.1" if name in {"0.0.0.0", "::"} else f"[{name}]" if ":" in name else name  # noqa: S104
        base = f"http://{shown}:{number}"
        opened = [
            f"    {base}/docs                                            every operation, to try out",
            f"    {base}/v1/series/gigabit-availability/E12000005        a time series",
            f"    {base}/v1/observations.csv?indicator=gva-sic-j-per-head a table",
        ]
    return [
        "",
        f"  UK Regional Digital Capital API is being served{'. Open:' if opened else '.'}",
        *opened,
        f"  Ctrl-C stops it, kill -HUP {os.getpid()} loads new code without a gap.",
        "",
    ]


_KINDS = {
    408: "request-timeout",
    414: "address-too-long",
    431: "head-too-large",
    500: "internal-error",
    503: "not-ready",
}


def _write_problem(sock: Any, status_int: int, _reason: str, mesg: str) -> None:
    """Answer what never reaches the application, such as a request line over the limit, as a problem too."""
    kind = PROBLEM_TYPES[_KINDS.get(status_int, "bad-request")]
    detail = f"{mesg.rstrip('.') or kind.title}. {kind.advice}"
    body = problems.body(Problem(kind.slug, detail, faults=(Fault(kind.slug, "request", detail),)), "")
    length, request_id = len(body), request_log.new_id()
    if getattr(sock, "bodiless", False):
        body = b""
    head = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: {problems.MEDIA_TYPE}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n"
        "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n"
        f"{request_log.REQUEST_ID}: {request_id}\r\n\r\n"
    )
    request_log.refused(kind.status, request_id, len(body))
    util.write_nonblock(sock, head.encode("latin-1") + body)


# Gunicorn has no hook for this page, and writes HTML. Its worker calls the function through the module.
util.write_error = _write_problem
