"""Questions as languages ask them: booleans and keywords in any case, lists by repetition. One question, one answer."""

import pytest

CALCULATION = {"indicators": [{"id": "gigabit-availability"}], "regions": {"level": "itl1"}, "include": ["scores"]}


def alike(client, address, other):
    """Both are answered, with the same bytes, tag and links."""
    first, second = client.get(address), client.get(other)
    assert first.status_code == second.status_code == 200, (first.text, second.text)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.data == second.data
    assert first.headers.get("Content-Location") == second.headers.get("Content-Location")
    assert first.headers.getlist("Link") == second.headers.getlist("Link")
    return second


@pytest.mark.parametrize("spelling", ["True", "TRUE", "1", "t", "yes", "on", " true"])
def test_true_as_any_language_spells_it(client, spelling):
    address = "/v1/observations?indicator=gigabit-availability&region=E12000005&latest="
    answer = alike(client, f"{address}true", f"{address}{spelling}")
    assert answer.json["links"]["self"] == f"{address}true"


@pytest.mark.parametrize("spelling", ["False", "FALSE", "0", "f", "no", "off"])
def test_false_as_any_language_spells_it(client, spelling):
    address = "/v1/observations?indicator=gigabit-availability&region=E12000005&latest="
    assert alike(client, f"{address}false", f"{address}{spelling}").json["meta"]["returned"] > 1


@pytest.mark.parametrize("spelling", ["maybe", "2", "", "None", "truefalse"])
def test_what_is_neither_is_refused(client, spelling):
    response = client.get(f"/v1/observations?latest={spelling}")
    assert response.status_code == 422
    assert "Write true or false." in response.json["detail"]


def test_explain_in_any_case(client):
    assert client.get("/v1/observations?explain=True").json["data"]["rows"]


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/v1/observations?level=itl1&limit=2&format=csv", "/v1/observations?level=itl1&limit=2&format=CSV"),
        ("/v1/rankings/gva-per-hour?format=csv", "/v1/rankings/gva-per-hour?format=Csv"),
        ("/v1/series/gva-per-hour/E12000005?history=linked", "/v1/series/gva-per-hour/E12000005?history=Linked"),
        ("/v1/regions?valid_on=any&limit=3", "/v1/regions?valid_on=ANY&limit=3"),
        ("/v1/regions?release=latest&limit=3", "/v1/regions?release=Latest&limit=3"),
        ("/v1/observations?status=Q,O&limit=3", "/v1/observations?status=q,o&limit=3"),
        ("/v1/releases/2/diff/3?change=added&limit=3", "/v1/releases/2/diff/3?change=Added&limit=3"),
        ("/v1/regions?as_of=2026-03-01T00:00:00Z&limit=3", "/v1/regions?as_of=2026-03-01t00:00:00z&limit=3"),
    ],
)
def test_keywords_in_any_case(client, address, other):
    alike(client, address, other)


def test_numbers_of_languages_that_count_in_fractions(client):
    """A column of years with a gap in it is a column of fractions to pandas: 2022.0."""
    alike(client, "/v1/observations?region=E12000005&limit=3", "/v1/observations?region=E12000005&limit=3.0")
    whole, fraction = (client.get(f"/v1/observations?indicator=gva-sic-j&period={year}") for year in ("2022", "2022.0"))
    assert whole.json["data"] == fraction.json["data"] != []
    assert client.get("/v1/observations?limit=2.5").status_code == 422


@pytest.mark.parametrize("path", ["/v1/releases/{}", "/v1/releases/2/diff/{}", "/v1/releases/{}/download.csv"])
def test_the_latest_release_in_any_case(client, path):
    first, second = client.get(path.format("latest")), client.get(path.format("Latest"))
    assert first.status_code == second.status_code == 200
    assert first.headers.get("Content-Location") == second.headers.get("Content-Location")


@pytest.mark.parametrize(
    ("commas", "repeated"),
    [
        ("indicator=gva-per-hour,gva-sic-j&level=itl1", "indicator=gva-per-hour&indicator=gva-sic-j&level=itl1"),
        ("indicator=gva-per-hour,gva-sic-j&level=itl1", "indicator=gva-per-hour&level=itl1&indicator=gva-sic-j"),
        (
            "indicator=gva-per-hour,gva-sic-j,population&region=E12000005",
            "indicator=gva-per-hour,gva-sic-j&indicator=population&region=E12000005",
        ),
        ("region=E12000005,E12000002&period=2022,2023", "region=E12000005&region=E12000002&period=2022&period=2023"),
        ("region=E12000005&status=A,B", "region=E12000005&status=a&status=B"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/observations", "/v1/observations.csv"])
def test_a_list_by_repetition_is_the_list_by_commas(client, path, commas, repeated):
    answer = alike(client, f"{path}?{commas}&limit=5", f"{path}?{repeated}&limit=5")
    if path == "/v1/observations":
        self, following = answer.json["links"]["self"], answer.json["links"]["next"]
        assert self == f"{path}?{commas}&limit=5".replace("status=a", "status=A")
        assert f"{self}&release=4" in answer.json["meta"]["citation"]
        assert following.startswith(f"{self}&release=4&cursor=")
        cursor = following.partition("cursor=")[2]
        alike(client, f"{path}?{commas}&limit=5&cursor={cursor}", f"{path}?{repeated}&limit=5&cursor={cursor}")


def test_lists_of_other_operations_by_repetition(client):
    region = "/v1/regions/E12000005"
    for path, name, values in (
        ("/v1/comparisons?indicator=gva-per-hour&region=E12000005", "with", ("uk-median", "E12000002")),
        (f"{region}/profile?points=3", "component", ("digital-skills", "digital-infrastructure")),
        (f"{region}/peers?k=2&indicators=gva-per-hour,population", "weights", ("gva-per-hour:2", "gva-sic-j:1")),
        ("/v1/published-figures?limit=5", "edition", ("LDI 2023", "LDI 2024")),
        (f"{region}/children?limit=5", "level", ("itl2", "itl3")),
    ):
        repeated = "&".join(f"{name}={value}" for value in values)
        first, second = (client.get(f"{path}&{name}={','.join(values)}"), client.get(f"{path}&{repeated}"))
        assert (first.status_code, first.headers.get("ETag")) == (second.status_code, second.headers.get("ETag"))
        assert first.json == second.json


def test_a_redirect_carries_a_list_by_commas(client):
    response = client.get("/v1/regions/TLG/profile?component=digital-skills&component=digital-infrastructure")
    assert response.status_code == 308
    assert response.headers["Location"] == (
        "/v1/regions/E12000005/profile?component=digital-skills,digital-infrastructure"
    )


def test_a_list_by_repetition_is_as_long_as_one_by_commas_may_be(client):
    codes = [f"A{number:03d}" for number in range(401)]
    fault = client.get("/v1/observations", query_string={"region": codes}).json["errors"][0]
    assert "401 values" in fault["message"]
    response = client.get("/v1/observations", query_string={"region": ["E12000005"] * 401})
    assert response.status_code == 414


def test_an_empty_value_among_repetitions_is_refused(client):
    fault = client.get("/v1/observations?indicator=gva-per-hour&indicator=").json["errors"][0]
    assert fault["path"] == "query/indicator" and "empty" in fault["message"]


@pytest.mark.parametrize(
    ("query", "path", "written"),
    [
        ("indicator[]=gva-per-hour&indicator[]=gva-sic-j", "indicator[]", "indicator=gva-per-hour,gva-sic-j"),
        ("indicator[0]=gva-per-hour&indicator[1]=gva-sic-j", "indicator[0]", "indicator=gva-per-hour,gva-sic-j"),
        ("indicator%5B%5D=gva-per-hour", "indicator[]", "indicator=gva-per-hour"),
        ("indicator=gva-sic-j&indicator[]=gva-per-hour", "indicator[]", "indicator=gva-sic-j,gva-per-hour"),
        ("filter[indicator]=gva-per-hour", "filter[indicator]", "indicator=gva-per-hour"),
        ("latest[]=true", "latest[]", "latest=true"),
        ("limit[]=1&limit[]=2", "limit[]", "limit=1"),
    ],
)
def test_brackets_are_answered_with_advice_that_works_at_once(client, query, path, written):
    response = client.get(f"/v1/observations?{query}&region=E12000005")
    assert response.status_code == 422
    (fault,) = response.json["errors"]
    assert (fault["code"], fault["path"], fault["allowed"]) == ("unknown-parameter", f"query/{path}", [written])
    assert written in fault["message"]
    assert client.get(f"/v1/observations?{fault['allowed'][0]}&region=E12000005").status_code == 200


def test_brackets_do_not_hide_what_else_is_wrong_nor_what_they_give(client):
    faults = client.get("/v1/comparisons?indicator[]=gva-per-hour&period=soon").json["errors"]
    assert {item["path"] for item in faults} == {"query/indicator[]", "query/period", "query/region"}


def test_the_release_of_a_computation_in_any_case(client):
    answers = [
        client.post(f"/v1/calculations?release={word}", json=CALCULATION) for word in ("latest", "LATEST", "Latest")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1


def test_a_title_may_hold_any_sign_but_a_comma(client):
    assert client.get("/v1/published-figures?edition=LDI;2023|A").status_code == 200


def test_keywords_in_a_body_in_any_case(client):
    definition = {
        "indicators": [{"id": "gigabit-availability"}, {"id": "gva-per-hour"}],
        "regions": {"level": "itl1"},
        "normalisation": "z-score",
        "aggregation": "arithmetic",
        "include": ["scores"],
    }
    shouted = {**definition, "normalisation": "Z-Score", "aggregation": "ARITHMETIC", "include": ["Scores"]}
    first, second = (client.post("/v1/calculations", json=item) for item in (definition, shouted))
    assert first.status_code == second.status_code == 200, second.text
    assert first.json["data"] == second.json["data"]
