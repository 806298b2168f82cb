"""Two publishers overwrite nothing of each other's unseen, and what is sent again is done once."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.limits import enforce
from api.services.drafts import lifecycle, previews
from api.work.service import Service


def figure(year, value):
    """A file of one figure."""
    return f"region,period,value\nE08000027,{year},{value}\n"


@pytest.fixture
def published(partner):
    """A partner whose indicator is published with a figure of 2020."""
    draft = partner.draft()
    partner.upload(draft, figure(2020, 1))
    assert partner.publish(draft).status_code == 201
    return partner


@pytest.fixture
def service(published):
    """What works in the background, a step at a time."""
    made = Service(published.settings)
    yield made
    made.close()


def values(partner):
    """The published series, by period."""
    data = partner.get(f"/series/{partner.indicator}/E08000027").json["data"]["observations"]
    return {item["period"]: item["value"] for item in data}


def test_drafts_of_different_figures_both_go_through(published):
    first, second = (published.draft(described=False) for _ in range(2))
    published.upload(first, figure(2021, 2))
    published.upload(second, figure(2022, 3))
    assert published.publish(first).status_code == 201
    assert published.publish(second).status_code == 201
    assert values(published) == {"2020": 1, "2021": 2, "2022": 3}


def test_where_figures_overlap_the_second_hears_what_changed(published):
    first, second = (published.draft(described=False) for _ in range(2))
    published.upload(first, figure(2020, 2))
    published.upload(second, figure(2020, 3))
    assert published.publish(first).status_code == 201
    refused = published.publish(second)
    assert refused.status_code == 409
    assert refused.json["errors"][0]["code"] == "changed-since"
    assert "was 1 in release 5, is 2 now, and the draft has 3." in refused.json["errors"][0]["message"]
    assert values(published) == {"2020": 2}
    # Whoever has seen it may publish it.
    assert published.ask("POST", f"/drafts/{second}/check").status_code == 202
    assert published.publish(second).status_code == 409  # it is being checked
    published.check()
    changes = published.ask("GET", f"/drafts/{second}/diff").json["data"]
    assert [(item["change"], item["old_value"], item["new_value"]) for item in changes] == [("changed", 2, 3)]
    assert published.publish(second).status_code == 201
    assert values(published) == {"2020": 3}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_interleaving_of_two_publishers_loses_nothing(published):
    """Each reads, uploads and publishes; whichever order that comes in, a value is replaced only by who saw it."""
    steps = [(who, step) for who in "ab" for step in ("begin", "upload", "publish")]
    orders = [
        order
        for order in itertools.permutations(steps)
        if all(
            order.index((who, "begin")) < order.index((who, "upload")) < order.index((who, "publish")) for who in "ab"
        )
    ]
    assert len(orders) == 20
    seen_then = {}
    for number, order in enumerate(orders):
        drafts, done = {}, {}
        for who, step in order:
            if step == "begin":
                seen_then[who] = values(published)["2020"]
                drafts[who] = published.draft(described=False)
            elif step == "upload":
                published.upload(drafts[who], figure(2020, number + 2 + (0.5 if who == "b" else 0)))
            else:
                before = values(published)["2020"]
                answer = published.publish(drafts[who])
                assert answer.status_code in {201, 409}
                done[who] = answer.status_code
                # It goes through if and only if what it replaces is what stood when it was begun.
                assert (answer.status_code == 201) == (before == seen_then[who]), order
        assert 201 in done.values()


def test_what_changed_since_somebody_read_is_a_conflict(published):
    """Also where the draft was begun after it."""
    read = published.get(f"/series/{published.indicator}/E08000027").json["meta"]["release"]
    first = published.draft(described=False)
    published.upload(first, figure(2020, 2))
    assert published.publish(first).status_code == 201
    second = published.draft(described=False, base_release=read)
    published.upload(second, figure(2020, 3))
    assert published.publish(second).status_code == 409
    assert values(published) == {"2020": 2}
    unknown = published.ask("POST", "/drafts", json={"reason": "A", "base_release": 99})
    assert (unknown.status_code, unknown.json["errors"][0]["path"]) == (422, "body/base_release")


def test_a_request_that_is_sent_again_is_done_once(published):
    name = {"Idempotency-Key": "5f0c2f2e"}
    first = published.ask("POST", "/drafts", json={"reason": "Once"}, headers=name)
    again = published.ask("POST", "/drafts", json={"reason": "Once"}, headers=name)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    other = published.ask("POST", "/drafts", json={"reason": "Twice"}, headers=name)
    assert other.status_code == 422
    assert other.json["type"].endswith("#idempotency-conflict")
    draft = first.json["data"]["id"]
    published.upload(draft, figure(2021, 2))
    done = [published.publish(draft, headers={"Idempotency-Key": "publish"}) for _ in range(2)]
    assert done[0].json == done[1].json
    assert values(published) == {"2020": 1, "2021": 2}
    files = [
        published.ask("POST", f"/drafts/{published.draft(described=False)}/uploads", data=b"a", content_type="text/csv",
                      headers={"Idempotency-Key": "file"})
        for _ in range(2)
    ]  # fmt: skip
    assert [answer.status_code for answer in files] == [202, 422]


def test_a_version_that_is_meant_is_held_to(published):
    draft = published.draft(described=False)
    tag = published.ask("GET", f"/drafts/{draft}").headers["ETag"]
    published.upload(draft, figure(2021, 2))
    refused = published.publish(draft, headers={"If-Match": tag})
    assert refused.status_code == 412
    assert published.ask("DELETE", f"/drafts/{draft}", headers={"If-Match": tag}).status_code == 412
    now = published.ask("GET", f"/drafts/{draft}").headers["ETag"]
    assert published.publish(draft, headers={"If-Match": now}).status_code == 201


def test_a_draft_under_embargo_is_published_at_its_moment_and_not_before(published, app, service):
    moment = datetime.now(UTC) + timedelta(hours=1)
    draft = published.draft(described=False, publish_at=moment.isoformat())
    published.upload(draft, figure(2021, 2))
    taken = published.publish(draft)
    assert (taken.status_code, taken.json["data"]["state"]) == (202, "publishing")
    database = app.extensions["database"]
    with database.connect() as connection:
        assert lifecycle.due(connection, datetime.now(UTC)) is None
        assert lifecycle.due(connection, moment + timedelta(seconds=1)).id == draft
    while service.step():
        pass
    assert values(published) == {"2020": 1}
    with database.begin() as connection:
        lifecycle.touch(connection, lifecycle.by_id(connection, draft), publish_at=datetime.now(UTC))
    while service.step():
        pass
    assert values(published) == {"2020": 1, "2021": 2}
    assert published.ask("GET", f"/drafts/{draft}").json["data"]["state"] == "published"


def test_what_is_read_no_more_is_not_kept(published, app):
    """Copies of drafts that were published or discarded; what was sent, and the faults of what was published, stay."""
    first, second, third = (published.draft(described=False) for _ in range(3))
    for number, draft in enumerate((first, second, third)):
        published.upload(draft, figure(2021 + number, 2))
    assert published.publish(first).status_code == 201
    assert published.ask("DELETE", f"/drafts/{second}").status_code == 204
    with app.extensions["database"].connect() as connection:
        previews.tidy_ended(connection, published.app_folder)
    made = {path.relative_to(published.app_folder / "made") for path in (published.app_folder / "made").rglob("*")}
    held = {str(path.parent): path.suffix for path in made if path.suffix == ".sqlite3"}
    assert held == {third: ".sqlite3"}
    assert not any(str(path).startswith(second) for path in made)
    assert any(path.name.startswith("faults-") for path in made if str(path).startswith(first))
    assert len([path for path in (published.app_folder / "files").rglob("*") if path.is_file()]) == 4


def test_a_key_that_is_revoked_publishes_nothing_later(published, app, service):
    draft = published.draft(described=False, publish_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    published.upload(draft, figure(2021, 2))
    assert published.publish(draft).status_code == 202
    app.test_cli_runner().invoke(args=["data", "keys", "revoke", published.key[5:13]])
    with app.extensions["database"].begin() as connection:
        lifecycle.touch(connection, lifecycle.by_id(connection, draft), publish_at=datetime.now(UTC))
    while service.step():
        pass
    with app.extensions["database"].connect() as connection:
        found = lifecycle.by_id(connection, draft)
    assert (found.state, found.problem["code"]) == ("open", "not-allowed")
    assert values(published) == {"2020": 1}


def test_an_owner_uploads_so_much_and_no_more(app, published):
    """Counted over all processes and keys, since it is counted in the database."""
    limits = replace(published.settings.limits, uploads_per_hour=3)
    app.extensions["settings"] = replace(published.settings, limits=limits)
    app.before_request_funcs[None].append(lambda: enforce(limits))
    draft = published.draft(described=False)
    path = f"/drafts/{draft}/uploads?indicator={published.indicator}"
    statuses = []
    for number in range(3):
        answer = published.ask("POST", path, data=figure(2021 + number, 1), content_type="text/csv")
        statuses.append(answer.status_code)
    assert statuses == [202, 202, 429]  # one was sent before
    assert 0 < int(answer.headers["Retry-After"]) <= 3_600
    assert answer.headers["RateLimit-Policy"] == '"uploads_per_hour";q=3;w=3600'
    named = {item["name"] for item in published.get("/config").json["data"]["limits"]}
    assert {"uploads_per_hour", "upload_bytes_per_day", "max_upload_rows"} <= named
