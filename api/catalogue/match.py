"""How a thing answers to a text: how well, by which of its spellings, and why where that is not plain."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A match; of two, the lesser is the better. Only the first three parts say how good it is."""

    rank: int
    """0 a code, then the text itself, its beginning, its words, what is only related, what may be misspelt."""
    missing: int = 0
    """How many words for a kind of place (borough, council) were asked for that this spelling does not say."""
    extra: int = 0
    """How many it says that were not asked for."""
    kind: str = field(default="", compare=False)
    """`code`, `name` or what kind of other name it is; else how the text led here (`words`, `misspelling` ...)."""
    text: str = field(default="", compare=False)
    """The spelling that the text led to."""
    literal: bool = field(default=False, compare=False)
    """Whether the text is that spelling, letter for letter."""
    of: int | None = field(default=None, compare=False)
    """The place that the spelling is of, where this is what came after it."""
