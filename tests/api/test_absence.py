"""Empty answers: each says why, and names a question that has an answer."""

import random

import pytest


def ask(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


def is_empty(answer):
    data = answer["data"]
    return not (data["observations"] if isinstance(data, dict) and "observations" in data else data)


@pytest.mark.parametrize(
    ("address", "reason", "nearest"),
    [
        ("/v1/series?component=data-ecosystems", "not-measured", "/v1/components"),
        ("/v1/observations?component=collaboration-coordination", "not-measured", "/v1/components"),
        ("/v1/series/gva-sic-j/E06000052", "suppressed", "/v1/series/gva-sic-j/TLK3"),
        (
            "/v1/observations?indicator=gigabit-availability&region=E12000005&period=2027-01",
            "not-yet-published",
            "/v1/observations?indicator=gigabit-availability&region=E12000005&period=2026-01",
        ),
        (
            "/v1/series/gigabit-availability/E12000005?period_from=2026-07",
            "not-yet-published",
            "/v1/series/gigabit-availability/E12000005?period_from=2026-01&period_to=2026-01",
        ),
        (
            "/v1/observations?indicator=gva-sic-j-per-head&region=E12000005&period=1999",
            "outside-period",
            "/v1/observations?indicator=gva-sic-j-per-head&region=E12000005&period=2010",
        ),
        (
            # A series that ended long ago is not waited for.
            "/v1/observations?indicator=daily-internet-users&region=E12000005&period=2025",
            "outside-period",
            "/v1/observations?indicator=daily-internet-users&region=E12000005&period=2019",
        ),
        ("/v1/series/fe-ict-achievements/S92000003", "geography-not-covered", None),
        ("/v1/series/total-exports/E06000001", "geography-not-covered", "/v1/series/total-exports/TLC31"),
        (
            "/v1/observations?indicator=gigabit-availability&level=itl3&period=2026-01",
            "geography-not-covered",
            "/v1/observations?indicator=gigabit-availability&level=itl1&period=2026-01",
        ),
        (
            "/v1/observations?indicator=population&status=Q",
            "no-match",
            "/v1/observations?indicator=population",
        ),
        ("/v1/observations?level=itl1&parent=E12000005", "geography-not-covered", "/v1/observations?level=itl1"),
        ("/v1/regions?q=atlantis", "no-match", None),
        ("/v1/indicators?q=unicorns", "no-match", None),
        ("/v1/published-figures?q=unicorns", "no-match", None),
    ],
)
def test_the_reason_and_the_nearest_question(client, address, reason, nearest):
    answer = ask(client, address)
    assert is_empty(answer)
    meta = answer["meta"]
    assert meta["reason"] == reason
    assert meta["detail"].endswith((".", "?"))
    if nearest is not None:
        assert meta["nearest"] == nearest
    if meta["nearest"] is not None:
        assert not is_empty(ask(client, meta["nearest"]))


def test_an_answer_with_figures_gives_no_reason(client):
    assert not {"reason", "detail", "nearest"} & set(ask(client, "/v1/observations?limit=1")["meta"])


def test_the_nearest_question_always_has_an_answer(client):
    """Any mixture of indicators, places and periods: where it is empty, the question it names is not."""
    chance = random.Random(20261122)
    catalogue = client.application.extensions["releases"].current()
    indicators = [item.slug for item in catalogue.indicators.values()]
    regions = [item.code for item in catalogue.regions.values()]
    levels = list(catalogue.levels)
    empty = 0
    for _ in range(250):
        question = [f"indicator={chance.choice(indicators)}"]
        question.append(
            chance.choice(
                [
                    f"region={chance.choice(regions)}",
                    f"level={chance.choice(levels)}",
                    f"level={chance.choice(levels)}&parent={chance.choice(regions)}",
                    f"region={','.join(chance.sample(regions, 3))}",
                ]
            )
        )
        path = chance.choice(["/v1/observations", "/v1/series"])
        exact = ["period=2022", "period=2026-01", "status=Q"] if path == "/v1/observations" else []
        question.append(chance.choice(["", "period_from=2025", "period_to=2012", "latest=true", *exact]))
        address = f"{path}?{'&'.join(part for part in question if part)}"
        answer = ask(client, address)
        if is_empty(answer):
            empty += 1
            assert answer["meta"]["reason"], address
            assert answer["meta"]["nearest"], address
            assert not is_empty(ask(client, answer["meta"]["nearest"])), (address, answer["meta"])
    assert empty > 100


def test_a_cursor_beyond_the_end(client):
    question = "/v1/observations?indicator=gigabit-availability&region=E12000005"
    last = ask(client, f"{question}&limit=4")["links"]["next"]
    cursor = last.split("cursor=")[1]
    # In the first release the series ends before that.
    answer = ask(client, f"{question}&release=1&cursor={cursor}")
    assert answer["meta"]["reason"] == "end-of-list"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/v1/series/fe-ict-enrolments/E10000031", "no figures for Warwickshire"),
        ("/v1/series/employment-soc-31/E06000017", "no figures for Rutland"),
        ("/v1/observations?indicator=digital-job-adverts&region=TLG31", "the same land, E08000025"),
        ("/v1/series/fe-ict-enrolments/E12000005", "London only"),
        ("/v1/series/fe-ict-enrolments/S12000047", "England only"),
    ],
)
def test_a_gap_is_not_handed_on_to_places_that_it_does_not_speak_of(client, address, reason):
    assert reason in ask(client, address)["meta"]["detail"]


def test_a_figure_without_a_value_is_not_a_place_without_figures(client):
    suppressed = ask(client, "/v1/observations?indicator=fe-ict-enrolments&region=E06000053&latest=true")["meta"]
    assert suppressed["reason"] == "suppressed"
    assert suppressed["nearest"] == "/v1/observations?indicator=fe-ict-enrolments&region=E06000053"
    missing = ask(client, "/v1/observations?indicator=population&region=TLM20&period=2023&latest=true")["meta"]
    assert missing["reason"] == "not-available"


def test_a_year_that_holds_readings_says_which(client):
    meta = ask(client, "/v1/observations?indicator=gigabit-availability&region=E08000025&period=2024")["meta"]
    assert "2024-01, 2024-07" in meta["detail"]
    found = ask(client, meta["nearest"])["data"]
    assert [row["period"] for row in found] == ["2024-01", "2024-07"]


@pytest.mark.parametrize(
    ("address", "nearest"),
    [
        ("/v1/regions?q=Birmingham&level=itl1", "/v1/regions?q=Birmingham"),
        ("/v1/regions?q=Skye", "/v1/regions?q=Skye&valid_on=any"),
        ("/v1/regions?q=Grimsby%20Lincolnshre", "/v1/regions?q=Lincolnshre"),
        ("/v1/regions?level=nuts2", "/v1/regions?level=nuts2&valid_on=any"),
        ("/v1/regions/E12000005/children?level=nuts2", "/v1/regions?level=nuts2&parent=E12000005&valid_on=any"),
        ("/v1/regions/E07000026/children", "/v1/regions"),
    ],
)
def test_where_there_is_no_region_the_nearest_question_keeps_what_was_asked(client, address, nearest):
    meta = ask(client, address)["meta"]
    assert meta["nearest"] == nearest
    assert ask(client, nearest)["data"]
