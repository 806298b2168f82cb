"""Files that are made to do harm are refused with a reason, nothing of them is published, and nothing is left lying."""

import gzip
import io
import zipfile

import pytest


def bomb():
    """A workbook whose sheet is a few kilobytes packed and hundreds of megabytes unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(600):
                sheet.write(b" " * 1_000_000)
    return file.getvalue()


def laughs():
    """A workbook whose XML defines entities of entities."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(
            "xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><workbook>&c;</workbook>'
        )
    return file.getvalue()


ROWS = b"region,period,value\nE08000027,2025,1\n"
FILES = {
    "a workbook that is a bomb": ("a.xlsx", bomb),
    "entities in XML": ("a.xlsx", laughs),
    "gigabytes of zeros, packed": ("a.csv", lambda: gzip.compress(b"\0" * 600_000_000, 1)),
    "a packed stream that is cut": ("a.csv", lambda: gzip.compress(ROWS * 1_000)[:-20]),
    "a NUL": ("a.csv", lambda: ROWS.replace(b"2025", b"20\x0025")),
    "two encodings": ("a.csv", lambda: b"region,period,value,note\nE08000027,2025,1,\xc3\xa9\nE08000027,2024,1,\xe9\n"),
    "a cell of a megabyte": ("a.csv", lambda: b"region,period,value\nE08000027,2025," + b"1" * 1_000_000 + b"\n"),
    "an old workbook": ("a.xls", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
    "an image": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
}  # fmt: skip


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "make"), FILES.values(), ids=FILES)
def test_it_is_refused_with_a_reason(partner, name, make):
    draft = partner.draft()
    told = partner.upload(draft, make(), name=name)
    assert told["state"] == "refused", told
    assert told["faults"][0]["severity"] == "error"
    assert len(told["faults"][0]["message"]) > 20
    assert partner.publish(draft).status_code == 409
    kept = {path.name for path in (partner.app_folder / "files").rglob("*") if path.is_file()}
    assert kept == {told["sha256"]}
    assert not list((partner.app_folder / "coming").iterdir())


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_a_spreadsheet_would_run_is_made_safe_wherever_it_leaves(partner):
    draft = partner.draft()
    place = {"name": "=1+1", "level": "ward", "within": "E08000027"}
    assert partner.ask("PUT", f"/drafts/{draft}/places/E05001301", json=place).status_code == 201
    assert partner.upload(draft, "region,period,value\nE05001301,2025,1\n")["errors"] == 0
    assert partner.publish(draft).status_code == 201
    table = partner.get(f"/observations.csv?indicator={partner.indicator}").text
    assert ",'=1+1," in table
    assert ",=1+1," not in table
    wrong = partner.draft(described=False)
    told = partner.upload(wrong, "region,period,value\n=cmd|' /C calc'!A0,2025,1\n")
    faults = partner.ask("GET", f"/drafts/{wrong}/uploads/{told['id']}/faults").data.decode("utf-8-sig")
    assert "\n=cmd" not in faults
    assert "'=cmd" in faults
