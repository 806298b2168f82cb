"""Charts of real figures: what stands in an image, and where, is what the API answers."""

import json
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
import vl_convert

NAMESPACE = "{http://www.w3.org/2000/svg}"
INDICATOR = "gigabit-availability"


def answer(whole, address):
    response = whole.get(address)
    assert response.status_code == 200, response.text
    return response.json


def image_of(whole, address):
    response = whole.get(address.replace("?", ".svg?", 1))
    assert response.status_code == 200, response.text
    return ET.fromstring(response.text)


def specification(whole, address):
    return json.loads(whole.get(address.replace("?", ".json?", 1)).data)


def texts(image, kind=None):
    return [item.text for item in image.iter(f"{NAMESPACE}text") if kind is None or kind in item.get("class").split()]


def of_class(image, name, *kinds):
    return [item for item in image.iter(f"{NAMESPACE}{name}") if set(kinds) & set(item.get("class", "").split())]


def scale_of(image, axis, *, along):
    """How pixels become numbers, by the labels of an axis: their places, and what they say."""
    known = []
    for item in image.iter(f"{NAMESPACE}text"):
        if (
            item.get("class") == "a"
            and re.fullmatch(r"\u2212?£?[\d,.]+%?", item.text)
            and item.get("text-anchor") == axis
        ):
            number = float(item.text.replace("\u2212", "-").strip("£%").replace(",", "").replace("-£", "-"))
            # A label at the side of an axis stands four pixels below its line.
            known.append((float(item.get(along)) - (4 if along == "y" else 0), number))
    (first, low), (last, high) = known[0], known[-1]
    return lambda pixel: low + (pixel - first) * (high - low) / (last - first)


LEVELS = [("itl1", INDICATOR), ("combined-authority", INDICATOR), ("itl1", "employment-rate"),
          ("itl1", "gva-sic-j-per-head"), ("itl1", "gva-per-hour"), ("country", "employment-rate")]  # fmt: skip


@pytest.mark.parametrize(("level", "indicator"), LEVELS)
def test_a_comparison_has_the_figures_of_the_ranking(whole, level, indicator):
    lines = answer(whole, f"/v1/rankings/{indicator}?level={level}&limit=1000")["data"]["regions"]
    lines = sorted(lines, key=lambda line: -line["value"])
    image = image_of(whole, f"/v1/charts/comparison?indicator={indicator}&level={level}")
    shown = texts(image, "l")
    assert [text for text in shown if text in {line["region_name"] for line in lines}] == [
        line["region_name"] for line in lines
    ]
    dots = of_class(image, "circle", "p", "o")
    number = scale_of(image, "middle", along="x")
    spread = max(line["value"] for line in lines) - min(line["value"] for line in lines)
    for dot, line in zip(dots, lines, strict=True):
        assert number(float(dot.get("cx"))) == pytest.approx(line["value"], abs=spread / 300)
    bounds = [line["bounds"] for line in lines if line["bounds"]]
    bars = of_class(image, "line", "i")
    assert len(bars) == len(bounds)
    for bar, limits in zip(bars, bounds, strict=True):
        assert number(float(bar.get("x1"))) == pytest.approx(limits["lower"], abs=spread / 300)
        assert number(float(bar.get("x2"))) == pytest.approx(limits["upper"], abs=spread / 300)


def test_limits_in_a_ranking_are_those_of_the_series(whole):
    lines = answer(whole, "/v1/rankings/employment-rate?level=itl1")["data"]["regions"]
    for line in lines[:3]:
        series = answer(whole, f"/v1/series/employment-rate/{line['region']}")["data"]["observations"]
        own = next(item for item in series if item["period"] == line["period"])
        assert line["bounds"] == own["bounds"] != None  # noqa: E711
    changes = answer(whole, "/v1/rankings/employment-rate?level=itl1&by=change")["data"]["regions"]
    assert {line["bounds"] for line in changes} == {None}


@pytest.mark.parametrize(
    "asked",
    [
        f"indicator={INDICATOR}&region=E06000063&history=merged",
        "indicator=5g-area-coverage&region=E12000005",
        "indicator=employment-rate&region=W92000004",
        "indicator=gva-sic-j-per-head&region=E12000007",
    ],
)
def test_a_series_has_the_figures_of_the_series(whole, asked):
    parts = dict(item.split("=") for item in asked.split("&"))
    history = f"?history={parts['history']}" if "history" in parts else ""
    found = answer(whole, f"/v1/series/{parts['indicator']}/{parts['region']}{history}")["data"]["observations"]
    known = [item for item in found if item["value"] is not None]
    image = image_of(whole, f"/v1/charts/series?{asked}")
    number = scale_of(image, "end", along="y")
    dots = of_class(image, "circle", "p0", "k0")
    if len(known) <= 30:
        spread = max(item["value"] for item in known) - min(item["value"] for item in known)
        for dot, item in zip(dots, known, strict=True):
            assert number(float(dot.get("cy"))) == pytest.approx(item["value"], abs=spread / 150)
    breaks = [after for before, after in pairwise(known) if after["status"] == "B"]
    assert len(of_class(image, "line", "b")) == len(breaks)
    assert len(of_class(image, "circle", "k0")) == sum(item["status"] in "EPD" or bool(item["parts"]) for item in known)
    assert bool(of_class(image, "path", "ci")) == any(item["bounds"] for item in known)
    drawn = specification(whole, f"/v1/charts/series?{asked}")["vconcat"][0]["data"]["values"]
    assert [row["value"] for row in drawn] == [item["value"] for item in found]
    assert len({row["run"] for row in drawn if row["value"] is not None}) == len(breaks) + 1


def test_a_change_goes_from_the_earlier_value_to_the_later_one(whole):
    address = f"/v1/rankings/{INDICATOR}?level=itl1&by=change&since=2025-01"
    lines = answer(whole, address)["data"]["regions"]
    image = image_of(whole, f"/v1/charts/change?indicator={INDICATOR}&level=itl1&since=2025-01")
    number = scale_of(image, "middle", along="x")
    for line, told in zip(of_class(image, "line", "w"), lines, strict=True):
        assert number(float(line.get("x1"))) == pytest.approx(told["earlier_value"], abs=0.1)
        assert number(float(line.get("x2"))) == pytest.approx(told["published_value"], abs=0.1)


def test_a_map_has_every_district_in_the_class_of_its_value(whole):
    asked = f"indicator={INDICATOR}&level=local-authority"
    lines = {
        line["region_name"]: line["value"]
        for line in answer(whole, f"/v1/rankings/{INDICATOR}?level=local-authority&limit=1000")["data"]["regions"]
    }
    for geometry in ("boundaries", "hexagons"):
        image = image_of(whole, f"/v1/charts/map?{asked}&geometry={geometry}&region=E06000063")
        limits = [float(text.strip("%")) for text in texts(image, "a") if text.endswith("%")]
        drawn = of_class(image, "path", "ma")
        assert len(drawn) == len(lines) == 361
        for item in drawn:
            name, _, value = item.find(f"{NAMESPACE}title").text.rpartition(": ")
            step = int(item.get("class").split()[1].removeprefix("q"))
            assert lines[name] == float(value.strip("%"))
            assert limits[step] <= lines[name] <= limits[step + 1]
        assert [item.find(f"{NAMESPACE}title").text for item in of_class(image, "path", "me")] == ["Cumberland: 84.8%"]


def test_a_profile_stands_where_its_ranks_are(whole):
    components = answer(whole, "/v1/regions/E08000027/profile")["data"]["components"]
    entries = [item for part in components if part["role"] == "component" for item in part["indicators"]]
    entries = [item for item in entries if item["rank"] and item["rank"]["n"] > 1]
    told = specification(whole, "/v1/charts/profile?region=E08000027")["vconcat"][0]["data"]["values"]
    assert [row["code"] for row in told] == [item["indicator"] for item in entries]
    for row, item in zip(told, entries, strict=True):
        rank = item["rank"]
        assert row["value"] == pytest.approx(100 * (rank["n"] - rank["order"]) / (rank["n"] - 1))
        assert (row["lower"] is None) == (rank["interval"]["lower"] is None)
        assert row["sure"] == (row["lower"] is not None)
        if row["lower"] is not None:
            assert row["lower"] <= row["value"] <= row["upper"]
    image = image_of(whole, "/v1/charts/profile?region=E08000027")
    assert len(of_class(image, "circle", "pe", "oe")) == len(entries)
    assert len(of_class(image, "rect", "bd")) == 1


def test_an_index_shows_its_ranges(whole):
    regions = answer(whole, "/v1/indices/local-digital-capital/scores")["data"]["regions"]
    image = image_of(whole, "/v1/charts/index?index=local-digital-capital&region=E12000005")
    number = scale_of(image, "middle", along="x")
    for bar, thin, region in zip(of_class(image, "line", "i"), of_class(image, "line", "x"), regions, strict=True):
        assert number(float(bar.get("x1"))) == pytest.approx(region["method_range_90"]["lower"], abs=0.05)
        assert number(float(bar.get("x2"))) == pytest.approx(region["method_range_90"]["upper"], abs=0.05)
        assert number(float(thin.get("x1"))) == pytest.approx(region["best"], abs=0.05)
        assert number(float(thin.get("x2"))) == pytest.approx(region["worst"], abs=0.05)
    assert "West Midlands" in texts(image, "e")


CHARTS = [
    f"series?indicator={INDICATOR}&region=E12000005,E12000007&with=uk",
    "comparison?indicator=employment-rate&level=itl1&region=E12000005",
    f"change?indicator={INDICATOR}&level=combined-authority",
    "profile?region=E47000007",
    f"map?indicator={INDICATOR}&level=itl1",
    f"map?indicator={INDICATOR}&level=local-authority&geometry=hexagons",
    "index?index=local-digital-capital",
]


@pytest.mark.parametrize("asked", CHARTS)
def test_every_chart_is_drawn_by_others_from_its_specification(whole, asked):
    told = specification(whole, f"/v1/charts/{asked}")
    drawn = vl_convert.vegalite_to_svg(told, allowed_base_urls=[])
    assert told["title"]["text"][0] in drawn
    assert "http" not in json.dumps({name: part for name, part in told.items() if name not in {"$schema", "usermeta"}})


@pytest.mark.parametrize("asked", CHARTS)
def test_an_image_has_its_words_and_names_its_release(whole, asked):
    image = image_of(whole, f"/v1/charts/{asked}")
    said = " ".join(texts(image))
    for part in ("Source: ", "Open Government Licence v3.0", "Release 7 (2026-11-28)"):
        assert part in said
    assert len(image.find(f"{NAMESPACE}desc").text) > 40


def test_png_is_the_same_at_twice_the_width(whole):
    response = whole.get("/v1/charts/comparison.png?indicator=employment-rate&level=itl1&width=400&theme=auto")
    assert response.content_type == "image/png"
    assert response.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(response.data[16:20]) == 800
    assert response.headers["Content-Disposition"].startswith("inline; ")


def test_names_are_welsh_where_they_are_asked_for(whole):
    asked = f"/v1/charts/comparison?indicator={INDICATOR}&level=country&names=welsh"
    assert "Cymru" in texts(image_of(whole, asked))
    assert "Scotland" in texts(image_of(whole, asked)), "which has no Welsh name here"


def test_of_many_places_those_at_the_ends_are_shown_and_those_asked_about(whole):
    asked = f"/v1/charts/comparison?indicator={INDICATOR}&level=local-authority&region=E08000027"
    image = image_of(whole, asked)
    assert len(of_class(image, "circle", "p", "pe")) == 21
    assert "Dudley" in texts(image, "e")
    assert any(text.startswith("Of 361 local authorities the 10 at each end") for text in texts(image, "n"))


def test_a_question_without_figures_says_why(whole):
    image = image_of(whole, "/v1/charts/series?indicator=full-fibre-availability&region=K02000001&period_to=2010")
    reason = answer(whole, "/v1/series/full-fibre-availability/K02000001?period_to=2010")["meta"]["detail"]
    assert image.find(f"{NAMESPACE}desc").text == reason
    assert reason in " ".join(texts(image))


def test_a_snippet_holds_the_image_with_its_sentence(whole):
    for address in (
        "map.embed?indicator=gigabit-availability&level=itl1",
        "map?indicator=gigabit-availability&level=itl1&format=embed",
    ):
        snippet = whole.get(f"/v1/charts/{address}")
        assert snippet.mimetype == "text/html"
        tree = ET.fromstring(snippet.text.replace('loading="lazy" ', "").replace('auto">', 'auto"/>', 1))
        image = tree.find("a/img")
        assert image.get("src").endswith("/v1/charts/map.svg?indicator=gigabit-availability&level=itl1")
        own = image_of(whole, "/v1/charts/map?indicator=gigabit-availability&level=itl1")
        assert (image.get("width"), image.get("height")) == (own.get("width"), own.get("height"))
        assert image.get("alt") == own.find(f"{NAMESPACE}desc").text


def test_an_image_may_stand_on_any_page_and_do_nothing(whole):
    headers = whole.get("/v1/charts/index.svg?index=local-digital-capital").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers.get_all("Content-Security-Policy") == ["default-src 'none'; style-src 'unsafe-inline'; sandbox"]


@pytest.mark.parametrize(
    ("asked", "path", "said"),
    [
        ("series?indicator=gigabit-availability", "query/region", "Name a region"),
        ("series?region=E12000005", "query/indicator", "Name an indicator"),
        (
            "series?indicator=gigabit-availability&region=E12000001,E12000002,E12000003,E12000004,E12000005,E12000006&with=uk",
            "query/region",
            "a chart tells 6 apart",
        ),
        ("series?indicator=gigabit-availability&region=E12000005&width=319", "query/width", "320 to 1600"),
        ("series?indicator=gigabit-availability&region=E12000005&theme=blue", "query/theme", "light, dark, auto"),
        ("map?indicator=gigabit-availability&level=itl1&geometry=points", "query/geometry", "boundaries, hexagons"),
        ("index?index=local-digital-capitol", "query/index", "local-digital-capital"),
        ("profile?region=E08000027&level=itl1", "query/level", "local-authority"),
    ],
)
def test_what_cannot_be_drawn_is_told(whole, asked, path, said):
    problem = whole.get(f"/v1/charts/{asked}").json
    assert problem["status"] in {404, 422}
    assert problem["errors"][0]["path"] == path
    assert said in problem["errors"][0]["message"]
