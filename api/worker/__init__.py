"""Gunicorn's threaded worker, with its threads kept for requests that are there and callers that take their answers.

Gunicorn's own gives each new connection a thread, which waits there for the first byte and then for the rest of the
request and of the body; it writes to callers that do not read for as long as they like; and it closes connections in
the one loop that accepts them. A few connections that say nothing, send a byte now and then, do not read or linger then
hold everybody up (`make bench-workers` shows it). Here all of that waits in the poller, within deadlines:

    accept -> arrivals: head and body come -> a thread answers -> departures: what was not taken leaves -> kept, closed

Where all threads are held up, one more answers what takes no time: probes, and answers that are in memory. A request
whose costly work finds no turn (`api.http.turns`) waits without a thread, and is asked again.

`tests/server/test_worker.py` names what of gunicorn this leans on, so that another version cannot change it unnoticed.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from socket import socket
from typing import Any

from gunicorn import http, util
from gunicorn.workers.gthread import ThreadWorker

from api import processes
from api.http import not_now, request_log
from api.http.metrics import Metrics
from api.settings import Settings
from api.work.beside import Beside
from api.worker import loading, renewal
from api.worker.arrivals import Arrivals
from api.worker.checks import check_host, put_body, put_file
from api.worker.connection import Connection
from api.worker.departures import Departures
from api.worker.gauges import register
from api.worker.memory import memory
from api.worker.outgoing import Aside, CallerSocket
from api.worker.parked import Parked

MOST_ASIDE_BYTES = 512_000_000
"""Bytes of answers that wait in temporary files for callers to take them. Beyond, they are broken off."""
_LOOK_SECONDS = 0.5
"""How often is looked for what has waited too long."""
_QUICK = (b"GET ", b"HEAD ")
"""How requests begin that may be answered from memory."""
_HELD_UP_SECONDS = 0.02
"""How long no thread may end a request before it is seen whether those that wait need none. To look at once would
read most requests twice where all threads are busy, and gain nothing."""
_NO_ROOM_SECONDS = 0.01
"""How long the loop rests where it can take no connection and let go of none."""
_QUEUED, _PARKED = "queued", "parked"
"""What has come of a request instead of an answer."""
_POOL = "answer"
_GONE = {errno.EAGAIN, errno.ECONNABORTED}
_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
"""Why a connection cannot be taken before another has ended: it goes on waiting meanwhile."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """The worker class of `api.gunicorn_conf`. For TCP without encryption: TLS ends in front of it."""

    alive: bool
    worker_connections: int

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        settings = Settings.from_environment()
        self.arrivals, self.departures = Arrivals(self, settings.uploads_folder), Departures(self)
        self.queued: dict[Connection, None] = {}
        """Connections whose request waits for a thread, the longest waiting first."""
        self.taken: set[Connection] = set()
        """Connections whose request waits for a thread or has one."""
        self.parked = Parked(self, patience=settings.costly_patience_seconds)
        self._aside, self._beside = Aside(MOST_ASIDE_BYTES, settings.spool_folder), Beside(settings)
        self._looked = self._ended = 0.0
        self.metrics: Metrics | None = None
        """None where the application counts nothing."""

    def init_process(self) -> None:
        """Begin, in a process of its own."""
        # A setting is looked up in three steps, thirty times a request. In a worker they change no more.
        self.cfg.__dict__.update({name: setting.get() for name, setting in self.cfg.settings.items()})
        self.worker_connections = processes.connections_within(self.cfg.worker_connections)
        self.express = ThreadPoolExecutor(1, initializer=not_now.answer_from_memory_only)
        super().init_process()

    def load_wsgi(self) -> None:
        """Take the application, and have its metrics look at this worker."""
        super().load_wsgi()
        extensions = getattr(self.wsgi, "extensions", {})
        self.parked.turns = extensions.get("turns")
        if "settings" in extensions:
            self.arrivals.limits = extensions["settings"].limits
        loading.load(extensions)
        counting: request_log.RequestLog | None = extensions.get("request_log")
        if counting is not None:
            request_log.serve(counting)
            self.metrics = counting.metrics
            register(self, self.metrics)

    @property
    def bytes_aside(self) -> int:
        """Bytes of answers that are put aside."""
        return self._aside.bytes

    def init_signals(self) -> None:
        """Know what to do with signals, and hear those that came before."""
        super().init_signals()
        renewal.hear()

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The threads that answer."""
        return ThreadPoolExecutor(self.cfg.threads, thread_name_prefix=_POOL)

    # In the loop: connections come, and requests on them.

    def accept(self, listener: socket) -> None:
        """Take a new connection, and wait for its request without a thread."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:
                if not self._make_room():
                    time.sleep(_NO_ROOM_SECONDS)
            elif error.errno not in _GONE:
                raise
            return
        caller = CallerSocket(client, needed=self._needed, aside=self._aside)
        self.nr_conns += 1
        self.enqueue_req(Connection(self, caller, address, listener.getsockname()))

    def enqueue_req(self, conn: Connection) -> None:
        """Wait for the first or next request of a connection."""
        self.arrivals.wait_for(conn)

    def request_arrived(self, conn: Connection) -> None:
        """Give a request to a thread."""
        self.parked.arrived(conn)
        conn.arrived = time.perf_counter()
        conn.may_be_kept = conn.said.startswith(_QUICK)
        self.queue(conn)

    def refuse(self, conn: Connection, status: int, why: str) -> None:
        """Answer a request that is not going to be read to its end, and close."""
        try:
            util.write_error(conn.sock, status, "", why)
        except OSError:
            self.drop(conn)
            return
        self.departures.send(conn, partial(self._close, conn))

    def drop(self, conn: Connection) -> None:
        """Close a connection at once."""
        self.nr_conns -= 1
        conn.close()

    def _close(self, conn: Connection) -> None:
        """Close a connection once the other side has read what it was sent."""
        self.nr_conns -= 1
        conn.close(graceful=True)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Go on with a connection, once all of the answer has been taken."""
        if fs.cancelled():
            return  # its request was given to another thread
        outcome = None if fs.exception() else fs.result()
        if outcome in {_QUEUED, _PARKED}:
            conn.may_be_kept = False
            conn.begin_again()
            self.queue(conn) if outcome == _QUEUED else self.parked.add(conn)
        else:
            self.arrivals.let_go_of(conn)
            go_on = (
                partial(self.enqueue_req, conn) if outcome and conn.ahead else partial(super().finish_request, conn, fs)
            )
            self.departures.send(conn, go_on)
        self.parked.ask_again()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for something to happen, but for no longer than those may be held up who wait for a thread."""
        super().wait_for_and_dispatch_events(min(timeout, _HELD_UP_SECONDS) if self.queued else timeout)

    def murder_pending(self) -> None:
        """Close what has waited too long: for its request, for its answer to be taken, for its end."""
        now = time.monotonic()
        if self._held_up(now):
            self._answer_what_is_kept()
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        self.parked.ask_again()
        self.arrivals.look(now)
        self.departures.look(now)
        self._beside.look(now)
        if self.metrics is not None:
            self.metrics.refresh()
        if self.alive and memory.over_limit():
            self.log.warning("Worker %s holds %s MB and is replaced.", os.getpid(), f"{memory.held() / 1e6:,.0f}")
            self.alive = False
            if self.metrics is not None:
                self.metrics.made.workers_over_memory.inc()

    def _make_room(self) -> bool:
        """Where no further connection has room, let go of one: the longest without a request, or the slowest reader."""
        if self.keepalived_conns:
            self.keepalived_conns[0].timeout = 0
            self.murder_keepalived()
            return True
        return self.arrivals.let_go_of_one() or self.departures.let_go_of_one()

    def _cap_keepalive(self, deadline: float) -> None:
        """Where the worker is told to stop, let go of connections that have said nothing, too."""
        super()._cap_keepalive(deadline)
        self.arrivals.let_go_by(deadline)

    def queue(self, conn: Connection) -> None:
        """Have a request wait for a thread."""
        self.taken.add(conn)
        self.queued[conn] = None
        conn.answered = self._submit(self.tpool, self.handle, conn)

    def _submit(
        self, threads: ThreadPoolExecutor, handle: Callable[[Connection], Any], conn: Connection
    ) -> Future[Any]:
        answered = threads.submit(handle, conn)
        answered.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))
        return answered

    def _held_up(self, now: float) -> bool:
        """Whether requests wait, and no thread has ended one for a while."""
        return len(self.taken) > self.cfg.threads and now - self._ended > _HELD_UP_SECONDS

    def _answer_what_is_kept(self) -> None:
        """See whether requests that wait need none of the threads: their answers may be in memory."""
        for conn in list(self.queued):
            if conn.may_be_kept and conn.answered.cancel():
                del self.queued[conn]
                self.taken.discard(conn)
                self._submit(self.express, self._answer_from_memory, conn)

    # In a thread: requests are answered.

    def handle(self, conn: Connection) -> Any:
        """Answer the request of a connection."""
        self.queued.pop(conn, None)
        received = len(conn.said)
        not_now.MAY_COME_AGAIN.set(self.parked.has_room_for(conn))
        not_now.OTHERS_COME_FIRST.set(self.parked.come_before(conn))
        request_log.arrived(conn.arrived)
        try:
            return super().handle(conn)
        except not_now.NotNow:
            return _PARKED
        finally:
            memory.tidy(received)
            self.taken.discard(conn)
            self._ended = time.monotonic()

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Answer a request whose head is read, with its body as one piece."""
        incoming = conn.incoming
        req._expected_100_continue = False  # noqa: SLF001  (the loop has said so)
        if not incoming.whole:
            req.force_close()
        check_host(req)
        coded = any(name == "TRANSFER-ENCODING" for name, _ in req.headers)
        if incoming.upload is not None:
            put_file(req, incoming.upload)
        elif coded and incoming.body_too_large:
            put_body(req, b"", length=self.arrivals.limits.max_body_bytes + 1)
        elif coded and req.method in {"POST", "PUT"}:
            try:
                put_body(req, req.body.read())
            except http.errors.NoMoreData:
                raise http.errors.ChunkMissingTerminator(b"") from None
        conn.sock.hold()
        try:
            return super().handle_request(req, conn)
        finally:
            conn.sock.send_held()

    def _answer_from_memory(self, conn: Connection) -> Any:
        """Answer the request of a connection if its answer is in memory."""
        request_log.arrived(conn.arrived)
        try:
            return super().handle(conn)
        except not_now.NotNow:
            return _QUEUED

    def _needed(self) -> bool:
        """Whether who writes to a caller has something better to do than wait for it."""
        return bool(self.queued) or not self.alive or not threading.current_thread().name.startswith(_POOL)
