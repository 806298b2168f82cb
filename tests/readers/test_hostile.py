"""Files that are made to do harm, or were harmed: each is refused with a reason, and nothing is left behind."""

import gzip
import io
import zipfile
import zlib

import pytest

from api.readers import ReadLimits
from tests.readers.workbooks import SIMPLE, changed, table, with_member, workbook

CSV = b"region,period,value\n" + b"".join(b"E%d,2020,%d\n" % (number, number) for number in range(20_000))
SMALL = ReadLimits(unpacked_bytes=1_000_000)
SHEET = "xl/worksheets/sheet1.xml"


def zeros(megabytes):
    """Gzip of many zeros, without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    part = bytes(1_000_000)
    return b"".join(packer.compress(part) for _ in range(megabytes)) + packer.flush()


def test_gzip_is_unpacked(reading):
    found = reading(gzip.compress(CSV), name="a.csv.gz", media_type="application/gzip")
    assert found.rows == 20_000
    assert reading(gzip.compress(CSV), media_type="text/csv").rows == 20_000
    assert reading(gzip.compress(CSV[:100_000]) + gzip.compress(CSV[100_000:]) + bytes(10)).rows == 20_000


def test_gzip_of_many_zeros_is_unpacked_to_a_bound(refused):
    data = zeros(40)
    assert len(data) < 50_000
    assert refused(data, limits=SMALL).code == "too-many-bytes"


@pytest.mark.parametrize("length", [12, 20_000, -4])
def test_gzip_that_was_cut_off(refused, length):
    assert refused(gzip.compress(CSV)[:length]).code == "gzip-cut"


def test_gzip_that_is_damaged(refused):
    data = bytearray(gzip.compress(CSV))
    data[-5] ^= 255
    assert refused(bytes(data)).code == "gzip-damaged"


def test_archives_in_gzip(refused):
    assert refused(gzip.compress(gzip.compress(CSV))).code == "packed-twice"
    assert refused(gzip.compress(SIMPLE)).code == "packed-twice"


def test_a_workbook_that_comes_to_too_many_bytes(refused):
    data = with_member(SIMPLE, "xl/media/a.bin", bytes(10_000_000))
    assert len(data) < 50_000
    assert refused(data, limits=SMALL).code == "too-many-bytes"


def test_a_member_that_is_packed_too_densely(refused):
    assert refused(with_member(SIMPLE, "xl/media/a.bin", bytes(30_000_000))).code == "packed-too-densely"


def test_sizes_that_the_directory_lies_about(refused):
    honest = with_member(SIMPLE, "xl/media/a.bin", bytes(2_000_000))
    size, lie = (2_000_000).to_bytes(4, "little"), (20).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert refused(honest.replace(size, lie), limits=SMALL).code == "too-many-bytes"
    assert refused(honest.replace(size, lie)).code == "workbook-damaged"


def test_too_many_members(refused):
    file = io.BytesIO(SIMPLE)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"xl/media/{number}", b"")
    assert refused(file.getvalue()).code == "too-many-members"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice(refused):
    assert refused(with_member(SIMPLE, SHEET, "<worksheet/>")).code == "workbook-damaged"
    assert refused(with_member(SIMPLE, SHEET.upper(), "<worksheet/>")).code == "workbook-damaged"


@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
def test_entities(refused, member):
    lols = b'<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = changed(SIMPLE, member, lambda text: text.replace(b"?>", b"?>" + lols, 1))
    assert refused(data).code == "xml-document-type"
    late = changed(SIMPLE, member, lambda text: text.replace(b"?>", b"?><!--" + b" " * 10_000 + b"-->" + lols, 1))
    assert refused(late).code == "xml-document-type"
    wide = changed(SIMPLE, member, lambda text: text.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert refused(wide).code == "xml-document-type"


def test_a_document_type_that_lies_in_two_parts_of_what_is_unpacked(refused):
    def change(text):
        comment = b" " * ((1 << 20) - text.index(b"?>") - 2 - len(b"<!---->") - 4)
        return text.replace(b"?>", b"?><!--" + comment + b"--><!DOCTYPE a>", 1)

    assert refused(changed(SIMPLE, SHEET, change)).code == "xml-document-type"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_workbook_that_was_cut_off(refused, share):
    assert refused(SIMPLE[: int(len(SIMPLE) * share)]).code == "workbook-damaged"


def test_a_workbook_with_a_damaged_member(refused):
    data = bytearray(with_member(SIMPLE, "xl/media/a.bin", CSV))
    data[data.index(b"xl/media/a.bin") + 500] ^= 255
    assert refused(bytes(data)).code == "workbook-damaged"


def test_a_workbook_whose_sheet_is_no_sheet(refused):
    assert refused(changed(SIMPLE, SHEET, lambda text: text[: len(text) // 2])).code in {"workbook-damaged", "empty"}
    assert refused(changed(SIMPLE, "xl/workbook.xml", lambda text: b"<a")).code == "workbook-damaged"


def test_a_cell_in_the_last_corner_of_a_sheet(refused):
    def write(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["region", "period", "value"])
        sheet.write(1_048_575, 500, "x")

    assert refused(workbook(write)).code == "too-many-cells"
    assert refused(table([["region", "period", "value"], [""] * 1_000 + ["x"]])).code == "too-many-columns"


def test_cells_without_references_are_counted(refused):
    cells = b"<c><v>1</v></c>" * 2_000
    rows = b"<row>" + cells + b'</row><row r="1048576"><c><v>1</v></c></row></sheetData>'
    data = changed(SIMPLE, SHEET, lambda text: text.replace(b"</sheetData>", rows))
    assert refused(data).code == "too-many-cells"


def test_a_cell_of_a_megabyte_in_a_workbook(refused):
    found = changed(SIMPLE, "xl/sharedStrings.xml", lambda text: text.replace(b"E06000002", b"x" * 1_000_000))
    assert (refused(found).code, refused(found).row) == ("cell-too-long", 3)
    inline = b'<c r="A4" t="inlineStr"><is><t>' + b"y" * 9_000_000 + b"</t></is></c>"
    row = b'<row r="4">' + inline + b"</row></sheetData>"
    data = changed(SIMPLE, SHEET, lambda text: text.replace(b"</sheetData>", row))
    assert refused(data).code == "cell-too-long"


@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({"a.csv": CSV}, "a.csv"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}, ".ods"),
        ({"xl/workbook.bin": b"a"}, ".xlsb"),
        ({"../../etc/passwd": b"a"}, "../../etc/passwd"),
    ],
)
def test_archives_that_are_no_workbook(refused, members, word):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    found = refused(file.getvalue())
    assert found.code == "format-unknown"
    assert word in found.message
