"""Codes of places: of which kind one is, and which other it may be a slip of.

A code is no name: the one beside it belongs to another place, often at the other end of the country. What is like an
unknown code is therefore a code of the same kind of place that differs by one slip of the hand, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_GSS = re.compile(r"[EWSNKJLM]\d{2}[\dO]*", re.IGNORECASE | re.ASCII)
_ITL = re.compile(r"TL[A-Z][0-9A-Z]{0,2}", re.IGNORECASE | re.ASCII)
_NUTS = re.compile(r"UK[A-Z]?[0-9]{1,2}|UK[C-N]", re.IGNORECASE | re.ASCII)
_NUTS_PREFIX = re.compile(r"^UK(?=[A-Z])")
_FEW = 3
_SIGNS = "0123456789EWSNKJLM"
"""What a GSS code consists of."""


def kind_of(text: str) -> str | None:
    """What is to be said of an unknown code, by its kind; None where the text is no code."""
    code = text.strip()
    if _GSS.fullmatch(code) and len(code) != len("E12000005"):
        return "A GSS code has a letter and eight digits."
    if _NUTS.fullmatch(code):
        if len(code) == len("UKC12"):
            return "It is of NUTS 3, which is not served: ITL 3 came after it, with TL in place of UK."
        return "It is of NUTS, which ITL came after, with TL in place of UK."
    return "No place served here has this code." if _GSS.fullmatch(code) or _ITL.fullmatch(code) else None


def slips(text: str, known: Container[str]) -> list[str]:
    """The known codes that an unknown one may be a slip of: of the same kind, one sign left out, doubled or exchanged.

    A code with another digit in place of one is not among them: that is another place. The codes of ITL were those of
    NUTS with TL in place of UK (ONS, 2021), so that one of NUTS leads to its successor, and to no other.
    """
    code = text.strip().upper()
    if _GSS.fullmatch(code) is None:
        successor = _NUTS_PREFIX.sub("TL", code)
        return [successor] if successor in known else []
    code = code.replace("O", "0")
    near = {item for item in _slipped(code) if item in known and _GSS.fullmatch(item) and _same_kind(code, item)}
    return [code] if code in known else sorted(near)[:_FEW]


def _same_kind(code: str, other: str) -> bool:
    """Whether two codes are of one kind of place: by the letter and the two digits before the number."""
    return code[:3] == other[:3] or len(code) < len(other)


def _slipped(code: str) -> Iterator[str]:
    """What a code is by one slip: with a sign less, a sign more, or two neighbours exchanged."""
    for place in range(len(code)):
        yield code[:place] + code[place + 1 :]
        yield code[:place] + code[place + 1 : place + 2] + code[place] + code[place + 2 :]
    for place in range(len(code) + 1):
        yield from (code[:place] + sign + code[place:] for sign in _SIGNS)
