"""Headers that every response carries, and which sites may read it."""

from __future__ import annotations

from flask import Flask, Response
from flask_cors import CORS

EXPOSED = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Location",
    "Content-Range",
    "ETag",
    "Explain-Bytes",
    "Explain-Limit",
    "Explain-Rows",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Repr-Digest",
    "Retry-After",
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


def register(app: Flask) -> None:
    """Open reading to every site, and close everything else."""
    CORS(
        app,
        resources={r"/(v1/.*|openapi\.json)": {"origins": "*"}},
        send_wildcard=True,
        methods=["GET", "HEAD", "OPTIONS"],
        expose_headers=list(EXPOSED),
        max_age=86_400,
    )
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", DATA_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
