"""Tools for assistants: the API's own figures, with all that has to stand beside them, and questions back."""

import json

import pytest

from tests.assistants.conftest import call_at, with_client

CITY = "E47000007"
TOOLS = {
    "find_place": {"name": "west midlands"},
    "find_indicator": {"about": "broadband"},
    "get_figure": {"place": CITY, "indicator": "gigabit-availability"},
    "get_series": {"place": "E12000005", "indicator": "gva-sic-j-per-head"},
    "compare_place": {"place": CITY, "indicator": "gigabit-availability", "others": ["Greater Manchester"]},
    "rank_places": {"indicator": "gigabit-availability", "level": "local-authority", "count": 50},
    "place_profile": {"place": "E12000005"},
    "index_scores": {},
    "verify_figure": {"figure": "94.9%", "place": CITY},
}


def test_every_tool_says_what_it_does_and_changes_nothing(http):
    listed = with_client(http, lambda client: client.list_tools()).tools
    assert {tool.name for tool in listed} == TOOLS.keys()
    for tool in listed:
        assert len(tool.description) > 40 and tool.description.endswith(".")
        assert tool.annotations.read_only_hint
        for name, schema in tool.input_schema["properties"].items():
            assert schema.get("type") or schema.get("anyOf") or schema.get("enum"), name


@pytest.mark.parametrize("tool", TOOLS)
def test_every_answer_has_its_source_and_is_short(call, client, tool):
    answer = call(tool, **TOOLS[tool])
    assert answer["release"] == 4 and answer["licence"] and answer["attribution"]
    assert "release 4" in answer["citation"]
    assert answer["address"].startswith("http") and "release=4" in answer["address"]
    path = answer["address"].partition("/v1/")[2]
    assert client.get(f"/v1/{path}").status_code == 200
    assert len(json.dumps(answer, separators=(",", ":"))) <= 6_300


def test_a_figure_is_that_of_the_api(call, client):
    answer = call("get_figure", place=CITY, indicator="gigabit-availability")
    (known,) = client.get(f"/v1/observations?indicator=gigabit-availability&region={CITY}&latest=true").json["data"]
    (figure,) = answer["figures"]
    assert {name: figure[name] for name in ("value", "period", "unit", "status")} == {
        name: known[name] for name in ("value", "period", "unit", "status")
    }
    assert answer["label"] == "West Midlands (Combined authority)"


@pytest.mark.parametrize("name", ["Dudley", "dudley", "Dudley council", "E08000027"])
def test_a_district_and_the_itl_3_area_that_it_is_are_one_place(call, name):
    assert call("get_figure", place=name, indicator="gigabit-availability")["place"] == "E08000027"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("WMCA", CITY),
        ("West Midlands combined authority", CITY),
        ("West Midlands region", "E12000005"),
        ("London", "E12000007"),
        ("Brum", "E08000025"),
        ("TLG", "E12000005"),
    ],
)
def test_places_as_people_call_them(call, name, code):
    assert call("get_figure", place=name, indicator="gigabit-availability")["place"] == code


def test_west_midlands_is_asked_back(call):
    for tool in ("get_figure", "get_series", "compare_place"):
        answer = call(tool, place="West Midlands", indicator="gigabit-availability")
        assert answer.keys() == {"question", "choices", "then"}
        assert {CITY, "E12000005", "E11000005"} <= {choice["place"] for choice in answer["choices"]}
    assert "question" in call("place_profile", place="West Midlands")
    assert "question" in call("verify_figure", figure="5%", place="West Midlands")


@pytest.mark.parametrize("name", ["Dudly", "Copeland", "Newcastle"])
def test_what_is_doubtful_is_asked_back(call, name):
    assert "Which" in call("get_figure", place=name, indicator="gigabit-availability")["question"]


def test_an_indicator_that_may_be_several_is_asked_back(call):
    answer = call("get_figure", place=CITY, indicator="gva")
    assert {"gva-sic-j", "gva-per-hour"} <= {choice["indicator"] for choice in answer["choices"]}
    assert "question" in call("rank_places", indicator="productivity")
    assert "question" in call("get_figure", place=CITY, indicator="GVA per head")  # that here is of one industry
    assert call("get_figure", place=CITY, indicator="gigabit broadband")["indicator"] == "gigabit-availability"


@pytest.mark.parametrize(
    ("tool", "given", "advice"),
    [
        ("get_figure", {"place": "Atlantis", "indicator": "gigabit-availability"}, "find_place"),
        ("get_figure", {"place": CITY, "indicator": "happiness of cats"}, "find_indicator"),
        ("get_figure", {"place": "E12000099", "indicator": "gigabit-availability"}, "find_place"),
        ("get_figure", {"place": CITY, "indicator": "gigabit-availability", "period": "soon"}, "period"),
        ("verify_figure", {"figure": "5"}, "indicator"),
        ("verify_figure", {"figure": "many", "place": CITY}, "71.3%"),
        ("rank_places", {"indicator": "gigabit-availability", "level": "town"}, "level"),
        ("rank_places", {"indicator": "gigabit-availability", "count": 1000}, "50"),
    ],
)
def test_a_refusal_says_what_to_do(call, tool, given, advice):
    said = call(tool, **given)
    assert isinstance(said, str) and advice in said and "Traceback" not in said


def test_nothing_is_cut_untold(call):
    ranked = call("rank_places", indicator="gigabit-availability", level="local-authority", count=50)
    assert len(ranked["ranked"]) + ranked["left_out"]["ranked"] == ranked["places"]
    profile = call("place_profile", place="E12000005")
    assert profile["left_out"]["strengths"] > 0


def test_a_place_without_a_figure_says_why(call):
    answer = call("get_figure", place=CITY, indicator="gigabit-availability", period="1990")
    assert answer["figures"] == [] and answer["reason"] == "outside-period" and answer["nearest"]


def test_a_sentence_to_print(call, client):
    answer = call("compare_place", place=CITY, indicator="gigabit-availability")
    known = client.get(f"/v1/comparisons?indicator=gigabit-availability&region={CITY}").json["data"]
    assert answer["statement"] == known["statement"]
    assert answer["rank"]["interval"] == known["rank"]["interval"]


def test_a_place_within_an_index(call):
    answer = call("index_scores", place="London")
    (place,) = answer["places"]
    assert place["rank_range_90"] and place["components"]
    assert "another level" in call("index_scores", place="Dudley")["reason"]


def test_clients_of_earlier_versions_are_told_the_same(http, stdio):
    given = {"place": CITY, "indicator": "gigabit-availability"}
    for way in (http, stdio):
        listed = with_client(way, lambda client: client.list_tools(), mode="legacy").tools
        assert {tool.name for tool in listed} == TOOLS.keys()
        result = with_client(way, lambda client: client.call_tool("get_figure", given), mode="legacy")
        assert json.loads(result.content[0].text)["release"] == 4


def test_the_same_is_told_over_each_way(http, stdio, beside):
    asked = {"place": CITY, "indicator": "gigabit-availability"}
    answers = [call_at(way, "get_figure", **asked) for way in (http, stdio, beside)]
    for answer in answers:
        answer.pop("address")
        answer.pop("citation")
    assert answers[0] == answers[1] == answers[2]
