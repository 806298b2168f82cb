"""Statuses and markers: what a cell says of a value beside the number, in the words of its publisher."""

from __future__ import annotations

import re

from api.catalogue import fold
from api.checks.faults import WARNING, Fault, shown
from api.checks.hints import Hints
from api.columns import STATUSES

MISSING = {
    **dict.fromkeys(("[x]", "..", ".", "-", ":", "n/a", "na", "#n/a", "null", "none", "missing", "not available"), "O"),
    **dict.fromkeys(("[c]", "c", "*", "suppressed", "confidential", "disclosive"), "Q"),
    **dict.fromkeys(("[z]", "z", "not applicable"), "M"),
    **dict.fromkeys(("[low]", "[u]"), "O"),
}
"""What stands in place of a value, in lower case, and the status that it means."""
BESIDE = {"p": "P", "e": "E", "b": "B", "u": "U", "low": "U", "r": ""}
"""What stands beside a value, and the status that it means; a revised value has that of any other."""
_WORDS = {
    "A": "normal, normal value, final, ok, a normal value, revised, revised value, r, good",
    "B": "break, time series break, break in time series, break in series, series break",
    "D": "definition differs, different definition",
    "E": "estimated, estimated value, estimate, imputed, imputed value, modelled, i",
    "F": "forecast, forecast value, projected, projection",
    "G": "experimental, experimental value",
    "M": "not applicable, missing value data cannot exist, data cannot exist, missing cannot exist, z",
    "O": "missing, missing value, not available, unavailable, no data, not reliable enough to publish, x, l, h, "
    "missing value data exist but were not collected, missing not available or not reliable enough to publish",
    "P": "provisional, provisional value, preliminary",
    "Q": "suppressed, confidential, disclosive, missing suppressed, missing value suppressed, c, "
    "missing suppressed by the publisher, suppressed to avoid disclosure",
    "U": "low reliability, unreliable, low quality, use with caution, low",
}
_CODES = {word.strip(): code for code, words in _WORDS.items() for word in words.split(",")}
_MISSING = frozenset(code for code, meaning in STATUSES.items() if meaning.startswith("missing"))
_BRACKETS = re.compile(r"\[(?P<marker>[a-z]+)\]")
_FORECAST = "The status F says that a figure is a forecast. Forecasts are not published as figures: leave the row out."


def is_missing(status: str) -> bool:
    """Whether a status says that there is no value."""
    return status in _MISSING


def missing_codes() -> list[str]:
    """The statuses that say that there is no value."""
    return sorted(_MISSING)


def status_of(text: str, hints: Hints) -> tuple[str | None, list[Fault]]:
    """The status that a text means, and what is to be said of it."""
    code = text.upper()
    if code not in STATUSES:
        marker = _BRACKETS.fullmatch(text.casefold())
        word = marker["marker"] if marker else fold(text)
        in_cells = BESIDE.get(word) if marker else None
        code = (in_cells or "A") if in_cells is not None else _CODES.get(word, "")
        if not code and text.casefold() in MISSING:
            code = MISSING[text.casefold()]
    if code == "F":
        return None, [Fault("status-forecast", _FORECAST)]
    if not code:
        near = _CODES.get(hints.nearest(fold(text), _CODES, likeness=0.7) or "")
        known = "; ".join(f"{item} {meaning}" for item, meaning in STATUSES.items() if item != "F")
        return None, [
            Fault("status-unknown", f"The status {shown(text)} is none of these: {known}. Write one letter.", near)
        ]
    if code == text.upper():
        return code, []
    told = f"The status {shown(text)} was read as {code} ({STATUSES[code]}). Write {code}."
    return code, [Fault("marker-read", told, code, WARNING)]
