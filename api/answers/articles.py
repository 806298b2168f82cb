"""Names of places within a sentence: the United Kingdom, the South West and the Isle of Wight, but London and Wales."""

from __future__ import annotations

import re

_WHOLE = {
    "East Midlands",
    "East of England",
    "Highlands and Islands",
    "North East",
    "North West",
    "South East",
    "South West",
    "United Kingdom",
    "West Midlands",
}
_PARTS = re.compile(
    r"(?:Isles?|Vale|Forest|City|East Riding) of .+|Black Country"
    r"|.+ (?:Islands|Borders|Dales|Moorlands|Hills|City Region)"
)
"""Names that begin or end so: parts of a name that are words of their own. North East Derbyshire has no article."""


def the(name: str, label: str | None = None) -> str:
    """A place as it stands in a sentence: by its name, or a label that begins with it, with the article it takes.

    A label that says the name twice, as of the United Kingdom, is no better than the name.
    """
    article = "the " if name in _WHOLE or _PARTS.fullmatch(name) else ""
    return f"{article}{name if label in {None, f'{name} ({name})'} else label}"
