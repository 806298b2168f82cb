"""Postcodes: told from names and codes of places, since people ask by them."""

from __future__ import annotations

import re

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN "
    "EX FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG "
    "NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ "
    "TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "
)
"""The 121 postcode areas of the United Kingdom (Royal Mail)."""
_POSTCODE = re.compile(r"([A-Z]{1,2})([1-9][0-9]?|0|[1-9][A-Z])(?:\s*[0-9](?:[ABD-HJLNP-UW-Z]{2})?)?", re.ASCII)


def postcode(text: str) -> str | None:
    """The postcode, sector or district that a text is, in capitals; None where it is none."""
    spaced = " ".join(text.upper().split())
    found = _POSTCODE.fullmatch(spaced)
    return spaced if found and f" {found.group(1)} " in f" {_AREAS}" else None
