"""What the heads of a table mean: synonyms by rank, so that a code is preferred to a name, and a tie is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from api.errors import nearest
from api.readers.periods import is_period
from api.readers.reading import COLUMNS, NEEDED, Unreadable, listed, shown


def _joined(*heads: str) -> str:
    return "|".join(heads)


_SYNONYMS: dict[str, tuple[str, ...]] = {
    "indicator": ("indicator", "indicator id|indicator code|indicator slug"),
    "region": (
        _joined(
            "area code|areacode|areacd|area cd|geography code|geographycode|geo code|lad code|la code",
            "local authority code|district code|council code|region code|place code|gss code|ons code|ref area|code",
            "administrative geography|ward code|neighbourhood code|division code|parish code|lsoa code|msoa code",
            "county code|country code|nation code|itl code|nuts code|combined authority code|mayoral authority code",
        ),
        _joined(
            "region|area|geography|geo|place|district|council|local authority|location|lad|la",
            "ward|neighbourhood|county|country",
        ),
        _joined(
            "area name|areaname|areanm|geography name|region name|place name|district name|council name",
            "local authority name|lad name|la name|ward name|neighbourhood name|name",
        ),
    ),
    "period": (
        "period|time period",
        "date name|period name|period label",
        _joined(
            "year|date|time|financial year|calendar year|academic year|tax year|fy|quarter|month",
            "reporting period|reference period",
        ),
    ),
    "value": ("value|obs value", "observation value|observation|figure|figures|result|data value|v4 0|v4 1|v4 2|v4 3"),
    "status": (
        "status|obs status|observation status",
        "flag|status flag|marker|data marking|data marker|shorthand|symbol",
        "obs status name",
    ),
    "bounds_kind": ("bounds kind",),
    "note": ("note|notes", "comment|comments|footnote|footnotes|remark|remarks"),
    "unit": ("unit|units", "unit of measure|unit measure|measure unit|unit of measurement"),
    "period_start": ("period start",),
    "period_duration": ("period duration",),
    "change": ("change", "action"),
}
"""For each column the folded heads that are understood as it, the surest first; `|` between those of one rank."""
_RANKS = {
    name: {head: rank for rank, heads in enumerate(ranks) for head in heads.split("|")}
    for name, ranks in _SYNONYMS.items()
}
_KNOWN = {head: name for name, ranks in _RANKS.items() for head in ranks}
_CODES, _NAMES = re.compile(r"[a-z]{2,6}\d{2,3}cd"), re.compile(r"[a-z]{2,6}\d{2,3}nm")
_SIDES = {"lower": {"lower", "lci", "lcl", "ll"}, "upper": {"upper", "uci", "ucl", "ul"}}
_OF_LIMITS = {"95", "95.0", "ci", "cl", "confidence", "interval", "limit", "limits", "level", "bound", "percent", "pc"}
"""Words that heads of limits have besides the side. Those of 99.8% and 90% limits have others, and are not read."""
MOST_TITLES = 20
"""Lines among which the head is looked for."""


@lru_cache(maxsize=8_192)
def folded(head: str) -> str:
    """A head without regard to case, spaces, underscores, brackets and marks."""
    text = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.]|_", " ", head.replace("\ufeff", "").casefold())
    return " ".join(text.split())


@lru_cache(maxsize=8_192)
def meant(head: str) -> tuple[str, int] | None:
    """Which column a head stands for, and how surely (0: most), or None."""
    text = folded(head)
    if text in _KNOWN:
        return _KNOWN[text], _RANKS[_KNOWN[text]][text]
    if _CODES.fullmatch(text):
        return "region", 0
    if _NAMES.fullmatch(text):
        return "region", 2
    words = set(text.split())
    for side, names in _SIDES.items():
        if len(words & names) == 1 and words - names <= _OF_LIMITS:
            return side, 0
    return None


def head_of(rows: Sequence[Sequence[str]], mapping: Mapping[str, str], constants: Mapping[str, str]) -> int | None:
    """Which of the first rows is the head: the first that names two of region, period and value, or has periods."""
    wanted = {folded(head): name for name, head in mapping.items()}
    least = max(1, 2 - sum(name in constants for name in NEEDED))
    for number, cells in enumerate(rows[:MOST_TITLES]):
        filled = [cell for cell in cells if cell.strip()]
        found = {wanted.get(folded(cell)) or (meant(cell) or ("", 0))[0] for cell in filled} & set(NEEDED)
        if "region" in found and any(map(is_period, filled)):
            found |= {"period"}
        # A single cell that says "Value" or "2019" is a title above a head.
        if len(found) >= least and len(filled) > 1:
            return number
    return None


def understand(
    heads: Sequence[str],
    mapping: Mapping[str, str],
    *,
    synonyms: bool = True,
    constants: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """The place of each column that the heads have. What is mapped goes first; the rest is known by synonyms.

    Unreadable where a mapping names what there is not, a head stands twice, or two heads may be one column.
    """
    _once(heads, exact=not synonyms)
    found = _mapped(heads, mapping)
    if not synonyms:
        return found
    taken = set(found.values())
    claims: dict[str, dict[int, list[int]]] = {}
    for place, head in enumerate(heads):
        said = meant(head)
        if said is not None and place not in taken and said[0] not in found:
            claims.setdefault(said[0], {}).setdefault(said[1], []).append(place)
    for name, ranks in claims.items():
        places = ranks[min(ranks)]
        # What is said of every row from outside does not depend on which of two heads would have said it.
        if len(places) > 1 and name not in (constants or {}):
            raise _two(name, [heads[place] for place in places])
        found[name] = places[0]
    return found


def _once(heads: Sequence[str], *, exact: bool) -> None:
    """Unreadable where a head stands twice; where heads are identifiers, a name may be the same in other letters."""
    seen: dict[str, str] = {}
    for head in heads:
        key = head.strip() if exact else head.strip().casefold()
        if key and key in seen:
            raise Unreadable(
                "head-twice",
                f"Two columns have the head {shown(head)!r}. Give each column a head of its own, or leave one out.",
                column=shown(head),
            )
        seen[key] = head


def _mapped(heads: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    exact = {head: place for place, head in reversed(list(enumerate(heads)))}
    loose = {folded(head): place for place, head in reversed(list(enumerate(heads)))}
    found: dict[str, int] = {}
    for name, head in mapping.items():
        check_column(name, "map")
        place = exact.get(head, loose.get(folded(head)))
        if place is None:
            near = nearest(shown(head), [shown(item) for item in heads if item])
            raise Unreadable(
                "mapped-head-missing",
                f"The file has no head {shown(head)!r}, which map names for {name}. Its heads are "
                f"{listed([item for item in heads if item])}.",
                column=name,
                near=near,
            )
        if place in found.values():
            raise Unreadable(
                "mapped-twice",
                f"map names the head {shown(head)!r} for two columns. Name a head of its own for each.",
                column=name,
            )
        found[name] = place
    return found


def check_column(name: str, where: str) -> None:
    """Unreadable where a mapping or a constant is for a column that there is not."""
    if name not in COLUMNS:
        raise Unreadable(
            "column-unknown",
            f"{where} names the column {shown(name)!r}, which there is not. Use one of {', '.join(COLUMNS)}.",
            column=shown(name),
            near=nearest(shown(name), COLUMNS),
        )


def _two(name: str, heads: list[str]) -> Unreadable:
    return Unreadable(
        "column-ambiguous",
        f"The column {name} could be {' or '.join(repr(shown(head)) for head in heads)}. "
        f"Say which one it is: map={name}:{shown(heads[0])}.",
        column=name,
        near=tuple(shown(head) for head in heads),
    )


def missing(name: str, heads: Sequence[str], row: int | None = None) -> Unreadable:
    """The refusal of a table without a column that it needs, with the heads that may be meant."""
    named = [shown(head) for head in heads if head]
    words = {word for key in _RANKS[name] for word in key.split()}
    likely = [head for head in named if set(folded(head).split()) & words]
    near = tuple(dict.fromkeys([*likely, *(item for key in _RANKS[name] for item in nearest(key, named, count=1))]))[:3]
    example = near[0] if near else "Figure"
    asked = f"Nearest: {listed(near)}. " if near else f"Its heads are {listed(named)}. " if named else ""
    return Unreadable(
        "column-missing",
        f"No column was recognised as {name}. {asked}Name the head that it stands under, as in map={name}:{example}, "
        "or give one value for all rows as a constant.",
        row=row,
        column=name,
        near=near,
    )
