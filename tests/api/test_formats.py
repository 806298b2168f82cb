"""Formats, each read by a client that is not ours: all give the same numbers as the JSON."""

import csv
import io
import json

import geojson_validator
import openpyxl
import pandas as pd
import pytest
from jsonstat_validator import validate_jsonstat
from pyarrow import parquet
from pyjstat import pyjstat
from pysdmx.io import read_sdmx

from api.encoders.negotiate import FORMATS, OBSERVATIONS

QUESTION = (
    "indicator=gigabit-availability,gva-sic-j-per-head,fe-ict-achievements"
    "&level=itl1,combined-authority,local-authority"
)
TABLES = [item.name for item in OBSERVATIONS if item.name != "json" and not item.describes]


@pytest.fixture
def rows(client):
    """The rows that every format must give, as (indicator, region, period) -> value."""
    found = client.get(f"/v1/observations?limit=10000&{QUESTION}").json
    assert found["links"]["next"] is None
    figures = {(row["indicator"], row["region"], row["period"]): row["value"] for row in found["data"]}
    assert len(figures) == len(found["data"]) > 3_000
    assert None in figures.values()
    return figures


def fetch(client, name, question=QUESTION):
    response = client.get(f"/v1/observations.{name}?{question}")
    assert response.status_code == 200, response.text
    assert response.mimetype == FORMATS[name].media_type
    return response


def test_csv_read_by_pandas(client, rows):
    frame = pd.read_csv(io.BytesIO(fetch(client, "csv").data), dtype={"period": str})
    assert frame["value"].dtype == float
    read = {(r.indicator, r.region, r.period): None if pd.isna(r.value) else r.value for r in frame.itertuples()}
    assert read == rows


def test_ndjson_line_by_line(client, rows):
    read = [json.loads(line) for line in fetch(client, "ndjson").data.splitlines()]
    assert {(row["indicator"], row["region"], row["period"]): row["value"] for row in read} == rows


def test_json_stat_is_valid_and_says_the_same(client, rows):
    cube = fetch(client, "json-stat").json
    validate_jsonstat(cube)
    assert cube["role"] == {"metric": ["indicator"], "geo": ["region"], "time": ["period"]}
    codes = [cube["dimension"][name]["category"]["index"] for name in cube["id"]]
    read = {}
    for place, value in cube["value"].items():
        rest, period = divmod(int(place), cube["size"][2])
        indicator, region = divmod(rest, cube["size"][1])
        read[codes[0][indicator], codes[1][region], codes[2][period]] = value
    assert read == rows
    assert cube["dimension"]["indicator"]["category"]["unit"]["gigabit-availability"] == {
        "label": "% of premises", "decimals": 1,
    }  # fmt: skip
    assert set(cube["status"].values()) >= {"A", "Q"}
    assert cube["extension"]["release"] == 4 and "Open Government" in cube["extension"]["licence"]


@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")  # of its own functions
def test_json_stat_read_by_pyjstat(client, rows):
    dataset = pyjstat.Dataset.read(fetch(client, "json-stat").text)
    # Its data frame has a row for every cell of the cube, one without an observation among them.
    frame = dataset.write("dataframe", naming="id")
    read = {(r.indicator, r.region, r.period): r.value for r in frame.itertuples() if not pd.isna(r.value)}
    assert read == {key: value for key, value in rows.items() if value is not None}


def test_parquet_read_by_pyarrow(client, rows):
    file = parquet.ParquetFile(io.BytesIO(fetch(client, "parquet").data))
    table = file.read()
    assert [(field.name, str(field.type), field.nullable) for field in table.schema] == [
        *((name, "string", False) for name in ("indicator", "region", "region_name", "period")),
        ("value", "double", True),
        ("status", "string", False),
        ("unit", "string", False),
        ("published_region", "string", False),
    ]
    assert {(row["indicator"], row["region"], row["period"]): row["value"] for row in table.to_pylist()} == rows
    said = {name.decode(): text.decode() for name, text in table.schema.metadata.items()}
    assert said["release"] == "4" and said["licence"] == "Open Government Licence v3.0"
    assert json.loads(said["units"])["gigabit-availability"] == {"unit": "% of premises", "decimals": 1}
    assert {item["id"] for item in json.loads(said["source"])} >= {"ofcom-connected-nations"}
    assert "release=4" in said["citation"]


def test_a_parquet_file_of_all_is_written_in_pages(client):
    file = parquet.ParquetFile(io.BytesIO(client.get("/v1/observations.parquet").data))
    assert file.metadata.num_rows == 54_405
    assert [file.metadata.row_group(place).num_rows for place in range(6)] == [10_000] * 5 + [4_405]
    assert client.get("/v1/observations.parquet?indicator=population&period=1800").status_code == 200


def test_labels_of_a_cube_tell_places_apart(client):
    cube = client.get("/v1/observations.json-stat?indicator=gigabit-availability").json
    labels = cube["dimension"]["region"]["category"]["label"]
    assert labels["E12000005"] == "West Midlands (ITL 1 region)"
    assert len(set(labels.values())) == len(labels) > 400


def test_sdmx_csv_read_by_pysdmx(client, rows, tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(fetch(client, "sdmx-csv").data)
    (dataset,) = read_sdmx(path, validate=False).data
    frame = dataset.data
    assert {
        "FREQ",
        "REF_AREA",
        "INDICATOR",
        "TIME_PERIOD",
        "OBS_VALUE",
        "OBS_STATUS",
        "UNIT_MEASURE",
        "DECIMALS",
    } <= set(frame.columns)
    read = {
        (r.INDICATOR, r.REF_AREA, str(r.TIME_PERIOD)): None
        if r.OBS_VALUE in {"", None} or pd.isna(r.OBS_VALUE)
        else float(r.OBS_VALUE)
        for r in frame.itertuples()
    }
    assert read == rows


def test_xlsx_read_by_openpyxl(client, rows):
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "xlsx").data))
    assert book.sheetnames == ["Cover", "Notes", "Figures"]
    assert any("Open Government Licence" in str(cell.value) for cell in book["Cover"]["A"])
    sheet = book["Figures"]
    table = sheet.tables["Figures"]
    lines = list(sheet.iter_rows(values_only=True))
    assert table.ref == f"A1:H{len(lines)}"
    read = {(line[0], line[1], line[3]): line[4] for line in lines[1:]}
    assert read == rows
    assert all(isinstance(value, int | float) for value in read.values() if value is not None)
    assert all(isinstance(line[3], str) for line in lines[1:])
    types = {cell.data_type for cell in sheet["E"][1:] if cell.value is not None}
    assert types == {"n"} and {cell.data_type for cell in sheet["D"]} == {"s"}


def test_a_workbook_has_every_digit(client):
    question = "indicator=gva-sic-j-per-head,gigabit-availability,business-birth-rate&latest=true"
    figures = client.get(f"/v1/observations?{question}&limit=10000").json["data"]
    assert any(len(repr(row["value"])) > 17 for row in figures if row["value"] is not None)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/v1/observations.xlsx?{question}").data))
    assert [cell.value for cell in book["Figures"]["E"][1:]] == [row["value"] for row in figures]


def test_a_workbook_is_laid_out_for_screen_readers(client):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/v1/observations.xlsx?indicator=gigabit-availability").data))
    assert book.properties.title == "Gigabit broadband availability"
    for name in ("Notes", "Figures"):
        sheet = book[name]
        (table,) = sheet.tables.values()
        assert table.ref.startswith("A1:") and table.ref.endswith(str(sheet.max_row))
        assert sheet.freeze_panes == "A2" and not sheet.merged_cells.ranges
        heads = [cell.value for cell in sheet[1]]
        assert None not in heads and len(set(heads)) == len(heads) == sheet.max_column
    notes = {(kind, name): meaning for kind, name, meaning in book["Notes"].iter_rows(min_row=2, values_only=True)}
    assert notes["Status", "Q"] == "missing: suppressed by the publisher"
    assert notes["Column", "period"] and "% of premises" in notes["Indicator", "gigabit-availability"]
    assert [cell.value for cell in book["Cover"]["A"]].count(None) == 0
    empty = openpyxl.load_workbook(
        io.BytesIO(client.get("/v1/observations.xlsx?indicator=population&period=1800").data)
    )
    assert any("1998" in str(cell.value) and "Empty" in cell.value for cell in empty["Cover"]["A"])


def test_a_table_is_whole_unless_a_page_is_asked_for(client):
    whole = client.get("/v1/observations.csv").data.splitlines()
    assert len(whole) == 54_421 - 16 + 1  # sixteen stand under two codes of a place
    page = client.get("/v1/observations.csv?limit=10")
    assert len(page.data.splitlines()) == 11
    assert any('rel="next"' in link for link in page.headers.getlist("Link"))


def test_pages_of_a_table_put_together_are_the_whole(client):
    whole = client.get("/v1/observations.csv?indicator=population&level=itl1").text
    address, pieces = "/v1/observations.csv?indicator=population&level=itl1&limit=50", []
    while address:
        page = client.get(address)
        pieces += page.text.splitlines()[1:]
        links = [link for link in page.headers.getlist("Link") if 'rel="next"' in link]
        address = links[0].split("<")[1].split(">")[0] if links else None
    assert pieces == whole.splitlines()[1:]


def test_a_file_in_one_piece_has_a_size(client, monkeypatch):
    settings = client.application.extensions["settings"]
    object.__setattr__(settings, "max_observations_in_one_piece", 20_000)
    try:
        response = client.get("/v1/observations.xlsx")
        assert response.status_code == 413
        assert "54,405" in response.json["detail"] and "20,000" in response.json["detail"]
        assert client.get("/v1/observations.csv").status_code == 200
    finally:
        object.__setattr__(settings, "max_observations_in_one_piece", 100_000)


@pytest.mark.parametrize("name", TABLES)
def test_suffix_parameter_and_accept_give_the_same(client, name):
    question = "indicator=population&region=E12000005"
    by_suffix = client.get(f"/v1/observations.{name}?{question}")
    by_name = client.get(f"/v1/observations?{question}&format={name}")
    by_accept = client.get(f"/v1/observations?{question}", headers={"Accept": FORMATS[name].media_type})
    assert by_suffix.content_type == by_name.content_type == by_accept.content_type
    if name not in {"xlsx", "json-stat", "parquet"}:  # these carry their own address, or the time they were made
        assert by_suffix.data == by_name.data == by_accept.data
    assert "Accept" in by_accept.vary and "Accept" not in by_suffix.vary
    assert len({item.headers["ETag"] for item in (by_suffix, by_name)}) == 2


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_answer_says_why_in_every_format(client, name):
    answer = client.get(f"/v1/observations.{name}?indicator=population&region=E12000005&period=1800")
    assert answer.status_code == 200
    if FORMATS[name].shape == "object":
        said = answer.json["extension"]
        assert said["reason"] == "outside-period" and said["nearest"].startswith("/v1/observations?")
    else:
        (related,) = [link for link in answer.headers.getlist("Link") if 'rel="related"' in link]
        address, reason = related.split(">; ")[0].removeprefix("<"), related.split('title="')[1]
        assert reason.startswith("outside-period: There are figures for 1998 to 2023")
        assert client.get(address).json["data"]


def test_a_format_that_is_not_served(client):
    response = client.get("/v1/observations?format=pdf")
    assert response.status_code == 422
    assert "xlsx" in response.json["detail"]


@pytest.mark.parametrize("name", TABLES)
def test_series_are_served_as_tables_too(client, name):
    assert client.get(f"/v1/series.{name}?indicator=population&region=E12000005").status_code == 200
    assert client.get(f"/v1/series/population/E12000005?format={name}").status_code == 200


def test_a_linked_series_as_a_table(client):
    lines = list(csv.DictReader(io.StringIO(client.get("/v1/series/gigabit-availability/E08000038?format=csv").text)))
    assert [line["published_region"] for line in lines][-4:] == ["E08000016", "E08000038", "E08000038", "E08000038"]
    assert {line["region"] for line in lines} == {"E08000038"}
    assert [line["status"] for line in lines][-3] == "B"


def test_regions_as_geojson_points(client):
    answer = client.get("/v1/regions.geojson?level=itl1,combined-authority")
    assert answer.mimetype == "application/geo+json"
    collection = answer.json
    assert collection["type"] == "FeatureCollection" and "Open Government" in collection["licence"]
    places = {item["id"]: item for item in collection["features"]}
    assert len(places) == 12 + 15
    for item in places.values():
        assert item["type"] == "Feature" and item["geometry"]["type"] == "Point"
        longitude, latitude = item["geometry"]["coordinates"]
        assert -9 < longitude < 2 and 49 < latitude < 61
        assert item["properties"]["centroid"] == "mean-of-members"
    assert places["E12000005"]["properties"]["label"] == "West Midlands (ITL 1 region)"
    assert not geojson_validator.validate_structure(collection)
    assert not any(geojson_validator.validate_geometries(collection)[kind] for kind in ("invalid", "problematic"))


def test_regions_with_the_latest_value_of_an_indicator(client):
    question = "level=itl1,country&indicator=gva-sic-j-per-head"
    figures = client.get("/v1/observations?latest=true&level=itl1,country&indicator=gva-sic-j-per-head").json["data"]
    expected = {row["region"]: (row["period"], row["value"], row["status"]) for row in figures}
    assert expected["E12000005"] == ("2023", 1103.6, "A")
    collection = client.get(f"/v1/regions.geojson?{question}").json
    assert not geojson_validator.validate_structure(collection)
    shown = {item["id"]: item["properties"] for item in collection["features"]}
    assert {
        code: (item["period"], item["value"], item["status"]) for code, item in shown.items() if item["period"]
    } == (expected)
    assert {item["unit"] for item in shown.values()} == {figures[0]["unit"]}
    listed = {item["code"]: item["latest"] for item in client.get(f"/v1/regions?{question}").json["data"]}
    assert listed.keys() == shown.keys()
    assert {code: item["value"] for code, item in listed.items() if item} == {
        code: value for code, (_, value, _) in expected.items()
    }
    frame = pd.read_csv(io.BytesIO(client.get(f"/v1/regions.csv?{question}").data)).set_index("code")
    assert frame.loc["E12000005", "value"] == 1103.6
    assert client.get("/v1/regions?indicator=nope").status_code == 404
    without = client.get("/v1/regions.geojson?level=local-authority&indicator=gva-sic-j-per-head").json["features"]
    assert any(item["properties"]["value"] is None for item in without)


@pytest.mark.parametrize(
    "address", ["/v1/regions?level=itl1,country", "/v1/indicators", "/v1/regions?q=west&indicator=population"]
)
def test_lines_of_json_are_the_objects_of_the_list(client, address):
    lines = client.get(address, headers={"Accept": "application/x-ndjson"}).data.splitlines()
    assert [json.loads(line) for line in lines] == client.get(address).json["data"]


def test_every_change_in_a_table(client):
    table = pd.read_csv(io.BytesIO(client.get("/v1/releases/2/diff/3?format=csv").data))
    counts = client.get("/v1/releases/2/diff/3?limit=1").json["meta"]["changes"]
    assert table["change"].value_counts().to_dict() == {kind: count for kind, count in counts.items() if count}
    changed = client.get("/v1/releases/2/diff/3?format=csv&change=changed").text.splitlines()
    assert len(changed) - 1 == counts["changed"]


def test_regions_and_indicators_as_tables(client):
    regions = pd.read_csv(io.BytesIO(client.get("/v1/regions.csv?valid_on=any").data))
    assert len(regions) == 836
    assert list(regions.columns)[:3] == ["code", "name", "label"]
    indicators = pd.read_csv(io.BytesIO(client.get("/v1/indicators.csv").data))
    assert len(indicators) == 31 and "gigabit-availability" in set(indicators["id"])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/v1/indicators.xlsx").data))
    assert book["Figures"].max_row == 32
    table = parquet.read_table(io.BytesIO(client.get("/v1/regions.parquet?valid_on=any").data))
    assert table.num_rows == 836 and str(table.schema.field("latitude").type) == "double"
    assert parquet.read_table(io.BytesIO(client.get("/v1/indicators.parquet").data)).num_rows == 31
    assert len(client.get("/v1/regions.csv?limit=5").text.splitlines()) == 6
