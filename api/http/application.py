"""Flask's application and its response, without what they do for other services than this one.

Together the two took a tenth of the time of a small answer.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import flask
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Response(flask.Response):
    """A response whose headers are sent as they were set."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers, with the length of the body where that is known.

        Werkzeug copies them, and looks through them for addresses that are to be encoded: ours are. It still does so
        with answers that have no body, or lead elsewhere.
        """
        if self.status_code != HTTPStatus.OK:
            return super().get_wsgi_headers(environ)
        if self.is_sequence and "Content-Length" not in self.headers:
            self.headers.add("Content-Length", str(sum(map(len, self.iter_encoded()))))
        return self.headers


class Application(flask.Flask):
    """An application whose functions are plain ones: Flask looks at each of them, each time, for a coroutine."""

    response_class = Response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func
