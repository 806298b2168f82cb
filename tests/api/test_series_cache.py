"""Answers put together out of kept series are, byte for byte, those that are read and written anew."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from api import create_app
from api.models import Observation, Series
from api.services.publish import Figure, Removal, publish

ENDINGS = ("", ".ndjson", ".csv", ".sdmx-csv")
INDICATORS = ("population", "gva-per-hour", "gigabit-availability", "employment-soc-21", "5g-area-coverage")
REGIONS = (
    "E12000005",
    "E12000007",
    "E47000007",
    "E08000025",
    "K02000001",
    "W92000004",
    "E06000023",
    "E08000016",
    "E08000038",
    "E08000039",
    "TLC41",
    "UKD1",
)
PLACES = (
    "",
    "&level=itl1",
    "&level=itl1,country",
    "&parent=E12000005",
    "&parent=E12000005&level=local-authority",
    "&level=itl3",
    "&level=local-authority",
    "&level=nuts2",
    "&level=itl2",
    "&parent=E47000002",
    "&history=own",
)


def clients_of(settings):
    """A client that has every answer computed, and one that has them joined."""
    apart = create_app(replace(settings, caches="groups"))
    joined = create_app(replace(settings, caches="series, groups"))
    return apart.test_client(), joined.test_client()


def dispose(*clients):
    for client in clients:
        client.application.extensions["database"].engine.dispose()


@pytest.fixture(scope="module")
def both(settings):
    clients = clients_of(settings)
    yield clients
    dispose(*clients)


@pytest.fixture
def fresh(settings):
    """A client of an application that has not kept anything yet."""
    client = create_app(replace(settings, caches="series, groups")).test_client()
    client.get("/v1/levels")  # loads the catalogue, which is read once
    yield client
    dispose(client)


class reading:  # noqa: N801  (used as a context manager, reads as a sentence)
    """The statements about observations that a client's application executes."""

    def __init__(self, client):
        self.engine = client.application.extensions["database"].engine
        self.seen = []

    def _note(self, _connection, _cursor, statement, *_):
        if "FROM series" in statement or "FROM observation" in statement:
            self.seen.append(statement)

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.seen

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self._note)


def assert_alike(both, address):
    apart, joined = (client.get(address, headers={"X-Request-Id": "same"}) for client in both)
    assert joined.data == apart.data, address
    assert sorted(joined.headers) == sorted(apart.headers), address
    assert joined.status_code == apart.status_code
    return joined


@st.composite
def questions(draw):
    named = draw(st.lists(st.sampled_from(INDICATORS), max_size=3, unique=True))
    regions = draw(st.lists(st.sampled_from(REGIONS), max_size=4, unique=True))
    query = f"limit={draw(st.integers(1, 60) | st.sampled_from([500, 1_000, 10_000]))}"
    query += f"&indicator={','.join(named)}" if named else ""
    query += f"&region={','.join(regions)}" if regions else ""
    query += draw(st.sampled_from(PLACES)) + draw(st.sampled_from(["", *(f"&release={n}" for n in range(1, 5))]))
    return f"/v1/observations{draw(st.sampled_from(ENDINGS))}?{query}"


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(address=questions())
def test_any_mix_of_series_is_the_same(both, address):
    assert_alike(both, address)


@pytest.mark.parametrize("rows", range(1, 40))
def test_a_page_may_end_anywhere(both, rows):
    response = assert_alike(both, f"/v1/observations?indicator=gigabit-availability&level=itl1&limit={rows}")
    assert response.json["meta"]["returned"] == rows
    assert_alike(both, response.json["links"]["next"])


def test_the_last_page_has_no_next(both):
    query = "indicator=population&region=E12000005,E12000007"
    rows = len(both[0].get(f"/v1/observations?{query}").json["data"])
    for limit in (rows - 1, rows, rows + 1):
        for ending in ENDINGS:
            response = assert_alike(both, f"/v1/observations{ending}?{query}&limit={limit}")
            links = [link for link in response.headers.getlist("Link") if 'rel="next"' in link]
            assert len(links) == (limit < rows)


@pytest.mark.parametrize(
    "query",
    [
        "region=E12000005&level=local-authority",
        "indicator=gva-sic-j&region=E08000038",
        "component=trade-support",
        "indicator=population&latest=true",
        "indicator=population&period=2020",
        "indicator=population&status=Q",
        "limit=3&explain=true",
        "",
    ],
)
def test_what_is_empty_or_narrowed_is_read_as_it_is_asked(both, query):
    assert_alike(both, f"/v1/observations?{query}")


def test_a_mix_of_what_is_kept_is_read_no_more(fresh):
    address = "/v1/observations?indicator={}&region={}&limit=10000"
    fresh.get("/v1/levels")  # the release's catalogue is read once, with how many figures each place has
    with reading(fresh) as seen:
        fresh.get(address.format("population", "E12000005,E12000007"))
    assert len(seen) == 2  # counted, once, and read
    with reading(fresh) as seen:
        fresh.get(address.format("population", "E12000007,W92000004,K02000001"))
    assert len(seen) == 1
    with reading(fresh) as seen:
        mixed = fresh.get(address.format("population", "W92000004,E12000005"))
        fresh.get("/v1/observations?indicator=population&region=E12000005&limit=2")
    assert mixed.json["meta"]["returned"] > 20
    assert not seen


def test_tables_as_a_whole_are_not_kept(fresh):
    fresh.get("/v1/observations.csv")
    fresh.get("/v1/observations.csv?indicator=population")
    assert len(fresh.application.extensions["caches"].series) == 0


def test_a_page_that_would_fill_the_cache_is_not_cached(settings):
    client = create_app(replace(settings, caches="series", cache_bytes=200_000)).test_client()
    cache = client.application.extensions["caches"].series
    assert len(client.get("/v1/observations?indicator=population&limit=1000").json["data"]) == 1_000
    assert len(cache) == 0
    for region in REGIONS:
        client.get(f"/v1/observations?indicator=population,gva-per-hour&region={region}&limit=20")
    assert 0 < cache.held <= 200_000
    dispose(client)


def test_what_would_take_long_to_count_is_read_as_it_is_asked(both, fresh, monkeypatch):
    monkeypatch.setattr("api.answers.series_cache._COUNTABLE", 5_000)
    fresh.get("/v1/observations?region=E12000005&limit=20")
    assert len(fresh.application.extensions["caches"].series) == 0
    fresh.get("/v1/observations?indicator=gigabit-availability&region=E12000005&limit=2")
    assert len(fresh.application.extensions["caches"].series) == 1


def test_threads_that_push_one_another_out_still_answer_right(settings, both):
    client = create_app(replace(settings, caches="series", cache_bytes=120_000)).test_client()
    app = client.application
    addresses = [f"/v1/observations?indicator={i}&region={r}&limit=25" for i in INDICATORS for r in REGIONS]
    wanted = {address: both[0].get(address).data for address in addresses}

    def ask(address):
        for _ in range(100):  # six threads are more than may be at the database at once: some are told to come again
            answer = app.test_client().get(address)
            if answer.status_code != 503:
                break
        return answer.data == wanted[address]

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(ask, addresses * 4))
    assert app.extensions["caches"].series.held <= 120_000
    dispose(client)


def test_a_publication_is_seen_and_earlier_releases_stay_as_they_were(sqlite_url, settings, tmp_path):
    path = tmp_path / "published.sqlite3"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), path)
    both = clients_of(replace(settings, database_url=f"sqlite:///{path}"))
    database = both[1].application.extensions["database"]
    asked = "/v1/observations{}?indicator=population,gva-per-hour&region=E12000005,E12000007&limit={}"
    pinned = {n: assert_alike(both, asked.format("", n) + "&release=4").json["data"] for n in (5, 1_000)}
    with database.begin() as connection:
        first = select(Series.indicator_id, Series.region_id, Observation.period_start, Observation.period_duration)
        rows = connection.execute(first.join(Series, Series.id == Observation.series_id)).all()
        catalogue = both[1].application.extensions["releases"].current()
        mine = [row for row in rows if row[:2] == (catalogue.indicator("population").id, _region(catalogue))]
        (indicator, region, start, duration), gone = mine[0], mine[1]
        changed = Figure(
            indicator=indicator, region=region, period=start[:4], period_start=start, period_duration=duration,
            value=123.25, status="E", source_file=1,
        )  # fmt: skip
        removed = Removal(indicator=gone[0], region=gone[1], period_start=gone[2], period_duration=gone[3])
        release = publish(connection, [changed, removed], reason="a test").release
    for ending in ENDINGS:
        for limit in (1, 5, 1_000):
            for at in ("", f"&release={release}", "&release=4"):
                assert_alike(both, asked.format(ending, limit) + at)
    assert 123.25 in {row["value"] for row in both[1].get(asked.format("", 1_000)).json["data"]}
    for limit, before in pinned.items():
        assert both[1].get(asked.format("", limit) + "&release=4").json["data"] == before
    dispose(*both)


def _region(catalogue):
    return catalogue.region("E12000005").id
