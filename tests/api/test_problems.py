"""Bad questions: each is a problem that says what to do. The shape of all of them is checked by the client."""

import pytest

from api.errors import Problem
from api.periods import parse


def problem(client, address, status, **options):
    response = client.open(address, **{"method": "GET", **options})
    assert response.status_code == status, response.text
    assert response.headers["Cache-Control"] == "no-store"
    return response.json


@pytest.mark.parametrize(
    ("address", "code", "path", "allowed"),
    [
        ("/v1/observations?bogus=1", "unknown-parameter", "query/bogus", None),
        ("/v1/observations?regoin=E12000005", "unknown-parameter", "query/regoin", ["region"]),
        ("/v1/config?limit=1", "unknown-parameter", "query/limit", []),
        ("/v1/observations?period_from=banana", "invalid-value", "query/period_from", None),
        ("/v1/observations?period=2024,banana", "invalid-value", "query/period", None),
        ("/v1/observations?limit=0", "invalid-value", "query/limit", None),
        ("/v1/observations?limit=1e3", "invalid-value", "query/limit", None),
        ("/v1/observations?limit=-1", "invalid-value", "query/limit", None),
        ("/v1/observations?latest=maybe", "invalid-value", "query/latest", None),
        ("/v1/observations?status=Z", "invalid-value", "query/status", None),
        ("/v1/observations?region=", "invalid-value", "query/region", None),
        ("/v1/observations?region=E12000005,,E12000002", "invalid-value", "query/region", None),
        ("/v1/observations?cursor=abc", "bad-cursor", "query/cursor", None),
        ("/v1/observations?latest=true&latest=true", "repeated-parameter", "query/latest", ["latest=true"]),
        ("/v1/series/gva-per-hour/E12000005?period_to=2021&period_to=2020", "repeated-parameter", "query/period_to",
         ["period_to=2021", "period_to=2020"]),
        ("/v1/observations?period_from=2025&period_to=2024", "period-order", "query/period_from", None),
        ("/v1/regions?valid_on=2023-02-30", "invalid-value", "query/valid_on", None),
        ("/v1/regions?q=%00", "control-character", "query/q", None),
        ("/v1/regions?q=", "invalid-value", "query/q", None),
        ("/v1/regions?q=%FF", "invalid-value", "query", None),
        ("/v1/observations?history=all", "invalid-value", "query/history", ["linked", "own"]),
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_valid(client, address, code, path, allowed):
    fault = problem(client, address, 422)["errors"][0]
    assert (fault["code"], fault["path"]) == (code, path)
    assert fault["message"]
    if allowed is not None:
        assert fault["allowed"] == allowed


def test_every_fault_is_named_at_once(client):
    faults = problem(client, "/v1/observations?bogus=1&limit=0&period_from=banana", 422)["errors"]
    assert {item["path"] for item in faults} == {"query/bogus", "query/limit", "query/period_from"}


@pytest.mark.parametrize(
    ("address", "path", "candidate"),
    [
        ("/v1/observations?region=E99", "query/region", None),
        ("/v1/observations?region=E12000005,E1200002", "query/region", "E12000002"),
        ("/v1/observations?indicator=gigabit", "query/indicator", "gigabit-availability"),
        ("/v1/observations?component=skills", "query/component", "digital-skills"),
        ("/v1/observations?level=region", "query/level", None),
        ("/v1/observations?parent=nowhere", "query/parent", None),
        ("/v1/indicators?source=ofcom", "query/source", "ofcom-connected-nations"),
        ("/v1/regions/E1200005", "path/region", "E12000005"),
        ("/v1/regions/West Midlands", "path/region", "E12000005"),
        ("/v1/regions/%00", "path/region", None),
        ("/v1/indicators/broadband", "path/indicator", "gigabit-availability"),
        ("/v1/components/infrastructure", "path/component", "digital-infrastructure"),
        ("/v1/sources/ons", "path/source", None),
        ("/v1/series/gigabit-availability/E99", "path/region", None),
        ("/v1/published-figures?region=E99", "query/region", None),
    ],
)
def test_an_unknown_identifier_names_the_nearest(client, address, path, candidate):
    answer = problem(client, address, 404)
    fault = answer["errors"][0]
    assert (fault["code"], fault["path"]) == ("unknown-id", path)
    if candidate:
        assert candidate in fault["allowed"]


def test_an_address_that_is_nowhere(client):
    assert "/docs" in problem(client, "/v1/region", 404)["detail"]
    assert problem(client, "/v1/region", 404)["errors"][0]["allowed"][0] == "/v1/regions"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_a_wrong_method_names_the_right_ones(client, method, content_type):
    response = client.open("/v1/observations", method=method, data=b"{}", content_type=content_type)
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= {part.strip() for part in response.headers["Allow"].split(",")}
    assert "GET" in response.json["detail"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_a_body_on_a_read_is_refused(client, content_type):
    answer = problem(client, "/v1/observations", 415, data=b"indicator=population", content_type=content_type)
    assert content_type in answer["detail"] and "query" in answer["detail"]


def test_a_format_that_is_not_served(client):
    answer = problem(client, "/v1/observations?limit=1", 406, headers={"Accept": "application/xml"})
    assert {"application/json", "text/csv"} <= set(answer["errors"][0]["allowed"])


@pytest.mark.parametrize(
    "accept", ["application/json; charset=utf-8", "text/csv;header=present", "text/csv; charset=utf-8, */*;q=0.1"]
)
def test_parameters_of_a_media_type_do_not_count(client, accept):
    response = client.get("/v1/observations?limit=1", headers={"Accept": accept})
    assert response.status_code == 200 and response.mimetype == accept.partition(";")[0]


@pytest.mark.parametrize(
    "other",
    ["/v1/regions?level=local-authority", "/v1/regions?q=west", "/v1/regions/E12000005/children", "/v1/indicators"],
)
def test_a_cursor_is_of_its_own_question(client, other):
    cursor = client.get("/v1/regions?level=itl1&limit=3").json["links"]["next"].split("cursor=")[1]
    assert client.get(f"/v1/regions?level=itl1&limit=9&cursor={cursor}").status_code == 200
    response = client.get(f"{other}{'&' if '?' in other else '?'}cursor={cursor}")
    assert response.status_code == 422
    assert response.json["errors"][0]["code"] == "bad-cursor"


def test_a_doubled_slash_leads_nowhere_else(client):
    response = client.get("/v1//regions", headers={"Host": "evil.example"})
    assert response.status_code == 404


def test_a_parameter_that_is_too_long(client):
    answer = problem(client, f"/v1/observations?region={'E12000005,' * 600}", 414)
    assert "4,000" in answer["detail"] and "level or parent" in answer["detail"]


def test_too_many_values(client):
    codes = ",".join(f"A{number:03d}" for number in range(401))
    fault = problem(client, f"/v1/observations?region={codes}", 422)["errors"][0]
    assert "401" in fault["message"] and "400" in fault["message"]


def test_a_failure_of_ours_tells_nothing_of_the_inside(client, monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("secret")

    monkeypatch.setattr("api.answers.catalogue.list_levels", fail)
    answer = problem(client, "/v1/levels", 500)
    assert "secret" not in str(answer)
    assert "secret" in caplog.text


def test_the_type_of_a_problem_leads_to_its_explanation(client):
    kind = problem(client, "/v1/observations?bogus=1", 422)["type"]
    page, _, anchor = kind.partition("#")
    assert f'id="{anchor}"' in client.get(page).text


def test_a_look_up_knows_of_no_request(app):
    """What is at fault is named as any caller names it: a command and an upload look up as a request does."""
    catalogue = app.extensions["releases"].current()
    look_ups = {
        "region": lambda: catalogue.region("nowhere"),
        "parent": lambda: catalogue.region("nowhere", field="parent"),
        "level": lambda: catalogue.level("nowhere"),
        "period": lambda: catalogue.resolve_period(parse("2023/24"), []),
    }
    for field, look_up in look_ups.items():
        with pytest.raises(Problem) as caught:
            look_up()
        assert [fault.path for fault in caught.value.faults] == [field]
