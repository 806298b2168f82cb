"""What the worker leans on in gunicorn: names that another version may change, each said with what depends on it."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn import http, util
from gunicorn.arbiter import Arbiter
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
        Unreader: ("unread", "take_buffered"),
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
