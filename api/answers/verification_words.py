"""What is said of a quoted figure, in sentences that can be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.answers.articles import the
from api.answers.comparison.wording import listed, quantity, spoken, unit_beside
from api.answers.reading import Reading
from api.catalogue import Indicator
from api.queries.versions import Row
from api.quoted import PERCENTAGE, POUNDS, Figure
from api.rows import DURATION, PERIOD, VALUE

STANDS, REVISED, REMOVED, NOT_FOUND = "stands", "revised", "removed", "not-found"
VERDICTS = {
    STANDS: "it is a figure of this service, at the release that is read too",
    REVISED: "it was one, and another value stands in its place",
    REMOVED: "it was one, and no such figure is held any more",
    NOT_FOUND: "no release that is answered says so",
}
_MOST_DECIMALS = 4
_KINDS = {PERCENTAGE: "a percentage", POUNDS: "an amount in pounds"}
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An observation that a figure was held against: as it was read, and as it is told."""

    row: Row
    indicator: Indicator
    told: dict[str, Any]
    again: bool = False
    """Whether releases said it that have others between them, which said something else."""


def verdict_of(found: Sequence[Found]) -> str:
    """What is to be said of a figure: the best of what is said of its matches."""
    known = {item.told["verdict"] for item in found}
    return next((word for word in (STANDS, REVISED, REMOVED) if word in known), NOT_FOUND)


def statement(
    reading: Reading,
    figure: Figure,
    found: Sequence[Found],
    near: Sequence[Found],
    quoted: Sequence[Mapping[str, Any]],
    *,
    count: int,
    why: Mapping[str, str | None],
) -> str:
    """The answer in sentences: whether it is ours, of which release, and what stands; or what comes nearest."""
    if found:
        said = [_said(reading, figure, found[0])]
        if count > 1:
            more = count - 1
            said.append(
                f"{more} other figure{'s' if more > 1 else ''} asked for match{'' if more > 1 else 'es'} it too."
            )
    elif near:
        said = [f"No: no figure asked for is {figure.text} (release {reading.release}). {_nearest(figure, near[0])}"]
    elif why.get("reason") == "end-of-list":
        return str(why["detail"])
    else:
        said = [f"No: no figure asked for is {figure.text} (release {reading.release}). {why.get('detail') or ''}"]
    if quoted:
        titles = dict.fromkeys(f"{item['edition']} ({item['label']}, {item['region_name']})" for item in quoted)
        said.append(f"It is printed in {listed(list(titles)[:_NAMED])}.")
    return " ".join(part.strip() for part in said)


def other_unit(figure: Figure, indicators: Sequence[Indicator]) -> str:
    """That a figure cannot be of some indicators, since these are measured in something else."""
    units = list(dict.fromkeys(item.unit for item in indicators))
    beyond = f" and {len(units) - _NAMED} other units" if len(units) > _NAMED else ""
    kind = _KINDS.get(figure.kind, "a number of things")
    return f"{figure.text} is {kind}, and what is asked for is measured in {', '.join(units[:_NAMED])}{beyond}."


def _said(reading: Reading, figure: Figure, match: Found) -> str:
    told = match.told
    first, day = told["first_release"], told["first_published_at"][:10]
    if told["verdict"] == STANDS:
        does = "does so again" if match.again else "still does"
        still = "" if first == reading.release else f", and release {reading.release} {does}"
        return f"Yes: {_sentence(figure, match)} Release {first} ({day}) said so first{still}."
    last, now = told["last_release"], told["now"]
    until = "" if first == last else f", and release {last} last"
    then = f"Release {first} ({day}) said so{' first' if until else ''}{until}; "
    then += f"since release {now['release']} ({now['published_at'][:10]}) "
    if told["verdict"] == REMOVED:
        return f"Not any more: {_sentence(figure, match)} {then}no such figure is held."
    value = "it has no value" if now["value"] is None else f"it is {_value(figure, match, now['value'])}"
    return f"Not any more: {_sentence(figure, match)} {then}{value}."


def _nearest(figure: Figure, near: Found) -> str:
    return f"The nearest: {_sentence(figure, near)}"


def _sentence(figure: Figure, found: Found) -> str:
    """What was measured of whom and when."""
    indicator, told = found.indicator, found.told
    phrase = indicator.phrase or indicator.title
    were = "were" if indicator.phrase and indicator.number == "plural" else "was"
    name = told["region_name"]
    inside = (
        "" if phrase.endswith(f" in {name}") or f" in {name} " in phrase else f" in {the(name, told['region_label'])}"
    )
    when = spoken(found.row[PERIOD], found.row[DURATION], indicator.year_kind)
    return f"{phrase}{inside} {were} {_value(figure, found, found.row[VALUE])} {when}."


def _value(figure: Figure, found: Found, value: float) -> str:
    """A value with its unit, with as many decimals as were quoted, where that is more than its indicator has."""
    indicator = found.indicator
    decimals = max(indicator.decimals, min(figure.decimals, _MOST_DECIMALS))
    return quantity(value, decimals, unit_beside(indicator.unit, indicator.phrase or "", None))
