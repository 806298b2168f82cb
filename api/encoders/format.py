"""What there is to know of a format: how it is called, written, asked for, and what it has room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from api.encoders import parquet
from api.rows import Answer, Draws, RowSerialiser


@dataclass(frozen=True, kw_only=True, eq=False)
class Format:
    """A way of writing an answer down.

    `whole`: the format has no room for a link to the next page, so that everything is given unless a page is asked
    for. `in_one_piece`: it cannot be written as it is read, so that it is for answers up to a size. `costly`: a large
    one takes seconds to write, and much memory, so that such take turns.
    """

    name: str
    media_type: str
    content_type: str
    stream: Callable[[Answer], Iterator[bytes]]
    note: str
    whole: bool = True
    in_one_piece: bool = False
    costly: bool = False
    shape: str = "text"
    """What its bytes are: `object` (JSON), `text` or `binary`."""
    suffix: str = ""
    """How an address ends that names it: with its name where nothing else is said."""
    aliases: tuple[str, ...] = ()
    """Media types by which it may be asked for, too: it is a kind of these."""
    table: bool = True
    """Whether lists come as the lines of a table, rather than as objects."""
    serialiser: RowSerialiser | None = None
    """How it writes observations, where one by one: of these, what is written of a series can be kept."""
    write: Callable[[Answer, parquet.Writable], None] | None = None
    """How it is written into a file, where it can only be sent once it is finished, however long it is."""
    marked: bool = False
    """Whether a mark in front says that it is UTF-8."""
    describes: str = ""
    """The format that it describes, where it holds no rows of its own."""
    described_at: str = ""
    """Where what it holds is described, if that is not a format of the same answer."""
    fixed: bool = False
    """Whether its standard names what an observation has, so that nothing of ours can stand beside it."""
    cube: bool = False
    """Whether it has a cell for every combination of indicator, region and period, observed or not."""
    draws: Draws | None = None
    """How it draws places, where it does."""
    image: bool = False
    """Whether it is looked at where it stands, rather than saved and opened."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameters of its media type that tell it from its variants: `version`, `labels`."""
    variants: tuple[Format, ...] = ()
    """The same format in other versions. They have its name and its addresses, and are asked for by `Accept`."""

    @property
    def ending(self) -> str:
        """What follows the dot in an address that names it."""
        return self.suffix or self.name

    @property
    def in_parts(self) -> bool:
        """Whether parts of it may be asked for: whole tables, of which readers take what they need."""
        return self.whole and self.table and self.shape != "object"
