"""What reads hand to encoders: rows, and the answer that carries them.

The boundary between queries and formats. An encoder sees columns and tuples and knows nothing of SQL or HTTP;
a query knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Protocol

from api import decimals
from api.charts.chart import Chart
from api.columns import DIFFERS, OBSERVATIONS, Column
from api.spans import span_of

INDICATOR, REGION, PERIOD, VALUE, STATUS = range(5)
SOURCE_FILE, START, DURATION = range(5, 8)
LOWER, UPPER, BOUNDS_KIND, NOTE = range(8, 12)
"""Where each part of an observation stands in a row of `queries.observations`: `BARE` has the first five, `TIDY` eight,
`FULL` all. Rows are the driver's tuples and stay so: to make an object of each would cost as much as to write it.
"""
indicator_of, period_of, value_of, status_of = map(itemgetter, (INDICATOR, PERIOD, VALUE, STATUS))
"""What takes a part out of a row, for `map` over many rows."""
_SHOWN = itemgetter(INDICATOR, REGION, PERIOD, STATUS)


def is_comparable(row: Sequence[Any]) -> bool:
    """Whether an observation has a value that may be compared with others: it is there, and of the same definition."""
    return row[VALUE] is not None and row[STATUS] != DIFFERS


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: its columns and one tuple per row, in an order that is unique."""

    columns: tuple[Column, ...]
    tuples: Sequence[tuple[Any, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.names, row, strict=True)) for row in self.tuples]


@dataclass(frozen=True, slots=True)
class TidyRows:
    """Observations as a table, with what is the same for a whole series named by numbers.

    Encoders that are asked for many write out what a series says of itself once, not once a row: a row is
    (indicator, region, period, value, status, ...), the first two being keys of `indicators` and `regions`, the period
    its short label and the value exact, as JSON has them. Tables have them in full and rounded: see `tuples`. A region
    is that of the code which the figure is published under; what is written of it is in `regions`.
    """

    found: Sequence[tuple[Any, ...]]
    indicators: Mapping[int, Any]
    regions: Mapping[int, Any]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return OBSERVATIONS

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def values(self) -> list[float | None]:
        """The values as tables have them: rounded to the decimals that their indicators are published with."""
        return [float(text) if text else None for text in self.value_texts("")]

    def value_texts(self, missing: str) -> list[str]:
        """The same as text."""
        values, indicators = list(map(value_of, self.found)), map(indicator_of, self.found)
        places = {number: item.decimals for number, item in self._indicators_found().items()}
        known = zip(values, map(places.__getitem__, indicators), strict=True)
        return decimals.fixed_texts(known, decimals.texts(values), missing)

    def _indicators_found(self) -> dict[int, Any]:
        return {number: self.indicators[number] for number in set(map(indicator_of, self.found))}

    @property
    def tuples(self) -> list[tuple[Any, ...]]:
        """The rows as tables have them, written out in the order of the columns."""
        rows = []
        last_indicator = last_region = None
        for (indicator, region, period, status), value in zip(map(_SHOWN, self.found), self.values, strict=True):
            if indicator != last_indicator or region != last_region:
                last_indicator, last_region = indicator, region
                of, place = self.indicators[indicator], self.regions[region]
                before = (of.slug, place.code, place.name, place.label, place.level)
                after = (of.unit, place.published_code)
            rows.append((*before, *span_of(period), value, status, *after))
        return rows

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return Rows(self.columns, self.tuples).dicts()


@dataclass(frozen=True, slots=True)
class WrittenRows:
    """Observations that are written already, in the very form that the answer is to have."""

    text: bytes

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return OBSERVATIONS

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


class RowSerialiser(Protocol):
    """How a format writes observations, one by one. There is one object for each, under which series may be kept."""

    @property
    def separator(self) -> str:
        """What stands between two observations."""
        ...

    @property
    def levelled(self) -> bool:
        """Whether it says the level of a region, so that what it writes depends on the level asked for."""
        ...

    def rows(self, page: TidyRows) -> list[str]:
        """Each observation as text."""
        ...


@dataclass(frozen=True, slots=True)
class Draws:
    """How a format draws places: as which of `filters.GEOMETRIES`, the first where none is asked for.

    `shared`: by arcs, so that neighbours have their borders in common.
    """

    geometries: tuple[str, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a place: `Polygon` or `MultiPolygon`, and its coordinates or numbers of arcs as JSON text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Places as shapes: by code the shape of each that has one, and what else is told of each in its properties."""

    shapes: Mapping[str, Shape]
    told: Mapping[str, Mapping[str, Any]]
    bbox: tuple[float, float, float, float] | None
    """West, south, east, north, in degrees; None where nothing is drawn."""
    arcs: Sequence[str] = ()
    """Where shapes have numbers of arcs: these, as JSON text of differences (`models.boundary`)."""


Table = Rows | TidyRows
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question: `data`, what there is to know about it, and where to go from here.

    `next_cursor` is the key to go on from, or None on the last page. Where everything was asked for rather than a
    page, `rest` yields the rows after the first; it reads as it is consumed, once.
    """

    data: Table | WrittenRows | Chart | dict[str, Any] | list[Any] | None
    meta: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str | None] = field(default_factory=dict)
    next_cursor: tuple[Any, ...] | None = None
    paged: str | None = None
    """Where `data` is an object: the name of the list in it that pages are of, if any is."""
    rest: Iterable[Table] | None = None
    indicators: Mapping[str, Any] = field(default_factory=dict)
    """The indicators that rows may speak of, by identifier: titles, units and decimals for formats that carry them."""
    sources: Mapping[str, Any] = field(default_factory=dict)
    """Sources by identifier, those of `meta` among them: for formats that say more of each than `meta` does."""
    drawing: Drawing | None = None
    """The shapes of places, where they are drawn as such; None: as points, or not at all."""
    cacheable: bool = True
    """Whether the release alone decides it. What may be answered otherwise soon is not tagged, and cached shortly."""
    most_cells: int | None = None
    """How many cells a cube of its rows may have; None where that needs no bound."""
    cells: Callable[[], int] | None = None
    """Counts the cells that a cube of the whole question has: asked for only where a cube is to be explained."""
    total: Callable[[], int] | None = None
    """Counts the rows of the whole question, from its cursor on: asked for only where the rows given are not all."""
    total_costs: bool = False
    """Whether counting them takes a query, about as long as a page does."""
    uncounted: bool = False
    """Whether there are so many that they are counted for nobody but who asks for their number (`explain`)."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its rows."""
        if not isinstance(self.data, Table | WrittenRows):
            raise TypeError("only rows have columns")
        return self.data.columns

    def pages(self) -> Iterator[Table]:
        """All rows, page by page."""
        if not isinstance(self.data, Table):
            raise TypeError("only rows have pages")
        yield self.data
        yield from self.rest or ()

    def parts(self) -> Iterator[Table | WrittenRows]:
        """The same, for formats that observations may be written in already."""
        return iter((self.data,)) if isinstance(self.data, WrittenRows) else self.pages()


def number(value: float | None) -> Any:
    """A value as it is written: whole numbers without a decimal point, as far as a float holds every one of them."""
    return int(value) if value is not None and value.is_integer() and abs(value) < _EXACT else value
