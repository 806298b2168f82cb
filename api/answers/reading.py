"""What an answer is made from: a release's catalogue, a way to the data, the limits, and the question's address."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection

from api import cursors, errors, pinned
from api.caches import Caches
from api.catalogue import Catalogue, ReleaseInfo
from api.rows import Draws, RowSerialiser
from api.settings import Settings

FOREIGN_CURSOR = "This question never gave out this cursor. Start again without `cursor`, then follow `links.next`."


class Readable(Protocol):
    """Anything that lends a connection to read with."""

    def connect(self) -> AbstractContextManager[Connection]:
        """A connection for as long as it is held."""
        ...


Check = Callable[[], None]
"""Called now and then while there is something to do; raises what is to end it."""


def at_once(_key: bytes, work: Callable[[Check], Any]) -> Any:
    """Do costly work here and now, to its end."""
    return work(lambda: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One request's view of the data: everything in it is of one release."""

    catalogue: Catalogue
    releases: tuple[ReleaseInfo, ...]
    """Every release, oldest first."""
    database: Readable
    settings: Settings
    whole: bool = False
    """Whether everything is to be given rather than a page, since the format has no room for a link to the next."""
    table: bool = True
    """Whether lists of things are to be given as the lines of a table, rather than as objects."""
    draws: Draws | None = None
    """How the format draws places; None where it does not."""
    in_one_piece: bool = False
    """Whether the format is written in one piece, and so only up to a size."""
    fixed: bool = False
    """Whether the format has no room for more than an observation's own columns."""
    sample: int | None = None
    """How many rows are enough to tell what the answer would be; None where all of them are wanted."""
    serialiser: RowSerialiser | None = None
    """What makes text of rows in the format of the answer; None where that has no text for each row."""
    caches: Caches = field(default_factory=lambda: Caches(0))
    """What is kept in memory; nothing by default."""
    address: str
    """Path and query of the question, as a citation gives it."""
    pinned: bool = False
    """Whether a release was asked for, by number or moment: what the answer leads to is then of the same release."""
    costly: Callable[[bytes, Callable[[Check], Any]], Any] = at_once
    """Has costly work done when its turn comes, once for all who ask for what has the same key at the same time."""

    @property
    def release(self) -> int:
        """The release that is read."""
        return self.catalogue.release.id

    @property
    def named(self) -> tuple[int, str]:
        """What names the release among those of all databases: what is kept in memory is kept under it."""
        return self.catalogue.release.id, self.catalogue.release.mark

    def link(self, address: str) -> str:
        """An address of this service as it stands in the answer: of the release, where one was asked for."""
        return pinned.at_release(address, self.release) if self.pinned else address


def read_cursor(text: str | None, *, like: tuple[type, ...]) -> cursors.Key | None:
    """The key in a cursor that a caller sent back. Problem `invalid-parameter` where we never gave it out."""
    if text is None:
        return None
    try:
        return cursors.decode(text, like=like)
    except ValueError:
        raise errors.invalid("cursor", FOREIGN_CURSOR, code="bad-cursor") from None
