"""What an operator sees of a real server: counts over all workers, killed ones too, and a log that parses."""

from __future__ import annotations

import json
import os
import re
import signal
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.settings import ROOT
from tests.conftest import LIMIT, own_database, running_server, wait_until
from tests.server.conftest import SERIES, answer, ask, connect, request

RULE = "/v1/series/<indicator>/<region>"
Samples = dict[str, dict[frozenset[tuple[str, str]], float]]


class Observed(running_server):
    """A server whose log has a line for every request."""

    def __init__(self, url: str, *, log: Path) -> None:
        super().__init__(url, log=log)
        self.environment |= {"ACCESS_LOG": "all", "WORKERS": "2"}

    @property
    def workers(self) -> set[int]:
        master = self.process.pid
        return {int(word) for word in Path(f"/proc/{master}/task/{master}/children").read_text().split()}

    @property
    def lines(self) -> list[dict[str, object]]:
        """What the log has by now, but for the addresses to open."""
        return [json.loads(line) for line in self.log.read_bytes().splitlines() if line.startswith(b"{")]


@pytest.fixture(params=["sqlite", "postgresql"])
def observed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Observed, str]]:
    server = Observed(own_database(request, tmp_path, "observed"), log=tmp_path / "log")
    with server as address:
        yield server, address


def scraped(address: str) -> Samples:
    with urllib.request.urlopen(f"{address}/metrics", timeout=LIMIT) as response:
        assert response.headers["Content-Type"].startswith("text/plain")
        text = response.read().decode()
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


def summed(samples: Samples, name: str, **labels: str) -> float:
    return sum(value for key, value in samples.get(name, {}).items() if labels.items() <= set(key))


def such_a_scrape(address: str, holds: Callable[[Samples], bool]) -> Samples:
    """The first scrape of which something holds: a request is counted when it has ended, a moment after its answer."""

    def look() -> Samples | None:
        samples = scraped(address)
        return samples if holds(samples) else None

    return wait_until(look, "such a scrape")


def asked(samples: Samples) -> float:
    return summed(samples, "digital_capital_requests_total", rule=RULE)


def test_counts_are_exact_over_workers_and_outlast_them(observed: tuple[Observed, str]) -> None:
    server, address = observed
    # One may answer before the other has loaded what there is.
    such_a_scrape(address, lambda samples: summed(samples, "digital_capital_workers_started_total") == 2)
    for _ in range(40):
        assert ask(address, request())[0].status == 200
    with connect(address) as connection:
        connection.sendall(b"GET /v1 HTTP/1.1\r\n\r\n")  # names no host
        assert answer(connection)[0].status == 400
    samples = such_a_scrape(address, lambda samples: asked(samples) >= 40)
    assert asked(samples) == 40
    hits = summed(samples, "digital_capital_requests_total", rule=RULE, cache="hit")
    misses = summed(samples, "digital_capital_requests_total", rule=RULE, cache="miss")
    assert hits + misses == 40 and 1 <= misses <= 20
    assert summed(samples, "digital_capital_request_duration_seconds_count", rule=RULE) == 40
    assert summed(samples, "digital_capital_request_duration_seconds_bucket", rule=RULE, le="+Inf") == 40
    assert summed(samples, "digital_capital_requests_total", rule="unread", status="400") == 1
    assert summed(samples, "digital_capital_workers_started_total") == 2

    workers = server.workers
    os.kill(min(workers), signal.SIGKILL)
    samples = such_a_scrape(address, lambda samples: summed(samples, "digital_capital_workers_started_total") == 3)
    assert asked(samples) == 40, "what a killed worker has counted is lost or counted twice"
    samples = such_a_scrape(
        address, lambda samples: {f"{pid}" for pid in server.workers} == _named(samples) and len(_named(samples)) == 2
    )
    assert str(min(workers)) not in _named(samples)
    assert summed(samples, "digital_capital_workers") == 2
    for _ in range(10):
        ask(address, request())
    assert asked(such_a_scrape(address, lambda samples: asked(samples) >= 50)) == 50


def _named(samples: Samples) -> set[str]:
    return {dict(key)["worker"] for key in samples["digital_capital_worker_memory_bytes"]}


def test_nothing_that_a_caller_sends_makes_a_line_of_the_log(observed: tuple[Observed, str]) -> None:
    server, address = observed
    forged = b'{"forged": true}'
    told = (
        b"GET /a%0a" + forged.replace(b" ", b"") + b"%1b[31m?x=%0a\x1b\x9b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\x1b[31mb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nB\x1b[2Jad: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \x1b[31m\n" + forged + b"\r\n\r\n",
        b"\x1b[31mGET\x9b / HTTP/9.9\r\n\r\n",
        b"POST /v1/calculations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\x1b[31m\r\n",
    )
    for said in told:
        status, identifier = _said(address, said)
        assert 400 <= status < 500 and identifier, said
    # What is said of them is written before they are answered, or right after.
    ask(address, request("/livez", X_Request_Id="the-last"))
    wait_until(lambda: any(line.get("id") == "the-last" for line in server.lines), "the last line")
    said_in_log = server.log.read_bytes()
    assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in said_in_log), "a control character"
    assert not any(line.startswith(b'{"forged') for line in said_in_log.splitlines())
    assert any("Invalid request" in str(line.get("message")) for line in server.lines)
    assert all(line.keys() & {"rule", "logger"} for line in server.lines)


def _said(address: str, said: bytes) -> tuple[int, str | None]:
    response, _ = ask(address, said)
    return response.status, response.headers["X-Request-Id"]


def test_a_line_and_an_answer_have_one_identifier(observed: tuple[Observed, str]) -> None:
    server, address = observed
    for _ in range(2):
        response, body = ask(address, request(X_Request_Id="mine-1", traceparent=f"00-{'a' * 32}-{'b' * 16}-00"))
    assert response.headers["X-Request-Id"] == "mine-1"
    assert response.headers["traceparent"] == f"00-{'a' * 32}-{'b' * 16}-00"

    def lines() -> list[dict]:
        return [line for line in server.lines if line.get("id") == "mine-1"]

    wait_until(lambda: len(lines()) == 2, "the line of each")
    for line in lines():
        assert line["rule"] == RULE and line["path"] == SERIES and line["release"] == 4 and line["status"] == 200
        assert line["bytes"] == len(body) and line["trace"] == "a" * 32 and line["rows"]


def test_every_metric_that_alerts_and_dashboard_name_is_told(observed: tuple[Observed, str]) -> None:
    _, address = observed
    ask(address, request())
    # A worker's gauges are looked at twice a second, and tell of no release before the first was seen.
    seen = "digital_capital_release_published_timestamp_seconds"
    told = set(such_a_scrape(address, lambda samples: asked(samples) == 1 and seen in samples))
    for name in ("prometheus-alerts.yaml", "grafana-dashboard.json"):
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        named = set(re.findall(r"\bdigital_capital_\w+", text))
        assert len(named) > 8 and named <= told, (name, named - told)


def test_the_folder_of_a_server_goes_with_it(observed: tuple[Observed, str]) -> None:
    server, address = observed
    scraped(address)
    place = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path("/tmp")
    assert len(list(place.glob(f"digital-capital-metrics-{server.process.pid}-*"))) == 1
    server.process.terminate()
    server.process.wait(timeout=LIMIT)
    assert not list(place.glob(f"digital-capital-metrics-{server.process.pid}-*"))
