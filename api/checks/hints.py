"""What an unknown word may be meant for: looked for a bounded number of times, since each look takes a millisecond."""

from __future__ import annotations

from collections.abc import Iterable

from api.errors import nearest

MOST = 500
"""How many unknown words of a column are looked into: a column of another kind has as many as it has rows."""
_LONGEST = 100
"""How many characters a word may have: what is longer is no name, code or label."""


class Hints:
    """Counts the looks of one column."""

    def __init__(self) -> None:
        self._looked = 0

    def worth(self, text: str) -> bool:
        """Whether this word is looked into."""
        if len(text) > _LONGEST:
            return False
        self._looked += 1
        return self._looked <= MOST

    def nearest(self, text: str, known: Iterable[str], *, likeness: float = 0.5) -> str | None:
        """The known word most like this one; None where there is none, or where it is not looked into."""
        return next(iter(nearest(text, known, count=1, likeness=likeness)), None) if self.worth(text) else None
