"""Cells that hold a number with something beside it, or no number at all, taken apart one by one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from api.checks import units
from api.checks.faults import WARNING, Fault, shown
from api.checks.markers import BESIDE, MISSING
from api.columns import STATUSES

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_GROUPS = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+)(\.\d+)?", re.ASCII)
_INDIAN = re.compile(r"[+-]?\d+(,\d+)+(\.\d+)?", re.ASCII)
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?", re.ASCII)
_COMMA = re.compile(r"([+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)),(\d+)", re.ASCII)
_BOUND = re.compile(r"(<=?|>=?|under|over|less than|more than|fewer than|\u2264|\u2265) ?[\d.,]+ ?%?", re.IGNORECASE)
_BRACKETED = re.compile(r"\(([\d.,]+)\)")
_MARKED = re.compile(r"(?P<number>.*\d%?) ?(?:\[(?P<brackets>[a-z]+)\]|(?<=[\d% ])(?P<letter>[a-z]))", re.IGNORECASE)
_BEFORE = re.compile(r"\[(?P<brackets>[a-z]+)\] ?(?P<number>.*\d.*)", re.IGNORECASE)
_DIGITS_KEPT = 15
"""How many digits a number of the database keeps, whatever they are."""


@dataclass(slots=True)
class Cell:
    """What a cell was read as: a number, the status that a marker in it means, and what is to be said of it."""

    number: float | None = None
    status: str | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Meant:
    """What is known of a number before it is read: the column it is of, the unit, whether it is a whole count."""

    column: str
    unit: str | None
    counted: bool


def read_cell(text: str, meant: Meant) -> Cell:
    """What a text is that is no plain number. Its faults say all that was done with it."""
    missing = MISSING.get(text.casefold())
    if missing is not None:
        return _missing(text, missing, meant)
    cell = Cell()
    plain = _normalised(text, cell)
    missing = MISSING.get(plain.casefold())
    if missing is not None:
        return _missing(text, missing, meant)
    plain = _without_marker(plain, cell)
    plain, fault = units.without(plain, meant.unit, text)
    if fault is not None:
        cell.faults.append(fault)
        if fault.severity != WARNING:
            return cell
    cell.number = _number(plain, text, meant, cell)
    return cell


def too_exact(text: str, column: str) -> Fault | None:
    """The warning of a number with more digits than are kept."""
    digits = re.sub(r"[eE].*|[^\d]", "", text).strip("0")
    if len(digits) <= _DIGITS_KEPT:
        return None
    told = f"The {column} {shown(text)} has {len(digits)} digits, and {_DIGITS_KEPT} are sure to be kept. Round it."
    return Fault("number-digits", told, f"{float(text):.{_DIGITS_KEPT}g}", WARNING)


def _missing(text: str, status: str, meant: Meant) -> Cell:
    """A cell that says that there is no value; of a limit, that there is none."""
    if meant.column != "value":
        told = f"The {meant.column} {shown(text)} was read as none. Leave the cell empty."
        return Cell(faults=[Fault("value-missing", told, None, WARNING)])
    told = f"{shown(text)} was read as a missing value of status {status} ({STATUSES[status]}). "
    told += f"Leave the value empty, and write {status} into the status."
    return Cell(status=status, faults=[Fault("value-missing", told, None, WARNING)])


def _normalised(text: str, cell: Cell) -> str:
    """A text with plain digits, spaces and signs; a warning where that changes it."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub("[\u2010-\u2015\u2212]", "-", plain)
    plain = " ".join(re.sub("[\u200b-\u200f\u2060\ufeff]", "", plain).split())
    plain = re.sub(r"^'(?=[\d+.-])", "", plain)
    plain = re.sub(r"^([+-]) (?=[\d.])", r"\1", plain)
    if plain != text and not _SPACED.fullmatch(plain):
        told = f"{shown(text)} was read as {shown(plain)}: it has signs or spaces that are no part of a number."
        cell.faults.append(Fault("number-normalised", f"{told} Write it with plain digits.", plain, WARNING))
    return plain


def _without_marker(text: str, cell: Cell) -> str:
    """A text without the marker beside its number, such as `[p]`; the status that this means goes into the cell."""
    match = _BEFORE.fullmatch(text) or _MARKED.fullmatch(text)
    if match is None:
        return text
    marker = (match["brackets"] or match["letter"]).casefold()
    if marker not in BESIDE:
        return text
    cell.status = BESIDE[marker] or None
    read = (
        f"read as status {cell.status} ({STATUSES[cell.status]})" if cell.status else "left out: the value is revised"
    )
    told = f"The marker {shown(marker)} beside the number was {read}."
    advice = (
        f" Write the number alone, and {cell.status} into the status." if cell.status else " Write the number alone."
    )
    cell.faults.append(Fault("marker-read", told + advice, match["number"].strip(), WARNING))
    return match["number"].strip()


def _number(plain: str, text: str, meant: Meant, cell: Cell) -> float | None:
    if _PLAIN.fullmatch(plain):
        return _finite(plain, text, meant, cell)
    groups = _GROUPS.fullmatch(plain)
    digits = plain.replace(",", "").replace(" ", "")
    if groups and (groups[3] or groups[2].count(",") > 1 or meant.counted) and not groups[2].startswith("0"):
        return _grouped(digits, text, meant, cell)
    if groups and not groups[2].startswith("0"):
        decimal = plain.replace(",", ".")
        told = f"The {meant.column} {shown(text)} may be {digits} or {decimal}. Write one of the two, without a comma."
        cell.faults.append(Fault("number-thousands", told, digits))
    elif _SPACED.fullmatch(plain) and "," not in plain:
        return _grouped(digits, text, meant, cell)
    elif match := _COMMA.fullmatch(plain.replace(" ", "")):
        near = f"{match[1].replace('.', '')}.{match[2]}"
        told = f"The {meant.column} {shown(text)} has a decimal comma. Write a point: {near}."
        cell.faults.append(Fault("number-decimal-comma", told, near))
    else:
        cell.faults.append(_invalid(plain, text, meant, digits))
    return None


def _grouped(digits: str, text: str, meant: Meant, cell: Cell) -> float | None:
    told = f"The {meant.column} {shown(text)} was read as {digits}. Write it without separators of thousands."
    cell.faults.append(Fault("number-thousands", told, digits, WARNING))
    return _finite(digits, text, meant, cell)


def _finite(plain: str, text: str, meant: Meant, cell: Cell) -> float | None:
    number = float(plain)
    if abs(number) == float("inf"):
        cell.faults.append(_invalid(plain, text, meant, plain))
        return None
    fault = too_exact(plain, meant.column)
    cell.faults.extend([fault] if fault else [])
    return number


def _invalid(plain: str, text: str, meant: Meant, digits: str) -> Fault:
    """What a text is that is no number, as far as that can be told."""
    what = f"The {meant.column} {shown(text)}"
    if _BOUND.fullmatch(plain):
        told = f"{what} is a bound and no value. Leave the value empty, and write Q or O into the status."
        return Fault("number-invalid", told)
    if plain.casefold() == "nan":
        return Fault("number-invalid", f"{what} says that something is no number. Leave it empty, with a status.")
    if match := _BRACKETED.fullmatch(plain):
        near = f"-{match[1].replace(',', '')}"
        return Fault("number-invalid", f"{what} may be a negative number in brackets. Write {near} where it is.", near)
    if _INDIAN.fullmatch(plain):
        told = f"{what} has commas that do not part thousands. Write it without commas."
        return Fault("number-invalid", told, digits)
    return Fault("number-invalid", f"{what} is no number. Write digits with a decimal point, or nothing.")
