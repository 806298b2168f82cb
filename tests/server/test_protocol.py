"""What is not HTTP, or no longer: each is answered with a problem that says so, and steers nothing."""

from __future__ import annotations

import json

import pytest

from tests.server.conftest import SERIES, answer, answers, ask, connect, request

JSON = {"method": "POST", "Content_Type": "application/json"}
CHUNKED = request("/v1/calculations", Transfer_Encoding="chunked", **JSON)
MOST = 2_000_000


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b" 2\r\n{}\r\n0\r\n\r\n",
        b"\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}xx0\r\n\r\n",
        b"2\n{}\n0\n\n",
        b"2\r\n{}\n0\r\n\r\n",
        b"2;\x01\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nno field\r\n\r\n",
        b"f" * 21 + b"\r\n{}\r\n0\r\n\r\n",
        b"2" * 9_000,
    ],
)
def test_chunks_that_are_none_are_refused(server: str, body: bytes) -> None:
    response, problem = ask(server, CHUNKED + body)
    assert (response.status, response.headers["Connection"]) == (400, "close")
    assert json.loads(problem)["type"] == "/docs/problems#bad-request"


@pytest.mark.parametrize("said", [CHUNKED + b"5\r\n{", request("/v1/calculations", Content_Length="9", **JSON) + b"{"])
def test_a_body_that_ends_early_is_refused_and_not_read_as_a_whole(server: str, said: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(said)
        connection.shutdown(1)
        response, problem = answer(connection)
    assert response.status == 400 and "ended before it was whole" in json.loads(problem)["detail"]


@pytest.mark.parametrize(
    "said",
    [
        request("/v1/calculations", Content_Length=str(MOST + 1), **JSON),
        CHUNKED + b"%x\r\n" % (MOST + 1),
        CHUNKED + (b"%x\r\n%s\r\n" % (MOST // 2, b" " * (MOST // 2))) * 2 + b"1\r\n",
    ],
)
def test_a_body_over_the_limit_is_refused_without_being_read(server: str, said: bytes) -> None:
    response, problem = ask(server, said)
    assert (response.status, response.headers["Connection"]) == (413, "close")
    assert f"{MOST:,} bytes" in json.loads(problem)["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_just_the_limit_is_read(server: str, *, chunked: bool) -> None:
    body = b'{"indicators": []}'.ljust(MOST)
    length = {"Content_Length": str(MOST)}
    said = (
        CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (MOST, body) if chunked else request("/v1/calculations", **JSON, **length)
    )
    response, problem = ask(server, said if chunked else said + body)
    assert response.status == 422 and "indicators" in json.loads(problem)["detail"]


@pytest.mark.parametrize("host", ["", "Host: a b\r\n", "Host: a/b\r\n", "Host: <a>\r\n", "Host: a\r\nHost: b\r\n"])
def test_a_request_says_whom_it_is_for(server: str, host: str) -> None:
    response, problem = ask(server, f"GET /v1/levels HTTP/1.1\r\n{host}\r\n".encode())
    assert response.status == 400 and "host" in json.loads(problem)["detail"].lower()


@pytest.mark.parametrize("host", ["", "a_b:80", "[::1]:8000", "127.0.0.1", "xn--bcher-kva.example"])
def test_any_host_will_do(server: str, host: str) -> None:
    assert ask(server, f"GET /v1/levels HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())[0].status == 200
    assert ask(server, b"GET /v1/levels HTTP/1.0\r\n\r\n")[0].status == 200


@pytest.mark.parametrize(
    "name",
    ["SCRIPT_NAME", "PATH_INFO", "X_Forwarded_Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL",
     "X-Rewrite-URL", "wsgi.url_scheme", "REMOTE_ADDR", "X-HTTP-Method-Override"],
)  # fmt: skip
def test_no_header_steers_where_a_request_goes_or_an_answer_leads(server: str, name: str) -> None:
    def asked(path: str, value: str) -> tuple[int, str | None, bytes]:
        said = f"GET {path} HTTP/1.1\r\nHost: else.example\r\n{name}: {value}\r\n\r\n".encode()
        response, body = ask(server, said)
        return response.status, response.headers["Location"], body

    for value in ("/v1", "/nothing", "evil.example", "DELETE"):
        assert asked("/v1/regions/TLG", value)[:2] == (308, "/v1/regions/E12000005")
        status, _, body = asked(SERIES, value)
        assert status == 200 and b"else.example" not in body and b"evil.example" not in body


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /v1/" + b"a" * 9_000, 414),
        (request(A="a" * 9_000), 431),
        (request(**{f"A{number}": "a" for number in range(200)}), 431),
        (request(**{f"A{number}": "a" * 8_000 for number in range(95)}), 431),
        (b"GET /v1/regions HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 40_000, 431),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /v1/regions\r\n\r\n", 400),
        (b"GET /\x1b[31m HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (request("/v1/calculations", Transfer_Encoding="gzip", **JSON), 400),
        (request("/v1/calculations", Transfer_Encoding="chunked", Content_Length="2", **JSON), 400),
    ],
)  # fmt: skip
def test_what_is_too_long_or_no_request_is_a_problem(server: str, said: bytes, status: int) -> None:
    response, problem = ask(server, said)
    assert response.status == status and response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(problem)["status"] == status


def test_an_empty_line_in_front_is_left_out(server: str) -> None:
    assert ask(server, b"\r\n" + request())[0].status == 200


@pytest.mark.parametrize("zeros", [1, 20, 400])
def test_a_length_may_begin_with_zeros_and_what_it_counts_is_no_request(server: str, zeros: int) -> None:
    body = request("/livez")
    said = request("/v1/calculations", Content_Length="0" * zeros + str(len(body)), **JSON) + body
    with connect(server) as connection:
        connection.sendall(said + request(Connection="close"))
        (refused, _), (read, _) = answers(connection)
        assert (refused.status, read.status) == (400, 200)


@pytest.mark.parametrize("length", ["9" * 19, "-1", "1, 1", "", "0x1", "1\r\nContent-Length: 1"])
def test_nothing_follows_a_body_whose_length_cannot_be_known(server: str, length: str) -> None:
    with connect(server) as connection, connection.makefile("rb") as heard:
        connection.sendall(request("/v1/calculations", Content_Length=length, **JSON) + request("/livez"))
        text = heard.read()
    assert text.count(b"HTTP/1.1 ") == 1 and b"alive" not in text


def test_head_is_refused_without_a_body(server: str) -> None:
    with connect(server) as connection:
        connection.sendall(b"HEAD /livez HTTP/1.1\r\n\r\n")
        said = connection.makefile("rb").read()
    assert said.startswith(b"HTTP/1.1 400 ") and said.endswith(b"\r\n\r\n")
