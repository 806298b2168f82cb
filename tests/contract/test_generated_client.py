"""A client generated from the document, as a stranger would make one, works against the real server."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from openapi.generate import DOCUMENT
from tests.conftest import LIMIT

PACKAGE = "digital_capital_client"
TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package, generated without a warning and imported."""
    folder = tmp_path_factory.mktemp("client")
    # The generator knows no tables and no feeds: told that they are bytes, it passes them on as they are.
    overrides = folder / "config.yaml"
    unknown = ("text/csv", "application/atom+xml")
    as_bytes = "".join(f"  {name}: application/octet-stream\n" for name in unknown)
    overrides.write_text(f"content_type_overrides:\n{as_bytes}", "utf-8")
    command = [TOOLS / "openapi-python-client", "generate", "--path", DOCUMENT, "--meta", "none", "--fail-on-warning"]
    command += ["--config", overrides]
    # The generator formats what it writes with ruff, and warns where it does not find it.
    environment = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [*command, "--output-path", folder / PACKAGE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).casefold()
    sys.path.insert(0, str(folder))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def client(generated: Any, server: str) -> Iterator[Any]:
    """The generated client, turned to the server."""
    with generated.Client(base_url=server, timeout=httpx.Timeout(LIMIT)) as client:
        yield client


def call(name: str) -> Any:
    """The module of an operation."""
    return importlib.import_module(f"{PACKAGE}.api.{name}")


def test_it_fetches_a_series(client: Any) -> None:
    answer = call("get_figures.get_series").sync("gigabit-availability", "E47000007", client=client)
    assert answer.data.region_name == "West Midlands"
    assert [item.value for item in answer.data.observations] == [92.3, 93.3, 94.9, 95.7, 95.9]
    assert [item.status for item in answer.data.observations] == ["A"] * 5
    assert answer.links.next_ is None


def test_it_fetches_rows_and_the_next_page(client: Any) -> None:
    first = call("get_figures.list_observations").sync(client=client, indicator=["gigabit-availability"], limit=2)
    cursor = first.links.next_.partition("cursor=")[2]
    second = call("get_figures.list_observations").sync(
        client=client, indicator=["gigabit-availability"], limit=2, cursor=cursor
    )
    assert len(first.data) == len(second.data) == 2
    assert first.data != second.data


def test_it_fetches_a_table(client: Any) -> None:
    formats = importlib.import_module(f"{PACKAGE}.models.list_observations_as_format")
    answer = call("get_figures.list_observations_as").sync_detailed(
        formats.ListObservationsAsFormat.CSV, client=client, region=["E47000007"], limit=1
    )
    assert answer.status_code == HTTPStatus.OK
    assert answer.content.startswith(b"indicator,region,region_name,region_label,level,period,period_start,")


def test_it_reads_a_problem(client: Any) -> None:
    answer = call("get_figures.get_series").sync_detailed(
        "gigabit-availability", "E47000007", client=client, period_from="soon"
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    problem = answer.parsed
    assert (problem.status, problem.instance) == (422, "/v1/series/gigabit-availability/E47000007")
    assert [(item.code, item.path) for item in problem.errors] == [("invalid-value", "query/period_from")]
    assert "'soon' is not a period" in problem.detail
