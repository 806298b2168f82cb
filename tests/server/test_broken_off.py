"""A stream that breaks off is known to have broken off: a part is never taken for the whole."""

import io
from http.client import IncompleteRead

import pandas as pd
import pytest
from pyarrow import ArrowInvalid, parquet

from tests.conftest import running_server
from tests.server.conftest import ask, connect, request


@pytest.fixture(scope="module")
def breaking(sqlite_url, tmp_path_factory):
    log = tmp_path_factory.mktemp("breaking") / "log"
    with running_server(sqlite_url, log=log, application="tests.server.breaking:app") as address:
        yield address


@pytest.mark.parametrize("name", ["csv", "ndjson", "sdmx-csv", "parquet"])
def test_the_last_chunk_is_missing(breaking, name):
    with pytest.raises(IncompleteRead) as broken:
        ask(breaking, request(f"/v1/observations.{name}"))
    assert len(broken.value.partial) > (10_000 if name == "parquet" else 500_000)


def test_a_table_that_fits_is_whole(breaking):
    response, body = ask(breaking, request("/v1/observations.csv?indicator=population&level=itl1"))
    assert response.status == 200 and len(body.splitlines()) > 100


def test_clients_notice(breaking):
    with pytest.raises(IncompleteRead):
        pd.read_csv(f"{breaking}/v1/observations.csv")


def test_a_parquet_file_without_its_end_is_no_file(breaking):
    with connect(breaking) as connection, connection.makefile("rb") as heard:
        connection.sendall(request("/v1/observations.parquet", Connection="close"))
        head, _, body = heard.read().partition(b"\r\n\r\n")
    assert b"chunked" in head.lower()
    with pytest.raises(ArrowInvalid):
        parquet.read_table(io.BytesIO(body))
