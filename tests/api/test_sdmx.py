"""SDMX to the letter: SDMX-CSV in its versions, and the structures and data of SDMX's own REST interface."""

import csv
import io
import json
import re
import subprocess
import sys

import pytest
from pysdmx.io import read_sdmx

from api.sdmx import COMPONENTS, frequency_of, unit_code
from api.settings import ROOT

CSV = "application/vnd.sdmx.data+csv"
STRUCTURE = "application/vnd.sdmx.structure"
FLOW = "UKDC:OBSERVATIONS(1.0.0)"
IDS = [item.id for item in COMPONENTS]
BASE = "/v1/sdmx/structure"


def asked(client, address, accept=None):
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert response.status_code == 200, response.text
    return response


def rows_of(response):
    return list(csv.reader(io.StringIO(response.text)))


def test_a_missing_value_is_written_as_sdmx_has_it(client):
    header, *rows = rows_of(asked(client, "/v1/observations.sdmx-csv?status=Q,O,M"))
    statuses = {row[header.index("OBS_STATUS")] for row in rows}
    assert statuses == {"Q", "O"} and {row[header.index("OBS_VALUE")] for row in rows} == {"NaN"}


@pytest.mark.parametrize(
    ("accept", "version", "first"),
    [
        (CSV, "2.0.0", ["STRUCTURE", "STRUCTURE_ID", "ACTION"]),
        (f"{CSV};version=2.0.0", "2.0.0", ["STRUCTURE", "STRUCTURE_ID", "ACTION"]),
        (f"{CSV}; version=2.0", "2.0.0", ["STRUCTURE", "STRUCTURE_ID", "ACTION"]),
        (f"{CSV};version=1.0.0", "1.0.0", ["DATAFLOW"]),
        (f"{CSV};version=9, {CSV};version=1.0.0;q=0.5", "1.0.0", ["DATAFLOW"]),
        (f"text/html, {CSV};version=1.0.0;q=0.5, {CSV};version=2.0.0;q=0.9", "2.0.0", ["STRUCTURE"]),
    ],
)
@pytest.mark.parametrize("address", ["/v1/observations", "/v1/observations.sdmx-csv", "/v1/series"])
def test_a_version_that_is_asked_for_is_honoured(client, address, accept, version, first):
    response = asked(client, f"{address}?indicator=population&region=E12000005", accept)
    assert response.content_type == f"{CSV}; version={version}; charset=utf-8"
    header, *rows = rows_of(response)
    assert header[: len(first)] == first and header[-len(IDS) :] == IDS
    assert len(rows) > 20 and all(len(row) == len(header) for row in rows)
    assert rows[0][0 if version == "1.0.0" else 1] == FLOW
    assert "Accept" in response.vary


@pytest.mark.parametrize("address", ["/v1/observations", "/v1/observations.sdmx-csv"])
@pytest.mark.parametrize(
    "parameters",
    ["version=3.0.0", "version=1.0.0;labels=name", "labels=all", "timeFormat=normalized", "keys=obs", "version=2.1"],
)
def test_what_is_not_served_is_not_acceptable(client, address, parameters):
    response = client.get(f"{address}?indicator=population", headers={"Accept": f"{CSV};{parameters}"})
    assert response.status_code == 406
    allowed = response.json["errors"][0]["allowed"]
    assert {f"{CSV}; version=2.0.0", f"{CSV}; version=1.0.0", f"{CSV}; version=2.0.0; labels=name"} <= set(allowed)
    also = client.get(f"{address}?indicator=population&limit=1", headers={"Accept": f"{CSV};{parameters}, */*;q=0.1"})
    assert also.status_code == 200


def test_data_lead_to_the_structures_that_describe_them(client):
    response = client.get("/v1/observations.sdmx-csv?indicator=population&release=2&limit=1")
    (link,) = [text for text in response.headers.getlist("Link") if 'rel="describedby"' in text]
    address = link.split(">")[0].removeprefix("<")
    assert address.endswith("release=2") and "dataStructures/DSD_OBSERVATIONS" in named(asked(client, address))


def test_variants_have_tags_of_their_own(client):
    address = "/v1/observations.sdmx-csv?indicator=population&region=E12000005"
    accepts = [f"{CSV};version=2.0.0", f"{CSV};version=1.0.0", f"{CSV};labels=both", f"{CSV};labels=name"]
    tags = [asked(client, address, accept).headers["ETag"] for accept in accepts]
    assert len(set(tags)) == 4
    headers = {"Accept": accepts[1], "If-None-Match": tags[1]}
    assert client.get(address, headers=headers).status_code == 304
    assert client.get(address, headers=headers | {"Accept": accepts[0]}).status_code == 200


def test_names_stand_where_labels_say(client):
    address = "/v1/observations?indicator=gigabit-availability&region=E12000005&latest=true"
    plain = dict(zip(*rows_of(asked(client, address, CSV)), strict=True))
    header, row = rows_of(asked(client, address, f"{CSV};labels=both"))
    assert header[3:5] == ["FREQ: Frequency", "REF_AREA: Reference area"]
    assert row[1:5] == [
        f"{FLOW}: Observations of the UK's regional digital capital",
        "I",
        "M: Monthly",
        "E12000005: West Midlands (ITL 1 region)",
    ]
    assert [re.sub(": .*", "", cell) for cell in row] == list(plain.values())
    header, row = rows_of(asked(client, address, f"{CSV};labels=name"))
    assert header[1:8] == [
        "STRUCTURE_ID",
        "STRUCTURE_NAME",
        "ACTION",
        "FREQ",
        "Frequency",
        "REF_AREA",
        "Reference area",
    ]
    assert row[4:8] == ["M", "Monthly", "E12000005", "West Midlands (ITL 1 region)"]
    assert {name: cell for name, cell in zip(header, row, strict=True) if name in plain} == plain
    header, row = rows_of(asked(client, address, f"{CSV};version=1.0.0;labels=both"))
    assert row[0] == f"{FLOW}: Observations of the UK's regional digital capital" and row[1] == "M: Monthly"


def test_frequency_and_period_agree(client):
    """As the registries of SDMX check them: by the form of the period."""
    forms = {"A": r"\d{4}(-\d\d-\d\d/P1Y)?", "M": r"\d{4}-\d\d"}
    header, *rows = rows_of(client.get("/v1/observations.sdmx-csv"))
    frequency, period = header.index("FREQ"), header.index("TIME_PERIOD")
    assert len(rows) == 54_405 and {row[frequency] for row in rows} == set(forms)
    assert all(re.fullmatch(forms[row[frequency]], row[period]) for row in rows)


@pytest.mark.parametrize(
    ("period", "frequency"),
    [
        ("2023", "A"),
        ("2023-04-01/P1Y", "A"),
        ("2024-S1", "S"),
        ("2024-Q3", "Q"),
        ("2024-01", "M"),
        ("2024-01-15", "D"),
        ("2024-W05", "_O"),
    ],
)
def test_the_frequency_of_a_period(period, frequency):
    assert frequency_of(period) == frequency


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("% of premises", "PERCENT_OF_PREMISES"),
        ("£ million", "GBP_MILLION"),
        ("per 100,000 population", "PER_100000_POPULATION"),
        ("", "_Z"),
    ],
)
def test_the_code_of_a_unit(unit, code):
    assert unit_code(unit) == code


def test_every_code_is_in_its_list(client):
    """Of all data, in the columns that have code lists."""
    structures = read_sdmx(client.get(BASE).text, validate=False)
    header, *rows = rows_of(client.get("/v1/observations.sdmx-csv"))
    lists = {item.id: {code.id: code.name for code in item} for item in structures.get_codelists()}
    assert lists["CL_AREA"]["E12000005"] == "West Midlands (ITL 1 region)" and len(lists["CL_AREA"]) == 836
    for item in COMPONENTS:
        if item.codes:
            assert {row[header.index(item.id)] for row in rows} <= lists[item.codes].keys(), item.id
    (indicator,) = (
        code
        for names in structures.get_codelists()
        if names.id == "CL_INDICATOR"
        for code in names
        if code.id == "gva-per-hour"
    )
    notes = {note.type: note.title for note in indicator.annotations}
    assert notes["UNIT_MEASURE"] == "GBP_PER_HOUR" and notes["FREQ_DISS"] == "A"
    assert indicator.description


def named(response):
    found = json.loads(response.data)["data"]
    return {f"{kind}/{item['id']}" for kind, items in found.items() for item in items}


LISTS = {f"codelists/{name}" for name in ("CL_FREQ", "CL_AREA", "CL_INDICATOR", "CL_OBS_STATUS", "CL_UNIT_MEASURE")}
DESCRIBED = {"conceptSchemes/CS_OBSERVATIONS", "agencySchemes/AGENCIES", *LISTS}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("dataflow", {"dataflows/OBSERVATIONS"}),
        ("dataflow/UKDC/OBSERVATIONS/1.0.0", {"dataflows/OBSERVATIONS"}),
        ("dataflow/UKDC/OBSERVATIONS/latest", {"dataflows/OBSERVATIONS"}),
        ("dataflow/*/*/~", {"dataflows/OBSERVATIONS"}),
        ("dataflow/all/all/all/", {"dataflows/OBSERVATIONS"}),
        ("dataflow/UKDC/OBSERVATIONS/%2B", {"dataflows/OBSERVATIONS"}),
        ("dataflow/UKDC/OBSERVATIONS/1.0", {"dataflows/OBSERVATIONS"}),
        ("dataflow/UKDC/OBSERVATIONS/1.0+.0", {"dataflows/OBSERVATIONS"}),
        ("codelist/UKDC/CL_FREQ,CL_AREA/1.0.0", {"codelists/CL_FREQ", "codelists/CL_AREA"}),
        ("datastructure", {"dataStructures/DSD_OBSERVATIONS"}),
        ("agencyscheme/SDMX", {"agencySchemes/AGENCIES"}),
        (
            "dataflow?references=children",
            {"dataflows/OBSERVATIONS", "dataStructures/DSD_OBSERVATIONS", "agencySchemes/AGENCIES"},
        ),
        (
            "dataflow?references=descendants",
            {"dataflows/OBSERVATIONS", "dataStructures/DSD_OBSERVATIONS", *DESCRIBED},
        ),
        ("dataflow?references=codelist", {"dataflows/OBSERVATIONS", *LISTS}),
        (
            "dataflow?references=conceptscheme,datastructure",
            {"dataflows/OBSERVATIONS", "dataStructures/DSD_OBSERVATIONS", "conceptSchemes/CS_OBSERVATIONS"},
        ),
        ("dataflow?references=valuelist", {"dataflows/OBSERVATIONS"}),
        ("datastructure?references=parents", {"dataStructures/DSD_OBSERVATIONS", "dataflows/OBSERVATIONS"}),
        ("codelist/UKDC/CL_FREQ?references=parents", {"codelists/CL_FREQ", "dataStructures/DSD_OBSERVATIONS"}),
    ],
)
def test_structures_that_are_asked_for_come_with_what_belongs_to_them(client, question, expected):
    response = asked(client, f"{BASE}/{question}")
    assert response.content_type == f"{STRUCTURE}+json; version=2.0.0"
    assert named(response) == expected


def test_everything_hangs_together(client):
    every = named(asked(client, BASE))
    assert named(asked(client, f"{BASE}/*/*/*/*")) == every
    assert named(asked(client, f"{BASE}/dataflow?references=all")) == every
    assert {name for name in every if name.startswith("categorisations/")} >= {"categorisations/OBSERVATIONS-context"}
    above = named(asked(client, f"{BASE}/codelist/UKDC/CL_FREQ?references=ancestors"))
    assert {"dataStructures/DSD_OBSERVATIONS", "dataflows/OBSERVATIONS", "codelists/CL_FREQ"} < above
    assert "codelists/CL_AREA" not in above
    schema = named(asked(client, "/v1/sdmx/schema/dataflow/UKDC/OBSERVATIONS/1.0.0"))
    assert schema == {"dataflows/OBSERVATIONS", "dataStructures/DSD_OBSERVATIONS", *DESCRIBED}


def test_items_by_themselves(client):
    (found,) = json.loads(asked(client, f"{BASE}/codelist/UKDC/CL_FREQ/1.0.0/A,M").data)["data"]["codelists"]
    assert found["isPartial"] is True and [code["id"] for code in found["codes"]] == ["A", "M"]


@pytest.mark.parametrize("detail", ["allstubs", "allcompletestubs", "referencestubs", "referencecompletestubs"])
def test_stubs_have_names_alone(client, detail):
    found = json.loads(asked(client, f"{BASE}/dataflow?references=all&detail={detail}").data)["data"]
    (flow,) = found["dataflows"]
    assert flow.get("isExternalReference", False) == detail.startswith("all") and flow["structure"]
    (structure,) = found["dataStructures"]
    assert structure["isExternalReference"] is True and structure["name"] and "dataStructureComponents" not in structure
    assert ("description" in structure) == ("complete" in detail)
    assert not any(item.get("codes") for item in found["codelists"])
    for version in ("2.1", "3.0.0"):
        answer = asked(client, f"{BASE}/dataflow?references=all&detail={detail}", f"{STRUCTURE}+xml;version={version}")
        assert len(read_sdmx(answer.text, validate=True).structures) == len(named(asked(client, BASE)))


@pytest.mark.parametrize(
    ("address", "accept", "content_type"),
    [
        (f"{BASE}/dataflow", None, f"{STRUCTURE}+json; version=2.0.0"),
        (f"{BASE}/dataflow", "application/json", f"{STRUCTURE}+json; version=2.0.0"),
        (f"{BASE}/dataflow", f"{STRUCTURE}+json;version=2.0.0", f"{STRUCTURE}+json; version=2.0.0"),
        (f"{BASE}/dataflow", f"{STRUCTURE}+xml", f"{STRUCTURE}+xml; version=3.0.0"),
        (f"{BASE}/dataflow", f"{STRUCTURE}+xml;version=2.1", f"{STRUCTURE}+xml; version=2.1"),
        (f"{BASE}/dataflow?format=sdmx-ml", None, f"{STRUCTURE}+xml; version=3.0.0"),
        ("/v1/sdmx/dataflow/UKDC/OBSERVATIONS/latest", None, f"{STRUCTURE}+xml; version=2.1"),
        ("/v1/sdmx/dataflow", "*/*", f"{STRUCTURE}+xml; version=2.1"),
        ("/v1/sdmx/dataflow", f"{STRUCTURE}+json", f"{STRUCTURE}+json; version=2.0.0"),
        ("/v1/sdmx/dataflow", f"{STRUCTURE}+xml;version=3.0.0", f"{STRUCTURE}+xml; version=3.0.0"),
        ("/v1/sdmx/dataflow?format=sdmx-ml", None, f"{STRUCTURE}+xml; version=2.1"),
    ],
)
def test_structures_come_in_the_format_that_is_asked_for(client, address, accept, content_type):
    response = asked(client, address, accept)
    assert response.content_type.removesuffix("; charset=utf-8") == content_type
    (flow,) = read_sdmx(response.text, validate=False).get_dataflows()
    assert (flow.id, str(flow.agency), flow.version) == ("OBSERVATIONS", "UKDC", "1.0.0")


def test_a_version_of_a_message_that_is_not_written(client):
    for address in (BASE, "/v1/sdmx/dataflow"):
        response = client.get(address, headers={"Accept": f"{STRUCTURE}+json;version=1.0.0"})
        assert response.status_code == 406
        assert f"{STRUCTURE}+xml; version=2.1" in response.json["errors"][0]["allowed"]


def test_messages_are_valid_and_the_same_each_time(client):
    for version in ("2.1", "3.0.0"):
        accept = f"{STRUCTURE}+xml;version={version}"
        first, again = (asked(client, BASE, accept).data for _ in range(2))
        assert first == again
        assert len(read_sdmx(first.decode(), validate=True).structures) == len(named(asked(client, BASE)))
    assert asked(client, BASE).data == asked(client, BASE).data
    header = json.loads(asked(client, f"{BASE}/dataflow").data)["meta"]
    assert header["id"] == "UKDC-release-4" and header["prepared"] == "2026-06-26T00:00:00Z"


def test_structures_are_of_a_release(client):
    pinned = asked(client, f"{BASE}/dataflow?release=2")
    assert json.loads(pinned.data)["meta"]["id"] == "UKDC-release-2"
    assert "immutable" in pinned.headers["Cache-Control"]
    now = asked(client, f"{BASE}/dataflow")
    assert now.headers["Content-Location"].endswith("release=4") and now.headers["ETag"] != pinned.headers["ETag"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{BASE}/codelist/UKDC/CL_X", "UKDC/CL_FREQ/1.0.0"),
        (f"{BASE}/dataflow/UKDC/OBSERVATIONS/2.0.0", "UKDC/OBSERVATIONS/1.0.0"),
        (f"{BASE}/dataflow/OTHER", "UKDC/OBSERVATIONS/1.0.0"),
        (f"{BASE}/nonsense", "datastructure"),
        (f"{BASE}/codelist/UKDC/CL_FREQ/1.0.0/AA", "A"),
        (f"{BASE}/dataflow/UKDC/OBSERVATIONS/1.0.0/A", "items"),
        ("/v1/sdmx/data/dataflow/UKDC/OTHER", "UKDC/OBSERVATIONS/1.0.0"),
        ("/v1/sdmx/data/OTHER/all", "UKDC/OBSERVATIONS/1.0.0"),
        ("/v1/sdmx/data/UKDC,OBSERVATIONS,2.0/all", "UKDC/OBSERVATIONS/1.0.0"),
        ("/v1/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hours", "gva-per-hour"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(client, address, said):
    response = client.get(address)
    assert response.status_code == 404 and response.json["type"].endswith("#unknown-id")
    assert said in response.json["detail"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{BASE}?references=everything", "descendants"),
        (f"{BASE}?detail=some", "allstubs"),
        ("/v1/sdmx/data/OBSERVATIONS/A.B.C.D", "FREQ.REF_AREA.INDICATOR"),
        ("/v1/sdmx/data/OBSERVATIONS/A.E12000005.population,M.E12000001.population", "one at a time"),
        ("/v1/sdmx/data/OBSERVATIONS/..population?c[INDICATOR]=gva-per-hour", "nothing can be both"),
        ("/v1/sdmx/data/OBSERVATIONS/all?c[TIME_PERIOD]=ne:2020", "ge:"),
        ("/v1/sdmx/data/OBSERVATIONS/all?c[TIME_PERIOD]=ge:someday", "not a period"),
        ("/v1/sdmx/data/OBSERVATIONS/all?c[FREQ]=W", "frequency"),
        ("/v1/sdmx/data/OBSERVATIONS/all?lastNObservations=1", "lastNObservations"),
    ],
)
def test_what_cannot_be_asked_is_told_what_can(client, address, said):
    response = client.get(address)
    assert response.status_code == 422 and said in response.json["detail"]


ALL = "/v1/observations.sdmx-csv?indicator=gva-per-hour&region=E12000005"


@pytest.mark.parametrize(
    "address",
    [
        "data/OBSERVATIONS/A.E12000005.gva-per-hour",
        "data/UKDC,OBSERVATIONS,1.0.0/A.E12000005.gva-per-hour/",
        "data/UKDC,OBSERVATIONS/.E12000005.gva-per-hour",
        "data/dataflow/UKDC/OBSERVATIONS/1.0.0/A.E12000005.gva-per-hour",
        "data/dataflow/UKDC/OBSERVATIONS/*/*.E12000005.gva-per-hour",
        "data/datastructure/UKDC/DSD_OBSERVATIONS/1.0.0/A.E12000005.gva-per-hour",
        "data/dataflow/UKDC/OBSERVATIONS/~/*?c[REF_AREA]=E12000005&c[INDICATOR]=gva-per-hour&c[FREQ]=A",
        "data/dataflow/UKDC/OBSERVATIONS?c[REF_AREA]=E12000005&c[INDICATOR]=gva-per-hour&dimensionAtObservation=AllDimensions",
        "data/OBSERVATIONS?c[REF_AREA]=E12000005&c[INDICATOR]=gva-per-hour&attributes=dsd&measures=all",
    ],
)
def test_data_by_keys_are_the_observations(client, address):
    assert asked(client, f"/v1/sdmx/{address}").data == client.get(ALL).data


def test_data_by_keys_of_several(client):
    expected = client.get("/v1/observations.sdmx-csv?indicator=gva-per-hour,population&region=E12000005").data
    for key in ("A.E12000005.gva-per-hour+population", "A.E12000005.gva-per-hour,A.E12000005.population"):
        assert asked(client, f"/v1/sdmx/data/OBSERVATIONS/{key}").data == expected
    one = asked(client, "/v1/sdmx/data/OBSERVATIONS/M.E12000005.")
    header, *rows = rows_of(one)
    assert {row[header.index("FREQ")] for row in rows} == {"M"} and len(rows) > 5
    old = asked(client, "/v1/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hour", f"{CSV};version=1.0.0")
    assert rows_of(old)[0][0] == "DATAFLOW"


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("startPeriod=2020&endPeriod=2021", ["2020", "2021"]),
        ("c[TIME_PERIOD]=ge:2020%2Ble:2021", ["2020", "2021"]),
        ("c[TIME_PERIOD]=2020", ["2020"]),
        ("c[TIME_PERIOD]=ge:2023", ["2023"]),
    ],
)
def test_data_of_periods(client, question, periods):
    header, *rows = rows_of(asked(client, f"/v1/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hour?{question}"))
    assert [row[header.index("TIME_PERIOD")] for row in rows] == periods


def test_all_data_of_a_frequency_are_streamed_whole(client):
    whole = rows_of(client.get("/v1/observations.sdmx-csv"))
    frequency = whole[0].index("FREQ")
    annual = rows_of(asked(client, "/v1/sdmx/data/dataflow/UKDC/OBSERVATIONS/1.0.0/A"))
    assert annual[1:] == [row for row in whole if row[frequency] == "A"]
    told = client.get("/v1/sdmx/data/dataflow/UKDC/OBSERVATIONS/1.0.0/A?explain=true").json["data"]
    assert told["rows"] == len(annual) - 1 > 39_000
    none = asked(client, "/v1/sdmx/data/OBSERVATIONS/Q.E12000005.gva-per-hour")
    assert len(rows_of(none)) == 1 and any("outside-period" in text for text in none.headers.getlist("Link"))
    plain = asked(client, "/v1/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hour", "text/csv")
    assert plain.data == client.get("/v1/observations.csv?indicator=gva-per-hour&region=E12000005").data


def test_pysdmx_is_loaded_when_a_structure_is_asked_for():
    said = "import sys, wsgi; assert wsgi.app; print('pysdmx' in sys.modules, 'lxml' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
