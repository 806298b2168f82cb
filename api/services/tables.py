"""Tables as an operator brings them: CSV, read line by line, with the place of everything that is wrong."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.errors import Problem, nearest

Line = Mapping[str, str]
T = TypeVar("T")


class FaultsError(ValueError):
    """Tables that cannot be published; `faults` are sentences, each with file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(slots=True)
class Table:
    """A table as it was read: where from, its head, and its lines with their numbers."""

    path: Path
    head: list[str]
    lines: list[tuple[int, Line]]

    def has(self, known: Sequence[str], needed: Sequence[str], faults: list[str]) -> bool:
        """Whether it has the columns it must have and no other; what is wrong is added to the faults."""
        found = []
        if len(self.head) == 1 and any(mark in self.head[0] for mark in ";\t|"):
            found.append("the columns are not separated by commas. Save the table as CSV, separated by commas.")
        else:
            for name in dict.fromkeys(name for name in self.head if name not in known):
                near = nearest(name, known, count=1)
                told = f"Is {near[0]!r} meant?" if near else f"Known are {', '.join(known)}."
                found.append(f"there is no column {name[:60]!r}. {told}")
            found.extend(f"the column {name!r} stands twice." for name in known if self.head.count(name) > 1)
            found.extend(f"the column {name!r} is missing." for name in needed if name not in self.head)
        faults.extend(f"{self.path}:1: {fault}" for fault in found)
        return not found


def opened(path: Path, faults: list[str]) -> Iterator[Table]:
    """A table; none where it cannot be read."""
    number = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            table = Table(path, [name.strip() for name in next(rows, [])], [])
            for cells in rows:
                number = rows.line_num
                if len(cells) == len(table.head):
                    table.lines.append((number, dict(zip(table.head, (cell.strip() for cell in cells), strict=True))))
                elif cells:
                    faults.append(f"{path}:{number}: there are {len(cells)} cells, and the head has {len(table.head)}.")
    except UnicodeDecodeError:
        faults.append(f"{path}: this is no text in UTF-8. Save the table as CSV, in UTF-8.")
    except csv.Error as error:
        faults.append(f"{path}:{number}: this is no CSV ({error}). Save the table as CSV, separated by commas.")
    except OSError as error:
        faults.append(f"{path}: it cannot be read ({error.strerror}).")
    else:
        yield table


def read(table: Table, faults: list[str], reader: Callable[[Line], T]) -> Iterator[tuple[T, str]]:
    """What is read of each line, with its place; what is wrong with the others is added to the faults."""
    for number, line in table.lines:
        try:
            found = reader(line)
        except (Problem, ValueError) as error:
            faults.append(f"{table.path}:{number}: {error}")
            continue
        yield found, f"{table.path}:{number}"
