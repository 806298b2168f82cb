"""Costly work in turns: equal work once, so much at a time, so much waiting, nothing for nobody."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from types import SimpleNamespace

import pytest

from api.errors import Problem
from api.http.callers import CallerGone
from api.http.not_now import MAY_COME_AGAIN, OTHERS_COME_FIRST, NotNow
from api.http.turns import Turns, while_waited_for
from api.worker import parked
from tests.conftest import LIMIT, wait_until


class Caller:
    """A caller, and work of its that goes on until it is let go."""

    def __init__(self) -> None:
        self.left = threading.Event()
        self.begun, self.go = threading.Event(), threading.Event()
        self.times = 0

    def work(self, check):
        self.times += 1
        self.begun.set()
        while not self.go.wait(0.01):
            check()
        return object()

    def asks(self, turns, key):
        return turns.do(key, self.work, gone=self.left.is_set)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as threads:
        yield threads


def joined(turns, key):
    """How many wait for what another does."""
    piece = turns._pieces.get(key)
    return piece.others if piece else 0


def test_equal_work_is_done_once(pool):
    turns, callers = Turns(at_once=1, waiting=3), [Caller() for _ in range(4)]
    first = pool.submit(callers[0].asks, turns, b"a")
    assert callers[0].begun.wait(LIMIT)
    others = [pool.submit(caller.asks, turns, b"a") for caller in callers[1:]]
    wait_until(lambda: joined(turns, b"a") == 3)
    callers[0].go.set()
    assert {id(other.result(LIMIT)) for other in others} == {id(first.result(LIMIT))}
    assert [caller.times for caller in callers] == [1, 0, 0, 0]
    # Nothing is kept of it.
    callers[1].go.set()
    assert callers[1].asks(turns, b"a") is not first.result()


def test_what_is_impossible_is_told_to_all(pool):
    turns, first, other = Turns(at_once=1, waiting=1), Caller(), Caller()

    def fail(check):
        first.work(check)
        raise ValueError("no")

    one = pool.submit(turns.do, b"a", fail, gone=first.left.is_set)
    assert first.begun.wait(LIMIT)
    two = pool.submit(other.asks, turns, b"a")
    wait_until(lambda: joined(turns, b"a") == 1)
    first.go.set()
    for failed in (one, two):
        with pytest.raises(ValueError, match="no"):
            failed.result(LIMIT)
    other.go.set()
    assert other.asks(turns, b"a")


@pytest.mark.parametrize("same", [True, False])
def test_who_is_too_many_is_refused_at_once(pool, same):
    turns, first, second, third = Turns(at_once=1, waiting=1), Caller(), Caller(), Caller()
    one = pool.submit(first.asks, turns, b"a")
    assert first.begun.wait(LIMIT)
    two = pool.submit(second.asks, turns, b"a" if same else b"b")
    wait_until(lambda: turns._inside == 2)
    with pytest.raises(Problem) as busy:
        third.asks(turns, b"c")
    assert busy.value.type.status == 503 and int(busy.value.headers["Retry-After"]) > 0
    assert third.times == 0 and not second.begun.is_set()
    first.go.set()
    second.go.set()
    assert one.result(LIMIT) and two.result(LIMIT)
    third.go.set()
    assert third.asks(turns, b"c")


@pytest.mark.parametrize(("may_come_again", "refusal"), [(True, NotNow), (False, BlockingIOError)])
def test_who_does_not_join_waits_in_no_thread_for_what_another_makes(pool, may_come_again, refusal):
    turns, first, second = Turns(at_once=2, waiting=5), Caller(), Caller()

    def ask():
        MAY_COME_AGAIN.set(may_come_again)
        return turns.do(b"a", second.work, gone=bool, joins=False, refusal=BlockingIOError)

    one = pool.submit(first.asks, turns, b"a")
    assert first.begun.wait(LIMIT)
    with pytest.raises(refusal):
        copy_context().run(ask)
    assert second.times == 0 and joined(turns, b"a") == 0
    first.go.set()
    assert one.result(LIMIT)
    second.go.set()
    assert copy_context().run(ask) and second.times == 1


def test_no_more_at_a_time_than_there_are_turns(pool):
    turns, callers = Turns(at_once=2, waiting=6), [Caller() for _ in range(8)]
    running, most, lock = [], [], threading.Lock()

    def work(check):
        with lock:
            running.append(1)
            most.append(len(running))
        time.sleep(0.01)
        with lock:
            running.pop()

    asked = [
        pool.submit(turns.do, bytes([place]), work, gone=caller.left.is_set) for place, caller in enumerate(callers)
    ]
    for one in asked:
        one.result(LIMIT)
    assert len(most) == 8 and max(most) <= 2


def test_turns_come_in_the_order_in_which_they_were_waited_for(pool):
    turns, begun, first = Turns(at_once=1, waiting=7), [], Caller()
    asked = [pool.submit(first.asks, turns, b"first")]
    assert first.begun.wait(LIMIT)
    for place in range(7):
        asked.append(pool.submit(turns.do, bytes([place]), lambda _, place=place: begun.append(place), gone=bool))
        wait_until(lambda place=place: len(turns._next) == place + 1)
    first.go.set()
    for one in asked:
        one.result(LIMIT)
    assert begun == list(range(7))


@pytest.mark.parametrize(("may_come_again", "refusal"), [(True, NotNow), (False, Problem)])
def test_a_new_request_leaves_free_turns_to_those_that_have_waited(pool, may_come_again, refusal):
    turns, first = Turns(at_once=2, waiting=1), Caller()

    def ask(key):
        MAY_COME_AGAIN.set(may_come_again)
        OTHERS_COME_FIRST.set(True)
        return turns.do(key, lambda _: "done", gone=bool)

    one = pool.submit(first.asks, turns, b"a")
    assert first.begun.wait(LIMIT)
    with pytest.raises(refusal):
        copy_context().run(ask, b"b")
    # What is being made is nobody's turn: it is waited for together.
    two = pool.submit(copy_context().run, ask, b"a")
    wait_until(lambda: joined(turns, b"a") == 1)
    first.go.set()
    assert two.result(LIMIT) is one.result(LIMIT)


def test_parked_requests_keep_their_order(monkeypatch):
    monkeypatch.setattr(parked, "gone", lambda _: False)
    asked = []
    waiting = parked.Parked(SimpleNamespace(queue=asked.append), patience=LIMIT)
    waiting.turns = turns = Turns(at_once=1, waiting=0)
    one, two, three = (SimpleNamespace(sock=None, name=name) for name in "abc")
    for conn in (one, two):
        waiting.arrived(conn)
        waiting.add(conn)
    waiting.arrived(three)
    assert waiting.come_before(three) and not waiting.come_before(one)
    waiting.ask_again()
    assert asked == [one]
    # It was asked, found no place after all, and is the next again; the others wait meanwhile.
    waiting.ask_again()
    waiting.add(one)
    assert asked == [one] and len(waiting) == 2
    for _ in range(2):
        turns.do(b"x", lambda _: None, gone=bool)
        waiting.ask_again()
    assert asked == [one, one, two] and not waiting.come_before(three)


def test_work_ends_when_its_caller_leaves_and_the_next_begins(pool):
    turns, first, second = Turns(at_once=1, waiting=1), Caller(), Caller()
    one = pool.submit(first.asks, turns, b"a")
    assert first.begun.wait(LIMIT)
    two = pool.submit(second.asks, turns, b"b")
    first.left.set()
    with pytest.raises(CallerGone):
        one.result(LIMIT)
    assert second.begun.wait(LIMIT)
    second.go.set()
    assert two.result(LIMIT)


def test_who_leaves_while_waiting_has_nothing_done(pool):
    turns, first, second, third = Turns(at_once=1, waiting=2), Caller(), Caller(), Caller()
    one = pool.submit(first.asks, turns, b"a")
    assert first.begun.wait(LIMIT)
    waits, joins = pool.submit(second.asks, turns, b"b"), pool.submit(third.asks, turns, b"a")
    wait_until(lambda: turns._inside == 3)
    second.left.set()
    third.left.set()
    for left in (waits, joins):
        with pytest.raises(CallerGone):
            left.result(LIMIT)
    first.go.set()
    assert one.result(LIMIT) and second.times == third.times == 0
    wait_until(lambda: turns._inside == 0)


def test_who_leaves_ends_nothing_for_others(pool):
    turns, first, other = Turns(at_once=1, waiting=1), Caller(), Caller()
    one = pool.submit(first.asks, turns, b"a")
    assert first.begun.wait(LIMIT)
    two = pool.submit(other.asks, turns, b"a")
    wait_until(lambda: joined(turns, b"a") == 1)
    first.left.set()
    # Long enough for the first to be looked for: it goes on for the other.
    time.sleep(0.3)
    assert not one.done()
    first.go.set()
    assert two.result(LIMIT) is one.result(LIMIT)


def test_what_is_made_in_parts_is_dropped_between_them():
    turns, caller, made = Turns(at_once=1, waiting=0), Caller(), []

    def work(check):
        for part in while_waited_for(iter(range(1_000)), lambda: (time.sleep(0.01), check())):
            made.append(part)
            caller.left.set()

    with pytest.raises(CallerGone):
        turns.do(b"a", work, gone=caller.left.is_set)
    assert 1 <= len(made) < 1_000 and turns.room
