"""What is asked of a request beside what gunicorn asks of it, and how its body is put in place."""

from __future__ import annotations

import io
import re
from typing import Any

from gunicorn import http

from api.worker.uploads import FileBody

_HOST = re.compile(r"([\w.~%!$&'()*+,;=-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?", re.ASCII)


class _WrongHost(http.errors.InvalidHeader):  # type: ignore[misc]
    def __str__(self) -> str:
        return "A request of HTTP/1.1 names in Host the host that it is for"


def check_host(req: Any) -> None:
    """Refuse a request that does not say whom it is for (RFC 9112, 3.2). Gunicorn has refused several hosts."""
    host = next((text for name, text in req.headers if name == "HOST"), None)
    if host is None:
        if req.version >= (1, 1):
            raise _WrongHost("HOST", req=req)
    elif not _HOST.fullmatch(host):
        raise _WrongHost("HOST", req=req)


def put_body(req: Any, body: bytes, *, length: int | None = None) -> None:
    """Have a body that came in chunks stand as one that came with its length."""
    req.headers = [item for item in req.headers if item[0] not in {"TRANSFER-ENCODING", "CONTENT-LENGTH"}]
    req.headers.append(("CONTENT-LENGTH", str(len(body) if length is None else length)))
    req.body = io.BytesIO(body)


def put_file(req: Any, body: FileBody) -> None:
    """Have a body that was written to a file be read from there. Of one that is too long only its length is told."""
    if body.wrong:
        raise http.errors.ChunkMissingTerminator(b"")
    put_body(req, b"", length=body.length if body.whole else max(body.length, body.most + 1))
    if body.whole and not body.too_large:
        body.file.seek(0)
        req.body = body.file
