"""Compression: zstd, else Brotli, else gzip, for whatever is text. Tags are weak, so it changes none of them.

Flask-Compress leaves errors alone: they are a few hundred bytes.
"""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress

from api.encoders.negotiate import FORMATS

_ALGORITHMS = ["zstd", "br", "gzip"]
_PAGES = {"text/html", "text/css", "text/javascript", "application/javascript"}


def register(app: Flask) -> None:
    """Compress answers, errors and pages as the caller can take them."""
    texts = {item.media_type for item in FORMATS.values() if item.shape != "binary"}
    app.config.update(
        COMPRESS_ALGORITHM=_ALGORITHMS,
        COMPRESS_ALGORITHM_STREAMING=_ALGORITHMS,
        COMPRESS_MIMETYPES=sorted(texts | _PAGES),
    )
    Compress(app)
