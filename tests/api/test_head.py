"""`HEAD` says what `GET` says: for every read and format, header by header."""

import json
from urllib.parse import quote

import pytest

from api.http.documentation import PATH_PARAMETERS
from tests.contract_client import document

EXAMPLES = {name: example for name, (_, example) in PATH_PARAMETERS.items()}
DEFINITION = {
    "indicators": [{"id": "gigabit-availability"}, {"id": "level-3-qualifications"}],
    "regions": {"level": "itl1"},
    "normalisation": "z-score",
    "minimum_coverage": 0.5,
}
REQUIRED = {
    "/v1/comparisons": "indicator=gigabit-availability&region=E12000005",
    "/v1/charts/series": "indicator=gigabit-availability&region=E12000005",
    "/v1/charts/comparison": "indicator=gigabit-availability&level=itl1",
    "/v1/charts/change": "indicator=gigabit-availability&level=itl1",
    "/v1/charts/profile": "region=E08000027",
    "/v1/charts/map": "indicator=gigabit-availability&level=itl1",
    "/v1/charts/index": "index=local-digital-capital",
    "/v1/changes": "since=2",
    "/v1/verify": "figure=90.2&indicator=gigabit-availability",
    "/v1/indices/{index}/calculations": f"choices={quote('{}')}",
    "/v1/calculations": f"definition={quote(json.dumps(DEFINITION))}",
}
SHORT = "indicator=population&level=itl1"
STREAMED = [
    *(f"/v1/observations.{name}" for name in ("csv", "ndjson", "sdmx-csv", "parquet")),
    "/v1/series.csv",
    "/v1/observations.json-stat?indicator=population,gva-per-hour",
]
"""What goes on for more than a page."""


def resolved(parameter):
    return (
        document()["components"]["parameters"][parameter["$ref"].rsplit("/")[-1]] if "$ref" in parameter else parameter
    )


def addresses():
    """Every read in every format that it has."""
    for path, operations in document()["paths"].items():
        if "security" in operations.get("get", {"security": "no read"}):
            continue
        asked = REQUIRED.get(
            path.removesuffix(".{format}"),
            SHORT if path.startswith(("/v1/observations", "/v1/series")) and "{i" not in path else "",
        )
        parameters = map(resolved, operations["get"].get("parameters", []))
        formats = next((item for item in parameters if item["name"] == "format"), None)
        plain = path
        for name, example in EXAMPLES.items():
            if name != "format":
                plain = plain.replace(f"{{{name}}}", example)
        for name in formats["schema"]["enum"] if formats else ("",):
            if formats and formats["in"] == "query":
                yield f"{plain}?{asked}&format={name}" if asked else f"{plain}?format={name}"
            else:
                address = plain.replace("{format}", name)
                yield f"{address}?{asked}" if asked else address


ADDRESSES = sorted(addresses())


def test_all_reads_are_among_them():
    assert len(ADDRESSES) > 80
    assert {f"/v1/observations.parquet?{SHORT}", "/v1/releases/2/diff/3?format=csv", "/v1/catalog"} <= set(ADDRESSES)


@pytest.mark.parametrize(
    ("address", "encoding"),
    [
        *((address, "identity") for address in (*ADDRESSES, *STREAMED)),
        *((address, "gzip") for address in (*STREAMED, "/v1/regions.csv", "/v1/regions.xlsx", "/v1/observations")),
    ],
)
def test_every_header_is_the_same(client, address, encoding):
    headers = {"Accept-Encoding": encoding}
    got, head = client.get(address, headers=headers), client.head(address, headers=headers)
    assert (head.status_code, head.data) == (got.status_code, b"")
    assert got.status_code in {200, 308}
    expected, said = (
        [item for item in answer.headers.to_wsgi_list() if item[0] not in {"Date", "X-Request-Id"}]
        for answer in (got, head)
    )
    if "Content-Length" not in head.headers:  # its length is what would have to be computed first
        assert int(got.headers["Explain-Rows"]) > 10_000
        expected = [item for item in expected if item[0] != "Content-Length"]
    assert sorted(said) == sorted(expected)
    assert address not in STREAMED or "Content-Length" not in head.headers or "json-stat" in address


@pytest.mark.parametrize("address", ["/v1/regions.csv", "/v1/observations.csv?indicator=population", "/v1/levels"])
def test_head_is_of_what_is_asked_otherwise_too(client, address):
    tag = client.get(address).headers["ETag"]
    assert client.head(address, headers={"If-None-Match": tag}).status_code == 304
    part = client.head(address, headers={"Range": "bytes=0-9"})
    assert part.status_code == 200 and part.headers["Content-Length"] == str(len(client.get(address).data))


def test_rows_bytes_and_limit_are_told_with_the_answer(client):
    page = client.get("/v1/observations")
    assert page.headers["Explain-Rows"] == "54405" and page.headers["Explain-Bytes"] == str(len(page.data))
    assert page.headers["Explain-Limit"] == "paged; default_observations=1000"
    some = client.get("/v1/observations?level=itl1")
    # How many would have to be counted, about as long as the page takes.
    assert "Explain-Rows" not in some.headers and some.headers["Explain-Limit"].startswith("paged")
    regions = client.get("/v1/regions")
    assert (regions.headers["Explain-Rows"], regions.headers["Explain-Limit"]) == ("657", "paged; default_items=100")
    stream = client.get("/v1/observations.csv?level=local-authority")
    assert int(stream.headers["Explain-Rows"]) == len(stream.data.splitlines()) - 1
    assert 0.8 < int(stream.headers["Explain-Bytes"]) / len(stream.data) < 1.25
    assert "Explain-Rows" in stream.headers["Access-Control-Expose-Headers"]
