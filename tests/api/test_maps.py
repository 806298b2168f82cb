"""Maps: boundaries and hexagons, read by clients that are not ours, and held against one another."""

import json
from collections import Counter

import geojson_validator
import pyogrio.raw
import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import delete, update

from api import create_app, models
from api.models import HISTORIES
from api.settings import Settings
from tests.contract_client import ContractClient

LEVELS = {
    "uk": (1, 0),
    "country": (4, 0),
    "itl1": (12, 0),
    "itl2": (46, 0),
    "itl3": (182, 0),
    "combined-authority": (15, 0),
    "local-authority": (361, 0),
    "county": (21, 0),
}
"""How many regions of each level are drawn on the day of the newest release, and how many are not."""
EQUAL_AREA = 0.001


def drawn(client, question, name="geojson"):
    answer = client.get(f"/v1/regions.{name}?{question}")
    assert answer.status_code == 200, answer.text
    return answer.json


def shapes_of(collection):
    return {item["id"]: shape(item["geometry"]) for item in collection["features"] if item["geometry"]}


def rings_of(geometry):
    """The polygons of a geometry in GeoJSON, each a list of rings."""
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def decoded(topology):
    """Each region of a topology as polygons of rings of points, by code; None where it has no shape."""
    (right, up), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for across, along in arc:
            x, y = x + across, y + along
            points.append([round(x * right + west, 4), round(y * up + south, 4)])
        arcs.append(points)

    def ring(numbers):
        points = []
        for number in numbers:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += part[1:] if points else part
        return points

    found = {}
    for item in topology["objects"]["regions"]["geometries"]:
        polygons = {"Polygon": lambda arcs: [arcs], "MultiPolygon": list}.get(item["type"])
        found[item["id"]] = polygons and [[ring(numbers) for numbers in part] for part in polygons(item["arcs"])]
    return found


def numbers_in(part):
    """All numbers in lists of lists."""
    return [part] if isinstance(part, int) else [number for item in part for number in numbers_in(item)]


def clockwise(ring):
    return not shapely.LinearRing(ring).is_ccw


@pytest.mark.parametrize("level", LEVELS)
def test_boundaries_of_a_level(client, level):
    collection = drawn(client, f"level={level}&geometry=boundaries")
    shapes = shapes_of(collection)
    assert (len(shapes), collection["not_drawn_count"]) == LEVELS[level]
    assert len(collection["features"]) == sum(LEVELS[level])
    assert collection["drawn_as"] == "boundaries" and "generalised" in collection["drawn_note"]
    assert all(found.is_valid for found in shapes.values())
    # Within the United Kingdom, and no wider than it says.
    around = shapely.total_bounds(list(shapes.values()))
    assert collection["bbox"] == around.tolist()
    assert -9 < around[0] < around[2] < 2 and 49.8 < around[1] < around[3] < 61
    for item in collection["features"]:
        for polygon in rings_of(item["geometry"]):
            assert not clockwise(polygon[0]) and all(clockwise(hole) for hole in polygon[1:])
            assert all(ring[0] == ring[-1] for ring in polygon)
            assert all(round(part, 4) == part for ring in polygon for point in ring for part in point)
    # What is no land of two regions at once lies in one of them.
    if level != "country":
        found = list(shapes.values())
        apart = sum(item.area for item in found)
        assert shapely.union_all(found).area == pytest.approx(apart, rel=EQUAL_AREA)


@pytest.mark.parametrize(
    "question", ["level=local-authority&geometry=boundaries", "level=itl1&geometry=boundaries&indicator=gva-per-hour"]
)
def test_boundaries_are_valid_geojson(client, question):
    collection = drawn(client, question)
    assert not geojson_validator.validate_structure(collection)
    found = geojson_validator.validate_geometries(collection)
    assert not any(found["invalid"].values())


@pytest.mark.parametrize("geometry", ["boundaries", "hexagons"])
@pytest.mark.parametrize("level", ["itl1", "local-authority"])
def test_a_topology_is_the_same_map_with_shared_borders(client, level, geometry):
    question = f"level={level}&geometry={geometry}&indicator=population"
    collection, topology = drawn(client, question), drawn(client, question, "topojson")
    expected = {
        item["id"]: item["geometry"] and [[ring[::-1] for ring in part] for part in rings_of(item["geometry"])]
        for item in collection["features"]
    }
    found = decoded(topology)
    assert set(found) == set(expected) and any(found.values())
    for code, polygons in found.items():
        assert polygons is None or all(clockwise(part[0]) for part in polygons)
        if geometry == "boundaries" or polygons is None:
            assert polygons == expected[code]
        else:  # which of a hexagon's corners comes first is nothing that a map shows
            assert shape({"type": "MultiPolygon", "coordinates": polygons}).equals(
                shape({"type": "MultiPolygon", "coordinates": expected[code]})
            )
    listed = topology["objects"]["regions"]["geometries"]
    assert [item["properties"] for item in listed] == [item["properties"] for item in collection["features"]]
    assert topology["bbox"] == collection["bbox"]
    # Every line is used, one between two regions by both of them, in either direction, and no line is there twice.
    used = Counter(numbers_in([item.get("arcs", []) for item in listed]))
    numbers = Counter(max(number, ~number) for number in used)
    assert sorted(numbers) == list(range(len(topology["arcs"])))
    assert max(used.values()) == 1 and max(numbers.values()) == 2 and list(numbers.values()).count(2) > 10
    assert len({json.dumps(arc) for arc in topology["arcs"]}) == len(topology["arcs"])


def test_hexagons_lie_side_by_side(client):
    collection = drawn(client, "level=local-authority&geometry=hexagons")
    shapes = list(shapes_of(collection).values())
    assert (len(shapes), collection["not_drawn_count"]) == (361, 0) and "cartogram" in collection["drawn_note"]
    assert all(len(item.exterior.coords) == 7 and item.is_valid and item.exterior.is_ccw for item in shapes)
    apart = sum(item.area for item in shapes)
    assert shapely.union_all(shapes).area == pytest.approx(apart, rel=1e-9)
    assert "Open Innovations" in collection["attribution"] and "MIT" in collection["licence"]
    # A part of the map is the same part.
    whole = {item["id"]: item["geometry"] for item in collection["features"]}
    part = drawn(client, "level=local-authority&geometry=hexagons&parent=E12000005")["features"]
    assert len(part) == 30 and all(whole[item["id"]] == item["geometry"] for item in part)
    # Bristol lies south of Leeds and west of London on it.
    middle = {code: shape(item).centroid for code, item in whole.items()}
    assert middle["E06000023"].y < middle["E08000035"].y and middle["E06000023"].x < middle["E09000001"].x


def test_regions_are_made_of_their_districts(client):
    districts = shapes_of(drawn(client, "level=local-authority&geometry=boundaries"))
    for level in ("itl1", "itl2", "itl3", "combined-authority"):
        for code, whole in shapes_of(drawn(client, f"level={level}&geometry=boundaries")).items():
            question = f"level=local-authority&parent={code}&limit=1000"
            inside = [item["code"] for item in client.get(f"/v1/regions?{question}").json["data"]]
            if "S12000021" in inside and level in {"itl2", "itl3"}:  # its islands are in another area than its mainland
                continue
            union = shapely.union_all([districts[item] for item in inside])
            assert union.area == pytest.approx(whole.area, rel=EQUAL_AREA), code
            assert union.intersection(whole).area == pytest.approx(whole.area, rel=EQUAL_AREA), code


@pytest.mark.parametrize("geometry", ["boundaries", "hexagons"])
@pytest.mark.parametrize("name", ["geojson", "topojson"])
def test_maps_are_read_by_gdal(client, tmp_path, name, geometry):
    question = f"level=local-authority&geometry={geometry}&indicator=gigabit-availability"
    path = tmp_path / f"map.{name}"
    answer = client.get(f"/v1/regions.{name}?{question}")
    path.write_bytes(answer.data)
    meta, _, geometries, columns = pyogrio.raw.read(path)
    fields = dict(zip(meta["fields"], columns, strict=True))
    assert len(geometries) == 361 and meta["crs"] == {"geojson": "EPSG:4326", "topojson": None}[name]
    expected = {item["id"]: item for item in drawn(client, question)["features"]}
    for code, value, found in zip(fields["code"], fields["value"], shapely.from_wkb(geometries), strict=True):
        assert value == expected[code]["properties"]["value"]
        own = shape(expected[code]["geometry"])
        assert found.symmetric_difference(own).area < 1e-9


def test_a_question_narrows_a_map_down(client):
    collection = drawn(client, "level=local-authority&parent=E47000007&geometry=true&indicator=gigabit-availability")
    assert len(shapes_of(collection)) == 7
    points = drawn(client, "level=local-authority&parent=E47000007&indicator=gigabit-availability")
    without = {"boundary_from", "boundary_to"}
    assert [item["properties"] for item in points["features"]] == [
        {name: value for name, value in item["properties"].items() if name not in without}
        for item in collection["features"]
    ]
    assert "drawn_as" not in points and "bbox" not in points
    same = "level=local-authority&parent=E47000007&indicator=gigabit-availability"
    for spelt in ("points", "false", "POINTS"):
        assert drawn(client, f"{same}&geometry={spelt}")["features"] == points["features"]


def test_a_boundary_is_of_a_day(client):
    """Cumberland and Allerdale, which went into it in 2023."""
    now = shapes_of(drawn(client, "q=Cumberland&level=local-authority&geometry=boundaries"))
    before = drawn(client, "q=Allerdale&level=local-authority&geometry=boundaries&valid_on=2022-06-30")
    assert now["E06000063"].buffer(0.001).contains(shapes_of(before)["E07000026"])
    assert before["features"][0]["properties"]["boundary_to"] == 2022
    every = drawn(client, "level=local-authority&geometry=boundaries&valid_on=any")
    assert every["not_drawn_count"] == len(every["not_drawn"]) == 417 - len(shapes_of(every))


def test_what_has_no_boundary_is_not_drawn_and_named(client):
    for name in ("geojson", "topojson"):
        said = drawn(client, "level=city-region&geometry=boundaries", name)
        assert said["not_drawn_count"] == len(said["not_drawn"]) == 8 and "bbox" not in said
        items = said["features"] if name == "geojson" else said["objects"]["regions"]["geometries"]
        assert [item["id"] for item in items] == said["not_drawn"]
        assert all((item["geometry"] if name == "geojson" else item["type"]) is None for item in items)
    assert drawn(client, "level=city-region&geometry=boundaries", "topojson")["arcs"] == []


def test_who_is_to_be_named_on_a_map(client):
    answer = client.get("/v1/regions.geojson?level=itl1&geometry=boundaries")
    assert "Contains OS data © Crown copyright and database right 2026" in answer.json["attribution"]
    assert "NISRA" in answer.json["attribution"]
    assert answer.json["licence"] == "Open Government Licence v3.0"
    assert 'open-government-licence/version/3/>; rel="license"' in ",".join(answer.headers.getlist("Link"))
    assert answer.headers["Content-Location"].endswith("&release=4") and answer.headers["ETag"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="regions-itl1-boundaries.geojson"'
    topology = client.get("/v1/regions?level=itl1", headers={"Accept": "application/topo+json"})
    assert topology.mimetype == "application/topo+json" and topology.json["type"] == "Topology"


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        ("regions.geojson?geometry=wkt", "invalid-value", "points, boundaries or hexagons"),
        ("regions.csv?geometry=boundaries", "no-map", "/v1/regions.geojson"),
        ("regions?geometry=hexagons&level=itl1", "no-map", "/v1/regions.topojson"),
        ("regions.topojson?geometry=points", "not-drawn", "geometry=boundaries or geometry=hexagons"),
        ("regions.geojson?geometry=hexagons", "several-levels", "level=local-authority"),
        ("regions.topojson?geometry=hexagons&level=itl1,itl2", "several-levels", "level=local-authority"),
        ("regions.geojson?shape=hexagons", "unknown-parameter", "geometry"),
        ("regions?hex=true", "unknown-parameter", "geometry"),
    ],
)
def test_what_cannot_be_drawn(client, address, code, said):
    answer = client.get(f"/v1/{address}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == code and said in answer.json["detail"]
    assert answer.json["errors"][0]["allowed"]


def test_releases_draw_what_they_know(sqlite_seeded, tmp_path):
    """A release from before a boundary was known says so, and one in which it was drawn otherwise draws that."""
    path = tmp_path / "own.sqlite3"
    path.write_bytes(sqlite_seeded.read_bytes())
    app = create_app(Settings(database_url=f"sqlite:///{path}", downloads_path=str(tmp_path), release_check_seconds=0))
    app.test_client_class = ContractClient
    boundary, arc = models.Boundary.__table__, models.BoundaryArc.__table__
    with app.extensions["database"].begin() as connection:
        connection.execute(update(boundary).values(first_release=3))
        connection.execute(update(arc).values(first_release=3))
        number = connection.execute(models.Region.__table__.select().where(models.Region.code == "E12000005"))
        region = number.mappings().one()["id"]
        row = dict(connection.execute(boundary.select().where(boundary.c.region_id == region)).mappings().one())
        old = {**row, "coordinates": "[[[-2.0,52.0],[-1.0,52.0],[-1.0,53.0],[-2.0,52.0]]]", "kind": "Polygon"}
        connection.execute(HISTORIES[models.Boundary].insert(), [{**old, "first_release": 2, "last_release": 2}])
        connection.execute(delete(boundary).where(boundary.c.region_id == region))
        connection.execute(boundary.insert(), [row | {"first_release": 3}])
    client = app.test_client()
    question = "level=itl1&geometry=boundaries&release="
    none, one, all_of_them = (drawn(client, f"{question}{release}") for release in (1, 2, 4))
    assert none["not_drawn_count"] == 12 and not shapes_of(none) and "OS data" in none["attribution"]
    assert one["not_drawn_count"] == 11 and shapes_of(one)["E12000005"].area == 0.5
    assert all_of_them["not_drawn_count"] == 0
    assert drawn(client, f"{question}1", "topojson")["arcs"] == []
    app.extensions["database"].engine.dispose()
