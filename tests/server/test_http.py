"""HTTP as the server speaks it, below the application: what clients and proxies rely on."""

from __future__ import annotations

import json
from http.client import RemoteDisconnected

import pytest

from tests.server.conftest import answer, ask, connect, request

LIMIT = 8_190


def line_of(length: int) -> bytes:
    """A request whose first line has so many bytes, its end not counted."""
    return request("/livez?" + "a" * (length - len("GET /livez? HTTP/1.1")))


def problem(server: str, said: bytes) -> tuple[int, dict[str, object]]:
    response, body = ask(server, said)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = json.loads(body)
    assert found["status"] == response.status
    assert set(found) == {"type", "title", "status", "detail", "instance", "errors"}
    return response.status, found


def test_a_request_line_at_the_limit_is_read(server: str) -> None:
    assert ask(server, line_of(LIMIT))[0].status == 200


@pytest.mark.parametrize("length", [LIMIT + 1, 20_000, 200_000])
def test_a_request_line_over_the_limit_is_a_problem_with_advice(server: str, length: int) -> None:
    status, found = problem(server, line_of(length))
    assert status == 414
    assert found["type"] == "/docs/problems#address-too-long"
    assert str(LIMIT) in found["detail"]
    assert "Ask for fewer values" in found["detail"]


@pytest.mark.parametrize(
    "said",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nno colon\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: odd\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    ],
    ids=["nonsense", "version", "header", "length", "encoding", "TLS"],
)
def test_a_malformed_request_is_a_problem(server: str, said: bytes) -> None:
    status, found = problem(server, said)
    assert status == 400
    assert found["type"] == "/docs/problems#bad-request"
    assert "Check how the request is written" in found["detail"]


def test_a_connection_serves_many_requests(server: str) -> None:
    with connect(server) as connection:
        for _ in range(5):
            connection.sendall(request())
            response, body = answer(connection)
            assert response.status == 200
            assert json.loads(body)["data"]["observations"][0]["value"] == 92.3


def test_requests_sent_ahead_are_answered_in_order(server: str) -> None:
    with connect(server) as connection, connection.makefile("rb") as heard:
        connection.sendall(request("/livez") + request("/readyz") + request("/livez", Connection="close"))
        text = heard.read()
    assert text.count(b"HTTP/1.1 200 OK") == 3
    assert text.index(b'"alive"') < text.index(b'"ready"') < text.rindex(b'"alive"')


def test_an_unchanged_answer_leaves_the_connection_in_step(server: str) -> None:
    with connect(server) as connection:
        connection.sendall(request())
        first, body = answer(connection)
        connection.sendall(request(If_None_Match=first.headers["ETag"]))
        second, nothing = answer(connection)
        connection.sendall(request())
        third, again = answer(connection)
    assert (second.status, nothing) == (304, b"")
    assert (third.status, again) == (200, body)


@pytest.mark.parametrize("path", ["/v1/regions/E12000005", "/docs", "/readyz", "/v1/regions/nowhere"])
def test_head_says_what_get_would_and_sends_no_body(server: str, path: str) -> None:
    expected, body = ask(server, request(path))
    with connect(server) as connection, connection.makefile("rb") as heard:
        connection.sendall(request(path, method="HEAD", Connection="close"))
        head, _, rest = heard.read().partition(b"\r\n\r\n")
    assert rest == b""
    assert head.startswith(f"HTTP/1.1 {expected.status} ".encode())
    assert f"Content-Length: {len(body)}".encode() in head


def test_head_of_what_would_have_to_be_computed_explains_it(server: str) -> None:
    with connect(server) as connection, connection.makefile("rb") as heard:
        connection.sendall(request("/v1/observations.csv?period_from=1700", method="HEAD", Connection="close"))
        head, _, rest = heard.read().partition(b"\r\n\r\n")
    assert rest == b""
    assert b"Explain-Rows: 54405" in head and b"Content-Length" not in head


@pytest.mark.parametrize("encoding", ["gzip", "br, zstd", "gzip;q=0"])
def test_head_as_libraries_ask_it(server: str, encoding: str) -> None:
    said = request("/v1/observations.csv?indicator=population", method="HEAD", Accept_Encoding=encoding)
    response, _ = ask(server, said, method="HEAD")
    assert response.status == 200
    assert int(response.headers["Explain-Rows"]) > 7_000
    assert "Accept-Encoding" in response.headers["Vary"]


def test_another_site_may_ask_what_it_may_do(server: str) -> None:
    said = request(method="OPTIONS", Origin="https://council.example", Access_Control_Request_Method="GET")
    response, body = ask(server, said)
    assert response.status == 200
    assert body == b""
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Max-Age"] == "86400"


def test_a_body_that_nobody_reads_does_not_become_the_next_request(server: str) -> None:
    with connect(server) as connection:
        connection.sendall(request(Content_Length="9") + b"GET /x HT" + request("/livez"))
        refused, _ = answer(connection)
        assert refused.status == 415
        try:
            response, body = answer(connection)
        except RemoteDisconnected:
            return  # closing instead of reading on is as good
        assert response.status == 200
        assert b"alive" in body
