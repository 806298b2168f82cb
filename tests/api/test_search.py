"""Search: what a council officer, a journalist or a data file writes, and how each hit says how it was found."""

import pytest


def found(client, text, path="regions", **asked):
    response = client.get(f"/v1/{path}", query_string={"q": text, **asked})
    assert response.status_code == 200, response.text
    return response.json["data"]


def first(client, text, **asked):
    hits = found(client, text, **asked)
    return (hits[0]["code"], hits[0]["match"]["kind"]) if hits else None


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("Shepway", "E07000112", "former-name"),
        ("Sheffield City Region", "E47000002", "former-name"),
        ("Brum", "E08000025", "everyday-name"),
        ("Herts", "E10000015", "abbreviation"),
        ("S. Yorks", "E47000002", "name"),
        ("Beds", "E06000032", "wider-area"),
        ("BCP Council", "E06000058", "abbreviation"),
        ("Stratford-upon-Avon", "E07000221", "name"),
        ("the North East", "E12000001", "name"),
        ("North East CA", "E47000014", "council-name"),
        ("Durham", "E06000047", "everyday-name"),
        ("Western Isles", "S12000013", "everyday-name"),
        ("Sir Ynys Môn", "W06000001", "welsh-name"),
        ("Glaschu", "S12000049", "gaelic-name"),
        ("Newcastle", "E08000021", "everyday-name"),
        ("Manchester", "E08000003", "name"),
        ("GMCA", "E47000001", "abbreviation"),
        ("Liverpool City CA", "E47000004", "council-name"),
        ("U.K.", "K02000001", "code"),
        ("N. Ireland", "N92000002", "abbreviation"),
        ("Kingston upon Hull, City of", "E06000010", "name"),
        ("leeds district", "E08000035", "name"),
        ("Merthyr Tydfil UA", "W06000024", "name"),
        ("greenwich london boro", "E09000011", "name"),
        ("city of nottingham", "E06000018", "council-name"),
        ("Stockton On Tees UA", "E06000004", "name"),
        ("stocktonontees", "E06000004", "name"),
        ("Leeds, West Yorkshire, England", "E08000035", "words"),
        ("Bridgend, Wales", "W06000013", "words"),
        ("Middlesborough", "E06000002", "misspelling"),
        ("Leciester", "E06000016", "misspelling"),
        ("Knowlsey", "E08000011", "misspelling"),
        ("east dunbaronshire", "S12000045", "misspelling"),
        ("Ynys M\ufffdn", "W06000001", "misspelling"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(client, text, code, kind):
    assert first(client, text) == (code, kind)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("West Midlands", ["E12000005", "E47000007"]),
        ("West Midlands CA", ["E47000007", "E12000005"]),
        ("West Midlands region", ["E12000005", "TLG3"]),
        ("West Midlands (Met County)", ["E11000005", "E12000005"]),
        ("London", ["E12000007", "E09000001"]),
        ("City of London", ["E09000001"]),
        ("Derby city", ["E06000015"]),
        ("Newcastle", ["E08000021", "E07000195"]),
        ("Lancashire County Council", ["E10000017", "E47000018"]),
        ("Dudley", ["E08000027", "TLG36"]),
    ],
)
def test_words_for_kinds_choose_among_places_of_one_name_and_figures_order_them(client, text, codes):
    assert [item["code"] for item in found(client, text)][: len(codes)] == codes


def test_of_equally_good_matches_the_one_with_most_figures_is_first(client):
    hits = [item for item in found(client, "Birmingham") if item["match"]["kind"] == "name"]
    assert [item["code"] for item in hits] == ["E08000025", "TLG31"]
    assert [hits[0]["same_area"], hits[1]["same_area"]] == [["TLG31"], ["E08000025"]]
    assert [item["code"] for item in found(client, "Sheffield", valid_on="any")][:2] == ["E08000019", "E08000039"]


def test_a_place_that_ended_leads_to_what_came_after(client):
    (hit,) = found(client, "Carlisle")
    assert hit["code"] == "E06000063"
    assert hit["match"] == {
        "kind": "successor",
        "text": "Carlisle",
        "of": "E07000028",
        "detail": "Carlisle (E07000028) ended on 2023-03-31; Cumberland came after it.",
    }
    assert [item["code"] for item in found(client, "Carlisle", valid_on="any")] == ["E07000028", "E06000063"]
    assert [item["code"] for item in found(client, "Carlisle", valid_on="2020-01-01")] == ["E07000028"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Northants", "E06000061"),
        ("Northants", "E06000062"),
        ("Taunton Deane", "E06000066"),  # over Somerset West and Taunton
        ("Bournemouth", "E06000058"),
        ("UKC12", "TLC32"),
        ("E07000028", "E06000063"),
        ("Carlilse", "E06000063"),
        ("NTCA", "E47000014"),
    ],
)
def test_successors_are_found_over_several_steps_codes_and_mistakes(client, text, code):
    hits = {item["code"]: item["match"]["kind"] for item in found(client, text)}
    assert hits[code] == "successor"


def test_places_that_stand_are_not_followed_by_what_only_shares_a_word(client):
    assert [item["code"] for item in found(client, "Bristol")] == ["E06000023", "TLK51"]


def test_doubtful_matches_come_after_real_ones_or_alone(client):
    ranks = [item["match"]["kind"] == "misspelling" for item in found(client, "Hamshire", valid_on="any")]
    assert ranks and all(ranks)
    kinds = [item["match"]["kind"] for item in found(client, "Leeds")]
    assert "misspelling" not in kinds


@pytest.mark.parametrize("text", ["B1 1BB", "sw1a 1aa", "EC1", "LS1"])
def test_a_postcode_is_answered_with_what_to_do(client, text):
    response = client.get("/v1/regions", query_string={"q": text}).json
    assert response["data"] == []
    assert response["meta"]["reason"] == "postcode"
    assert "ONS Postcode Directory" in response["meta"]["detail"]
    assert client.get(response["meta"]["nearest"]).json["data"]


def test_the_beginning_of_a_code_is_no_postcode(client):
    assert {item["code"][:3] for item in found(client, "E12")} == {"E12"}


@pytest.mark.parametrize("text", ["The Broads", "UKQ99", "E99999999", "the", "£", "Narnia", "of and"])
def test_where_nothing_is_called_so_no_place_is_made_up(client, text):
    meta = client.get("/v1/regions", query_string={"q": text}).json["meta"]
    assert meta["reason"] == "no-match"
    assert client.get(meta["nearest"]).json["data"]
    if text[0] in "UE":
        assert "code" in meta["detail"]


def test_a_place_of_another_level_is_named(client):
    meta = client.get("/v1/regions?q=leeds&level=itl1").json["meta"]
    assert "Leeds (Local authority)" in meta["detail"] and "level" in meta["detail"]
    assert meta["nearest"] == "/v1/regions?q=leeds"


def test_the_name_of_a_kind_lists_the_kind(client):
    hits = found(client, "combined authorities")
    assert len(hits) == 15 and {item["match"]["kind"] for item in hits} == {"level"}


def test_how_a_place_was_found_is_told_only_of_a_search(client):
    listed = client.get("/v1/regions?level=itl1").json["data"]
    assert not {"match", "same_area"} & {key for item in listed for key in item}
    assert all(item["match"]["detail"].endswith(".") for item in found(client, "north"))


@pytest.mark.parametrize(
    ("text", "indicator", "kind"),
    [
        ("gigabit-availability", "gigabit-availability", "id"),
        ("gigabit broadband", "gigabit-availability", "title"),
        ("internet", "daily-internet-users", "title"),
        ("full fibre", "gigabit-availability", "synonym"),
        ("jobs", "employment-sic-j", "title"),
        ("vacancies", "digital-job-adverts", "synonym"),
        ("start-ups", "business-birth-rate", "synonym"),
        ("companies", "active-businesses", "synonym"),
        ("R&D", "business-rd-expenditure", "title"),
        ("productivity", "gva-per-hour", "synonym"),
        ("trade", "ict-service-exports", "synonym"),
        ("apprentices", "apprenticeship-starts-rate", "id"),
        ("NVQ", "level-3-qualifications", "synonym"),
        ("phone signal", "4g-area-coverage", "synonym"),
        ("grants", "innovate-uk-funding", "synonym"),
        ("FDI", "inward-fdi-stock", "id"),
        ("people", "population", "synonym"),
        ("operators", "4g-area-coverage", "description"),
        ("broadbnd", "gigabit-availability", "misspelling"),
    ],
)
def test_an_indicator_is_found_by_words_that_mean_it(client, text, indicator, kind):
    hit = found(client, text, "indicators")[0]
    kinds = {kind} | ({"title"} if kind == "id" else set())
    assert hit["id"] == indicator and hit["match"]["kind"] in kinds


def test_a_component_leads_to_its_indicators(client):
    hits = found(client, "skills", "indicators")
    component = client.get("/v1/components/digital-skills").json["data"]
    assert {item["id"] for item in hits} == set(component["indicators"])
    assert hits[0]["match"]["kind"] == "component" and hits[0]["match"]["text"] == "Digital skills"
    assert not any("match" in item for item in client.get("/v1/indicators").json["data"])


def test_synonyms_come_before_descriptions_and_components(client):
    kinds = [item["match"]["kind"] for item in found(client, "research", "indicators")]
    order = ["id", "title", "synonym", "description", "component"]
    assert kinds == sorted(kinds, key=order.index) and {"title", "synonym", "description"} <= set(kinds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("AI", "artificial intelligence"),
        ("cloud", "cloud services"),
        ("wages", "pay"),
        ("data ecosystems", "No open measure"),
    ],
)
def test_what_nothing_measures_is_said(client, text, said):
    response = client.get("/v1/indicators", query_string={"q": text}).json
    assert response["data"] == [] and response["meta"]["reason"] == "not-measured"
    assert said in response["meta"]["detail"]
    assert client.get(response["meta"]["nearest"]).status_code == 200
