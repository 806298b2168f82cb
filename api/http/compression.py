"""Compression: zstd, else Brotli, else gzip, for whatever is text. Tags are weak, so it changes none of them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, request
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
        COMPRESS_MIMETYPES=sorted(texts | _PAGES | {problems.MEDIA_TYPE, EXPLANATION}),
    )
    _Compress(app)


class _Compress(Compress):
    """Flask-Compress, which packs only what succeeded, and all of that."""

    def after_request(self, response: Response | None) -> Response:
        """Pack problems too, and leave alone what parts are asked of: a part of a packed file is another one."""
        if response is None or response.status_code == HTTPStatus.PARTIAL_CONTENT or "Repr-Digest" in response.headers:
            return response or super().after_request(response)
        accepted = "Accept-Encoding" in request.headers and any(
            request.accept_encodings.quality(name) > 0 for name in _ALGORITHMS
        )
        if not accepted:
            known = response.headers.get("Vary")
            response.headers["Vary"] = f"{known}, Accept-Encoding" if known else "Accept-Encoding"
            return response
        if response.direct_passthrough:
            # A file of a page: Flask-Compress would read it, and leave it open.
            response.direct_passthrough = False
            response.make_sequence()
        status = response.status_code
        if response.mimetype == problems.MEDIA_TYPE:
            response.status_code = 200
        packed: Response = super().after_request(response)
        packed.status_code = status
        if "Content-Encoding" in packed.headers:
            # Parts are given of the table as it is, not of the packed one.
            packed.headers.pop("Accept-Ranges", None)
        return packed
