"""In front of everything: a question comes in without what platforms append to links.

What keeps answers, what reads questions and what writes addresses meet the question alone, so that a shared link is
answered from the same memory, with the same tag, and leads on to addresses without those marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from api import appended

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class CleanQuestions:
    """A WSGI application in front of another one."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the application answers to the question alone."""
        environ["QUERY_STRING"] = appended.without(environ.get("QUERY_STRING", ""))
        return self._application(environ, start_response)
