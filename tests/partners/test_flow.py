"""A council's file goes from an upload to a published series, with its wards, and can be taken back."""

import csv
import io

import pytest

from tests.partners.conftest import WARDS

WRONG = """Dudley survey
Ward code,Year,Figure
E05001301,2025,12.5
E05001302,2025,[x]
E05001303,2025,"11,5"
E0500130X,2025,9
"""
RIGHT = "Ward code,Year,Figure\nE05001301,2025,12.5\nE05001302,2025,[x]\nE05001303,2025,11.5\nE08000027,2025,10.1\n"


def test_from_an_upload_to_a_series(partner):
    draft = partner.draft()
    partner.wards(draft)
    wrong = partner.upload(draft, WRONG)
    assert wrong["state"] == "checked"
    assert (wrong["rows"], wrong["good"], wrong["errors"], wrong["warnings"]) == (4, 2, 2, 1)
    assert wrong["columns"] == {"region": "Ward code", "period": "Year", "value": "Figure"}
    assert [(item["row"], item["column"], item["code"]) for item in wrong["faults"]] == [
        (5, "value", "number-decimal-comma"),
        (6, "region", "region-unknown"),
        (4, "value", "value-missing"),
    ]
    refused = partner.publish(draft)
    assert refused.status_code == 409
    assert "w.csv has 2 errors" in refused.json["detail"]

    table = partner.ask("GET", f"/drafts/{draft}/uploads/{wrong['id']}/faults")
    assert table.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert [(line["row"], line["value"], line["problem_nearest"]) for line in lines][:2] == [
        ("4", "[x]", ""),
        ("5", "11,5", "11.5"),
    ]

    assert partner.ask("DELETE", f"/drafts/{draft}/uploads/{wrong['id']}").status_code == 204
    assert partner.upload(draft, RIGHT)["errors"] == 0
    told = partner.ask("GET", f"/drafts/{draft}").json["data"]
    assert (told["ready"], told["preview"], told["problem"]) == (True, True, None)

    changes = partner.ask("GET", f"/drafts/{draft}/diff").json["data"]
    assert {(item["region"], item["change"], item["new_value"]) for item in changes} == {
        ("E05001301", "added", 12.5),
        ("E05001302", "added", None),
        ("E05001303", "added", 11.5),
        ("E08000027", "added", 10.1),
    }
    assert partner.get(f"/series/{partner.indicator}/E05001301").status_code == 404
    tried = partner.publish(draft, query_string={"dry_run": "true"}).json["data"]
    assert (tried["state"], tried["release"], tried["added"]) == ("open", None, 4)
    assert partner.get(f"/series/{partner.indicator}/E05001301").status_code == 404

    published = partner.publish(draft)
    assert published.status_code == 201, published.text
    release = published.json["data"]["release"]
    assert published.headers["Location"] == f"/v1/releases/{release}"
    series = partner.get(f"/series/{partner.indicator}/E05001301").json
    assert [item["value"] for item in series["data"]["observations"]] == [12.5]
    assert series["meta"]["release"] == release
    assert series["meta"]["source"][0]["publisher"] == "Dudley Council"
    indicator = partner.get(f"/indicators/{partner.indicator}").json["data"]
    assert indicator["owner"] == "Dudley Council"
    wards = partner.get("/regions?level=ward&parent=E08000027").json["data"]
    assert {item["code"]: item["name"] for item in wards} == WARDS
    assert partner.get(f"/releases/{release}").json["data"]["owner"] == "Dudley Council"
    assert partner.ask("GET", f"/drafts/{draft}").json["data"]["state"] == "published"
    assert partner.publish(draft).status_code == 409


def test_a_draft_is_read_as_it_will_be_and_by_nobody_else(partner, other):
    draft = partner.draft()
    partner.upload(draft, "region,period,value\nE08000027,2025,10.1\n")
    path = f"/series/{partner.indicator}/E08000027?draft={draft}"
    own = partner.ask("GET", path)
    assert [item["value"] for item in own.json["data"]["observations"]] == [10.1]
    assert own.json["meta"]["draft"] == draft
    assert own.json["meta"]["citation"].startswith(f"Not published: draft {draft} of Dudley Council.")
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in own.headers["Vary"]
    table = partner.ask("GET", f"/observations.csv?indicator={partner.indicator}&draft={draft}")
    assert "E08000027" in table.text
    assert partner.get(path).status_code == 401
    assert other.ask("GET", path).status_code == 404
    assert partner.get(f"/series/{partner.indicator}/E08000027").status_code == 404
    # What the draft leaves alone is read with it as it stands.
    assert partner.ask("GET", f"/series/gva-per-hour/E12000005?draft={draft}").status_code == 200


@pytest.mark.parametrize("path", ["", "/diff", "/uploads/1", "/uploads/1/faults"])
def test_another_ones_draft_is_as_if_it_were_not_there(partner, other, path):
    draft = partner.draft()
    partner.upload(draft, "region,period,value\nE08000027,2025,10.1\n")
    found = other.ask("GET", f"/drafts/{draft}{path}")
    missing = other.ask("GET", f"/drafts/{'x' * len(draft)}{path}")
    assert (found.status_code, missing.status_code) == (404, 404)
    assert found.text.replace(draft, "-") == missing.text.replace("x" * len(draft), "-")
    assert other.ask("GET", "/drafts").json["data"] == []


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("DELETE", "", {}),
        ("POST", "/publish", {}),
        ("POST", "/check", {}),
        ("POST", "/uploads", {"data": b"region,period,value\n", "content_type": "text/csv"}),
        ("DELETE", "/uploads/1", {}),
        ("PUT", "/places/E05001301", {"json": {"name": "A", "level": "ward", "within": "E08000027"}}),
    ],
)
def test_nobody_changes_another_ones_draft(partner, other, method, path, given):
    draft = partner.draft()
    before = partner.ask("GET", f"/drafts/{draft}").json
    assert other.ask(method, f"/drafts/{draft}{path}", **given).status_code == 404
    assert partner.ask("GET", f"/drafts/{draft}").json == before


def test_national_figures_are_never_replaced(partner):
    draft = partner.draft(described=False)
    told = partner.upload(draft, "region,period,value\nE08000027,2025,50\n", query="indicator=gigabit-availability")
    assert "not-yours" in {item["code"] for item in told["faults"]}
    assert partner.publish(draft).status_code == 409
    answer = partner.ask("PUT", f"/drafts/{draft}/indicators/gigabit-availability", json={
        "title": "Mine", "description": "Mine.", "component": "digital-skills", "unit": "%", "measure": "rate",
        "polarity": "neutral",
    })  # fmt: skip
    assert answer.status_code == 403
    assert "is an indicator of this service" in answer.json["detail"]


def test_a_key_for_some_places_writes_no_others(partner):
    draft = partner.draft()
    told = partner.upload(draft, "region,period,value\nE08000030,2025,50\nE08000027,2025,40\n")
    assert [(item["row"], item["code"]) for item in told["faults"]] == [(2, "not-yours")]
    place = {"name": "Elsewhere", "level": "ward", "within": "E08000030"}
    assert partner.ask("PUT", f"/drafts/{draft}/places/E05009999", json=place).status_code == 403


def test_a_correction_and_a_removal(partner):
    draft = partner.draft()
    partner.upload(draft, "region,period,value\nE08000027,2024,9\nE08000027,2025,10.1\n")
    assert partner.publish(draft).status_code == 201
    second = partner.draft(reason="A figure was wrong", described=False, kind="correction")
    told = partner.upload(second, "region,period,value,change\nE08000027,2024,8.5,\nE08000027,2025,,removed\n")
    assert told["errors"] == 0, told
    done = partner.publish(second).json["data"]
    assert (done["added"], done["changed"], done["removed"]) == (0, 1, 1)
    assert partner.get(f"/releases/{done['release']}").json["data"]["kind"] == "correction"
    series = partner.get(f"/series/{partner.indicator}/E08000027").json["data"]["observations"]
    assert [(item["period"], item["value"]) for item in series] == [("2024", 8.5)]
