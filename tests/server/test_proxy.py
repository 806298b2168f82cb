"""Behind nginx as it comes: HTTP/1.0 to the service, and a cache. What is cut never passes for the whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import pytest

from tests.conftest import LIMIT, free_port, running_server, wait_until
from tests.server.conftest import ask, connect, request

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")

CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; worker_rlimit_nofile 1024;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache keys_zone=kept:1m;
  proxy_cache kept;
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {service}; }} }}
  server {{ listen 127.0.0.1:{newer}; location / {{ proxy_pass {service}; proxy_http_version 1.1; }} }}
}}
"""


class Proxied:
    """A service of one worker, slow enough to be killed within an answer, and nginx before it."""

    def __init__(self, service: running_server, folder: Path) -> None:
        self.service, self.folder = service, folder
        self.ports = {"1.0": free_port(), "1.1": free_port()}

    def __enter__(self) -> Proxied:
        text = CONFIGURATION.format(
            folder=self.folder,
            port=self.ports["1.0"],
            newer=self.ports["1.1"],
            service=f"http://127.0.0.1:{self.service.port}",
        )
        (self.folder / "nginx.conf").write_text(text)
        command = [NGINX, "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", "nginx.conf"]
        self.process = subprocess.Popen(command)
        try:
            self.whole("1.0", "/livez")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=LIMIT)

    def get(self, version: str, path: str) -> tuple[int, bytes]:
        """Status and body through nginx, which speaks a version of HTTP to the service. OSError where it is cut."""
        try:
            response, body = ask(f"http://127.0.0.1:{self.ports[version]}", request(path, Connection="close"))
        except HTTPException as broken:
            raise ConnectionError(repr(broken)) from broken
        return response.status, body

    def kill_worker(self) -> None:
        """End the worker as a machine without memory does."""
        master = self.service.process.pid
        for worker in Path(f"/proc/{master}/task/{master}/children").read_text().split():
            os.kill(int(worker), signal.SIGKILL)

    def whole(self, version: str, path: str) -> bytes:
        """The answer once there is a worker again, or what the cache has."""

        def look() -> bytes | None:
            try:
                status, body = self.get(version, path)
            except OSError:
                return None
            return body if status == 200 else None

        return wait_until(look, f"an answer at {path}", every=0.1)


@pytest.fixture(scope="module")
def proxied(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("WORKERS", "1")
        service = running_server(sqlite_url, log=folder / "service.log", application="tests.server.slow:app")
        stack.enter_context(service)
        yield stack.enter_context(Proxied(service, folder))


@pytest.mark.parametrize(("version", "moments", "since"), [("1.0", 20, 1800), ("1.1", 5, 1850)])
def test_no_cut_answer_passes_for_the_whole(proxied: Proxied, version: str, moments: int, since: int) -> None:
    started = time.monotonic()
    status, expected = proxied.get(version, f"/v1/observations.csv?period_from={since - 1}")
    takes = time.monotonic() - started
    assert status == 200 and len(expected.splitlines()) == 54_406
    hit = 0
    for moment in range(moments):
        # The same figures, at an address that nobody has asked for.
        path = f"/v1/observations.csv?period_from={since + moment}"
        heard: list[tuple[int, bytes] | OSError] = []
        asking = threading.Thread(target=_listen, args=(proxied, version, path, heard))
        asking.start()
        time.sleep(takes * moment / moments)
        proxied.kill_worker()
        asking.join(timeout=LIMIT)
        (said,) = heard
        if isinstance(said, OSError) or said[0] != 200:
            hit += 1
        else:
            assert said[1] == expected
        assert proxied.whole(version, path) == expected
    assert hit > 0


def _listen(proxied: Proxied, version: str, path: str, heard: list[tuple[int, bytes] | OSError]) -> None:
    try:
        heard.append(proxied.get(version, path))
    except OSError as broken:
        heard.append(broken)


def test_what_head_says_comes_through_a_cache(proxied: Proxied) -> None:
    path = "/v1/observations.csv?indicator=gigabit-availability&level=itl1"
    _, body = proxied.get("1.0", path)
    for _ in range(2):  # asked for, and kept
        head = _head(proxied, path)
        assert head.headers["Explain-Rows"] == str(len(body.splitlines()) - 1)
        assert head.headers["Explain-Bytes"] == head.headers["Content-Length"] == str(len(body))
        assert head.headers["Explain-Limit"] == "whole"
    stream = _head(proxied, "/v1/observations.csv?period_from=1890")
    assert stream.headers["Explain-Rows"] == "54405" and int(stream.headers["Content-Length"]) > 1_000_000


def _head(proxied: Proxied, path: str) -> HTTPResponse:
    with connect(f"http://127.0.0.1:{proxied.ports['1.0']}") as connection:
        connection.sendall(request(path, method="HEAD", Connection="close"))
        response = HTTPResponse(connection, method="HEAD")
        response.begin()
        return response
