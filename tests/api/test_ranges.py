"""Tables by ranges, as polars, DuckDB and fsspec read them over HTTP."""

import io
from dataclasses import replace

import pytest
from pyarrow import parquet

from api import create_app
from tests.contract_client import ContractClient

TABLES = [
    *(f"/v1/observations.{name}?indicator=population&level=itl1" for name in ("csv", "ndjson", "sdmx-csv", "parquet")),
    *(f"/v1/regions.{name}?level=itl1" for name in ("csv", "parquet", "xlsx")),
    "/v1/observations.xlsx?indicator=population&level=itl1",
    "/v1/observations.csv",  # streamed where it is not asked for in parts
    "/v1/observations.parquet",
    "/v1/releases/2/diff/3?format=csv",
]


def part(client, address, asked, **headers):
    return client.get(address, headers={"Range": f"bytes={asked}", **headers})


@pytest.mark.parametrize("address", TABLES)
def test_parts_put_together_are_the_table(client, address):
    whole = client.get(address)
    assert whole.headers["Accept-Ranges"] == "bytes"
    length = len(whole.data)
    last = part(client, address, "-50")
    assert last.status_code == 206 and last.headers["Content-Range"] == f"bytes {length - 50}-{length - 1}/{length}"
    parts = [part(client, address, asked) for asked in (f"0-{length // 3}", f"{length // 3 + 1}-")]
    assert b"".join(item.data for item in parts) == whole.data
    assert [item.headers["Content-Length"] for item in parts] == [str(len(item.data)) for item in parts]
    for name in ("ETag", "Content-Type", "Cache-Control", "Explain-Limit"):
        assert parts[0].headers[name] == whole.headers[name]


def test_a_table_is_the_same_bytes_in_every_process(settings, client):
    other = create_app(settings)
    for address in TABLES:
        assert other.test_client().get(address).data == client.get(address).data
    other.extensions["database"].engine.dispose()


def test_parts_are_of_the_table_as_it_is_not_packed(client):
    address = TABLES[0]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Ranges" not in packed.headers
    cut = part(client, address, "0-8", **{"Accept-Encoding": "gzip"})
    assert cut.data == b"indicator" and "Content-Encoding" not in cut.headers


def test_what_is_known_or_doubtful(client):
    address = TABLES[0]
    tag = client.get(address).headers["ETag"]
    assert part(client, address, "0-8", **{"If-None-Match": tag}).status_code == 304
    doubtful = part(client, address, "0-8", **{"If-Range": tag})
    assert doubtful.status_code == 200 and doubtful.data == client.get(address).data
    gone = part(client, address, "99999999-")
    assert gone.status_code == 416 and gone.headers["Content-Range"].startswith("bytes */")
    assert part(client, address.replace("itl1", "nope"), "0-8").status_code == 404
    for other in ("/v1/observations", "/v1/regions.geojson", "/v1/levels"):  # objects are of no use in parts
        assert part(client, other, "0-8").status_code == 200
    assert part(client, f"{address}&explain=true", "0-8").status_code == 200


def test_parts_of_what_is_kept_are_not_computed_again(settings, monkeypatch):
    app = create_app(replace(settings, caches="responses, series, groups", cache_bytes=128_000_000))
    app.test_client_class = ContractClient
    client = app.test_client()
    whole = client.get("/v1/observations.csv").data  # with a length, since nothing is known of this caller's chunks
    asked = []
    monkeypatch.setattr(app, "preprocess_request", lambda: asked.append(1))
    first, rest = part(client, "/v1/observations.csv", "0-99"), part(client, "/v1/observations.csv", "100-")
    assert first.data + rest.data == whole and asked == []
    head = client.head("/v1/observations.csv")
    assert head.headers["Content-Length"] == str(len(whole)) and asked == []
    app.extensions["database"].engine.dispose()


def test_a_reader_takes_the_row_groups_that_it_needs(client):
    """As polars and DuckDB do: the end of the file, then the groups whose statistics do not rule them out."""
    address = "/v1/releases/4/download.parquet"
    file = parquet.ParquetFile(io.BytesIO(client.get(address).data))
    groups = [file.metadata.row_group(place) for place in range(file.metadata.num_row_groups)]
    assert len(groups) == 6 and {group.num_rows for group in groups[:-1]} == {10_000}
    spans = [group.column(0).statistics for group in groups]
    assert all(span.has_min_max for span in spans)
    assert [span.min for span in spans] == sorted(span.min for span in spans)
    touched = [place for place, span in enumerate(spans) if span.min <= "gigabit-availability" <= span.max]
    assert 1 <= len(touched) <= 2
    names = ["indicator", "region", "period"]
    rows = [tuple(row.values()) for row in file.read(columns=names).to_pylist()]
    assert rows == sorted(rows)
    found = parquet.read_table(
        io.BytesIO(client.get(address).data), filters=[("indicator", "=", "gigabit-availability")]
    )
    expected = client.get("/v1/observations.csv?indicator=gigabit-availability&history=own&release=4").data
    assert found.num_rows == len(expected.splitlines()) - 1


def test_parts_are_of_the_table_that_if_match_names(client):
    address = TABLES[0]
    tag = client.get(address).headers["ETag"]
    for names in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
        assert part(client, address, "0-8", **{"If-Match": names}).status_code == 206
        assert client.get(address, headers={"If-Match": names}).status_code == 200
    for more in ({"Range": "bytes=0-8"}, {}):
        other = client.get(address, headers={"If-Match": 'W/"other"', **more})
        assert other.status_code == 412 and other.json["errors"][0]["path"] == "header/If-Match"


def test_a_day_is_no_ground_to_give_a_part(client):
    day = "Tue, 13 Jan 2099 00:00:00 GMT"
    for address in (TABLES[0], "/v1/releases/latest/download.csv"):
        assert part(client, address, "0-8", **{"If-Range": day}).status_code == 200
        assert part(client, address, "0-8").status_code == 206
