"""The server's log: a line of JSON for everything that is told, gunicorn's own messages and tracebacks among them.

What a caller sends stands in messages, and in what libraries say of it. As JSON in ASCII none of it can begin a line of
its own or speak to a terminal. A failure is one line, with the identifier of the request that met it, so that
whoever has an answer's `X-Request-Id` finds all that was said of it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

from flask import has_request_context, request
from gunicorn import glogging

from api.http import request_log
from api.http.lines import now


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, in ASCII, without its end."""
        said: dict[str, Any] = {
            "time": now(),
            "level": record.levelname.lower(),
            "process": os.getpid(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            said["id"] = request_log.id_in(request.environ)
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said)


class _OnStderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Where everything goes that is not gunicorn's."""


class Log(glogging.Logger):  # type: ignore[misc]
    """Gunicorn's logger, and everybody else's, in lines of JSON."""

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's loggers, then the root of all others."""
        super().setup(cfg)
        formatter = JsonLines()
        everybody = logging.getLogger()
        if not any(isinstance(handler, _OnStderr) for handler in everybody.handlers):
            everybody.addHandler(_OnStderr(sys.stderr))
        for logger in (self.error_log, self.access_log, everybody):
            for handler in logger.handlers:
                handler.setFormatter(formatter)
        logging.captureWarnings(capture=True)
