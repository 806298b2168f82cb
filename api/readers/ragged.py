"""Lines that are no record of a table: faults, or footnotes where they stand below it and have a single filled cell."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from api.readers.reading import FAULTS, shown


@dataclass
class Ragged:
    """Lines that are no record of the table: where, what is wrong, and whether they have one filled cell."""

    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    single: list[bool] = field(default_factory=list)

    def uneven(self, row: int, cells: list[str], width: int, separator: str) -> None:
        """Note a line with another number of cells than the head, unless all are empty."""
        if any(cells):
            self.add(row, cells, *_uneven(len(cells), width), separator=separator)

    def add(self, row: int, cells: list[str], code: str, message: str, *, separator: str) -> None:
        """Note one."""
        self.rows.append(row)
        self.values.append(shown(separator.join(cells)))
        self.codes.append(code)
        self.messages.append(message)
        self.single.append(sum(map(bool, map(str.strip, cells))) == 1)

    def frame(self, last: int) -> tuple[pl.DataFrame, int]:
        """The faults, without footnotes below the last line of figures, and how many footnotes there are."""
        found = pl.DataFrame(
            {
                "row": self.rows,
                "column": [None] * len(self.rows),
                "value": self.values,
                "code": self.codes,
                "message": self.messages,
                "nearest": [None] * len(self.rows),
            },
            schema=FAULTS,
        )
        inside = [not single or row < last for row, single in zip(self.rows, self.single, strict=True)]
        kept = pl.Series(inside, dtype=pl.Boolean)
        return found.filter(kept), int((~kept).sum())


def _uneven(cells: int, width: int) -> tuple[str, str]:
    """The code and the message of a line with another number of cells than the head."""
    told = f"The line has {cells:,} {'cell' if cells == 1 else 'cells'} and the head has {width:,}."
    if cells < width:
        return "too-few-cells", f"{told} Write a separator for each cell, also where it is empty."
    return "too-many-cells", f"{told} Put a cell that has the separator in it in quotation marks."
