"""What is counted of requests: many at once come to the same as one by one, and nothing grows without end."""

from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.http import metrics
from api.http.metrics import Metrics

SECONDS = [0.0, 0.0005, 0.001, 0.0011, 0.7, 0.7, 30.0, 31.5]


def samples(text):
    families = text_string_to_metric_families(text.decode())
    return {(sample.name, sample.labels.get("le")): sample.value for family in families for sample in family.samples}


def test_many_latencies_at_once_come_to_the_same_as_one_by_one():
    each, together = CollectorRegistry(), CollectorRegistry()
    one_by_one, at_once = (Histogram("x", "X.", registry=registry) for registry in (each, together))
    for seconds in SECONDS:
        one_by_one.observe(seconds)
    metrics._observe(at_once, SECONDS[:3])
    metrics._observe(at_once, SECONDS[3:])
    found, expected = samples(generate_latest(together)), samples(generate_latest(each))
    expected.pop(("x_created", None)), found.pop(("x_created", None))
    assert found == expected and found["x_count", None] == len(SECONDS)


def test_what_ends_is_told_when_it_is_asked_for_and_methods_that_are_made_up_are_one():
    own = Metrics()
    for method in ("GET", "GET", "BREW", "STEEP"):
        own.count_request(("/v1", method, 200, "hit"), 0.002)
    text = own.text().decode()
    assert 'requests_total{cache="hit",method="GET",rule="/v1",status="200"} 2.0' in text
    assert 'requests_total{cache="hit",method="other",rule="/v1",status="200"} 2.0' in text
    assert 'request_duration_seconds_bucket{le="0.0025",rule="/v1"} 4.0' in text
    assert "digital_capital_requests_total" not in {family.name for family in REGISTRY.collect()}


def test_where_nobody_asks_what_is_counted_is_written_all_the_same(monkeypatch):
    monkeypatch.setattr(metrics, "_MOST_UNWRITTEN", 10)
    own = Metrics()
    for _ in range(95):
        own.count_request(("/v1", "GET", 200, "hit"), 0.002)
    assert len(own._ended) == 5
