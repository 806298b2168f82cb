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
    "United Kingdom less extra-regio",
    "West Midlands",
    "West of England",
}
_PARTS = re.compile(
    r"(?:Isles?|Vale|Forest|City|East Riding) of .+|Black Country"
    r"|.+ (?:Islands|Borders|City Region)"
)
"""Names that begin or end so: parts of a name that are words of their own. North East Derbyshire has no article."""
_CAPITAL = re.compile(r"(?<= \()[A-Z](?=[a-z])")
"""The first letter of a level behind a name: (Local authority)."""
_TURNED = re.compile(r"(.+), (?:City|County) of")
"""Names that are turned round for the alphabet: Bristol, City of."""


def the(name: str, label: str | None = None) -> str:
    """A place as it stands in a sentence: by its name, or a label that begins with it, with the article it takes.

    A label that says the name twice, as of the United Kingdom, is no better than the name.
    """
    article = "the " if name in _WHOLE or _PARTS.fullmatch(name) else ""
    text = name if label in {None, f"{name} ({name})"} else str(label)
    text = f"{name}{_CAPITAL.sub(lambda found: found[0].lower(), text.removeprefix(name))}"
    turned = _TURNED.fullmatch(name)
    if turned is not None:
        text = text.replace(name, turned[1], 1)
    return f"{article}{text}".replace(" - ", " \u2013 ")
