"""The choice among the formats that an operation offers, and among the variants of one, by what a caller accepts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from api import errors
from api.encoders.format import Format

_LONGEST = 200
"""Characters of an `Accept` header beyond which it is read anew each time."""


def choose(offered: tuple[Format, ...], accept: str) -> Format:
    """The offered format that the caller likes best by its `Accept` header, the first one where all are alike.

    Problem `not-acceptable` where the caller takes none of them.
    """
    return (_remembered if len(accept) <= _LONGEST else _choose)(offered, accept)


def _choose(offered: tuple[Format, ...], accept: str) -> Format:
    return _best(offered, parse_accept_header(accept, MIMEAccept))


_remembered = lru_cache(maxsize=500)(_choose)
"""Callers send few headers, over and over."""


def _best(offered: tuple[Format, ...], accept: MIMEAccept) -> Format:
    """The same, from the header as it is parsed.

    Where a media type comes with parameters that tell variants of its format apart, such as a version, that variant.
    """
    if not accept:
        return offered[0]
    by_type = {name: item for item in offered for name in (item.media_type, *item.aliases)}
    wanted: dict[str, Format] = {}
    plain = []
    for text, quality in sorted(accept, key=lambda item: -item[1]):
        name = text.partition(";")[0].strip().lower()
        # Parameters that tell no variants apart, such as a charset, are left unheard.
        variant = _variant(by_type[name], text) if name in by_type else None
        if variant is not None and quality:
            wanted.setdefault(name, variant)
        if variant is not None or name not in by_type:
            plain.append((name, quality))
    best = MIMEAccept(plain).best_match(list(by_type))
    if best is not None:
        return wanted.get(best, by_type[best])
    raise _not_acceptable([item for item in offered for item in (item, *item.variants)])


def vary(named: Format, accept: MIMEAccept) -> Format:
    """The variant that the caller asks for of a format that the address names, else the format itself.

    Problem `not-acceptable` where only variants that there are not are asked for.
    """
    asked = [text for text, quality in accept if quality and text.partition(";")[0].strip() == named.media_type]
    if not (named.parameters and asked):
        return named
    found = next((item for text in asked if (item := _variant(named, text))), None)
    if found is None and not any("*" in text and quality for text, quality in accept):
        raise _not_acceptable([named, *named.variants])
    return found or named


def _variant(item: Format, text: str) -> Format | None:
    """The variant of a format that agrees with the parameters of a media type, None where there is none."""
    if not item.parameters:
        return item
    asked = {name.lower(): value for name, value in parse_options_header(text)[1].items()}
    return next((own for own in (item, *item.variants) if _agrees(own.parameters, asked)), None)


def _agrees(own: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether a variant is one that is asked for; `2.0` and `2` are short for the version `2.0.0`."""
    return all(_short(asked.get(name, value)) == _short(value) for name, value in own.items())


def _short(text: str) -> str:
    text = text.strip().lower()
    while text.endswith(".0"):
        text = text.removesuffix(".0")
    return text


def _not_acceptable(served: list[Format]) -> errors.Problem:
    named = (item.content_type if item.parameters else item.media_type for item in served)
    allowed = tuple(text.removesuffix("; charset=utf-8") for text in named)
    message = f"This operation answers in {', '.join(allowed)}. Set `Accept` to one of them, or leave it out."
    fault = errors.Fault("not-acceptable", "header/Accept", message, allowed)
    return errors.Problem("not-acceptable", message, faults=(fault,))
