"""Formats, each read by a client that is not ours: all give the same numbers as the JSON."""

import csv
import io
import json
from dataclasses import replace
from itertools import product
from math import prod
from types import SimpleNamespace

import geojson_validator
import openpyxl
import pandas as pd
import pytest
from jsonstat_validator import validate_jsonstat
from pyarrow import parquet
from pyjstat import pyjstat
from pysdmx.io import read_sdmx

from api import create_app
from api.encoders import json_stat
from api.encoders.negotiate import FORMATS, OBSERVATIONS
from api.limits import Limits
from api.rows import Answer, TidyRows
from tests.contract_client import ContractClient
from tests.tables import figures_of

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


@pytest.fixture
def tabled(client, rows):
    """The same, as every table must give them."""
    found = figures_of(client.get(f"/v1/observations?limit=10000&{QUESTION}").json["data"])
    assert len(found) == len(rows)
    return found


def fetch(client, name, question=QUESTION):
    response = client.get(f"/v1/observations.{name}?{question}")
    assert response.status_code == 200, response.text
    assert response.mimetype == FORMATS[name].media_type
    return response


def test_csv_read_by_pandas(client, tabled):
    frame = pd.read_csv(io.BytesIO(fetch(client, "csv").data))
    assert frame["value"].dtype == float
    read = {(r.indicator, r.region, r.period): None if pd.isna(r.value) else r.value for r in frame.itertuples()}
    assert read == tabled


def test_ndjson_line_by_line(client, tabled):
    lines = fetch(client, "ndjson").data.splitlines()
    read = [json.loads(line) for line in lines]
    assert {(row["indicator"], row["region"], row["period"]): row["value"] for row in read} == tabled
    assert all(isinstance(row["value"], float | None) for row in read)
    header = fetch(client, "csv", f"{QUESTION}&limit=1").text.splitlines()[0]
    assert {",".join(row) for row in read} == {header}


def cells_of(cube):
    """The cells of a cube with an observation: indicator, region and period, with value and status."""
    told = {
        kind: dict(enumerate(cube[kind]))
        if isinstance(cube[kind], list)
        else {int(place): text for place, text in cube[kind].items()}
        for kind in ("value", "status")
    }
    keys = list(product(*(cube["dimension"][name]["category"]["index"] for name in cube["id"])))
    return {keys[place]: (told["value"][place], text) for place, text in told["status"].items() if text is not None}


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("indicator=gva-per-hour", list),  # every cell has an observation
        ("indicator=fe-ict-achievements&level=local-authority", list),  # some are missing
        ("indicator=population,gigabit-availability&level=itl1", dict),  # few months are years
        ("indicator=population&region=E12000005&latest=true", list),
        ("indicator=population&period=1800", dict),  # none at all
    ],
)
def test_a_cube_is_an_array_where_most_cells_are_observed(client, question, form):
    cube = client.get(f"/v1/observations.json-stat?{question}").json
    validate_jsonstat(cube)
    assert type(cube["value"]) is type(cube["status"]) is form
    found = client.get(f"/v1/observations?limit=10000&{question}").json["data"]
    expected = {(row["indicator"], row["region"], row["period"]): (row["value"], row["status"]) for row in found}
    assert cells_of(cube) == expected
    if form is list:
        assert len(cube["value"]) == len(cube["status"]) == prod(cube["size"]) < 2 * len(found)


def test_two_series_of_one_place_are_one_region_of_the_cube():
    indicator = SimpleNamespace(slug="i", title="I", unit="people", decimals=0)
    place = {"code": "E08000038", "label": "Barnsley (Local authority)"}
    regions = {7: SimpleNamespace(**place), 3: SimpleNamespace(**place)}
    found = [(1, 3, "2022", 1.0, "A"), (1, 7, "2023", 2.5, "B")]
    meta = {"source": [], "published_at": "", "release": 1, "licence": "", "attribution": "", "citation": ""}
    answer = Answer(TidyRows(found, {1: indicator}, regions), meta=meta, indicators={"i": indicator})
    cube = json.loads(b"".join(json_stat.stream(answer)))
    assert cube["size"] == [1, 1, 2] and cube["value"] == [1, 2.5] and cube["status"] == ["A", "B"]
    assert cube["dimension"]["region"]["category"]["label"] == {"E08000038": "Barnsley (Local authority)"}


def test_a_cube_has_a_limit_in_cells(client):
    refused = client.get("/v1/observations.json-stat")
    assert refused.status_code == 413 and refused.json["errors"][0]["code"] == "too-many-cells"
    for said in ("54,405 observations", "1,241,240 cells", "1,000,000", "one level at a time"):
        assert said in refused.json["detail"]
    told = client.get("/v1/observations.json-stat?explain=true").json["data"]
    assert (told["rows"], told["cells"], told["effect"]) == (54_405, 1_241_240, "refused")
    assert told["limit"] == {"name": "max_cells", "value": 1_000_000}
    assert client.head("/v1/observations.json-stat").status_code == 413
    limits = {item["name"]: item["value"] for item in client.get("/v1/config").json["data"]["limits"]}
    assert limits["max_cells"] == 1_000_000
    question = "component=digital-infrastructure&level=itl1"
    told = client.get(f"/v1/observations.json-stat?{question}&explain=true").json["data"]
    cube = client.get(f"/v1/observations.json-stat?{question}").json
    assert told["cells"] == prod(cube["size"]) and told["effect"] == "whole"
    assert client.get(f"/v1/observations.csv?{question}&explain=true").json["data"]["cells"] is None
    assert client.get("/v1/observations.json-stat?limit=10").status_code == 200


def test_json_stat_is_valid_and_says_the_same(client, rows):
    cube = fetch(client, "json-stat").json
    validate_jsonstat(cube)
    assert cube["role"] == {"metric": ["indicator"], "geo": ["region"], "time": ["period"]}
    codes = [cube["dimension"][name]["category"]["index"] for name in cube["id"]]
    assert {key: value for key, (value, _) in cells_of(cube).items()} == rows
    assert [len(items) for items in codes] == cube["size"]
    assert cube["dimension"]["indicator"]["category"]["unit"]["gigabit-availability"] == {
        "label": "% of premises", "decimals": 1,
    }  # fmt: skip
    assert {status for _, status in cells_of(cube).values()} >= {"A", "Q"}
    assert cube["extension"]["release"] == 4 and "Open Government" in cube["extension"]["licence"]


@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")  # of its own functions
def test_json_stat_read_by_pyjstat(client, rows):
    dataset = pyjstat.Dataset.read(fetch(client, "json-stat").text)
    # Its data frame has a row for every cell of the cube, one without an observation among them.
    frame = dataset.write("dataframe", naming="id")
    read = {(r.indicator, r.region, r.period): r.value for r in frame.itertuples() if not pd.isna(r.value)}
    assert read == {key: value for key, value in rows.items() if value is not None}


def test_parquet_read_by_pyarrow(client, tabled):
    file = parquet.ParquetFile(io.BytesIO(fetch(client, "parquet").data))
    table = file.read()
    assert [(field.name, str(field.type), field.nullable) for field in table.schema] == [
        *(
            (name, "string", False)
            for name in ("indicator", "region", "region_name", "region_label", "level", "period")
        ),
        *((name, "date32[day]", False) for name in ("period_start", "period_end")),
        ("value", "double", True),
        *((name, "string", False) for name in ("status", "unit", "published_region")),
    ]
    assert {(row["indicator"], row["region"], row["period"]): row["value"] for row in table.to_pylist()} == tabled
    said = {name.decode(): text.decode() for name, text in file.schema_arrow.metadata.items()}
    assert json.loads(file.metadata.metadata[b"about"]) == said
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
        (r.INDICATOR, r.REF_AREA, str(r.TIME_PERIOD)): None if r.OBS_VALUE == "NaN" else float(r.OBS_VALUE)
        for r in frame.itertuples()
    }
    assert read == rows


def test_xlsx_read_by_openpyxl(client, tabled):
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "xlsx").data))
    assert book.sheetnames == ["Cover", "Notes", "Sources", "Figures"]
    assert any("Open Government Licence" in str(cell.value) for cell in book["Cover"]["A"])
    sheet = book["Figures"]
    table = sheet.tables["Figures"]
    lines = list(sheet.iter_rows(values_only=True))
    assert table.ref == f"A1:L{len(lines)}"
    assert {(line[0], line[1], line[5]): line[8] for line in lines[1:]} == tabled
    kinds = {name: {cell.data_type for cell in sheet[name][1:] if cell.value is not None} for name in "FGHI"}
    assert kinds == {"F": {"s"}, "G": {"d"}, "H": {"d"}, "I": {"n"}}


def test_a_workbook_is_laid_out_for_screen_readers(client):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/v1/observations.xlsx?indicator=gigabit-availability").data))
    assert book.properties.title == "Gigabit broadband availability"
    for name in ("Notes", "Sources", "Figures"):
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


def test_a_file_in_one_piece_has_a_size(settings):
    app = create_app(replace(settings, limits=Limits(max_observations_in_one_piece=20_000)))
    app.test_client_class = ContractClient
    client = app.test_client()
    response = client.get("/v1/observations.xlsx")
    assert response.status_code == 413
    assert "54,405" in response.json["detail"] and "20,000" in response.json["detail"]
    assert client.get("/v1/observations.csv").status_code == 200
    app.extensions["database"].engine.dispose()


@pytest.mark.parametrize("name", TABLES)
def test_suffix_parameter_and_accept_give_the_same(client, name):
    question = "indicator=population&region=E12000005"
    by_suffix = client.get(f"/v1/observations.{name}?{question}")
    by_name = client.get(f"/v1/observations?{question}&format={name}")
    by_accept = client.get(f"/v1/observations?{question}", headers={"Accept": FORMATS[name].media_type})
    assert by_suffix.content_type == by_name.content_type == by_accept.content_type
    if name not in {"xlsx", "json-stat", "parquet"}:  # these carry their own address, or the time they were made
        assert by_suffix.data == by_name.data == by_accept.data
    assert "Accept" in by_accept.vary
    assert ("Accept" in by_suffix.vary) == (name == "sdmx-csv")  # which comes in versions
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
def test_lines_of_json_are_the_lines_of_the_table(client, address):
    lines = [
        json.loads(line) for line in client.get(address, headers={"Accept": "application/x-ndjson"}).data.splitlines()
    ]
    table = list(csv.DictReader(io.StringIO(client.get(address, headers={"Accept": "text/csv"}).text)))
    assert len(lines) == len(table) > 5
    assert [list(line) for line in lines] == [list(row) for row in table]
    for line, row in zip(lines, table, strict=True):
        for name, cell in row.items():
            if isinstance(line[name], float):
                assert line[name] == float(cell) and "." in cell
            else:
                assert cell == ("" if line[name] is None else str(line[name])).replace("True", "true").replace(
                    "False", "false"
                )


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
