"""What browsers and other sites see: CORS, security headers, probes and pages."""

import pytest

from api import build
from api.services import schema


@pytest.mark.parametrize(
    "address",
    ["/v1/", "/v1/observations.csv?limit=1", "/v1/regions/E99", "/v1/levels?bogus=1", "/openapi.json", "/v1/nowhere"],
)
def test_every_site_may_read_answers_and_errors(client, address):
    response = client.get(address, headers={"Origin": "https://dashboard.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert all(name in exposed for name in ("ETag", "Link", "RateLimit", "Retry-After", "Content-Location"))
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_preflight(client):
    response = client.options(
        "/v1/observations",
        headers={"Origin": "https://dashboard.example", "Access-Control-Request-Method": "GET"},
    )
    assert response.status_code == 200
    assert "GET" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("address", ["/v1/", "/v1/nowhere", "/docs", "/livez", "/openapi.json", "/"])
def test_security_headers(client, address):
    response = client.get(address)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "http" not in policy


def test_no_page_names_another_host(client):
    for address in ("/docs", "/docs/problems"):
        assert "//" not in client.get(address).text.replace("<!DOCTYPE html>", "")


def test_probes(client):
    assert client.get("/livez").json["status"] == "alive"
    ready = client.get("/readyz").json
    assert (ready["status"], ready["release"], ready["schema"]) == ("ready", 4, schema.newest_revision())
    assert ready["build"] == client.get("/livez").json["build"] == build.fingerprint()
