"""The response cache: the same bytes, computed once, within bounds."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from api.caches import Caches
from api.http.response_cache import ResponseCache


class Counting:
    """An application that answers with a tag, and counts how often it is asked."""

    def __init__(self, *, body=b"x" * 10, streamed=False, tagged=True):
        self.calls, self.body, self.streamed, self.tagged = 0, body, streamed, tagged

    def __call__(self, environ, start_response):
        self.calls += 1
        request = Request(environ)
        if self.tagged:
            environ["digital_capital.tag"] = "t"
        if request.if_none_match.contains_weak("t"):
            response = Response(status=304)
        else:
            response = Response(iter([self.body]) if self.streamed else self.body, content_type="text/csv")
            response.headers.add("Link", "<a>; rel=next")
            response.headers.add("Link", "<b>; rel=alternate")
        response.headers["Vary"] = "Accept"
        response.set_etag("t", weak=True)
        return response(environ, start_response)


def client_of(application, *, most_bytes=40_000, newest=lambda: 1, **options):
    return Client(ResponseCache(application, Caches(most_bytes).responses, newest=newest, **options))


def test_an_answer_is_computed_once_and_sent_again_as_it_was():
    application = Counting()
    client = client_of(application)
    first, again = client.get("/a?b=c"), client.get("/a?b=c")
    assert again.data == first.data == b"x" * 10
    assert list(again.headers) == list(first.headers)
    assert application.calls == 1


def test_an_answer_that_breaks_off_is_closed_and_not_kept():
    closed = []

    class Breaking:
        def __iter__(self):
            yield b"x"
            raise RuntimeError("the database is gone")

        def close(self):
            closed.append(self)

    def application(environ, start_response):
        environ["digital_capital.tag"] = "t"
        start_response("200 OK", [("Content-Length", "2")])
        return Breaking()

    client = client_of(application)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="the database is gone"):
            client.get("/a")
    assert len(closed) == 2


def test_what_an_answer_depends_on_makes_another_one():
    application = Counting()
    releases = [1]
    client = client_of(application, newest=lambda: releases[-1])
    client.get("/a")
    client.get("/a?b")
    client.get("/b")
    client.get("/a", headers={"Accept": "text/csv"})
    client.get("/a", headers={"Accept-Encoding": "gzip"})
    assert application.calls == 5
    releases.append(2)
    client.get("/a")
    assert application.calls == 6


def test_a_304_is_told_without_asking_whether_or_not_the_body_is_kept():
    for first in ({}, {"If-None-Match": 'W/"t"'}):
        application = Counting()
        client = client_of(application)
        client.get("/a", headers=first)
        again = client.get("/a", headers={"If-None-Match": '"other", W/"t"'})
        assert again.status_code == 304 and not again.data
        assert again.headers["ETag"] == 'W/"t"' and again.headers["Vary"] == "Accept"
        assert "Link" not in again.headers and "Content-Length" not in again.headers
        assert application.calls == 1
        assert client.get("/a").data == application.body


def test_head_is_answered_from_what_is_kept_and_keeps_nothing():
    application = Counting()
    client = client_of(application)
    client.head("/a")
    client.head("/a")
    assert application.calls == 2
    got = client.get("/a")
    head = client.head("/a")
    assert application.calls == 3 and head.status_code == 200 and not head.data
    assert list(head.headers) == list(got.headers) and head.headers["Content-Length"] == "10"
    assert client.head("/a", headers={"If-None-Match": 'W/"t"'}).status_code == 304


def test_the_longest_unused_goes_first():
    application = Counting(body=b"x" * 100)
    size = 2_000 + 100 + 5 + sum(len(name) + len(text) for name, text in client_of(application).get("/").headers)
    application.calls = 0
    client = client_of(application, most_bytes=10 * size)
    for number in range(10):
        client.get(f"/{number}")
    client.get("/0")
    assert application.calls == 10
    client.get("/new")
    client.get("/0")
    assert application.calls == 11
    client.get("/1")
    assert application.calls == 12


def test_what_is_asked_in_many_ways_does_not_fill_the_memory():
    application = Counting()
    cache = Caches(100_000).responses
    client = Client(ResponseCache(application, cache, newest=lambda: 1))
    for number in range(500):
        client.get("/a", query_string=f"{'x' * 3_000}{number}", headers={"If-None-Match": 'W/"t"'})
        client.get("/a", headers={"Accept": f"text/csv, {'x' * 500}{number}"})
    assert 10 < len(cache) < 25
    assert not any("text/csv" in str(key) for key in cache._entries)


def test_what_is_large_streamed_untagged_or_not_a_get_is_not_kept():
    for application in (Counting(body=b"x" * 5_100), Counting(streamed=True), Counting(tagged=False)):
        client = client_of(application)
        assert client.get("/a").data == client.get("/a").data == application.body
        assert application.calls == 2
    application = Counting()
    client = client_of(application)
    for _ in range(2):
        client.post("/a")
        client.get("/a", data="a body")
        client.get("/b", headers={"Transfer-Encoding": "chunked"})
    assert application.calls == 6


def test_nothing_is_kept_where_there_is_no_room_or_no_release_is_known():
    for client_options in ({"most_bytes": 0}, {"newest": lambda: None}):
        application = Counting()
        client = client_of(application, **client_options)
        client.get("/a")
        client.get("/a")
        assert application.calls == 2


def aged(cache_control):
    """A client of answers that say how long they may be used, and how long the database has been away."""
    away = [0.0]
    application = Counting()

    def saying(environ, start_response):
        def start(status, headers, exc_info=None):
            return start_response(status, [*headers, ("Cache-Control", cache_control)], exc_info)

        return application(environ, start)

    return client_of(saying, unseen_for=lambda: away[0]), application, away


def test_while_the_database_is_away_an_answer_is_sent_for_as_long_as_caches_may_use_it():
    for said, longest in (
        ("public, max-age=60, stale-while-revalidate=600", 660),
        ("max-age=86400, immutable", 86_400),
    ):
        client, application, away = aged(said)
        client.get("/a")
        away[0] = longest - 1
        client.get("/a")
        assert application.calls == 1
        away[0] = longest + 1
        client.get("/a")
        assert application.calls == 2


def test_what_is_not_below_a_path_asks_for_no_release():
    def newest():
        raise AssertionError("the database was asked")

    application = Counting()
    client = client_of(application, newest=newest, below="/v1")
    assert client.get("/livez").status_code == 200
    assert application.calls == 1
