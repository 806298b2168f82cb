"""Formats and their media types: the only table of them, and the choice among the ones an operation offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept

from api import errors
from api.encoders import csv, csvw, geojson, json, json_ld, json_stat, parquet, sdmx_csv, xlsx
from api.encoders.tidy import Form
from api.rows import Answer


@dataclass(frozen=True, kw_only=True)
class Format:
    """A way of writing an answer down.

    `whole`: the format has no room for a link to the next page, so that everything is given unless a page is asked
    for. `in_one_piece`: it cannot be written as it is read, so that it is for answers up to a size.
    """

    name: str
    media_type: str
    content_type: str
    stream: Callable[[Answer], Iterator[bytes]]
    note: str
    whole: bool = True
    in_one_piece: bool = False
    shape: str = "text"
    """What its bytes are: `object` (JSON), `text` or `binary`."""
    suffix: str = ""
    """How an address ends that names it: with its name where nothing else is said."""
    aliases: tuple[str, ...] = ()
    """Media types by which it may be asked for, too: it is a kind of these."""
    table: bool = True
    """Whether lists come as the lines of a table, rather than as objects."""
    form: Form | None = None
    """How it writes observations, where one by one: of these, what is written of a series can be kept."""
    write: Callable[[Answer, parquet.Writable], None] | None = None
    """How it is written into a file, where it can only be sent once it is finished, however long it is."""
    describes: str = ""
    """The format that it describes, where it holds no rows of its own."""

    @property
    def ending(self) -> str:
        """What follows the dot in an address that names it."""
        return self.suffix or self.name

    @property
    def in_parts(self) -> bool:
        """Whether parts of it may be asked for: whole tables, of which readers take what they need."""
        return self.whole and self.shape != "object"


JSON = Format(
    name="json",
    media_type="application/json",
    content_type="application/json",
    stream=json.stream,
    note="The same as without a suffix, whatever `Accept` says.",
    whole=False,
    table=False,
    shape="object",
    form=json.OBJECTS,
)
NDJSON = Format(
    name="ndjson",
    media_type="application/x-ndjson",
    content_type="application/x-ndjson",
    stream=json.stream_lines,
    note="Newline-delimited JSON, a row a line.",
    table=False,
    form=json.LINES,
)
CSV = Format(
    name="csv",
    media_type="text/csv",
    content_type="text/csv; charset=utf-8; header=present",
    stream=csv.stream,
    note="Columns as in the JSON answer, one header line, UTF-8.",
    form=csv.LINES,
)
CSVW = Format(
    name="csvw",
    media_type="application/csvm+json",
    content_type="application/csvm+json",
    stream=csvw.stream,
    note="CSV on the Web: what the columns of the CSV hold, its provenance and its licence.",
    shape="object",
    suffix="csv-metadata.json",
    describes="csv",
)
JSON_STAT = Format(
    name="json-stat",
    media_type="application/vnd.json-stat+json",
    content_type="application/vnd.json-stat+json",
    stream=json_stat.stream,
    note="JSON-stat 2.0, a cube of indicator, region and period with roles, units and status.",
    in_one_piece=True,
    shape="object",
)
SDMX_CSV = Format(
    name="sdmx-csv",
    media_type="application/vnd.sdmx.data+csv",
    content_type="application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
    stream=sdmx_csv.stream,
    note="SDMX-CSV 2.0, under SDMX's own names.",
    form=sdmx_csv.LINES,
)
XLSX = Format(
    name="xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    stream=xlsx.stream,
    note="A workbook: a cover, notes on columns and codes, and one marked table.",
    in_one_piece=True,
    shape="binary",
)
PARQUET = Format(
    name="parquet",
    media_type="application/vnd.apache.parquet",
    content_type="application/vnd.apache.parquet",
    stream=parquet.stream,
    write=parquet.write,
    note="Apache Parquet, with units, release and licence in the file's metadata.",
    shape="binary",
)
GEOJSON = Format(
    name="geojson",
    media_type="application/geo+json",
    content_type="application/geo+json",
    stream=geojson.stream,
    note="GeoJSON points; `centroid` says whether a point was published or is the mean of its members'.",
    in_one_piece=True,
    shape="object",
)
JSON_LD = Format(
    name="json-ld",
    media_type="application/ld+json",
    content_type="application/ld+json",
    stream=json_ld.stream,
    aliases=("application/json",),
    note="JSON-LD 1.1, its context among the data: nothing else has to be fetched to read it.",
    shape="object",
)
EXPLANATION = "application/vnd.digital-capital.explanation+json"
"""The media type of what is said about an answer before it is asked for."""
OBSERVATIONS = (JSON, NDJSON, CSV, CSVW, JSON_STAT, SDMX_CSV, XLSX, PARQUET)
"""The formats that observations are served in."""
DISTRIBUTIONS = tuple(item for item in OBSERVATIONS if not item.describes)
"""Those that hold the observations themselves: what a catalogue lists."""
LISTS = (JSON, NDJSON, CSV, CSVW, XLSX, PARQUET)
"""The formats of lists of things that are described."""
PLACES = (*LISTS, GEOJSON)
"""The formats of lists of places."""
RANKED = (JSON, CSV, CSVW, XLSX, PARQUET)
"""The formats of lists of places in order."""
DOWNLOADS = {"csv": CSV.media_type, "parquet": PARQUET.media_type, "zip": "application/zip"}
"""The files that each release can be downloaded as: ending and media type."""
FILES = {**DOWNLOADS, CSVW.suffix: CSVW.media_type}
"""These, and the description of the CSV."""
CATALOGUE = (JSON_LD,)
"""The format of the catalogue, which other catalogues read."""
FORMATS = {item.name: item for item in (*OBSERVATIONS, GEOJSON, *CATALOGUE)}
BY_ENDING = {item.ending: item for item in FORMATS.values()}
"""Formats by what an address ends with."""


def choose(offered: tuple[Format, ...], accept: MIMEAccept) -> Format:
    """The offered format that the caller likes best, the first one where all are alike.

    Problem `not-acceptable` where the caller takes none of them.
    """
    if not accept:
        return offered[0]
    # Parameters, such as a charset, say nothing that would tell our formats apart.
    plain = MIMEAccept([(text.partition(";")[0].strip(), quality) for text, quality in accept])
    best = plain.best_match([name for item in offered for name in (item.media_type, *item.aliases)])
    for item in offered:
        if best in {item.media_type, *item.aliases}:
            return item
    allowed = tuple(item.media_type for item in offered)
    message = f"This operation answers in {', '.join(allowed)}. Set `Accept` to one of them, or leave it out."
    raise errors.Problem(
        "not-acceptable", message, faults=(errors.Fault("not-acceptable", "header/Accept", message, allowed),)
    )
