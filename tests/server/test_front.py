"""Behind the nginx of `deploy/nginx.conf`, the very file, with addresses and certificate of the test's own."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from api.limits import Limits
from api.settings import ROOT
from tests.conftest import LIMIT, free_port, running_server, wait_until
from tests.server.conftest import SERIES, connect, request
from tests.server.test_proxy import NGINX
from tests.server.test_running import listens

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")
TABLE = "/v1/observations.csv?indicator=gigabit-availability"


class Front:
    """Nginx as `deploy/nginx.conf` has it, in front of services at some ports."""

    def __init__(self, folder: Path, *ports: int) -> None:
        self.folder, self.http, self.https = folder, free_port(), free_port()
        for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            (folder / name).mkdir()
        key = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
        subprocess.run(["openssl", *key, *names, *files], check=True, capture_output=True)
        (folder / "service.conf").write_text("".join(f"server 127.0.0.1:{port} max_fails=0;\n" for port in ports))
        text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        own = {
            "worker_processes auto;": "worker_processes 1; daemon off;" + " user root;" * (os.geteuid() == 0),
            "pid /run/nginx.pid;": f"pid {folder}/pid;",
            "listen 80 ": f"listen 127.0.0.1:{self.http} ",
            "listen 443 ": f"listen 127.0.0.1:{self.https} ",
            "/dev/stdout": f"{folder}/access.log",
            "error_log stderr": f"error_log {folder}/error.log",
            "http {": "http {"
            + "".join(f"{it}_temp_path {folder}/{it}; " for it in ("fastcgi", "uwsgi", "scgi"))
            + f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;",
        }
        for theirs, ours in own.items():
            assert text.count(theirs) == 1, theirs
            text = text.replace(theirs, ours)
        (folder / "nginx.conf").write_text(text)
        self.command = [NGINX, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
        self.tls = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def __enter__(self) -> Front:
        self.process = subprocess.Popen(self.command)
        wait_until(lambda: self.process.poll() is not None or listens(f"http://127.0.0.1:{self.https}"))
        assert self.process.poll() is None, (self.folder / "error.log").read_text()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=LIMIT)

    def open(self) -> ssl.SSLSocket:
        return self.tls.wrap_socket(connect(f"http://127.0.0.1:{self.https}"), server_hostname="localhost")

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str):
        """The answer to one question, and its body."""
        connection = HTTPSConnection("localhost", self.https, context=self.tls, timeout=LIMIT)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body, given)
            response = connection.getresponse()
            return response, response.read()


@pytest.fixture(scope="module")
def front(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    service = running_server(sqlite_url, log=folder / "service.log")
    with service, Front(folder, service.port) as front:
        yield front


def test_the_file_is_one_that_nginx_takes_without_a_word_of_warning(front: Front) -> None:
    done = subprocess.run([*front.command, "-t"], capture_output=True, text=True, check=True)
    assert "warn" not in done.stderr and "successful" in done.stderr


def test_tls_ends_here_and_whoever_comes_without_is_sent_there(front: Front) -> None:
    with front.open() as caller:
        assert caller.version() in {"TLSv1.2", "TLSv1.3"}
    response, body = front.ask(SERIES)
    assert response.status == 200 and b"92.3" in body
    assert response.headers["Strict-Transport-Security"]
    with connect(f"http://127.0.0.1:{front.http}") as plain:
        plain.sendall(request(f"{SERIES}?as_of=2026-11-01", Connection="close"))
        response = HTTPResponse(plain)
        response.begin()
        assert response.status == 308
        assert response.headers["Location"] == f"https://127.0.0.1{SERIES}?as_of=2026-11-01"


def test_what_the_service_says_comes_through_as_it_said_it(front: Front) -> None:
    response, whole = front.ask(TABLE)
    assert response.headers["Vary"] and response.headers["Cache-Control"] and response.headers["Content-Location"]
    tag = response.headers["ETag"]
    assert front.ask(TABLE, If_None_Match=tag)[0].status == 304
    part, body = front.ask(TABLE, Range="bytes=10-29")
    assert part.status == 206 and body == whole[10:30]
    head, nothing = front.ask(TABLE, method="HEAD")
    assert head.status == 200 and int(head.headers["Content-Length"]) == len(whole) and nothing == b""
    packed, body = front.ask(TABLE, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(body) == whole
    assert front.ask(TABLE, Accept_Encoding="br")[0].headers["Content-Encoding"] == "br"
    stream, body = front.ask("/v1/observations.csv?period_from=1850")
    assert stream.status == 200 and len(body.splitlines()) == 54_406


def test_what_is_for_operators_is_not_for_the_outside(front: Front) -> None:
    assert front.ask("/metrics")[0].status == 404
    assert "/metrics" not in (front.folder / "service.log").read_text()
    for around in ("//metrics", "/./metrics", "/%6detrics", "/livez/../metrics"):
        assert front.ask(around)[0].status in {308, 404}
    assert front.ask("/livez")[0].status == 200


def test_the_largest_body_is_taken_and_a_larger_one_refused_as_a_problem(front: Front) -> None:
    most = Limits().max_body_bytes
    head = {"Content_Type": "application/json"}
    response, body = front.ask("/v1/calculations", method="POST", body=b" " * most, **head)
    assert response.status in {400, 422}, body
    response, body = front.ask("/v1/calculations", method="POST", body=b" " * (most + 1), **head)
    assert response.status == 413
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["status"] == 413 and f"{most:,}" in json.loads(body)["detail"]


def test_who_asks_too_much_is_told_when_to_ask_again(front: Front) -> None:
    """More connections at once than one address may have: each holds one, its request being half in."""
    with contextlib.ExitStack() as held:
        for _ in range(60):
            held.enter_context(front.open()).sendall(request("/v1/calculations", method="POST", Content_Length="9"))
        response, body = front.ask("/livez")
        assert response.status == 429 and response.headers["Retry-After"] == "1"
        assert json.loads(body)["status"] == 429


def test_slow_callers_wait_here_and_hold_nobody_up(front: Front) -> None:
    """Nothing of a request reaches the service before all of it is here."""
    with contextlib.ExitStack() as held:
        for said in (b"GET /v1/regi", request("/v1/calculations", method="POST", Content_Length="9") + b"{") * 20:
            held.enter_context(front.open()).sendall(said)
        response, _ = front.ask(SERIES)
        assert response.status == 200


def test_a_caller_cannot_say_where_it_comes_from_or_what_it_is(tmp_path: Path) -> None:
    """What the service hears: the address that nginx saw, and nothing that a caller claims to have come through."""
    with socket.create_server(("127.0.0.1", 0)) as service, Front(tmp_path, service.getsockname()[1]) as front:
        service.settimeout(LIMIT)
        with front.open() as caller:
            caller.sendall(request(X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="gopher", X_Request_Id="mine"))
            heard, _ = service.accept()
            with heard:
                heard.settimeout(LIMIT)
                said = b""
                while b"\r\n\r\n" not in said:
                    said += heard.recv(65_536)
                heard.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert said.startswith(f"GET {SERIES} HTTP/1.1\r\n".encode())
    headers = dict(re.findall(r"(?m)^([\w-]+): (.*)\r$", said.decode().lower()))
    assert headers["x-forwarded-for"] == "127.0.0.1" and headers["x-forwarded-proto"] == "https"
    assert b"6.6.6.6" not in said and headers["host"] == "127.0.0.1"


def test_a_service_that_is_away_is_told_as_a_problem(tmp_path: Path) -> None:
    with Front(tmp_path, free_port()) as front:
        response, body = front.ask(SERIES)
        assert response.status == 503 and response.headers["Retry-After"]
        assert json.loads(body)["title"]


def test_two_services_are_replaced_one_after_the_other_and_nobody_notices(sqlite_url: str, tmp_path: Path) -> None:
    """As `compose.yaml` has it: while one is away, the other answers, calculations too."""
    services = [running_server(sqlite_url, log=tmp_path / f"{number}.log") for number in range(2)]
    body = json.dumps(
        {
            "indicators": [{"id": "broadband"}, {"id": "outages", "polarity": "lower-is-better"}],
            "data": {"regions": ["N", "S", "E"], "values": {"broadband": [78.5, 91.2, 84.0], "outages": [12, 9, 4]}},
        }
    ).encode()
    with contextlib.ExitStack() as stack:
        for service in services:
            stack.enter_context(service)
        front = stack.enter_context(Front(tmp_path, *(service.port for service in services)))

        def ask_all() -> set[int]:
            time.sleep(0.3)  # the proxy lets an address have fifty requests a second
            posted = [
                front.ask("/v1/calculations", method="POST", body=body, Content_Type="application/json")[0].status
                for _ in range(6)
            ]
            return {*posted, *(front.ask(SERIES)[0].status for _ in range(6))}

        assert ask_all() == {200}
        for service in services:
            service.process.terminate()
            heard = {200}
            while service.process.poll() is None:
                heard |= ask_all()
            heard |= ask_all()
            assert heard == {200}
            service.__enter__()
            assert ask_all() == {200}
