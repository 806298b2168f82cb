"""Heads that are periods, as wide tables have them. What a period means is for checks; here it is only recognised."""

from __future__ import annotations

import re

_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_ONE = "|".join(
    (
        rf"(?:fy\s*)?{_YEAR}\s*[/–-]\s*(?:{_YEAR}|\d\d)(?![\d/-])",  # noqa: RUF001  (heads have en dashes)
        rf"{_YEAR}-(?:0[1-9]|1[0-2])-\d\d(?:t[\d:]+)?(?:/p\w+)?",
        rf"{_YEAR}-(?:0[1-9]|1[0-2])(?!\d)",
        rf"\d\d?/\d\d?/{_YEAR}",
        rf"q[1-4][\s-]*{_YEAR}",
        rf"{_YEAR}[\s-]*q[1-4]",
        rf"(?:\d\d?\s+)?{_MONTH}[\s-]*(?:{_YEAR}|'?\d\d)",
        rf"fy\s*{_YEAR}",
        _YEAR,
    )
)
_PERIOD = rf"(?:(?:year|quarter)\s+(?:ending|ended|to)\s+)?(?:{_ONE})(?:\s*(?:-|–|to)\s*(?:{_ONE}))?"  # noqa: RUF001
_WHOLE = re.compile(_PERIOD, re.IGNORECASE)
_WITHIN = re.compile(rf"(?<![\w/]){_PERIOD}(?![\d/])", re.IGNORECASE)


def is_period(head: str) -> bool:
    """Whether a head is a period and nothing else."""
    return len(head) < 60 and _WHOLE.fullmatch(head.strip()) is not None


def period_and_rest(head: str) -> tuple[str, str] | None:
    """The one period in a head, and what it says besides (`2020 lower`: `2020`, `lower`), or None."""
    text = head.replace("_", " ").strip()
    if len(text) > 120:
        return None
    if is_period(text):
        return text, ""
    found = list(_WITHIN.finditer(text))
    if len(found) != 1:
        return None
    rest = f"{text[: found[0].start()]} {text[found[0].end() :]}"
    return found[0].group().strip(), " ".join(rest.strip(" ()[]:-,").split())
