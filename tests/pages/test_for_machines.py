"""What crawlers, assistants and finders of weaknesses are told."""

import re
from dataclasses import replace

from lxml import etree

from api import create_app
from tests.pages.reading import read, said


def test_the_sitemap_has_every_place_and_indicator(client):
    response = client.get("/sitemap.xml")
    found = etree.fromstring(response.data).xpath("//*[local-name()='loc']/text()")
    base = "http://127.0.0.1:8000"
    places = client.get("/v1/regions?limit=1000").json["data"]
    indicators = client.get("/v1/indicators?limit=1000").json["data"]
    assert {f"{base}/places/{item['code']}" for item in places} <= set(found)
    assert {f"{base}/indicators/{item['id']}" for item in indicators} <= set(found)
    assert len(set(found)) == len(found)
    for address in [*found[:8], *found[-12:]]:
        assert client.get(address.removeprefix(base)).status_code == 200


def test_robots_are_led_to_it(client):
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in response.text.splitlines()


def test_assistants_are_told_of_every_indicator(client):
    text = client.get("/llms.txt").text
    assert text.startswith("# UK Regional Digital Capital API\n\n> ")
    assert all(f"/v1/indicators/{item['id']})" in text for item in client.get("/v1/indicators?limit=1000").json["data"])
    for address in re.findall(r"\]\(http://127\.0\.0\.1:8000([^)]+)\)", text):
        assert client.get(address).status_code == 200, address


def test_who_finds_a_weakness_is_told_where_to_say_so(client):
    response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == fields["Policy"] == "http://127.0.0.1:8000/docs/security"
    assert "has named nobody yet" in said(read(client, "/docs/security"))
    assert re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])-01T00:00:00Z", fields["Expires"])
    assert "@" not in response.text


def test_who_runs_the_service_may_name_somebody(settings):
    app = create_app(replace(settings, contact_url="https://council.example/report", contact_name="Digital team"))
    client = app.test_client()
    assert "Contact: https://council.example/report" in client.get("/.well-known/security.txt").text.splitlines()
    assert "Digital team" in said(read(client, "/docs/security"))
    app.extensions["database"].engine.dispose()


def test_the_sign_is_ours(client):
    for address in ("/favicon.svg", "/favicon.ico"):
        response = client.get(address)
        assert response.mimetype == "image/svg+xml" and response.data.startswith(b"<svg")
