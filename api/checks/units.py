"""Units: of a column beside the values, and as signs in the cells."""

from __future__ import annotations

import re

from api.checks.faults import WARNING, Fault, shown
from api.checks.names import indicator_of
from api.checks.work import Work

_SIGNS = {"%": "%", "per cent": "%", "percent": "%", "pct": "%", "\u00a3": "\u00a3", "gbp": "\u00a3"}
_OTHER = {"\u20ac": "\u20ac", "$": "$", "eur": "\u20ac", "usd": "$"}
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9}
_NUMBER = r"(?P<number>[+-]?[\d.,]+(?: \d{3})*(?:[.,]\d+)?)"
_SIGN = "|".join(map(re.escape, {**_SIGNS, **_OTHER}))
_WITH_SIGN = re.compile(
    rf"(?P<minus>-)?(?:(?P<before>{_SIGN}) ?)?{_NUMBER} ?"
    rf"(?P<scale>k|mn?|million|bn?|billion)?(?: ?(?P<after>{_SIGN}))?",
    re.IGNORECASE,
)
_WORDS = {
    "per cent": "%", "percent": "%", "percentage": "%", "pct": "%", "gbp": "\u00a3", "pounds": "\u00a3",
    "millions": "million", "m": "million", "mn": "million", "persons": "people", "businesses": "enterprises",
}  # fmt: skip


def read_units(work: Work) -> None:
    """Hold a column of units against those of the indicators. Needs `indicator_id`."""
    if not work.has("unit"):
        return
    said: list[tuple[tuple[object, ...], Fault]] = []
    for number, text in work.distinct("indicator_id", "unit"):
        indicator = indicator_of(work, number)
        if indicator is None or text is None or _same(text, indicator.unit):
            continue
        told = f"The unit {shown(text)} is not that of {indicator.slug}, which is in {shown(indicator.unit)}. "
        told += "Bring the figures in that unit, or write another indicator."
        said.append(((number, text), Fault("unit-different", told, indicator.unit)))
    work.found.tell(work.figures, ["indicator_id", "unit"], said, "unit")


def is_percent(unit: str) -> bool:
    """Whether a unit is a share of a hundred."""
    return unit.startswith("%")


def without(plain: str, unit: str | None, text: str) -> tuple[str, Fault | None]:
    """A number without the sign of a unit beside it, and what is to be said of that: an error where it is another."""
    match = _WITH_SIGN.fullmatch(plain)
    if match is None or not (match["before"] or match["after"] or match["scale"]):
        return plain, None
    sign = (match["before"] or match["after"] or "").casefold()
    meant, scale = _SIGNS.get(sign, _OTHER.get(sign, "")), (match["scale"] or "").casefold()
    number = f"{match['minus'] or ''}{match['number']}"
    own = (unit or "")[:1] if (unit or "")[:1] in {"%", "\u00a3"} else ""
    factor = _SCALES[scale] / (1e6 if own and "million" in (unit or "") else 1.0)
    if (meant and meant != own) or (meant and match["before"] and match["after"]):
        told = f"{shown(text)} has the unit {meant}, and the indicator is in {shown(unit or 'no unit')}. "
        return number, Fault("unit-different", told + "Bring the figure in that unit, and write the number alone.")
    if factor != 1:
        near = _times(number, factor)
        told = f"{shown(text)} is written in another scale than {shown(unit or 'its unit')}. Write it in that unit."
        return number, Fault("unit-different", told, near)
    told = f"{shown(text)} was read as {number}: the unit is {shown(unit or '')} already. Write the number alone."
    return number, Fault("unit-in-cell", told, number, WARNING)


def _times(number: str, factor: float) -> str | None:
    try:
        return f"{float(number.replace(',', '')) * factor:.15g}"
    except ValueError:
        return None


def _same(text: str, unit: str) -> bool:
    """Whether a text is a unit, or the beginning of it that says how it counts: `%`."""
    given, own = _folded(text), _folded(unit)
    return given == own or (given == "%" and own.startswith("%"))


def _folded(text: str) -> str:
    spaced = re.sub(r"([%\u00a3])", r" \1 ", text.casefold().replace("per cent", "%"))
    words = re.sub(r"[\s_(),-]+", " ", spaced).split()
    return " ".join(_WORDS.get(word, word) for word in words)
