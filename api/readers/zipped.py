"""Zip archives, unpacked a part at a time to count what is really in them: the sizes that they declare may be wrong.

Whoever reads a workbook afterwards unpacks the same bytes by the same directory: what passes here is what is read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from api.readers.content import CHUNK, too_many_bytes
from api.readers.reading import ReadLimits, Unreadable

_LOCAL = 30
_STORED, _DEFLATED = 0, 8
_RATIO, _FREE = 200, 20_000_000
"""How many bytes a packed byte may come to, in members of more than some bytes. Equal rows come to about 100."""
_EVIL = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")
_XML = (".xml", ".rels", ".vml")


class Unpacked:
    """The bytes that were unpacked so far, of all members together."""

    def __init__(self) -> None:
        self.total = 0


def members_of(path: Path, limits: ReadLimits) -> dict[str, zipfile.ZipInfo]:
    """The members of an archive by name. Unreadable where it is damaged, or has too many, one twice, or a password."""
    try:
        with zipfile.ZipFile(path) as archive:
            every = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError):
        raise damaged() from None
    if len(every) > limits.members:
        raise Unreadable(
            "too-many-members",
            f"The workbook or archive has {len(every):,} members, and {limits.members:,} are read at the most. Save "
            "the table alone in a new workbook.",
        )
    found = {item.filename.lower(): item for item in every}
    if len(found) < len(every):
        raise damaged("A member stands in it twice.")
    if any(item.flag_bits & 1 for item in every):
        raise Unreadable("workbook-encrypted", "The archive has a password. Save it without one.")
    return {item.filename: item for item in every}


def damaged(why: str = "") -> Unreadable:
    """The refusal of an archive that cannot be unpacked, or was cut off."""
    told = " ".join(part for part in ("The workbook is damaged or was cut off.", why) if part)
    return Unreadable("workbook-damaged", f"{told} Open it, save it anew as .xlsx, and send it again.")


def parts_of(path: Path, member: zipfile.ZipInfo, known: Unpacked, limits: ReadLimits) -> Iterator[bytes]:
    """The bytes of a member, a part at a time.

    Unreadable where all members come to more than may be unpacked, or this one to far more than is packed, or it is
    damaged, of another length than declared, or XML with a document type.
    """
    if member.compress_type not in {_STORED, _DEFLATED}:
        raise damaged("It is packed in a way that workbooks are not.")
    size, check, before = 0, 0, b""
    with path.open("rb") as file:
        for part in _inflated(file, member):
            size += len(part)
            known.total += len(part)
            if known.total > limits.unpacked_bytes:
                raise too_many_bytes("The workbook", limits)
            if size > _FREE and size > _RATIO * member.compress_size:
                raise Unreadable(
                    "packed-too-densely",
                    f"A member of the workbook comes to more than {_RATIO} times what it is packed in, as no table "
                    "does. Save the table alone in a new workbook, or as CSV.",
                )
            if member.filename.lower().endswith(_XML):
                _check_xml(before + part, first=size == len(part))
                before = part[-16:]
            check = zlib.crc32(part, check)
            yield part
    if size != member.file_size or check != member.CRC:
        raise damaged("A member is not what the directory says of it.")


def _inflated(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.header_offset < 0:
        raise damaged()
    file.seek(member.header_offset)
    local = file.read(_LOCAL)
    if len(local) < _LOCAL or not local.startswith(b"PK\x03\x04"):
        raise damaged()
    file.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
    left = member.compress_size
    stream = zlib.decompressobj(-15) if member.compress_type == _DEFLATED else None
    while left > 0:
        packed = file.read(min(CHUNK, left))
        if not packed:
            raise damaged()
        left -= len(packed)
        if stream is None:
            yield packed
            continue
        try:
            while packed and not stream.eof:
                if part := stream.decompress(packed, CHUNK):
                    yield part
                packed = stream.unconsumed_tail
        except zlib.error:
            raise damaged() from None
    if stream is not None and not stream.eof:
        raise damaged()


def _check_xml(text: bytes, *, first: bool) -> None:
    """Unreadable where XML has a document type, which may define entities, or is written so that none would be seen."""
    if any(word in text for word in _EVIL) or (first and b"\0" in text[:4_096]):
        raise Unreadable(
            "xml-document-type",
            "The workbook has XML with a document type or in UTF-16, which no spreadsheet writes. Open it, save it "
            "anew as .xlsx, and send it again.",
        )
