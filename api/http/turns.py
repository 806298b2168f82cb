"""Costly work in turns: a few pieces at a time in a process, a few more waiting, and equal ones done once.

A thread that computes for seconds is one that reads do not have. So many are let in that some are always left; whoever
comes after them is told at once to ask again. Nothing is computed that nobody waits for.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from flask import current_app, request

from api.errors import Fault, Problem
from api.http import quotas
from api.http.callers import CallerGone, gone
from api.http.not_now import MAY_COME_AGAIN, OTHERS_COME_FIRST, NotNow

RETRY_SECONDS = 5
"""When to ask again: what is allowed at all takes about as long."""
_GLANCE_SECONDS = 0.1
"""How often it is looked whether a caller is still there."""
T = TypeVar("T")
Gone = Callable[[], bool]
Check = Callable[[], None]
Refusal = Callable[[], Problem]


@dataclass(eq=False, slots=True)
class _Piece:
    """A piece of work that is being done, or waits for its turn."""

    others: int = 0
    """Callers that wait for it beside the one whose thread does it."""
    done: bool = False
    result: Any = None
    error: BaseException | None = None


class Turns:
    """The turns of one process. Safe to share among threads."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._changed = threading.Condition()
        self._running = 0
        self._inside = 0
        """Callers whose work is being done, or who wait for it."""
        self.let_in = 0
        """How many callers were given a place so far."""
        self._next: deque[_Piece] = deque()
        """What waits in a thread for its turn, the longest waiting first."""
        self._pieces: dict[bytes, _Piece] = {}

    @property
    def running(self) -> int:
        """How many pieces of work are being done."""
        return self._running

    @property
    def waiting(self) -> int:
        """How many callers wait in a thread, for a turn or for the same work that somebody else has asked for."""
        return self._inside - self._running

    @property
    def room(self) -> bool:
        """Whether one more may be let in."""
        return self._inside < self._most

    def do(
        self,
        key: bytes,
        work: Callable[[Check], Any],
        *,
        gone: Gone,
        joins: bool = True,
        refusal: Refusal | None = None,
    ) -> Any:
        """What `work` comes to, or what the same work comes to that somebody else has asked for already.

        `gone` tells whether the caller has left. `work` is given a function to call now and then: it raises
        `CallerGone` once nobody waits for the work any more, and so does this where the caller leaves while it waits.
        The refusal (problem `busy`) where too many wait, `NotNow` where the request may be asked again later; without
        `joins` so it is too where somebody else has the work done: no thread waits for another's.
        """
        with self._changed:
            piece = self._pieces.get(key)
            known = piece is not None
            joined = known and joins
            if self._inside >= self._most or (known and not joins) or (OTHERS_COME_FIRST.get() and not joined):
                raise NotNow if MAY_COME_AGAIN.get() else (refusal or _busy)()
            self._inside += 1
            self.let_in += 1
            if piece is None:
                piece = self._pieces[key] = _Piece()
            piece.others += known
        try:
            return self._joined(piece, gone) if known else self._done(key, piece, work, gone)
        finally:
            with self._changed:
                self._inside -= 1

    def _done(self, key: bytes, piece: _Piece, work: Callable[[Check], Any], gone: Gone) -> Any:
        """What comes of work that this thread does, when its turn has come."""
        try:
            with self._turn(key, piece, gone) as check:
                piece.result = work(check)
                return piece.result
        except BaseException as error:
            piece.error = error
            raise
        finally:
            with self._changed:
                self._drop(key, piece)
                piece.done = True
                self._changed.notify_all()

    def _joined(self, piece: _Piece, gone: Gone) -> Any:
        """What comes of work that another thread does."""
        with self._changed:
            try:
                while not piece.done:
                    if gone():
                        raise CallerGone
                    self._changed.wait(_GLANCE_SECONDS)
            finally:
                piece.others -= 1
        if piece.error is not None:
            raise piece.error
        return piece.result

    @contextmanager
    def _turn(self, key: bytes, piece: _Piece, gone: Gone) -> Iterator[Check]:
        """A turn, waited for and given back; gives the function that is to be called now and then."""
        looked = time.monotonic()

        def check() -> None:
            nonlocal looked
            now = time.monotonic()
            if now - looked >= _GLANCE_SECONDS:
                looked = now
                if self._abandoned(key, piece, gone):
                    raise CallerGone

        with self._changed:
            self._next.append(piece)
            try:
                while self._running >= self._at_once or self._next[0] is not piece:
                    self._changed.wait(_GLANCE_SECONDS)
                    check()
            finally:
                self._next.remove(piece)
            self._running += 1
        try:
            yield check
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _abandoned(self, key: bytes, piece: _Piece, gone: Gone) -> bool:
        """Whether nobody waits for a piece of work; who asks for the same from now on begins anew."""
        if not gone():
            return False
        with self._changed:
            if not piece.others:
                self._drop(key, piece)
            return not piece.others

    def _drop(self, key: bytes, piece: _Piece) -> None:
        if self._pieces.get(key) is piece:
            del self._pieces[key]


def once_for_all(key: bytes, work: Callable[[], T], *, refusal: Refusal) -> T:
    """What `work` comes to, which is kept for all who ask afterwards, when its turn has come.

    No thread waits for what another one makes of the same key: the request is asked again later, or has the refusal.
    Once begun it is done to its end though its caller leaves, as those who leave before that would never have it made;
    and since it is made once, it counts against nobody.
    """
    shared: Turns = current_app.extensions["turns"]
    leaves = partial(gone, request.environ)
    made: T = shared.do(key, lambda _check: work(), gone=leaves, joins=False, refusal=refusal)
    return made


def in_turn(before: Callable[[], None] = lambda: None) -> Callable[[bytes, Callable[[Check], Any]], Any]:
    """How the request that is being answered has costly work done. Problem `too-many-requests`.

    `before` is called before it may have to wait.
    """
    shared: Turns = current_app.extensions["turns"]
    leaves = partial(gone, request.environ)

    def done(key: bytes, work: Callable[[Check], Any]) -> Any:
        quotas.allow(quotas.HEAVY)
        before()
        return shared.do(key, partial(_counted, work), gone=leaves)

    return done


def while_waited_for(parts: Iterable[T], check: Check) -> Iterator[T]:
    """The parts of something long. `CallerGone` before the next one, once nobody waits for it."""
    for part in parts:
        check()
        yield part


def _counted(work: Callable[[Check], Any], check: Check) -> Any:
    quotas.count(quotas.HEAVY)
    return work(check)


def _busy() -> Problem:
    message = (
        f"Other calculations and large workbooks are being made, and no more may wait. Ask again in {RETRY_SECONDS} "
        "seconds, or ask for less: fewer draws or regions, no `extremes`; CSV in place of a workbook."
    )
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return Problem("busy", message, faults=(Fault("busy", "request", message),), headers=headers)
