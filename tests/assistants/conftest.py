"""The tools as they are served, and the SDK's own client for them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from api.settings import ROOT
from tests.conftest import LIMIT, free_port, wait_until

Call = Callable[..., Any]
COMMAND = [sys.executable, "-m", "api.assistants"]


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


@contextmanager
def serving(url: str, *options: str) -> Iterator[str]:
    """The tools over HTTP, while this lasts: their address."""
    port = free_port()
    process = subprocess.Popen([*COMMAND, "--port", str(port), *options], cwd=ROOT, env=environment(url))
    try:
        wait_until(lambda: process.poll() is not None or _listens(port), "the tools' start")
        assert process.poll() is None
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def http(sqlite_url: str) -> Iterator[str]:
    """Tools that read the figures themselves."""
    with serving(sqlite_url) as address:
        yield address


@pytest.fixture(scope="session")
def beside(sqlite_url: str, server: str) -> Iterator[str]:
    """Tools that ask a service that runs."""
    with serving("sqlite:////nowhere/at/all.sqlite3", "--api", server) as address:
        yield address


@pytest.fixture(scope="session")
def stdio(sqlite_url: str) -> StdioServerParameters:
    """How a program on a desk starts them."""
    arguments = [*COMMAND[1:], "--transport", "stdio"]
    return StdioServerParameters(command=COMMAND[0], args=arguments, env=environment(sqlite_url), cwd=ROOT)


def with_client(target: Any, ask: Callable[[Client], Any], mode: str = "auto") -> Any:
    """What a client is told over a connection of its own; `legacy` clients speak the protocol of before 2026."""

    async def asking() -> Any:
        with anyio.fail_after(LIMIT):
            async with Client(target, mode=mode) as client:
                return await ask(client)

    return anyio.run(asking)


def call_at(target: Any, tool: str, **given: Any) -> Any:
    """The answer of a tool; of one that refuses, the text of the refusal."""
    result = with_client(target, lambda client: client.call_tool(tool, given))
    (content,) = result.content
    return content.text if result.is_error else json.loads(content.text)


@pytest.fixture(scope="session")
def call(http: str) -> Call:
    """Call a tool over HTTP."""
    return lambda tool, **given: call_at(http, tool, **given)
