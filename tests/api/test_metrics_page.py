"""`/metrics` as an application gives it: to whom, and of what."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api import create_app

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.9"}


@pytest.fixture(scope="module")
def application(settings):
    made = create_app(
        replace(
            settings,
            metrics_token="sesame",
            caches="responses, series, groups",
            cache_bytes=2_000_000,
            release_check_seconds=300,
        )
    )
    yield made
    made.extensions["database"].engine.dispose()


def samples(client):
    response = client.get("/metrics", environ_base=LOCAL)
    assert response.status_code == 200
    return [sample for family in text_string_to_metric_families(response.text) for sample in family.samples]


def values(client, name):
    return {tuple(sorted(sample.labels.items())): sample.value for sample in samples(client) if sample.name == name}


def test_requests_are_counted_by_rule_and_by_whether_they_were_in_memory(application):
    client = application.test_client()
    before = values(client, "digital_capital_requests_total")
    for path in ("/v1/series/gigabit-availability/E12000005",) * 3 + ("/v1/no/such/thing", "/v1/regions.csv", "/livez"):
        client.get(path).close()
    after = values(client, "digital_capital_requests_total")
    rises = {
        (labels["rule"], labels["status"], labels["cache"]): value - before.get(key, 0)
        for key, value in after.items()
        if (labels := dict(key)) and value != before.get(key, 0) and labels["rule"] != "/metrics"
    }
    assert rises == {
        ("/v1/series/<indicator>/<region>", "200", "miss"): 1,
        ("/v1/series/<indicator>/<region>", "200", "hit"): 2,
        ("unmatched", "404", "none"): 1,
        ("/v1/regions.<format>", "200", "miss"): 1,
        ("/livez", "200", "none"): 1,
    }


def test_a_part_and_a_304_of_a_kept_answer_have_its_rule(application):
    client = application.test_client()
    tag = client.get("/v1/regions.csv", buffered=True).headers["ETag"]
    before = values(client, "digital_capital_requests_total")
    assert client.get("/v1/regions.csv", headers={"If-None-Match": tag}, buffered=True).status_code == 304
    assert client.get("/v1/regions.csv", headers={"Range": "bytes=0-9"}, buffered=True).status_code == 206
    after = values(client, "digital_capital_requests_total")
    rises = {
        (dict(key)["rule"], dict(key)["status"])
        for key, value in after.items()
        if value != before.get(key, 0) and dict(key)["rule"] != "/metrics"
    }
    assert rises == {("/v1/regions.<format>", "304"), ("/v1/regions.<format>", "206")}


def test_the_release_and_the_memory_of_answers_are_told(application):
    client = application.test_client()
    client.get("/v1/levels")
    assert values(client, "digital_capital_release_number") == {(): 4}
    assert values(client, "digital_capital_release_published_timestamp_seconds")[()] > 1.7e9
    assert values(client, "digital_capital_cache_bytes")[(("cache", "responses"),)] > 0
    assert values(client, "digital_capital_database_connections_in_use") == {(): 0}


def test_what_is_looked_up_in_each_cache_is_counted(application):
    client = application.test_client()
    name = "digital_capital_cache_lookups_total"
    before = values(client, name)
    client.get("/v1/comparisons?indicator=gigabit-availability&region=E12000005")
    client.get("/v1/comparisons?indicator=gigabit-availability&region=E12000005")  # a cached response
    client.get("/v1/comparisons?indicator=gigabit-availability&region=E12000006")  # another, of the same group
    rises = {
        (labels["cache"], labels["result"]): value - before.get(key, 0)
        for key, value in values(client, name).items()
        if (labels := dict(key)) and value != before.get(key, 0)
    }
    assert rises["responses", "hit"] == 1 and rises["responses", "miss"] == 2
    assert rises["groups", "hit"] > 0 < rises["groups", "miss"]
    assert values(client, "digital_capital_cache_bytes")[(("cache", "groups"),)] > 3_000


def test_a_statement_that_fails_is_counted(application):
    database = application.extensions["database"]
    with pytest.raises(Exception, match="nowhere"), database.connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM nowhere")
    assert values(application.test_client(), "digital_capital_database_errors_total")[()] >= 1


@pytest.mark.parametrize(
    ("setting", "peer", "headers", "status"),
    [
        ("local", "127.0.0.1", {}, 200),
        ("local", "127.8.0.1", {}, 200),
        ("local", "::1", {}, 200),
        ("local", "::ffff:127.0.0.1", {}, 200),
        ("local", "192.168.1.9", {}, 404),
        ("local", "", {}, 404),
        ("local", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("local", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 404),
        ("local", "127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 404),
        ("local", "192.168.1.9", {"Authorization": "Bearer sesame"}, 200),
        ("local", "192.168.1.9", {"Authorization": "Bearer open"}, 404),
        ("local", "192.168.1.9", {"Authorization": "Bearer "}, 404),
        ("on", "192.168.1.9", {}, 200),
        ("off", "127.0.0.1", {"Authorization": "Bearer sesame"}, 404),
    ],
)
def test_whom_the_metrics_are_told(application, monkeypatch, *, setting, peer, headers, status):
    own = replace(application.extensions["settings"], metrics=setting)
    monkeypatch.setitem(application.extensions, "settings", own)
    response = application.test_client().get("/metrics", environ_base={"REMOTE_ADDR": peer}, headers=headers)
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    if status == 404:
        assert "METRICS" in response.get_json()["detail"] and "digital_capital" not in response.text


def test_without_a_token_nobody_has_it(application, monkeypatch):
    monkeypatch.setitem(
        application.extensions, "settings", replace(application.extensions["settings"], metrics_token="")
    )
    response = application.test_client().get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": "Bearer "})
    assert response.status_code == 404


def test_an_identifier_is_in_no_tag_and_in_nothing_that_is_kept(application):
    client, path = application.test_client(), "/v1/regions/E12000005"
    first = client.get(path, headers={"X-Request-Id": "one", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    again = client.get(path, headers={"X-Request-Id": "two"})
    assert (first.headers["X-Request-Id"], again.headers["X-Request-Id"]) == ("one", "two")
    assert first.headers["ETag"] == again.headers["ETag"] and first.headers["Vary"] == again.headers["Vary"]
    assert "traceparent" not in again.headers
    assert {"X-Request-Id", "traceparent"} <= set(again.headers["Access-Control-Expose-Headers"].split(", "))
    for headers in ({"If-None-Match": first.headers["ETag"]}, {"Accept": "no/thing"}):
        assert client.get(path, headers={**headers, "X-Request-Id": "three"}).headers["X-Request-Id"] == "three"
