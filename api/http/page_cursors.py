"""Cursors of pages as addresses carry them: behind a mark of the question that they belong to.

Going on with another question would leave things out.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any

from flask import request

from api import cursors
from api.answers.reading import FOREIGN_CURSOR
from api.errors import invalid
from api.filters import Page
from api.http.elsewhere import Serving


def write(key: tuple[Any, ...], question: Any, serving: Serving) -> str:
    """The cursor of the page of a question that begins after a key."""
    return f"{_mark(question, serving)}-{cursors.encode(key)}"


def read(question: Any, serving: Serving) -> Any:
    """The question with its cursor's key. Problem `invalid-parameter` where the cursor is of another question."""
    if not isinstance(question, Page) or question.cursor is None:
        return question
    mark, _, key = question.cursor.partition("-")
    if mark != _mark(question, serving):
        raise invalid("cursor", FOREIGN_CURSOR, code="bad-cursor")
    return replace(question, cursor=key)


def _mark(question: Any, serving: Serving) -> str:
    bare = replace(question, cursor=None, limit=None) if isinstance(question, Page) else question
    named = sorted((name, text) for name, text in (request.view_args or {}).items() if name != "format")
    return blake2b(f"{serving.name} {named} {bare!r}".encode(), digest_size=4).hexdigest()
