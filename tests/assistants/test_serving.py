"""How the tools are served: to this machine, to who names it rightly, and to many at a time."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from urllib.parse import urlsplit

import anyio
import pytest
from mcp.client.client import Client

from api.assistants.bounded import MOST_CHARACTERS, first, fit
from api.assistants.service import RefusedError, Service
from tests.conftest import LIMIT, free_port

LISTING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})


def post(address: str, **headers: str) -> int:
    """The status of a request with headers of its own."""
    parts = urlsplit(address)
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    with closing(http.client.HTTPConnection(parts.netloc, timeout=LIMIT)) as connection:
        connection.request("POST", parts.path, LISTING, sent)
        return connection.getresponse().status


def test_only_who_names_this_server_is_answered(http: str) -> None:
    assert post(http) == 200
    assert post(http, Host="rebound.example:80") == 421
    assert post(http, Origin="https://rebound.example") == 403


def test_many_ask_at_a_time(http: str) -> None:
    told: list[str] = []

    async def ask(client: Client) -> None:
        result = await client.call_tool("get_figure", {"place": "E47000007", "indicator": "gigabit-availability"})
        told.append(result.content[0].text)

    async def asking() -> None:
        with anyio.fail_after(LIMIT):
            async with Client(http) as client, anyio.create_task_group() as group:
                for _ in range(20):
                    group.start_soon(ask, client)

    anyio.run(asking)
    assert len(told) == 20 and len(set(told)) == 1


def test_a_service_that_is_not_there_is_told() -> None:
    service = Service.at(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(RefusedError, match="does not answer"):
        service.ask("/v1/levels")


def test_the_longest_list_gives_way() -> None:
    answer = {"short": ["a"], "rows": [{"name": "a place", "value": number} for number in range(1_000)]}
    text = fit(answer)
    read = json.loads(text)
    assert len(text) <= MOST_CHARACTERS
    assert read["short"] == ["a"] and len(read["rows"]) + read["left_out"]["rows"] == 1_000


def test_what_is_left_out_is_counted_once() -> None:
    answer: dict = {}
    first(answer, "rows", list(range(10)), 3, in_all=20)
    assert json.loads(fit(answer)) == {"rows": [0, 1, 2], "left_out": {"rows": 17}}
