"""What a file is, by its first bytes; and the unpacking of gzip, to a bound, into a file beside it."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.readers.reading import ReadLimits, Unreadable, shown

CHUNK = 1 << 20
_KINDS = {
    "gzip": "a gzip file",
    "zip": "an XLSX workbook or another zip archive",
    "parquet": "a Parquet file",
    "json": "JSON",
    "text": "text",
}
_DECLARED = {
    "text/csv": {"text"},
    "text/tab-separated-values": {"text"},
    "text/plain": {"text"},
    "application/csv": {"text"},
    "application/vnd.sdmx.data+csv": {"text"},
    # What browsers on Windows say of a CSV file.
    "application/vnd.ms-excel": {"text", "zip"},
    "application/json": {"json"},
    "application/vnd.json-stat+json": {"json"},
    "application/vnd.apache.parquet": {"parquet"},
    "application/x-parquet": {"parquet"},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"zip"},
    "application/gzip": {"gzip"},
    "application/x-gzip": {"gzip"},
}
_OLE, _PDF, _SEVEN, _RAR = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF", b"7z\xbc\xaf\x27\x1c", b"Rar!"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def kind_of(path: Path) -> str:
    """`gzip`, `zip`, `parquet`, `json` or `text`, by the content. Unreadable where it is known to be none of them."""
    with path.open("rb") as file:
        first = file.read(4_096)
    if not first.strip():
        raise Unreadable("empty", "The file is empty. Send one with a head and at least one line of figures.")
    for kind, magic in (("gzip", b"\x1f\x8b"), ("zip", b"PK"), ("parquet", b"PAR1")):
        if first.startswith(magic):
            return kind
    if first.startswith(_OLE):
        raise _ole(path)
    for magic, name in ((_PDF, "a PDF document"), (_SEVEN, "a 7-Zip archive"), (_RAR, "a RAR archive")):
        if first.startswith(magic):
            raise Unreadable("format-unknown", f"This is {name}, which is not read. Send the table as CSV or XLSX.")
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{" or start[:2] in {b"[{", b"[]"}:
        return "json"
    if start[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        message = "This is a web page or XML, and no table: perhaps what a download answered with. Send CSV or XLSX."
        raise Unreadable("format-unknown", message)
    return "text"


def _ole(path: Path) -> Unreadable:
    """The refusal of Microsoft's old container: a workbook with a password, or one of Excel 97 to 2003."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        file.seek(max(0, path.stat().st_size - CHUNK))
        ends = head + file.read(CHUNK)
    if _ENCRYPTED in ends:
        return Unreadable(
            "workbook-encrypted", "The workbook has a password. Save it without one (File, Info, Protect Workbook)."
        )
    return Unreadable(
        "format-old",
        "This is a workbook of Excel 97 to 2003 (.xls), or has a password. Save it as .xlsx or CSV, without one.",
    )


def check_declared(media_type: str | None, kinds: tuple[str, ...]) -> None:
    """Unreadable where the declared media type is of another kind than the content, packed and unpacked."""
    name = (media_type or "").partition(";")[0].strip().lower()
    expected = _DECLARED.get(name)
    if expected is None or expected & set(kinds):
        return
    raise Unreadable(
        "type-contradicts",
        f"The file is declared as {shown(name)}, and its content is {_KINDS[kinds[-1]]}. "
        "Declare what it is, or send the file that was meant.",
    )


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A file for what is unpacked, in the same folder; removed at the end, whatever happens."""
    handle, name = tempfile.mkstemp(prefix=".unpacked-", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def unpack(path: Path, target: Path, limits: ReadLimits) -> None:
    """Unpack gzip into a file. Unreadable where it is cut off, damaged, or more than the bytes that are unpacked."""
    written = 0
    with path.open("rb") as packed, target.open("wb") as file:
        stream = zlib.decompressobj(31)
        waiting = packed.read(CHUNK)
        while waiting:
            try:
                part = stream.decompress(waiting, CHUNK)
            except zlib.error:
                message = "The gzip file is damaged and cannot be unpacked. Pack it anew, or send it unpacked."
                raise Unreadable("gzip-damaged", message) from None
            written += len(part)
            if written > limits.unpacked_bytes:
                raise too_many_bytes("The gzip file", limits)
            file.write(part)
            waiting = stream.unconsumed_tail
            if stream.eof:
                # A gzip file may be several, one after another; zeros behind the last are padding.
                waiting = (stream.unused_data or packed.read(CHUNK)).lstrip(b"\0")
                if waiting:
                    stream = zlib.decompressobj(31)
            elif not waiting:
                waiting = packed.read(CHUNK)
        if not stream.eof:
            raise Unreadable("gzip-cut", "The gzip file ends before its end: it was cut off. Send it again, whole.")


def too_many_bytes(what: str, limits: ReadLimits) -> Unreadable:
    """The refusal of more bytes than are read."""
    return Unreadable(
        "too-many-bytes",
        f"{what} comes to more than {limits.unpacked_bytes:,} bytes unpacked, which is the most that is read. "
        "Send fewer rows at a time.",
    )
