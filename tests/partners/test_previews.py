"""A draft is to be looked at as soon as it has no fault, whatever made it so."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest

from api.services.drafts import previewing
from api.services.ranges import RefusedError
from api.work.service import Service

WARD = "Ward code,Year,Figure\nE05001301,2025,12.5\n"


@pytest.fixture
def work(partner) -> Iterator[Callable[[], None]]:
    """Does what is to be done in the background that no file has to be checked for."""
    service = Service(partner.settings)
    service.step()

    def all_of_it() -> None:
        while service.step():
            pass

    yield all_of_it
    service.close()


def told(partner, draft):
    return partner.ask("GET", f"/drafts/{draft}").json["data"]


def test_an_indicator_is_looked_at_before_there_is_a_file(partner, work):
    draft = partner.draft()
    assert told(partner, draft)["preview"] is False
    work()
    assert (told(partner, draft)["preview"], told(partner, draft)["problem"]) == (True, None)
    assert partner.ask("GET", f"/drafts/{draft}/diff").json["data"] == []
    table = partner.ask("GET", f"/indicators/{partner.indicator}/template.csv?parent=E47000007&draft={draft}")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == 7 and {row["period"] for row in rows} == {"2025"}
    assert table.headers["Cache-Control"] == "private, no-store"


def test_a_template_of_own_wards_is_filled_in(partner, work):
    draft = partner.draft()
    partner.wards(draft)
    work()
    address = f"/indicators/{partner.indicator}/template.csv?level=ward&parent=E08000027&draft={draft}"
    table = partner.ask("GET", address).text
    lines = table.replace(",2025,,", ",2025,12.5,")
    assert lines.count("12.5") == 3
    found = partner.upload(draft, lines)
    assert (found["good"], found["faults"]) == (3, [])
    assert partner.get(address.removeprefix("/v1")).status_code == 401


def test_a_bad_file_that_is_taken_out_leaves_the_others_to_be_looked_at(partner, work):
    draft = partner.draft()
    partner.wards(draft)
    partner.upload(draft, WARD)
    bad = partner.upload(draft, "Ward code,Year,Figure\nE05001302,2025,twelve\n", name="bad.csv")
    assert bad["errors"] == 1 and told(partner, draft)["preview"] is False
    work()
    assert told(partner, draft)["preview"] is False
    assert partner.ask("DELETE", f"/drafts/{draft}/uploads/{bad['id']}").status_code == 204
    work()
    assert told(partner, draft)["preview"] is True
    changes = partner.ask("GET", f"/drafts/{draft}/diff").json["data"]
    assert [(item["region"], item["new_value"]) for item in changes] == [("E05001301", 12.5)]


def test_one_that_cannot_be_made_is_told_and_not_tried_again(partner, work, monkeypatch):
    tried = []

    def refuse(*_, **__):
        tried.append(None)
        raise RefusedError("Two places have this name.")

    monkeypatch.setattr(previewing.previews, "build", refuse)
    draft = partner.draft()
    work()
    assert told(partner, draft)["problem"] == {"code": "refused", "message": "Two places have this name."}
    work()
    assert len(tried) == 1
    monkeypatch.undo()
    partner.wards(draft)
    work()
    assert (told(partner, draft)["preview"], told(partner, draft)["problem"]) == (True, None)
