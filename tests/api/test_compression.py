"""Compression: the same answer in fewer bytes, for every format that is text."""

import gzip

import brotli
import pytest
from backports import zstd

READERS = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
LONG = "/v1/observations?indicator=population&limit=500"


@pytest.mark.parametrize("algorithm", READERS)
@pytest.mark.parametrize("name", ["json", "csv", "ndjson", "json-stat", "sdmx-csv"])
def test_every_text_format_is_compressed(client, algorithm, name):
    plain = client.get(f"{LONG}&format={name}")
    packed = client.get(f"{LONG}&format={name}", headers={"Accept-Encoding": algorithm})
    assert packed.headers["Content-Encoding"] == algorithm
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) * 2 < len(plain.data)
    assert READERS[algorithm](packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_the_best_that_the_caller_takes(client):
    packed = client.get(LONG, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert packed.headers["Content-Encoding"] == "zstd"
    assert "Content-Encoding" not in client.get(LONG, headers={"Accept-Encoding": "identity"}).headers


def test_who_can_read_none_of_them_gets_none(client):
    for header in ("gzip;q=0", "gzip;q=0, br;q=0, zstd;q=0", "deflate"):
        answer = client.get(LONG, headers={"Accept-Encoding": header})
        assert "Content-Encoding" not in answer.headers and "Accept-Encoding" in answer.headers["Vary"]
    mixed = client.get(LONG, headers={"Accept-Encoding": "gzip;q=0, br"})
    assert mixed.headers["Content-Encoding"] == "br"


def test_pages_and_the_document_are_packed(client):
    for address in ("/openapi.json", "/docs/assets/swagger-ui-bundle.js"):
        plain = client.get(address)
        packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] in {"br", "gzip"}
        assert len(packed.data) * 2 < len(plain.data)


def test_a_workbook_is_packed_already(client):
    answer = client.get(f"{LONG}&format=xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_a_problem_is_packed_like_an_answer(client):
    address = f"/v1/observations?{'&'.join(f'nothing{number}=1' for number in range(20))}"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    assert packed.status_code == plain.status_code == 422
    assert packed.mimetype == "application/problem+json" and "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Content-Encoding"] == "br" and brotli.decompress(packed.data) == plain.data


def test_a_stream_is_compressed_as_it_goes(client):
    packed = client.get("/v1/observations.csv", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get("/v1/observations.csv").data


def test_a_tag_holds_whatever_the_compression(client):
    tag = client.get(LONG, headers={"Accept-Encoding": "zstd"}).headers["ETag"]
    again = client.get(LONG, headers={"If-None-Match": tag, "Accept-Encoding": "br"})
    assert again.status_code == 304
