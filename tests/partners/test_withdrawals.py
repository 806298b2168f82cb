"""A partner takes back what it published, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.models import AuditEntry

RIGHT = "Area code,Year,Figure\nE08000027,2024,11.1\nE08000027,2025,10.1\n"
LATER = "Area code,Year,Figure\nE08000027,2025,9.5\n"
WHY = {"reason": "The survey was weighted wrongly."}


def publish(partner, text=RIGHT):
    draft = partner.draft()
    assert partner.upload(draft, text)["errors"] == 0
    answer = partner.publish(draft)
    assert answer.status_code == 201, answer.text
    return answer.json["data"]["release"]


def values(partner):
    answer = partner.get(f"/series/{partner.indicator}/E08000027")
    return {item["period"]: item["value"] for item in answer.json["data"]["observations"]}


def test_a_release_is_taken_back(app, partner):
    first = publish(partner)
    second = publish(partner, LATER)
    assert values(partner) == {"2024": 11.1, "2025": 9.5}
    tried = partner.ask("POST", f"/releases/{second}/withdraw?dry_run=true", json=WHY)
    assert (tried.status_code, tried.json["data"]["state"], tried.json["data"]["release"]) == (200, "published", None)
    assert values(partner)["2025"] == 9.5

    answer = partner.ask("POST", f"/releases/{second}/withdraw", json=WHY)
    assert answer.status_code == 201, answer.text
    told = answer.json["data"]
    assert told == {
        "withdrawn": second, "release": second + 1, "state": "withdrawn", "ended": 1, "restored": 1, "to": second,
    }  # fmt: skip
    assert answer.headers["Location"] == f"/v1/releases/{second + 1}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert values(partner) == {"2024": 11.1, "2025": 10.1}
    assert partner.get(f"/observations?indicator={partner.indicator}&release={second}").status_code == 410
    by = partner.get(f"/releases/{second + 1}").json["data"]
    assert (by["kind"], by["owner"], by["reason"], by["withdraws"]) == (
        "withdrawal", "Dudley Council", WHY["reason"], second,
    )  # fmt: skip
    assert first < second
    with app.extensions["database"].connect() as connection:
        entry = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "withdrawn")).one()
    assert (entry.owner, entry.subject) == ("Dudley Council", str(second))
    assert entry.details == {"release": second + 1, "reason": WHY["reason"], "to": second}


def test_a_retry_hears_the_same_answer(partner):
    release = publish(partner)
    headers = {"Idempotency-Key": "once"}
    first, again = (partner.ask("POST", f"/releases/{release}/withdraw", json=WHY, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"


def test_what_was_taken_back_and_what_took_it_back_cannot_be(partner):
    release = publish(partner)
    assert partner.ask("POST", f"/releases/{release}/withdraw", json=WHY).status_code == 201
    for number, why in ((release, "withdrawn already"), (release + 1, "itself a withdrawal")):
        answer = partner.ask("POST", f"/releases/{number}/withdraw", json=WHY)
        assert (answer.status_code, answer.json["type"]) == (409, "/docs/problems#withdrawal-refused")
        assert why in answer.json["detail"]


@pytest.mark.parametrize("release", ["1", "99", "latest", "1" * 30])
def test_there_is_no_release_of_others(partner, release):
    answer = partner.ask("POST", f"/releases/{release}/withdraw", json=WHY)
    assert (answer.status_code, answer.json["errors"][0]["path"]) == (404, "path/release")
    assert "Only releases of your own" in answer.json["detail"]


def test_another_partner_hears_that_there_is_none(partner, other):
    release = publish(partner)
    assert other.ask("POST", f"/releases/{release}/withdraw", json=WHY).status_code == 404
    assert values(partner)["2025"] == 10.1


def test_a_key_takes_back_no_more_than_it_may_write(partner, make_key):
    release = publish(partner)
    for limits in ({"regions": ["E08000030"]}, {"indicators": ["another"]}):
        answer = partner.ask("POST", f"/releases/{release}/withdraw", key=make_key(**limits), json=WHY)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (403, "not-yours")
    assert values(partner)["2025"] == 10.1
    narrow = make_key(regions=["E12000005"], indicators=[partner.indicator])
    assert partner.ask("POST", f"/releases/{release}/withdraw", key=narrow, json=WHY).status_code == 201


def test_it_needs_a_reason_and_the_scope_to_publish(partner, make_key):
    release = publish(partner)
    answer = partner.ask("POST", f"/releases/{release}/withdraw", json={"reason": " "})
    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "body/reason")
    uploading = make_key(scopes=("upload",))
    assert partner.ask("POST", f"/releases/{release}/withdraw", key=uploading, json=WHY).status_code == 403
    assert partner.app.test_client().post(f"/v1/releases/{release}/withdraw", json=WHY).status_code == 401


def test_figures_of_wards_go_and_the_wards_stay(partner):
    draft = partner.draft()
    partner.wards(draft)
    assert partner.upload(draft, "Ward code,Year,Figure\nE05001301,2025,12.5\n")["errors"] == 0
    release = partner.publish(draft).json["data"]["release"]
    assert partner.get(f"/series/{partner.indicator}/E05001301").status_code == 200
    assert partner.ask("POST", f"/releases/{release}/withdraw", json=WHY).status_code == 201
    assert partner.get(f"/observations?indicator={partner.indicator}").json["data"] == []
    # Figures of others may be of them since, so that a place stays, as an indicator does.
    assert len(partner.get("/regions?level=ward").json["data"]) == 3
