"""Keys: made once, looked up with every request, and never a way to somebody else's answers."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from api import create_app
from api.http.keys import is_private
from api.services import keys
from api.services.ranges import RefusedError
from tests.contract_client import ContractClient

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def run(app, *arguments):
    """What a command says."""
    return app.test_cli_runner().invoke(args=["data", "keys", *arguments])


def test_a_key_is_shown_once_and_not_stored(app):
    said = run(app, "create", "--owner", "Dudley  Council", "--region", "E08000027", "--expires", "2099-01-01")
    assert said.exit_code == 0, said.output
    sent = re.search(r"ukdc_[0-9a-f]{8}_[\w-]{43}", said.output)[0]
    with app.extensions["database"].connect() as connection:
        held = [str(cell) for row in connection.execute(text("SELECT * FROM api_key")) for cell in row]
        assert not any(sent.rpartition("_")[2] in cell for cell in held)
        key = keys.find(connection, sent)
        assert (key.owner, sorted(key.scopes), key.regions) == (
            "Dudley Council", ["publish", "upload"], frozenset({"E08000027"}),
        )  # fmt: skip
    listed = run(app, "list").output
    assert f"{sent[5:13]}  Dudley Council: publish, upload; regions E08000027; never used; ends 2099-01-01" in listed
    assert sent not in listed


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--owner", " "),
        ("create", "--owner", "A", "--region", "E0800002X"),
        ("create", "--owner", "A", "--expires", "2020-01-01"),
        ("revoke", "nothing"),
        ("rotate", "nothing"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(app, arguments):
    said = run(app, *arguments)
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert "Traceback" not in said.output


def test_a_key_that_is_revoked_or_has_ended_fails_at_once(app, partner, make_key):
    assert partner.ask("GET", "/drafts").status_code == 200
    assert run(app, "revoke", partner.key[5:13]).exit_code == 0
    refused = partner.ask("GET", "/drafts")
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert "was revoked" in refused.json["detail"]
    ended = make_key(expires_at=datetime.now(UTC) + timedelta(days=1))
    assert partner.ask("GET", "/drafts", key=ended).status_code == 200
    with app.extensions["database"].begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(text("UPDATE api_key SET expires_at = :at WHERE prefix = :prefix"),
                           {"at": past.replace(tzinfo=None) if connection.dialect.name == "sqlite" else past,
                            "prefix": ended[5:13]})  # fmt: skip
    assert "This key ended" in partner.ask("GET", "/drafts", key=ended).json["detail"]


def test_a_rotated_key_is_another_with_the_same_rights(app, partner):
    said = run(app, "rotate", partner.key[5:13])
    new = said.output.split()[0]
    assert partner.ask("GET", "/drafts").status_code == 401
    assert partner.ask("GET", "/drafts", key=new).status_code == 200
    with app.extensions["database"].connect() as connection:
        old, made = keys.by_prefix(connection, partner.key[5:13]), keys.by_prefix(connection, new[5:13])
        assert (made.owner, made.scopes, made.regions) == (old.owner, old.scopes, old.regions)
        with pytest.raises(RefusedError):
            keys.by_prefix(connection, "nothing0")


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Bearer ukdc_00000000_" + "a" * 43, "Basic YTpi"])
def test_without_a_key_nothing_of_partners_is_told(partner, sent):
    answer = partner.app.test_client().get("/v1/drafts", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.headers["Cache-Control"] == "private, no-store" or answer.headers["Cache-Control"] == "no-store"


def test_a_scope_that_is_lacking_is_named(partner, make_key):
    draft = partner.draft(described=False)
    only = make_key(scopes=("upload",))
    refused = partner.publish(draft, key=only)
    assert refused.status_code == 403
    assert refused.json["errors"][0]["allowed"] == ["publish"]


def test_every_operation_that_changes_something_has_a_scope(app):
    """A computation is posted too, and changes nothing."""
    bare = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not rule.rule.startswith("/v1") or not rule.methods - {"GET", "HEAD", "OPTIONS"}:
            continue
        operation = getattr(view, "operation", None)
        if operation is None:
            bare.append(rule.rule)
        else:
            assert operation.scope, rule.rule
    assert sorted(bare) == [
        "/v1/calculations", "/v1/indices/<index>/calculations", "/v1/rankings",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "private"),
    [
        ({}, False),
        ({"HTTP_AUTHORIZATION": "Basic YTpi"}, True),
        ({"QUERY_STRING": "region=E1&draft=abc"}, True),
        ({"QUERY_STRING": "d%72aft=abc"}, True),
        ({"QUERY_STRING": "q=draft"}, False),
    ],
)
def test_what_may_be_for_its_caller_alone(app, environ, private):
    assert is_private(environ) is private


def test_nothing_that_comes_with_a_key_enters_the_cache(partner):
    """Even where every answer may be cached."""
    app = create_app(partner.settings)
    app.test_client_class = ContractClient
    keyed, client = {"Authorization": f"Bearer {partner.key}"}, app.test_client()
    cache = app.extensions["caches"].responses
    draft = partner.draft()
    partner.upload(draft, "region,period,value\nE08000027,2025,10.1\n")
    for path in (
        f"/v1/series/{partner.indicator}/E08000027?draft={draft}",
        f"/v1/observations.csv?indicator={partner.indicator}&draft={draft}",
        f"/v1/drafts/{draft}",
        "/v1/series/gva-per-hour/E12000005",
        "/v1/regions/E12000005",
    ):
        answer = client.get(path, headers=keyed)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Authorization" in answer.headers["Vary"]
        assert len(cache) == 0, path
        if "draft" in path:
            assert "ETag" not in answer.headers or "/drafts/" in path
            assert client.get(path).status_code == 401
    assert client.get("/v1/regions/E12000005").headers["Cache-Control"].startswith("public")
    assert len(cache) == 1
    app.extensions["database"].engine.dispose()
