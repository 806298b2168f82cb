"""Published indices: what enters, what stays out, scores recomputed here, and what other choices make of them."""

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from api.services.package import definitions
from tests.api.test_comparisons import ITL1, population_sources, published

UK = "/v1/indices/local-digital-capital"
PARTS = [
    part["component"]
    for index in definitions()
    if index["id"] == "local-digital-capital"
    for part in index["content"]["components"]
]


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.json
    return response.json["data"]


def calculated(client, body, index="local-digital-capital"):
    response = client.post(f"/v1/indices/{index}/calculations", json=body)
    assert response.status_code == 200, response.json
    return response.json["data"]


def refused(client, body):
    response = client.post(f"{UK}/calculations", json=body)
    assert response.status_code == 422, response.json
    return response.json


def indicators(data):
    return {item["indicator"]: item for part in data["components"] for item in part["indicators"]}


def test_it_is_labelled_as_a_method_of_our_own(client):
    for item in read(client, "/v1/indices"):
        assert item["method"] == "A method of this project's own, not techUK's."
        assert "not techUK's" in item["description"]


def test_what_enters_and_what_does_not(client):
    data = read(client, UK)
    measured = {part["component"]: part["measured"] for part in data["components"]}
    assert measured == {
        "digital-infrastructure": True, "digital-skills": True, "digital-adoption": False, "research-innovation": True,
        "finance-investment": True, "trade-support": True, "data-ecosystems": False,
        "collaboration-coordination": False,
    }  # fmt: skip
    adoption = next(part for part in data["components"] if part["component"] == "digital-adoption")
    assert "2019" in adoption["reason"] and "more than 5 years old" in adoption["reason"]
    entering = {slug: item for slug, item in indicators(data).items() if item["period"]}
    assert {item["n"] for item in entering.values()} == {12}
    # England's own, and the digital sector itself, are in no component.
    outside = {"apprenticeship-starts-rate", "gva-sic-j", "gva-sic-j-per-head", "employment-sic-j"}
    assert not outside & set(indicators(data))
    assert entering["total-exports"]["denominator_years"] == ["2023"]


def test_scores_are_those_of_the_definition(client):
    """Goalposts, then means of the indicators of a component, then of the components: by hand, from seed/."""
    data = read(client, f"{UK}/scores")
    used = {part["component"]: part["indicators"] for part in data["components"] if part["measured"]}
    wanted = {}
    for region in ITL1:
        scores = {}
        for component, items in used.items():
            shares = []
            for item in (item for item in items if item["period"]):
                value = published(item["indicator"], item["period"])[region]
                if item["denominator"]:
                    year = item["denominator_years"][0]
                    value *= 1_000_000 / published("population", year)[region]
                low, high = item["goalposts"]["lower"], item["goalposts"]["upper"]
                share = min(1, max(0, (value - low) / (high - low)))
                shares.append(100 * (1 - share if item["polarity"] == "lower-is-better" else share))
            scores[component] = sum(shares) / len(shares)
        wanted[region] = sum(scores.values()) / len(scores)
    assert {line["region"]: line["score"] for line in data["regions"]} == pytest.approx(wanted, abs=0.006)
    assert [line["region"] for line in data["regions"]] == sorted(wanted, key=lambda region: -wanted[region])
    for line in data["regions"]:
        assert sum(line["contributions"].values()) == pytest.approx(line["score"], abs=0.03)
        assert line["best"] <= line["method_range_90"]["lower"] <= line["method_range_90"]["upper"] <= line["worst"]


def test_goalposts_stay_from_edition_to_edition(client):
    earlier, later = (indicators(read(client, f"{UK}?edition={year}")) for year in (2024, 2026))
    assert {slug: item["goalposts"] for slug, item in earlier.items()} == {
        slug: item["goalposts"] for slug, item in later.items()
    }
    assert earlier["gigabit-availability"]["period"] == "2024-07" != later["gigabit-availability"]["period"]


def test_scores_as_a_table(client):
    text = client.get(f"{UK}/scores?format=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    lines = {line["region"]: line for line in read(client, f"{UK}/scores")["regions"]}
    assert len(rows) == 12 * 6
    for row in rows:
        line = lines[row["region"]]
        wanted = line["score"] if row["part"] == "index" else line["components"][row["part"]]
        assert float(row["score"]) == wanted
        assert row["rank"] == (str(line["rank"]) if row["part"] == "index" else "")


def test_nothing_chosen_is_the_published_index(client):
    scores = {line["region"]: (line["rank"], line["score"]) for line in read(client, f"{UK}/scores")["regions"]}
    data = calculated(client, {})
    assert {item["id"]: (item["rank"], round(item["score"], 2)) for item in data["regions"]} == scores
    assert data["uncertainty"]["draws"] == 1000


def test_weights_on_any_scale(client):
    parts = PARTS
    alike = calculated(client, {"weights": dict.fromkeys(parts, 7), "uncertainty": None})
    plain = calculated(client, {"uncertainty": None})
    assert [item["score"] for item in alike["regions"]] == [item["score"] for item in plain["regions"]]
    skills = calculated(client, {"weights": {"digital-skills": 1e6}, "uncertainty": None})["regions"]
    for item in skills:
        assert item["score"] == pytest.approx(item["scores"]["digital-skills"], abs=0.01)


def test_parts_left_out(client):
    data = calculated(client, {"without": ["trade-support", "4g-area-coverage"], "uncertainty": None})
    assert "trade-support" not in data["effective_weights"]
    assert data["effective_weights"]["gigabit-availability"] == pytest.approx(1 / 12)


def test_another_denominator(client):
    """Exports for each firm in place of each head: compared through the firms of the nearest year."""
    body = {"denominators": {"total-exports": "active-businesses"}, "normalisation": "min-max", "uncertainty": None}
    data = calculated(client, body)
    [used] = [item for item in data["figures"] if item["indicator"] == "total-exports"]
    assert (used["denominator"], used["denominator_years"]) == ("active-businesses", ["2023"])
    exports, firms = published("total-exports", "2023", ITL1), published("active-businesses", "2023", ITL1)
    rates = {code: exports[code] / firms[code] for code in ITL1}
    low, high = min(rates.values()), max(rates.values())
    for item in data["regions"]:
        stages = item["indicators"]["total-exports"]
        assert stages["raw"] == exports[item["id"]]
        assert stages["denominated"] == pytest.approx(rates[item["id"]] * 1e6)
        assert stages["normalised"] == pytest.approx(100 * (rates[item["id"]] - low) / (high - low))


def test_a_permalink_leads_back_to_the_answer(client):
    body = {"weights": {"digital-skills": 2}, "normalisation": "z-score", "uncertainty": {"draws": 50}}
    posted = client.post(f"{UK}/calculations", json=body).json
    address = posted["links"]["permalink"]
    assert "release=4" in address and address in posted["meta"]["citation"]
    response = client.get(address)
    assert response.json["data"] == posted["data"]
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    # It is canonical: another spelling of the same choices has the same.
    again = client.post(f"{UK}/calculations", json=dict(reversed(body.items()))).json["links"]["permalink"]
    assert again == address
    assert json.loads(parse_qs(urlsplit(address).query)["choices"][0])["edition"] == 2026


def test_an_index_of_ones_own_over_figures_of_this_service(client):
    body = {
        "indicators": [
            {"id": "gigabit-availability", "period": "2026-01"},
            {"id": "premises-below-30-mbps", "period": "2026-01", "weight": 2},
        ],
        "regions": ["E08000025", "E08000016", "E12000007"],
        "normalisation": "z-score",
    }
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 200, response.json
    data = response.json["data"]
    figures = published("gigabit-availability", "2026-01")
    by_id = {item["id"]: item for item in data["regions"]}
    # Barnsley is asked for under its old code, and stands under the new one.
    assert by_id["E08000016"]["indicators"]["gigabit-availability"]["raw"] == figures["E08000038"]
    assert by_id["E12000007"]["indicators"]["gigabit-availability"]["raw"] == figures["E12000007"]
    assert client.get(response.json["links"]["permalink"]).json["data"] == data
    assert response.json["meta"]["release"] == 4 and response.json["meta"]["source"]


def test_local_authorities_with_what_is_missing_filled_in(client):
    body = {
        "indicators": [{"id": "gva-sic-j", "period": "2023"}, {"id": "gigabit-availability", "period": "2026-01"}],
        "regions": {"level": "local-authority"},
        "imputation": "group-median",
        "include": ["stages"],
    }
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 200, response.json
    by_id = {item["id"]: item for item in response.json["data"]["regions"]}
    cornwall = by_id["E06000052"]["indicators"]["gva-sic-j"]
    assert (cornwall["raw"], cornwall["was_imputed"]) == (None, True)
    [gva, _] = response.json["data"]["figures"]
    assert [item["region"] for item in gva["missing"]] == ["E06000052", "E06000053"]
    assert gva["n"] == 359


def test_the_latest_earlier_value(client):
    """Where the latest figure is missing, as a rate of the year that it is of."""
    body = {
        "indicators": [{"id": "employment-soc-31", "period": "2024-04-01/P1Y"}, {"id": "gigabit-availability"}],
        "regions": {"level": "local-authority"},
        "imputation": "latest-earlier",
        "include": ["stages"],
    }
    response = client.post("/v1/calculations", json=body)
    by_id = {item["id"]: item for item in response.json["data"]["regions"]}
    now, before = (published("employment-soc-31", period) for period in ("2024-04-01/P1Y", "2023-04-01/P1Y"))
    people = published("population", "2022")
    stages = {code: item["indicators"]["employment-soc-31"] for code, item in by_id.items()}
    filled = [code for code in by_id.keys() & before.keys() & people.keys() if stages[code]["raw"] is None]
    assert not set(filled) & now.keys()
    assert filled
    [used, _] = response.json["data"]["figures"]
    periods = {item["region"]: item["period"] for item in used["earlier"]}
    for code in filled:
        assert stages[code]["was_imputed"]
        assert periods[code] == "2023-04-01/P1Y"
        assert stages[code]["imputed"] == pytest.approx(10_000 * before[code] / people[code])


@pytest.mark.parametrize(
    ("body", "path", "says"),
    [
        ({"weights": {"digital-skils": 1}}, "body/weights/digital-skils", "digital-skills"),
        ({"without": ["gva-sic-j"]}, "body/without/0", "no part"),
        ({"edition": 2031}, "body/edition", "2026"),
        ({"edition": 1990}, "body", "2 components at least"),
        ({"denominators": {"total-exports": "population"}}, "body/denominators/total-exports", "goalposts"),
        (
            {"goalposts": {"gigabit-availability": {"lower": 5, "upper": 5}}},
            "body/goalposts/gigabit-availability",
            "must be above",
        ),
        (
            {"denominators": {"level-3-qualifications": "population"}, "normalisation": "min-max"},
            "body/denominators/level-3-qualifications",
            "is a rate",
        ),
        ({"normalisation": "minmax"}, "body/normalisation", "min-max"),
        ({"uncertainty": {"draws": 1_000_000}}, "body/uncertainty/draws", "10,000"),
        ({"wieghts": {}}, "body/wieghts", "weights"),
        ({"weights": {"digital-infrastructure": -1}}, "body/weights/digital-infrastructure", "range"),
        (
            {"weights": dict.fromkeys(PARTS, 0)},
            "body/weights",
            "zero",
        ),
    ],
)
def test_choices_that_cannot_be(client, body, path, says):
    problem = refused(client, body)
    assert problem["type"].endswith("invalid-definition")
    assert problem["errors"][0]["path"] == path
    assert says in problem["errors"][0]["message"]


def test_a_geometric_mean_of_nothing_names_the_cells(client):
    problem = refused(client, {"aggregation": "geometric", "normalisation": "min-max"})
    assert problem["type"].endswith("impossible-calculation")
    assert {"region", "part"} <= problem["errors"][0].keys()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"regions": {"level": "itl9"}}, "unknown-id"),
        ({"regions": {"level": "other"}}, "overlapping"),
        ({"regions": {"level": "uk"}}, "too-few-regions"),
        ({"regions": ["E12000005", "E99999999"]}, "unknown-id"),
        ({"regions": ["E08000016", "E08000038"]}, "repeated-id"),
        ({"regions": ["E12000005"]}, "invalid-value"),
        ({"indicators": [{"id": "population"}]}, "not-comparable"),
        ({"indicators": [{"id": "gigabit"}]}, "unknown-id"),
        ({"indicators": [{"id": "gigabit-availability", "denominator": "population"}]}, "denominator-of-a-rate"),
        ({"indicators": [{"id": "gigabit-availability", "period": "1999"}]}, "unknown-period"),
        ({"data": {"regions": ["a", "b"], "values": {"gigabit-availability": [1, 2]}}}, "figures"),
        ({"regions": None}, "figures"),
        ({"regions": ["E12000005", "E08000025"]}, "overlapping"),
        ({"regions": ["E07000026", "E06000063"]}, "overlapping"),
        ({"regions": {"level": "itl2"}, "indicators": [{"id": "4g-area-coverage"}]}, "too-few-values"),
        ({"indicators": [{"id": "fe-ict-achievements"}]}, "too-few-values"),
        ({"indicators": [{"id": "total-exports", "denominator": "gva-per-hour"}]}, "rate-as-denominator"),
    ],
)
def test_figures_of_this_service_that_cannot_be(client, body, code):
    whole = {"indicators": [{"id": "gigabit-availability"}], "regions": {"level": "itl1"}} | body
    response = client.post("/v1/calculations", json=whole)
    assert response.status_code == 422, response.json
    assert response.json["errors"][0]["code"] == code


def test_unknown_indices_and_addresses(client):
    assert client.get("/v1/indices/local-digital").json["errors"][0]["allowed"] == ["local-digital-capital"]
    assert client.post("/v1/indices/ldi/calculations", json={}).status_code == 404
    response = client.get(f'{UK}/calculations?choices={{"weights":{{"digital-skils":1}}}}')
    assert response.json["errors"][0]["path"] == "query/choices/weights/digital-skils"
    assert client.get("/v1/calculations?definition=[").status_code == 422
    assert client.get("/v1/calculations").status_code == 422


def test_every_indicator_at_every_level_has_an_answer_or_a_reason(client):
    levels = [item["id"] for item in read(client, "/v1/levels")]
    for item in read(client, "/v1/indicators?limit=100"):
        for level in levels:
            body = {"indicators": [{"id": item["id"]}], "regions": {"level": level}, "include": []}
            assert client.post("/v1/calculations", json=body).status_code in {200, 422}


def test_an_edition_of_one_component_has_no_scores_and_says_why(client):
    answer = client.get("/v1/indices/combined-authority-digital-capital/scores?edition=2024").json
    assert (answer["data"], answer["meta"]["reason"]) == (None, "not-measured")
    assert "digital-skills" in answer["meta"]["detail"]
    assert client.get(answer["meta"]["nearest"]).json["data"]
    table = client.get("/v1/indices/combined-authority-digital-capital/scores?edition=2024&format=csv")
    assert table.text.count("\n") == 1
    for address in (f"{UK}?edition=2050", f"{UK}/scores?edition=2050"):
        response = client.get(address)
        assert (response.status_code, response.json["errors"][0]["path"]) == (422, "query/edition")


def test_every_source_is_named(client):
    """Exports are divided by people, so that those who count people are named too."""
    sources = {item["id"] for item in client.get(f"{UK}/scores").json["meta"]["source"]}
    assert sources >= population_sources()
    posted = client.post(f"{UK}/calculations", json={"uncertainty": None}).json["meta"]["source"]
    assert {item["id"] for item in posted} == sources


def test_figures_of_ones_own_have_no_address(client):
    response = client.get('/v1/calculations?definition={"indicators":[{"id":"a"}],"data":{}}')
    assert (response.status_code, response.json["errors"][0]["path"]) == (422, "query/definition/data")
    assert "body" not in client.get("/v1/calculations?definition=[]").json["detail"]


def test_scores_of_a_release_stay_as_they_are(client):
    pinned = f"{UK}/scores?release=2"
    before = client.get(pinned).data
    assert json.loads(before)["data"]["edition"] == 2026
    assert json.loads(before)["data"] != read(client, f"{UK}/scores?release=4")
    assert client.get(pinned).data == before
