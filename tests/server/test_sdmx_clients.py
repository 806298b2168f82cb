"""SDMX's own clients, as they come from their makers: an address is all that they are told."""

import io
import urllib.request

import pandas as pd
import pytest
import sdmx
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb import ApiVersion, DataFormat, RestService, StructureQuery, StructureReference, StructureType
from pysdmx.api.qb.data import DataContext, DataQuery
from pysdmx.io import get_datasets

SUPPORTED = ("dataflow", "datastructure", "codelist", "conceptscheme", "categoryscheme", "categorisation", "data")


@pytest.fixture
def client(server):
    """sdmx1 on a source that it has to be told of, with what the source offers."""
    source = {"id": "UKDC", "name": "UK Regional Digital Capital API", "url": f"{server}/v1/sdmx"}
    offers = {"data_content_type": "CSV", "supports": dict.fromkeys(SUPPORTED, True)}
    sdmx.add_source({**source, **offers}, override=True)
    return sdmx.Client("UKDC")


@pytest.fixture
def flow(client):
    return client.dataflow("OBSERVATIONS").dataflow["OBSERVATIONS"]


def test_sdmx1_discovers_the_structures(client, server):
    assert list(client.dataflow().dataflow) == ["OBSERVATIONS"]
    found = client.dataflow("OBSERVATIONS")
    structure = found.dataflow["OBSERVATIONS"].structure
    assert [item.id for item in structure.dimensions] == ["FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD"]
    areas = structure.dimensions.get("REF_AREA").local_representation.enumerated
    assert str(areas["E12000005"].name) == "West Midlands (ITL 1 region)" and len(areas) == 836
    assert set(client.codelist("CL_FREQ").codelist["CL_FREQ"].items) >= {"A", "M"}
    assert len(client.categoryscheme().category_scheme["COMPONENTS"]) == 10


def test_sdmx1_needs_to_be_told_an_address_alone(server):
    sdmx.add_source({"id": "UKDC", "name": "UKDC", "url": f"{server}/v1/sdmx"}, override=True)
    assert "CL_INDICATOR" in sdmx.Client("UKDC").dataflow("OBSERVATIONS").codelist


def test_sdmx1_reads_sdmx_ml_3(server):
    accept = {"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"}
    source = {"id": "UKDC", "name": "UKDC", "url": f"{server}/v1/sdmx", "versions": ["3.0.0"]}
    sdmx.add_source({**source, "headers": {"dataflow": accept}}, override=True)
    found = sdmx.Client("UKDC").get("dataflow", "OBSERVATIONS", references="descendants")
    assert len(found.dataflow["OBSERVATIONS"].structure.attributes) == 4


def test_sdmx1_reads_data_by_a_key(client, flow):
    found = client.data("OBSERVATIONS", key={"REF_AREA": "E12000005", "INDICATOR": "gva-per-hour"}, dsd=flow.structure)
    series = sdmx.to_pandas(found.data[0])
    assert series["A", "E12000005", "gva-per-hour", "2023"] == 36.02 and len(series) == 20


@pytest.mark.parametrize("question", ["status=Q,O,M", "indicator=population&region=TLM2&period=2012,2013"])
def test_sdmx1_reads_missing_values(server, flow, question):
    with urllib.request.urlopen(f"{server}/v1/observations.sdmx-csv?{question}") as answer:
        found = sdmx.read_sdmx(io.BytesIO(answer.read()), format="CSV", structure=flow.structure)
    values = sdmx.to_pandas(found.data[0])
    assert len(values) and values.isna().all()


def test_pysdmx_discovers_the_structures(server):
    registry = RegistryClient(f"{server}/v1/sdmx")
    (flow,) = registry.get_dataflows("UKDC")
    assert flow.id == "OBSERVATIONS"
    (agency,) = registry.get_agencies("SDMX")
    assert agency.id == "UKDC"
    schema = registry.get_schema("dataflow", "UKDC", "OBSERVATIONS", "1.0.0")
    assert [item.id for item in schema.components.dimensions] == ["FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD"]
    assert schema.components["INDICATOR"].enumeration["gva-per-hour"].name
    (structure,) = registry.get_data_structures("UKDC", "DSD_OBSERVATIONS", "1.0.0")
    assert structure.components["OBS_VALUE"].dtype == "Double"
    assert registry.get_codes("UKDC", "CL_OBS_STATUS", "1.0.0")["Q"].name
    assert registry.get_concepts("UKDC", "CS_OBSERVATIONS", "1.0.0")["FREQ"].name == "Frequency"
    categories = registry.get_categories("UKDC", "COMPONENTS", "1.0.0")
    assert categories["digital-skills"].dataflows[0].id == "OBSERVATIONS"


@pytest.mark.parametrize("data_format", [DataFormat.SDMX_CSV_2_0_0, DataFormat.SDMX_CSV_1_0_0])
@pytest.mark.parametrize("version", [ApiVersion.V2_0_0, ApiVersion.V1_5_0])
def test_pysdmx_reads_data_with_their_structure(server, tmp_path, data_format, version):
    service = RestService(f"{server}/v1/sdmx", version, data_format=data_format)
    key = "A.E12000005.gva-per-hour"
    data = service.data(DataQuery(DataContext.DATAFLOW, "UKDC", "OBSERVATIONS", "1.0.0", key))
    asked = StructureQuery(
        StructureType.DATAFLOW, "UKDC", "OBSERVATIONS", "1.0.0", references=StructureReference.DESCENDANTS
    )
    (tmp_path / "data.csv").write_bytes(data)
    (tmp_path / "structure.json").write_bytes(service.structure(asked))
    (found,) = get_datasets(tmp_path / "data.csv", tmp_path / "structure.json", validate=False)
    assert found.structure.id == "OBSERVATIONS" and len(found.data) == 20
    last = found.data.iloc[-1]
    assert (last["TIME_PERIOD"], float(last["OBS_VALUE"])) == ("2023", 36.02)


def test_pandas_takes_nan_for_missing(server):
    frame = pd.read_csv(f"{server}/v1/observations.sdmx-csv?indicator=fe-ict-achievements")
    assert frame["OBS_VALUE"].dtype == float
    assert set(frame.loc[frame["OBS_VALUE"].isna(), "OBS_STATUS"]) == {"Q"}
