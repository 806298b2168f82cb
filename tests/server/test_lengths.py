"""What is streamed has a length for whoever knows no chunks: its end is not told by the connection's end alone."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.conftest import running_server
from tests.server.conftest import ask, request

STREAM = "/v1/observations.csv"


def of_old(path: str, **headers: str) -> bytes:
    """A request as nginx makes it unless it is told otherwise."""
    return request(path, **headers).replace(b"HTTP/1.1", b"HTTP/1.0", 1)


@pytest.fixture(scope="module")
def whole(server: str) -> bytes:
    response, body = ask(server, request(STREAM, Connection="close"))
    assert response.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in response.headers
    return body


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_a_stream_has_its_length(server: str, whole: bytes, connection: str) -> None:
    response, body = ask(server, of_old(STREAM, Connection=connection))
    assert "Transfer-Encoding" not in response.headers
    assert response.headers["Content-Length"] == str(len(whole)) and body == whole


def test_a_packed_stream_has_the_length_of_what_is_sent(server: str, whole: bytes) -> None:
    response, body = ask(server, of_old(STREAM, Accept_Encoding="gzip"))
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Length"] == str(len(body)) and gzip.decompress(body) == whole


def test_a_part_of_a_stream(server: str, whole: bytes) -> None:
    response, body = ask(server, request(STREAM, Range="bytes=1000000-1000999"))
    assert response.status == 206 and body == whole[1_000_000:1_001_000]
    assert response.headers["Content-Range"] == f"bytes 1000000-1000999/{len(whole)}"


def test_a_parquet_file_has_its_length(server: str) -> None:
    response, body = ask(server, request("/v1/observations.parquet"))
    assert response.headers["Content-Length"] == str(len(body))
    assert parquet.read_table(io.BytesIO(body)).num_rows == 54_405


def test_where_there_is_no_room_that_is_said(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bytes
) -> None:
    monkeypatch.setenv("SPOOL_PATH", "/proc/nowhere")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        for asked in (of_old(STREAM), request(STREAM, Range="bytes=0-99")):
            response, body = ask(address, asked)
            assert response.status == 503 and response.headers["Retry-After"] == "60"
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            problem = json.loads(body)
            assert problem["type"] == "/docs/problems#not-ready" and "no room" in problem["detail"]
        assert ask(address, request(STREAM))[1] == whole  # in chunks it needs none
        page = of_old("/v1/observations.csv?indicator=population&level=itl1")
        assert ask(address, page)[0].status == 200
