"""Whether a quoted figure is ours: of which release, and what stands today."""

from urllib.parse import quote

import pytest

CITY = "E47000007"


def verify(client, figure, query):
    response = client.get(f"/v1/verify?figure={quote(figure)}&{query}")
    assert response.status_code == 200, response.text
    return response.json


def of(client, figure, query):
    return verify(client, figure, query)["data"]


def test_a_figure_that_stands(client):
    answer = verify(client, "95.7%", f"indicator=gigabit-availability&region={CITY}&period=2025-07")
    found = answer["data"]
    (match,) = found["matches"]
    assert (match["value"], match["verdict"], match["now"], match["last_release"]) == (95.7, "stands", None, None)
    permalink = answer["links"]["permalink"]
    assert permalink.endswith("&release=4") and permalink in answer["meta"]["citation"]
    assert answer["meta"]["source"][0]["publisher"] == "Ofcom"


def test_a_figure_that_was_wrong_for_one_release(client):
    found = of(client, "95.7%", f"indicator=gigabit-availability&region={CITY}&period=2025-01")
    (match,) = found["matches"]
    assert found["verdict"] == match["verdict"] == "revised"
    assert (match["first_release"], match["last_release"]) == (2, 2)
    assert match["now"] == {"value": 94.9, "status": "A", "release": 3, "published_at": "2026-01-14T00:00:00Z"}
    assert found["statement"] == (
        "Not any more: the share of premises that can order gigabit broadband in the West Midlands (combined "
        "authority) was 95.7% in January 2025. Release 2 (2026-01-12) said so; since release 3 (2026-01-14) it is "
        "94.9%."
    )


def test_a_figure_that_was_put_right_again(client):
    found = of(client, "94.9%", f"indicator=gigabit-availability&region={CITY}&period=2025-01")
    (match,) = found["matches"]
    assert (match["verdict"], match["first_release"], match["now"]) == ("stands", 1, None)
    assert found["statement"].endswith("Release 1 (2025-10-10) said so first, and release 4 does so again.")


def test_a_release_is_read_as_it_was(client):
    asked = f"indicator=gigabit-availability&region={CITY}&period=2025-01"
    found = of(client, "95.7%", f"{asked}&release=2")
    assert (found["verdict"], found["matches"][0]["now"]) == ("stands", None)
    assert of(client, "95.7%", f"{asked}&release=1")["verdict"] == "not-found"
    assert of(client, "94.9%", f"{asked}&release=2")["verdict"] == "revised"
    assert of(client, "94.9%", f"{asked}&as_of=2026-01-14")["verdict"] == "stands"


def test_a_place_alone_is_enough_and_an_indicator_alone(client):
    by_place = of(client, "94.9%", f"region={CITY}&period=2025-01")
    assert "gigabit-availability" in {match["indicator"] for match in by_place["matches"]}
    by_indicator = of(client, "94.9%", "indicator=gigabit-availability&period=2025-01")
    assert CITY in {match["region"] for match in by_indicator["matches"]}
    assert {match["unit"] for match in by_indicator["matches"]} == {"% of premises"}


def test_neither_is_too_wide(client):
    response = client.get("/v1/verify?figure=5")
    assert response.status_code == 422
    assert response.json["errors"][0]["code"] == "too-wide" and "indicator" in response.json["detail"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("indicator=population", "Name the figure"),
        ("figure=about 5&indicator=population", "is no figure"),
        ("figure=5&indicator=population&level=itl1", "level"),
        ("figure=5&indicator=population&value=3", "value"),
        ("figure=5&place=E12000005", "Did you mean region"),
        ("figure=5&geography=E12000005", "region"),
    ],
)
def test_what_is_refused(client, query, named):
    response = client.get(f"/v1/verify?{query}")
    assert response.status_code == 422 and named in response.json["detail"]


def test_what_is_not_known_is_told_with_what_is_near(client):
    response = client.get("/v1/verify?figure=5&indicator=gigabit")
    assert response.status_code == 404 and "gigabit-availability" in response.json["errors"][0]["allowed"]


def test_units_count(client):
    for figure in ("71.3%", "£71"):
        answer = verify(client, figure, "indicator=population")
        assert answer["data"]["matches"] == answer["data"]["nearest"] == []
        assert answer["meta"]["reason"] == "other-unit"
        assert "measured in people" in answer["data"]["statement"]


def test_an_amount_in_words(client):
    (known,) = client.get("/v1/observations?indicator=gva-sic-j&region=E12000005&latest=true").json["data"]
    assert known["unit"] == "£ million"
    asked = f"indicator=gva-sic-j&region=E12000005&period={known['period']}"
    for figure in (f"£{known['value'] / 1000:.2f}bn", f"{known['value']:,.0f}", f"£{known['value']:.0f} million"):
        assert of(client, figure, asked)["matches"][0]["value"] == known["value"]


def test_zeros_at_the_end_are_rounding_where_nothing_else_matches(client):
    (known,) = client.get("/v1/observations?indicator=population&region=E12000005&latest=true").json["data"]
    rounded = round(known["value"], -4)
    found = of(client, f"{rounded:,.0f}", f"indicator=population&region=E12000005&period={known['period']}")
    assert found["matches"][0]["value"] == known["value"] and found["rounded_to"] >= 10_000


def test_the_nearest_figures_where_nothing_matches(client):
    found = of(client, "12.3%", f"indicator=gigabit-availability&region={CITY}")
    assert (found["verdict"], found["matches_count"], len(found["nearest"])) == ("not-found", 0, 3)
    values = [item["value"] for item in found["nearest"]]
    assert values == sorted(values)
    assert found["statement"].startswith("No: no figure asked for is 12.3% (release 4). The nearest: ")


def test_a_place_without_figures_says_why(client):
    answer = verify(client, "5%", f"indicator=gigabit-availability&region={CITY}&period=1990")
    assert answer["meta"]["reason"] == "outside-period" and answer["meta"]["nearest"]


def test_figures_that_others_print_are_named(client):
    found = of(client, "£2,055", "region=E12000005")
    assert {item["printed"] for item in found["quoted"]} == {"2055"}
    assert "It is printed in LDI 2023" in found["statement"]
    bound = of(client, "88%", f"region={CITY}")
    assert ">88" in {item["printed"] for item in bound["quoted"]}
    assert of(client, "2,055%", "region=E12000005")["quoted"] == []


def test_a_place_is_one_under_all_its_codes(client):
    codes = ("E08000016", "E08000038")
    known = client.get(f"/v1/observations?indicator=population&region={codes[1]}&limit=1").json["data"][0]
    asked = f"indicator=population&period={known['period']}"
    answers = [of(client, f"{known['value']:,.0f}", f"{asked}&region={code}") for code in codes]
    assert answers[0] == answers[1] and len(answers[0]["matches"]) == 1
    assert answers[0]["matches"][0]["region"] == "E08000038"


def test_pages(client):
    address = "/v1/verify?figure=100%25&indicator=4g-area-coverage&limit=7"
    seen = []
    whole = client.get("/v1/verify?figure=100%25&indicator=4g-area-coverage&limit=1000").json["data"]
    for _ in range(3):
        answer = client.get(address).json
        seen += answer["data"]["matches"]
        address = answer["links"]["next"]
    assert [item["value"] for item in seen] == [item["value"] for item in whole["matches"][:21]]
    assert whole["matches_count"] >= len(whole["matches"]) > 21
