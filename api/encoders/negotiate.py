"""Formats and their media types: the only table of them."""

from __future__ import annotations

from dataclasses import replace

from api import errors
from api.encoders import (
    atom,
    csv,
    csvw,
    embed,
    geojson,
    json,
    json_feed,
    json_ld,
    json_stat,
    parquet,
    png,
    sdmx_csv,
    sdmx_structures,
    svg,
    template,
    topojson,
    vega_lite,
    xlsx,
)
from api.encoders.format import Format
from api.filters import BOUNDARIES, GEOMETRIES, HEXAGONS
from api.rows import Draws

JSON = Format(
    name="json",
    media_type="application/json",
    content_type="application/json",
    stream=json.stream,
    note="The same as without a suffix, whatever `Accept` says.",
    whole=False,
    table=False,
    shape="object",
    serialiser=json.OBJECTS,
)
NDJSON = Format(
    name="ndjson",
    media_type="application/x-ndjson",
    content_type="application/x-ndjson",
    stream=json.stream_lines,
    note="Newline-delimited JSON: the rows and columns of the CSV, a row a line.",
    serialiser=json.LINES,
)
CSV = Format(
    name="csv",
    media_type="text/csv",
    content_type="text/csv; charset=utf-8; header=present",
    stream=csv.stream,
    note="A column is of one type whatever rows there are: periods in full, days as dates, values as decimal numbers. "
    "One header line, UTF-8.",
    serialiser=csv.LINES,
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
    cube=True,
    fixed=True,
    shape="object",
)


def _sdmx_csv(form: sdmx_csv.Lines) -> Format:
    labels = "" if form.labels == "id" else f"; labels={form.labels}"
    return Format(
        name="sdmx-csv",
        media_type="application/vnd.sdmx.data+csv",
        content_type=f"application/vnd.sdmx.data+csv; version={form.version}{labels}; charset=utf-8",
        stream=sdmx_csv.streamed(form),
        note="SDMX-CSV, under SDMX's own names: 2.0.0, or 1.0.0 by `Accept` (`version`), with names by its `labels`.",
        serialiser=form,
        fixed=True,
        described_at="/v1/sdmx/structure/dataflow/UKDC/OBSERVATIONS/1.0.0?references=descendants",
        parameters={"version": form.version, "labels": form.labels, "timeformat": "original", "keys": "none"},
    )


_SDMX_CSV = [_sdmx_csv(form) for form in sdmx_csv.FORMS]
SDMX_CSV = replace(_SDMX_CSV[0], variants=tuple(_SDMX_CSV[1:]))
SDMX_JSON = Format(
    name="sdmx-json",
    media_type="application/vnd.sdmx.structure+json",
    content_type="application/vnd.sdmx.structure+json; version=2.0.0",
    stream=sdmx_structures.stream_json,
    note="SDMX-JSON 2.0, a structure message.",
    shape="object",
    parameters={"version": "2.0.0"},
)
_ML_2_1, _ML_3_0 = (
    Format(
        name="sdmx-ml",
        media_type="application/vnd.sdmx.structure+xml",
        content_type=f"application/vnd.sdmx.structure+xml; version={version}",
        stream=stream,
        aliases=("application/xml",),
        note="SDMX-ML, a structure message: 3.0.0 or 2.1, by `Accept`.",
        table=False,
        parameters={"version": version},
    )
    for version, stream in (("2.1", sdmx_structures.stream_ml_2_1), ("3.0.0", sdmx_structures.stream_ml_3_0))
)
XLSX = Format(
    name="xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    stream=xlsx.stream,
    note="A workbook: a cover, notes on columns and codes, and one marked table.",
    in_one_piece=True,
    costly=True,
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
    note="GeoJSON: points, of which `centroid` says whether they were published or are the mean of their members'; "
    "or by `geometry` boundaries or hexagons.",
    in_one_piece=True,
    table=False,
    shape="object",
    draws=Draws(GEOMETRIES),
)
TOPOJSON = Format(
    name="topojson",
    media_type="application/topo+json",
    content_type="application/topo+json",
    stream=topojson.stream,
    note="TopoJSON: boundaries, or by `geometry` hexagons, which neighbours share.",
    in_one_piece=True,
    table=False,
    shape="object",
    draws=Draws((BOUNDARIES, HEXAGONS), shared=True),
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
SVG = Format(
    name="svg",
    media_type="image/svg+xml",
    content_type="image/svg+xml; charset=utf-8",
    stream=svg.stream,
    note="An image that stays sharp, with its title and statement as text.",
    whole=False,
    table=False,
    image=True,
)
PNG = Format(
    name="png",
    media_type="image/png",
    content_type="image/png",
    stream=png.stream,
    note="The same image for documents and slides, at twice the width asked for.",
    whole=False,
    table=False,
    shape="binary",
    costly=True,
    image=True,
)
EMBED = Format(
    name="embed",
    media_type="text/html",
    content_type="text/html; charset=utf-8",
    stream=embed.stream,
    note="A snippet of HTML with the image, its statement as alternative text, and its source.",
    whole=False,
    table=False,
)
VEGA_LITE = Format(
    name="json",
    media_type="application/vnd.vegalite+json",
    content_type="application/vnd.vegalite+json",
    stream=vega_lite.stream,
    aliases=("application/json",),
    note="The chart as a Vega-Lite specification with its data, for Observable, Altair and editors of charts.",
    whole=False,
    table=False,
    shape="object",
)
ATOM = Format(
    name="atom",
    media_type="application/atom+xml",
    content_type="application/atom+xml; charset=utf-8",
    stream=atom.stream,
    aliases=("application/xml", "text/xml"),
    note="Atom 1.0, for feed readers.",
    table=False,
)
JSON_FEED = Format(
    name="json",
    media_type="application/feed+json",
    content_type="application/feed+json",
    stream=json_feed.stream,
    aliases=("application/json",),
    note="JSON Feed 1.1; `_release` of an item has its kind, owner, and what it touched.",
    table=False,
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
PLACES = (*LISTS, GEOJSON, TOPOJSON)
"""The formats of lists of places."""
CHARTS = (SVG, PNG, VEGA_LITE, EMBED)
"""The formats of charts: an image unasked."""
RANKED = (JSON, CSV, CSVW, XLSX, PARQUET)
"""The formats of lists of places in order."""
DOWNLOADS = {"csv": CSV.media_type, "parquet": PARQUET.media_type, "zip": "application/zip"}
"""The files that each release can be downloaded as: ending and media type."""
FILES = {**DOWNLOADS, CSVW.suffix: CSVW.media_type}
"""These, and the description of the CSV."""
CHANGES = (JSON, NDJSON, CSV, CSVW)
"""The formats of changes, which a copy is kept up by."""
CATALOGUE = (JSON_LD,)
"""The format of the catalogue, which other catalogues read."""
TEMPLATES = (
    CSV,
    replace(
        XLSX,
        stream=template.stream,
        note="A workbook: the table to fill in, and a sheet that says what each column may hold.",
    ),
)
"""The formats of tables to fill in."""
FEEDS = (ATOM,)
"""The format of what is followed."""
FOLLOWED = (ATOM, JSON_FEED)
"""The formats of the feed that may be narrowed."""
STRUCTURES = (replace(SDMX_JSON, aliases=("application/json",)), replace(_ML_3_0, variants=(_ML_2_1,)))
"""The formats of SDMX's structures, as the second version of its REST interface has them: JSON unasked."""
FIRST_STRUCTURES = (replace(_ML_2_1, variants=(_ML_3_0,)), STRUCTURES[0])
"""As the first version of the interface has them: SDMX-ML 2.1 unasked."""
DATA = (SDMX_CSV, CSV)
"""The formats of data that SDMX's interface asks for: SDMX's own unasked."""
_DRAWN = (GEOJSON, TOPOJSON, SVG, PNG, EMBED)
FORMATS = {item.name: item for item in (*OBSERVATIONS, *_DRAWN, *CATALOGUE, *FEEDS, *STRUCTURES)}
BY_ENDING = {item.ending: item for item in FORMATS.values()}
"""Formats by what an address ends with."""


def marked(chosen: Format) -> Format:
    """A format with a mark in front that says that it is UTF-8. Problem `invalid-parameter` where it is not CSV."""
    if chosen.name != CSV.name:
        message = (
            f"bom puts a mark in front of CSV, for Excel, and this would be {chosen.name}. Leave bom out, or ask for "
            "CSV; XLSX is a workbook, which Excel opens without a mark."
        )
        raise errors.invalid("query/bom", message, code="no-csv")
    return replace(chosen, stream=csv.stream_marked, marked=True)
