"""Tables with a column for each dimension of a cube: which head is which column, and what may have one value alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from api.readers.heads import folded
from api.readers.reading import Grid, Unreadable, listed, shown


def chosen(heads: Sequence[str], wanted: Mapping[str, Sequence[str]], mapping: Mapping[str, str]) -> dict[str, str]:
    """Which head is which column: for each the first of those wanted that the table has; what is asked for wins."""
    there = {head.upper(): head for head in reversed(heads)}
    loose = {folded(head): head for head in reversed(heads)}
    asked = {name: head if head in heads else loose.get(folded(head), head) for name, head in mapping.items()}
    taken = set(asked.values())
    found = {name: next((there[head] for head in names if head in there), None) for name, names in wanted.items()}
    return {name: head for name, head in found.items() if head and head not in taken} | asked


def check_single(grid: Grid, names: Iterable[str], what: str = "dimension") -> None:
    """Unreadable where a column that tells kinds of figures apart has more than one value."""
    for name in names:
        values = grid.cells(grid.heads.index(name)).drop_nulls().unique(maintain_order=True)
        if values.len() > 1:
            raise several(name, values.head(20).to_list(), values.len(), what)


def several(name: str, values: Sequence[str], count: int, what: str = "dimension") -> Unreadable:
    """The refusal of a dimension with more than one value: a row would not say which of them it is of."""
    told = listed(list(values), 6) if count <= len(values) else f"{listed(list(values[:6]))} and {count - 6} more"
    return Unreadable(
        "dimension-several",
        f"The {what} {shown(name)} has {count:,} values in the file: {told}. Take one of them alone, or send each in a "
        "file of its own.",
        column=shown(name),
        near=tuple(shown(value) for value in values[:3]),
    )
