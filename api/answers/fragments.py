"""Series as text, to be kept: what one says at a release never changes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from api.catalogue import Origin
from api.room import Room
from api.rows import RowWriter, TidyRows

OVERHEAD = 700
"""Bytes that a series takes beside its texts, with what it is kept under: what its objects come to, generously."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The observations of a series, written; where each of them ends, and what an answer has to know of each."""

    text: bytes
    ends: array[int]
    files: tuple[int, ...]
    """The files they were read from."""
    keys: str
    """A line for each: its file, and the start and duration of its period. Objects would take ten times the room."""

    def first(self, number: int) -> tuple[bytes, set[int], tuple[str, str]]:
        """The first few observations: their text, their files, and the start and duration of the last one's period."""
        keys = [key.split(" ") for key in self.keys.split("\n", number)[:number]]
        _, start, duration = keys[-1]
        return self.text[: self.ends[number - 1]], {int(file) for file, _, _ in keys}, (start, duration)

    def size(self) -> int:
        """About how many bytes it takes, with what it is kept under."""
        return OVERHEAD + len(self.text) + self.ends.itemsize * len(self.ends) + 8 * len(self.files) + len(self.keys)


class Joining(NamedTuple):
    """The form that observations are wanted in, and the room for series that are written in it."""

    form: RowWriter
    room: Room[tuple[RowWriter, tuple[Origin, int], int, str, bool], Fragment]
    """Under the form, the database and release, the number of the series, the level that it is said to be of where it
    says one, and whether its place is named by its code of the day.
    """


def written(form: RowWriter, page: TidyRows) -> Fragment:
    """The observations of one series, written in a form. They are rows of `queries.observations.TIDY`."""
    separator = form.separator.encode()
    texts = [text.encode() for text in form.rows(page)]
    lengths = accumulate(len(text) + len(separator) for text in texts)
    said: list[tuple[Any, ...]] = [row[5:8] for row in page.found]
    return Fragment(
        text=separator.join(texts),
        ends=array("I", [length - len(separator) for length in lengths]),
        files=tuple({file for file, _, _ in said}),
        keys="\n".join(f"{file} {start} {duration}" for file, start, duration in said),
    )
