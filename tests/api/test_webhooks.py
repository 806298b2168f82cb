"""Webhooks by the interface: made, looked at, tried, and only by their owner."""

import pytest

from api import create_app
from api.services import keys
from api.services.publish import publish
from api.services.webhooks.backoff import Backoff
from api.services.webhooks.deliverer import Deliverer
from api.settings import Settings
from tests.api.test_withdrawn import figure
from tests.conftest import own_database
from tests.contract_client import ContractClient
from tests.receiving import receiver

HOOKS = "/v1/webhooks"


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    made = create_app(
        Settings(
            database_url=own_database(request, tmp_path, "webhooks"),
            drafts_path=str(tmp_path / "drafts"),
            release_check_seconds=0,
            webhooks_private="on",
        )
    )
    made.test_client_class = ContractClient
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def asking(app):
    """Asks as an owner, with a key of some scopes."""

    def as_owner(owner="Dudley Council", scopes=("publish",)):
        with app.extensions["database"].begin() as connection:
            _, key = keys.create(connection, owner=owner, scopes=scopes)
        client, headers = app.test_client(), {"Authorization": f"Bearer {key}"}

        def ask(path="", method="GET", **given):
            more = given.pop("headers", {})
            return client.open(f"{HOOKS}{path}", method=method, headers=headers | more, **given)

        return ask

    return as_owner


def test_one_is_made_and_its_secret_shown_once(asking, app):
    ask = asking()
    made = ask(method="POST", json={"url": "https://example.org/releases", "regions": ["TLG"]})
    assert made.status_code == 201
    data = made.json["data"]
    assert made.headers["Location"] == f"{HOOKS}/{data['id']}"
    assert data["secret"].startswith("whsec_") and data["regions"] == ["E12000005"] and data["told_to"] == 4
    assert made.headers["Cache-Control"] == "private, no-store"
    (listed,) = ask().json["data"]
    assert listed == ask(f"/{data['id']}").json["data"] == {name: data[name] for name in data if name != "secret"}
    assert (app.extensions["settings"].drafts_path and listed["state"]) == "active"


def test_only_its_owner_sees_it(asking):
    ask, other, reader = asking(), asking("Wigan Council"), asking(scopes=("upload",))
    hook = ask(method="POST", json={"url": "https://example.org/"}).json["data"]["id"]
    assert other().json["data"] == []
    for path, method in (
        (f"/{hook}", "GET"), (f"/{hook}", "DELETE"), (f"/{hook}/deliveries", "GET"), (f"/{hook}/test", "POST"),
        (f"/{hook}/replay?since=1", "POST"), (f"/{hook}/enable", "POST"),
    ):  # fmt: skip
        assert other(path, method).status_code == 404
        assert reader(path, method).status_code == (200 if method == "GET" else 403)
    assert reader(method="POST", json={"url": "https://example.org/"}).status_code == 403
    assert ask(f"/{hook}").status_code == 200


def test_without_a_key(app):
    response = app.test_client().get(HOOKS)
    assert response.status_code == 401 and "Bearer" in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "body/url"), ({"url": "ftp://example.org/"}, "body/url"), ({"url": 7}, "body/url"),
        ({"url": "https://user:pass@example.org/"}, "body/url"),
        ({"url": "https://example.org/", "secret": "x"}, "body/secret"),
        ({"url": "https://example.org/", "indicators": ["gigabit"]}, "body/indicators/0"),
        ({"url": "https://example.org/", "regions": ["E12000005", "E1200005"]}, "body/regions/1"),
        ({"url": "https://example.org/", "regions": []}, "body/regions"),
    ],
)  # fmt: skip
def test_what_is_refused(asking, body, path):
    response = asking()(method="POST", json=body)
    assert response.status_code == 422, response.text
    assert [fault["path"] for fault in response.json["errors"]] == [path]


def test_private_addresses_are_refused_unless_allowed(request, tmp_path):
    request.param = "sqlite"
    app = create_app(Settings(database_url=own_database(request, tmp_path, "private"), drafts_path=str(tmp_path)))
    with app.extensions["database"].begin() as connection:
        _, key = keys.create(connection, owner="Dudley Council", scopes=("publish",))
    for url in ("https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "http://example.org/", "https://example.org:8443/"):
        response = app.test_client().post(HOOKS, json={"url": url}, headers={"Authorization": f"Bearer {key}"})
        assert (response.status_code, response.json["errors"][0]["path"]) == (422, "body/url")
    app.extensions["database"].engine.dispose()


def test_there_is_a_limit(asking, app):
    ask, most = asking(), app.extensions["settings"].limits.max_webhooks
    assert {ask(method="POST", json={"url": "https://example.org/"}).status_code for _ in range(most)} == {201}
    response = ask(method="POST", json={"url": "https://example.org/"})
    assert response.json["errors"][0]["code"] == "too-many-webhooks"
    assert asking("Wigan Council")(method="POST", json={"url": "https://example.org/"}).status_code == 201


def test_sent_again_under_a_key_it_is_made_once(asking):
    ask, again = asking(), {"Idempotency-Key": "one"}
    first, second = (ask(method="POST", json={"url": "https://example.org/"}, headers=again) for _ in range(2))
    assert first.json == second.json and len(ask().json["data"]) == 1


def test_from_its_making_to_its_end(asking, app):
    """A release, a test and a replay arrive, what came of each is told, and then it is deleted."""
    ask, settings = asking(), app.extensions["settings"]

    def deliver():
        return Deliverer(settings, backoff=Backoff((0.0,))).once()

    with receiver() as to:
        made = ask(method="POST", json={"url": to.url}).json["data"]
        to.secret, hook = made["secret"], made["id"]
        tested = ask(f"/{hook}/test", "POST")
        assert (tested.status_code, tested.headers["Location"]) == (202, f"{HOOKS}/{hook}/deliveries")
        deliver()
        with app.extensions["database"].begin() as connection:
            publish(connection, [figure(app, 41.0)], reason="Others.")
        to.status = 500
        deliver()
        failing, test = ask(f"/{hook}/deliveries").json["data"]
        assert (test["type"], test["state"], test["status"]) == ("webhook.test", "delivered", 204)
        assert (failing["state"], failing["problem"], failing["release"]) == ("waiting", "It answered 500.", 5)
        assert failing["next_attempt_at"] and ask(f"/{hook}").json["data"]["failures"] == 1
        to.status = 410
        deliver()
        assert ask(f"/{hook}").json["data"]["state"] == "disabled"
        to.status = 204
        assert ask(f"/{hook}/enable", "POST").json["data"]["state"] == "active"
        deliver()
        assert ask(f"/{hook}/replay", "POST").status_code == 422
        assert ask(f"/{hook}/replay?since=99", "POST").json["errors"][0]["path"] == "query/since"
        assert ask(f"/{hook}/replay?since=3", "POST").json["data"] == {"queued": 2}
        deliver()
    assert [number for number, _ in to.said].count(failing["id"]) == 4
    assert [said["data"]["release"] for _, said in to.said[-2:]] == [4, 5]
    assert {item["state"] for item in ask(f"/{hook}/deliveries").json["data"]} == {"delivered"}
    assert ask(f"/{hook}", "DELETE").status_code == 204
    assert ask(f"/{hook}").status_code == 404 and ask().json["data"] == []
