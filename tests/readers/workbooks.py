"""Workbooks as partners send them, and as nobody should."""

import io
import zipfile

import xlsxwriter


def workbook(write):
    """The bytes of a workbook that a function writes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        write(book)
    return file.getvalue()


def table(rows, name="Figures"):
    """The bytes of a workbook with a sheet of these rows."""

    def write(book):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(write)


SIMPLE = table([["Area code", "Year", "Value"], ["E06000001", 2020, 0.1], ["E06000002", 2021, 12]])


def changed(data, member, change):
    """A workbook with what stands in a member made another."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            text = old.read(item)
            new.writestr(item.filename, change(text) if item.filename == member else text)
    return file.getvalue()


def with_member(data, name, text):
    """A workbook with one more member."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return file.getvalue()
