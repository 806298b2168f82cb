"""What goes wrong, as a page for people and as a problem for programs."""

from dataclasses import replace

import pytest

from api import create_app
from api.database import Database
from api.settings import Settings
from tests.pages.reading import PAGE, links, read, said


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/places/E99999999", 404, "There is no region 'E99999999'"),
        ("/places/E1200005", 404, "E12000005"),
        ("/indicators/gigabit", 404, "gigabit-availability"),
        ("/indices/nothing", 404, "There is no index"),
        ("/releases/99", 404, "There is no release"),
        ("/places?level=region", 404, "There is no level"),
        ("/places?lvel=uk", 422, "There is no parameter 'lvel' here. Did you mean 'level'?"),
        ("/places?level=uk&level=itl1", 422, "level is given 2 times"),
        ("/places/E08000027?release=99", 404, "There is no release"),
        ("/compare?places=" + ",".join(f"E1200000{number}" for number in range(1, 8)), 422, "7 places"),
        ("/compare?places=E99", 404, "There is no region"),
        ("/indices/local-digital-capital?weight-digital-skills=much", 422, "is no number"),
        ("/indices/local-digital-capital?weight-digital-skills=-1", 422, "not in the range"),
        ("/indices/local-digital-capital?weight-nothing=1", 422, "nothing"),
        ("/docs/indices/local-digital-capital?method_version=x", 422, "is no version"),
        ("/nowhere", 404, "There is nothing at /nowhere"),
    ],
)
def test_it_is_told_in_a_page(client, address, status, words):
    page = read(client, address, status=status)
    assert words in said(page.xpath("//main")[0])
    assert page.xpath('//main//form[@role="search"]')
    problem = client.get(address)
    assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
    assert problem.json["instance"] == address.partition("?")[0]


@pytest.mark.parametrize(
    ("address", "meant"),
    [("/places/E1200005", "/places/E12000005"), ("/indicators/gigabit", "/indicators/gigabit-availability")],
)
def test_it_leads_to_what_may_have_been_meant(client, address, meant):
    assert meant in links(read(client, address, status=404))


def test_nobody_keeps_it(client):
    response = client.get("/places/E99999999", headers=PAGE)
    assert response.headers["Cache-Control"] == "no-store" and "ETag" not in response.headers
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_what_is_given_is_never_markup(client):
    hostile = "<script>alert(1)</script>"
    for address in (f"/?q={hostile}", f"/places/{hostile}", f"/places?level={hostile}", f"/compare?add={hostile}"):
        response = client.get(address, headers=PAGE)
        assert "<script>alert" not in response.text


def test_a_service_that_is_not_ready_says_when_to_come_again(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    Database(url).create()
    app = create_app(replace(Settings(), database_url=url))
    response = app.test_client().get("/places", headers=PAGE)
    assert response.status_code == 503 and response.headers["Retry-After"] == "5"
    assert response.mimetype == "text/html" and "Try again in a few seconds." in response.text
    app.extensions["database"].engine.dispose()


def test_a_failure_of_a_page_is_logged_and_told(settings, monkeypatch, caplog):
    app = create_app(settings)
    monkeypatch.setitem(app.extensions, "responses", lambda *_: 1 / 0)
    response = app.test_client().get("/places", headers=PAGE)
    assert response.status_code == 500 and "The service failed" in response.text
    assert "unhandled error" in caplog.text
    app.extensions["database"].engine.dispose()
