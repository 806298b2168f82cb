"""Compression: zstd, else Brotli, else gzip, for whatever is text. Tags are weak, so it changes none of them."""

from __future__ import annotations

from flask import Flask, Response
from flask_compress import Compress

from api.encoders.negotiate import EXPLANATION, FORMATS
from api.http import problems

_ALGORITHMS = ["zstd", "br", "gzip"]
_PAGES = {"text/html", "text/css", "text/javascript", "application/javascript"}


def register(app: Flask) -> None:
    """Compress answers, errors and pages as the caller can take them."""
    texts = {item.media_type for item in FORMATS.values() if item.shape != "binary"}
    app.config.update(
        COMPRESS_ALGORITHM=_ALGORITHMS,
        COMPRESS_ALGORITHM_STREAMING=_ALGORITHMS,
        COMPRESS_MIMETYPES=sorted(texts | _PAGES | {problems.MEDIA_TYPE, EXPLANATION.media_type}),
    )
    _Compress(app)


class _Compress(Compress):
    """Flask-Compress, which packs only what succeeded, and all of that."""

    def after_request(self, response: Response | None) -> Response:
        """Pack problems too, and leave files alone whose parts can be asked for: a part of a packed file is another."""
        if response is None or "Accept-Ranges" in response.headers:
            return response or super().after_request(response)
        status = response.status_code
        if response.mimetype == problems.MEDIA_TYPE:
            response.status_code = 200
        packed: Response = super().after_request(response)
        packed.status_code = status
        return packed
