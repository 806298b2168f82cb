"""Answers kept as they were sent, per process: what its tag pins to a release never needs to be computed again.

Bounded by bytes, the longest unused going first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

Key = tuple[str, str]
"""The address of an answer, and its tag."""

_LARGEST = 8
"""No answer takes more than this part of the room."""


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    content_type: str
    links: tuple[str, ...]

    def response(self) -> Response:
        response = Response(self.body, content_type=self.content_type)
        for link in self.links:
            response.headers.add("Link", link)
        return response


class KeptAnswers:
    """Encoded answers by address and tag. Safe to share among threads."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[Key, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, key: Key, compute: Callable[[], Response]) -> Response:
        """The answer of a key: as it was kept, or computed now and, unless it is streamed or large, kept."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
                return kept.response()
        response = compute()
        if not response.is_streamed and (response.content_length or 0) * _LARGEST <= self._most:
            links = tuple(response.headers.getlist("Link"))
            self._put(key, _Kept(response.get_data(), response.content_type or "", links))
        return response

    def _put(self, key: Key, answer: _Kept) -> None:
        with self._lock:
            before = self._answers.pop(key, None)
            self._bytes += len(answer.body) - (len(before.body) if before else 0)
            self._answers[key] = answer
            while self._bytes > self._most:
                self._bytes -= len(self._answers.popitem(last=False)[1].body)
