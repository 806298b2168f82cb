"""What the worker leans on in gunicorn: names that another version may change, each said with what depends on it."""

from __future__ import annotations

import errno
import inspect
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn import http, util
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.http.body import ChunkedReader
from gunicorn.http.message import Message
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.base import Worker as Base
from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker
from gunicorn.workers.workertmp import WorkerTmp

from api.worker import Worker
from api.worker.connection import Connection
from api.worker.departures import Departures


@pytest.mark.parametrize(
    ("ours", "theirs"), [(Worker, ThreadWorker), (Connection, TConn)], ids=["the worker", "the connection"]
)
def test_what_is_put_in_the_place_of_gunicorns_is_called_in_the_same_way(ours: type, theirs: type) -> None:
    replaced = [name for name, value in vars(ours).items() if inspect.isfunction(value) and hasattr(theirs, name)]
    assert len(replaced) >= 3
    for name in set(replaced) - {"__init__"}:
        mine, its = (list(inspect.signature(getattr(of, name)).parameters) for of in (ours, theirs))
        assert mine == its, name


def test_what_is_called_is_there() -> None:
    for of, names in {
        ThreadWorker: (
            "enqueue_req",
            "finish_request",
            "handle",
            "handle_request",
            "murder_keepalived",
            "murder_pending",
        ),
        PollableMethodQueue: ("defer",),
        RequestParser: ("__next__", "finish_body"),
        Unreader: ("take_buffered",),
        Message: ("force_close", "should_close", "set_body_reader"),
        Base: ("handle_error", "notify", "init_signals"),
        Arbiter: ("SIGNALS", "WORKERS", "LISTENERS", "START_CTX", "wait_for_signals", "handle_hup", "reexec"),
        WorkerTmp: ("fileno", "last_update", "close"),
        util: ("write_error",),
        http: ("get_parser",),
        http.errors: ("NoMoreData", "ChunkMissingTerminator", "InvalidHeader"),
    }.items():
        assert [name for name in names if not hasattr(of, name)] == []


def test_its_loop_looks_after_what_waits() -> None:
    """`murder_pending` is where the deadlines are: the loop has to call it, while serving and while stopping."""
    assert inspect.getsource(ThreadWorker.run).count("self.murder_pending()") == 2
    assert "self._cap_keepalive(" in inspect.getsource(ThreadWorker.run)


def test_a_server_that_begins_anew_is_told_of_its_sockets_as_gunicorn_does() -> None:
    """`renewal.renew` says to a new server what `reexec` says, and the loop asks what is put in place."""
    said = inspect.getsource(Arbiter.reexec) + inspect.getsource(Arbiter.start)
    assert all(name in said for name in ("GUNICORN_PID", "GUNICORN_FD", "LISTEN_PID", "LISTEN_FDS", "env_orig"))
    assert "self.wait_for_signals(" in inspect.getsource(Arbiter.run)
    assert 'getattr(self, "handle_%s" % signame' in inspect.getsource(Arbiter.run)
    assert "self.cfg.pre_fork(" in inspect.getsource(Arbiter.spawn_worker)


class Hashable(SimpleNamespace):
    __hash__ = object.__hash__


@pytest.mark.parametrize("reads", [True, False])
def test_a_refused_caller_is_counted_off_once_whether_it_reads_or_not(
    monkeypatch: pytest.MonkeyPatch, *, reads: bool
) -> None:
    """Else a worker that is told to stop would take itself for done while others are still sent their answers."""
    monkeypatch.setattr(util, "write_error", lambda *_: None)
    worker = Worker.__new__(Worker)
    worker.poller = SimpleNamespace(register=lambda *_: None, unregister=lambda *_: None)
    worker.departures, worker.nr_conns, worker.metrics = Departures(worker), 2, None
    conn: Any = Hashable(
        sock=SimpleNamespace(left_over=True, send_left=lambda: False, too_slow=lambda _: not reads),
        close=lambda graceful=False: None,
    )
    worker.refuse(conn, 408, "too slow")
    assert worker.nr_conns == 2
    if reads:
        worker.departures._send_more(conn, None)
    worker.departures.look(0.0)
    assert worker.nr_conns == 1


def test_the_parser_never_holds_much_that_it_has_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It copies that with each chunk of a body: a long one of short chunks would cost the square of its size."""
    conn: Any = Connection.__new__(Connection)
    conn.cfg, conn.client, conn.parser, conn.sock = Config(), ("127.0.0.1", 1), None, SimpleNamespace()
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    long = b"%x\r\n%s\r\n" % (100_000, b"b" * 100_000)
    said = head + b"1\r\na\r\n" * 20_000 + long + b"0\r\n\r\nGET /"
    came = SimpleNamespace(data=bytearray(said), request=lambda: said)
    conn.incoming, conn._unread, held = came, memoryview(b""), []
    unread = Unreader.unread

    def unread_noted(self: Unreader, data: bytes) -> None:
        held.append(len(data))
        unread(self, data)

    monkeypatch.setattr(Unreader, "unread", unread_noted)
    chunk_size = ChunkedReader.parse_chunk_size

    def size_noted(self: Any, unreader: Unreader, data: bytes | None = None) -> Any:
        held.append(len(data or b""))
        return chunk_size(self, unreader, data)

    monkeypatch.setattr(ChunkedReader, "parse_chunk_size", size_noted)
    conn.take_request()
    conn.init()
    assert next(conn.parser).body.read() == b"a" * 20_000 + b"b" * 100_000
    assert len(held) > 20_000 and max(held) < 10_000
    conn.end_request()
    assert conn.ahead == b"GET /"


def test_where_no_file_is_left_a_connection_waits_and_another_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def accept() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    worker = Worker.__new__(Worker)
    monkeypatch.setattr(worker, "_make_room", lambda: made.append("room"), raising=False)
    worker.accept(SimpleNamespace(accept=accept))  # type: ignore[arg-type]
    assert made == ["room"]
