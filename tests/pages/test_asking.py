"""How pages ask the API: in this process, from what is in memory, as a caller of their own address would."""

from dataclasses import replace

import pytest

from api import create_app
from api.http.callers import CallerGone
from api.http.not_now import NotNow
from api.pages.asking import Moved, Refused, ask, ask_or_none, releases_read
from tests.pages.reading import PAGE

PLACE = "/places/E08000027"


@pytest.fixture
def kept(settings):
    """An application that keeps what it has answered."""
    app = create_app(replace(settings, caches="responses, series, groups"))
    yield app
    app.extensions["database"].engine.dispose()


def test_it_is_told_what_the_api_answers(app):
    with app.test_request_context("/places"):
        told = ask("/v1/regions", q="dudley", limit=2, cursor=None)
        assert told.address == "/v1/regions?q=dudley&limit=2"
        assert releases_read() == {4}
    answer = app.test_client().get(told.address).json
    assert (told.data, told.meta, told.links) == (answer["data"], answer["meta"], answer["links"])


def test_a_problem_is_told_as_it_was_sent(app):
    with app.test_request_context("/places"):
        with pytest.raises(Refused, match="There is no region 'E99'") as found:
            ask("/v1/regions/E99")
        assert (found.value.status, found.value.slug) == (404, "unknown-id")
        assert ask_or_none("/v1/regions/E99") is None
        with pytest.raises(Refused):
            ask("/v1/levels", release="99")


def test_another_code_is_told_with_the_one_to_ask(app):
    with app.test_request_context("/places"), pytest.raises(Moved) as found:
        ask("/v1/regions/TLG/profile", points=3)
    assert found.value.asked == "/v1/regions/TLG/profile"
    assert found.value.location == "/v1/regions/E12000005/profile?points=3"


def test_what_looks_like_a_query_in_a_code_is_none(app):
    with app.test_request_context("/places"), pytest.raises(Refused) as found:
        ask("/v1/regions/E12000005?release=1#x")
    assert found.value.status == 404


def test_an_earlier_release_is_asked_for_where_there_is_one_to_ask(app):
    with app.test_request_context("/places?release=2"):
        assert ask("/v1/levels").address == "/v1/levels?release=2"
        assert ask("/v1/releases").address == "/v1/releases"
        assert ask("/v1/").address == "/v1/"


def test_answers_and_pages_are_made_once(kept, monkeypatch):
    client = kept.test_client()
    first = client.get(PLACE, headers=PAGE)
    monkeypatch.setattr(kept, "full_dispatch_request", lambda *_: pytest.fail("it is in memory"))
    again = client.get(PLACE, headers=PAGE)
    assert again.data == first.data and again.headers["ETag"] == first.headers["ETag"]
    assert client.get("/v1/regions/E08000027", headers={"Accept": "application/json"}).status_code == 200
    assert client.get(PLACE, headers={**PAGE, "If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_page_of_two_releases_is_kept_by_nobody(kept, monkeypatch):
    monkeypatch.setattr("api.pages.rendering.releases_read", lambda: {3, 4})
    response = kept.test_client().get(PLACE, headers=PAGE)
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "public, max-age=60"


def test_what_has_to_wait_is_asked_again(app, monkeypatch):
    """The server takes the request aside, and the page with it."""

    def not_now(*_):
        raise NotNow

    monkeypatch.setitem(app.extensions, "responses", not_now)
    with pytest.raises(NotNow):
        app.test_client().get("/places", headers=PAGE)


def test_nobody_is_answered_who_has_left(app, monkeypatch):
    def gone(_environ, start_response):
        start_response("499 Client Closed Request", [])
        return []

    monkeypatch.setitem(app.extensions, "responses", gone)
    with app.test_request_context("/places"), pytest.raises(CallerGone):
        ask("/v1/levels")
    assert app.test_client().get("/places", headers=PAGE).status_code == 499
