"""A stream that breaks off is known to have broken off: a part is never taken for the whole."""

import json
from http.client import IncompleteRead

import pandas as pd
import pytest

from tests.conftest import running_server
from tests.server.conftest import ask, request


@pytest.fixture(scope="module")
def breaking(sqlite_url, tmp_path_factory):
    log = tmp_path_factory.mktemp("breaking") / "log"
    with running_server(sqlite_url, log=log, application="tests.server.breaking:app") as address:
        yield address


@pytest.mark.parametrize("name", ["csv", "ndjson", "sdmx-csv"])
def test_the_last_chunk_is_missing(breaking, name):
    with pytest.raises(IncompleteRead) as broken:
        ask(breaking, request(f"/v1/observations.{name}"))
    assert len(broken.value.partial) > 500_000


@pytest.mark.parametrize("name", ["csv", "ndjson", "sdmx-csv", "parquet"])
@pytest.mark.parametrize("packed", ["gzip", "identity"])
def test_who_knows_no_chunks_is_told_before_anything_is_sent(breaking, name, packed):
    asked = request(f"/v1/observations.{name}", Accept_Encoding=packed).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    response, body = ask(breaking, asked)
    assert response.status == 500 and response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Content-Length"] == str(len(body))
    assert "no-store" in response.headers["Cache-Control"]


def test_a_table_that_fits_is_whole(breaking):
    response, body = ask(breaking, request("/v1/observations.csv?indicator=population&level=itl1"))
    assert response.status == 200 and len(body.splitlines()) > 100


def test_clients_notice(breaking):
    with pytest.raises(IncompleteRead):
        pd.read_csv(f"{breaking}/v1/observations.csv")


def test_a_parquet_file_is_sent_once_it_is_whole(breaking):
    response, body = ask(breaking, request("/v1/observations.parquet"))
    assert response.status == 500 and json.loads(body)["type"] == "/docs/problems#internal-error"
