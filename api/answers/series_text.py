"""Series as text, to be cached: what one says at a release never changes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter

from api.rows import DURATION, SOURCE_FILE, START, RowSerialiser, TidyRows

_SAID = itemgetter(SOURCE_FILE, START, DURATION)

OVERHEAD = 800
"""Bytes that a series takes beside its texts, with its key: what its objects come to, generously."""


@dataclass(frozen=True, slots=True)
class SeriesText:
    """The observations of a series, serialised; where each of them ends, and what an answer has to know of each."""

    text: bytes
    ends: array[int]
    files: tuple[int, ...]
    """The files they were read from."""
    keys: str
    """A line for each: its file, and the start and duration of its period. Objects would take ten times as much."""

    def first(self, number: int) -> tuple[bytes, set[int], tuple[str, str]]:
        """The first few observations: their text, their files, and the start and duration of the last one's period."""
        keys = [key.split(" ") for key in self.keys.split("\n", number)[:number]]
        _, start, duration = keys[-1]
        return self.text[: self.ends[number - 1]], {int(file) for file, _, _ in keys}, (start, duration)

    def size(self) -> int:
        """About how many bytes it takes, with its key."""
        return OVERHEAD + len(self.text) + self.ends.itemsize * len(self.ends) + 8 * len(self.files) + len(self.keys)


def serialise(serialiser: RowSerialiser, page: TidyRows) -> SeriesText:
    """The observations of one series as text. They are rows of `queries.observations.TIDY`."""
    separator = serialiser.separator.encode()
    texts = [text.encode() for text in serialiser.rows(page)]
    lengths = accumulate(len(text) + len(separator) for text in texts)
    said: list[tuple[int, str, str]] = list(map(_SAID, page.found))
    return SeriesText(
        text=separator.join(texts),
        ends=array("I", [length - len(separator) for length in lengths]),
        files=tuple({file for file, _, _ in said}),
        keys="\n".join(f"{file} {start} {duration}" for file, start, duration in said),
    )
