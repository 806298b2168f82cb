"""The answers are not written by marshmallow but by encoders; here the two are held against each other."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import marshmallow as ma
import pytest

from api.schemas import (
    catalogue,
    changes,
    comparisons,
    observations,
    peers,
    places,
    profile,
    projection,
    published_figures,
    releases,
    root,
    verification,
)
from api.schemas.index import methods
from api.schemas.index import published as indices
from api.schemas.index.calculations import PARTS
from api.schemas.index.computed import CalculationAnswer
from api.schemas.own_ranking import OwnRankingAnswer
from api.v1.calculations import EXAMPLE
from api.v1.rankings import EXAMPLE as ESTIMATES
from tests.contract_client import ContractClient, document
from tests.tables import DECIMALS, in_full, rounded

ASKED = [
    ("/v1", root.RootAnswer),
    ("/v1/config", root.ConfigAnswer),
    ("/v1/levels", places.LevelList),
    ("/v1/regions?valid_on=any&limit=1000", places.RegionList),
    ("/v1/regions?q=west&limit=2", places.RegionList),
    ("/v1/regions?q=nowhere-at-all", places.RegionList),
    ("/v1/regions/E12000005", places.RegionAnswer),
    ("/v1/regions/E08000016", places.RegionAnswer),
    ("/v1/regions/K02000001", places.RegionAnswer),
    ("/v1/regions/E12000005/children?valid_on=any", places.RegionList),
    ("/v1/regions/E12000005/profile", profile.ProfileAnswer),
    ("/v1/regions/E12000005/peers", peers.PeerAnswer),
    ("/v1/regions/E12000005/peers?indicators=population", peers.PeerAnswer),
    ("/v1/regions/E08000038/peers?k=2", peers.PeerAnswer),
    ("/v1/regions/E08000016/profile", profile.ProfileAnswer),
    ("/v1/regions/E08000038/profile?component=digital-economy", profile.ProfileAnswer),
    ("/v1/methods", methods.MethodList),
    ("/v1/components", catalogue.ComponentList),
    ("/v1/components/digital-infrastructure", catalogue.ComponentAnswer),
    ("/v1/sources", catalogue.SourceList),
    ("/v1/sources/ofcom-connected-nations", catalogue.SourceAnswer),
    ("/v1/indicators", catalogue.IndicatorList),
    ("/v1/indicators/gva-sic-j-per-head", catalogue.IndicatorAnswer),
    ("/v1/indicators/gva-sic-j-per-head/availability", catalogue.AvailabilityAnswer),
    ("/v1/series?indicator=employment-soc-21&limit=50", observations.SeriesList),
    (
        "/v1/series?indicator=gigabit-availability&region=E12000005&period_from=1990&period_to=1991",
        observations.SeriesList,
    ),
    ("/v1/series/gigabit-availability/E47000007", observations.SeriesAnswer),
    ("/v1/series/gva-sic-j/E12000005?period_from=1950&period_to=1951", observations.SeriesAnswer),
    ("/v1/series/population/E08000038?history=linked", observations.SeriesAnswer),
    ("/v1/series/gva-per-hour/E12000005/projection", projection.ProjectionAnswer),
    ("/v1/series/gigabit-availability/E12000005/projection", projection.ProjectionAnswer),
    ("/v1/observations?limit=1000", observations.ObservationList),
    ("/v1/observations?status=Q,O,M&limit=200", observations.ObservationList),
    ("/v1/published-figures", published_figures.PublishedFigureList),
    ("/v1/verify?figure=94.9%25&indicator=gigabit-availability", verification.VerificationAnswer),
    ("/v1/verify?figure=95.7%25&region=E47000007", verification.VerificationAnswer),
    ("/v1/verify?figure=88%25&region=E47000007&indicator=gigabit-availability", verification.VerificationAnswer),
    (
        "/v1/comparisons?indicator=gva-sic-j&region=E12000005&with=median,uk-median,uk,parent,E12000002",
        comparisons.ComparisonAnswer,
    ),
    ("/v1/comparisons?indicator=population&region=E12000005", comparisons.ComparisonAnswer),
    ("/v1/comparisons?indicator=gva-sic-j&region=E06000052", comparisons.ComparisonAnswer),
    ("/v1/rankings/gigabit-availability", comparisons.RankingAnswer),
    ("/v1/rankings/gva-sic-j?level=local-authority", comparisons.RankingAnswer),
    ("/v1/rankings/population", comparisons.RankingAnswer),
    ("/v1/rankings/daily-internet-users?level=local-authority", comparisons.RankingAnswer),
    ("/v1/indices", indices.IndexList),
    ("/v1/indices/local-digital-capital", indices.IndexAnswer),
    ("/v1/indices/combined-authority-digital-capital?edition=2022", indices.IndexAnswer),
    ("/v1/indices/local-digital-capital/scores", indices.ScoresAnswer),
    ('/v1/indices/local-digital-capital/calculations?choices={"edition":2025}', CalculationAnswer),
    ("/v1/releases", releases.ReleaseList),
    ("/v1/releases/3", releases.ReleaseAnswer),
    ("/v1/releases/2/diff/3?limit=50", releases.DiffAnswer),
    ("/v1/releases/1/diff/3?change=changed", releases.DiffAnswer),
    ("/v1/changes?since=1&limit=50", changes.ChangesAnswer),
    ("/v1/changes?since=4", changes.ChangesAnswer),
]

TABLE = "indicator=fe-ict-achievements,gigabit-availability,population&level=itl1,local-authority&limit=10000"


@pytest.mark.parametrize(("address", "answer"), ASKED)
def test_json_is_what_the_schema_would_dump(client: ContractClient, address: str, answer: type[ma.Schema]) -> None:
    served = json.loads(client.get(address).data)
    assert served == answer().dump(served)
    assert_same_keys(served, answer())


def assert_same_keys(served: dict[str, Any], schema: ma.Schema) -> None:
    """Assert that every key of the schema is served, in the objects within too."""
    optional = {name for name, field in schema.fields.items() if not field.required}
    assert schema.fields.keys() - optional <= served.keys() <= schema.fields.keys()
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, ma.fields.List) else field
        if isinstance(inner, ma.fields.Nested) and served.get(name) is not None:
            for item in served[name] if isinstance(field, ma.fields.List) else [served[name]]:
                assert_same_keys(item, inner.schema)


def test_every_operation_is_held_against_its_schema() -> None:
    """The table above leaves out no schema that the document names."""
    named = {
        content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for item in document()["paths"].values()
        if "security" not in next(iter(item.values()))
        and "application/json" in (content := item.get("get", item.get("post"))["responses"]["200"]["content"])
    }
    posted = {CalculationAnswer.__name__, OwnRankingAnswer.__name__}
    assert named == {answer.__name__ for _, answer in ASKED} | posted


def test_a_calculation_has_the_keys_of_its_schema(client: ContractClient) -> None:
    served = client.post("/v1/calculations", json=EXAMPLE | {"include": list(PARTS)}).json
    assert_same_keys(served, CalculationAnswer())
    assert served == CalculationAnswer().dump(served)


def test_a_ranking_of_estimates_has_the_keys_of_its_schema(client: ContractClient) -> None:
    served = client.post("/v1/rankings", json=ESTIMATES).json
    assert_same_keys(served, OwnRankingAnswer())
    assert served == OwnRankingAnswer().dump(served)


def test_rows_have_the_columns_of_the_schema_in_its_order(client: ContractClient) -> None:
    columns = list(observations.ObservationRow().fields)
    served = json.loads(client.get(f"/v1/observations?{TABLE}").data)["data"]
    assert len(served) > 2000
    assert {tuple(row) for row in served} == {tuple(columns)}
    header = next(csv.reader(io.StringIO(client.get(f"/v1/observations.csv?{TABLE}").text)))
    assert [name for name in header if name in columns] == columns


def test_csv_has_the_values_of_json(client: ContractClient) -> None:
    """Missing values, fractions, and names with commas among them: in full, and with a decimal point."""
    served = json.loads(client.get(f"/v1/observations?{TABLE}").data)["data"]
    lines = list(csv.DictReader(io.StringIO(client.get(f"/v1/observations.csv?{TABLE}").text)))
    assert {None, 95.9} <= {row["value"] for row in served}
    assert "Bristol, City of" in {row["region_name"] for row in served}
    assert {line["value"].partition(".")[2] == "" for line in lines if line["value"]} == {False}
    for line, row in zip(lines, served, strict=True):
        expected = rounded(row["value"], DECIMALS[row["indicator"]])
        assert (float(line["value"]) if line["value"] else None) == expected
        assert line["period"] == in_full(row["period"])
        assert [line[name] for name in row if name not in {"period", "value"}] == [
            text for name, text in row.items() if name not in {"period", "value"}
        ]
