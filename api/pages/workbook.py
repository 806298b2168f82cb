"""The workbook of a place: all that is held of it, with comparators, ranks, sources, and what to know of them."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter
from flask import Response

from api.columns import STATUSES, Column
from api.decimals import Fixed
from api.encoders.xlsx import OPTIONS, Sheet, printed
from api.pages.asking import Told, ask
from api.pages.rendering import view

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST = 10_000
_EVERY = 1_000
FIGURES = (
    Column("component", "The component of digital capital that the indicator belongs to."),
    Column("indicator", "Identifier of the indicator."),
    Column("title", "What the indicator is called."),
    Column("unit", "Unit of the value."),
    Column("direction", "Whether higher is better, lower is better, or neither."),
    Column("region", "The code that the value is of: the place, or the other area that is the same land."),
    Column("period", "Period of the value."),
    Column("value", "The latest value; empty where there is none, and `reason` says why.", "number"),
    Column("status", "Status of the value, see the statuses below."),
    Column("compared_value", "The value as it is compared: counts and amounts through their denominator.", "number"),
    Column("compared_unit", "Unit of the compared value and of all values beside it."),
    Column("level", "The level of the places that it is compared with."),
    Column("n", "How many places of the level have a comparable value.", "integer"),
    Column("median", "Median of these places.", "number"),
    Column("lower_quartile", "Their lower quartile.", "number"),
    Column("upper_quartile", "Their upper quartile.", "number"),
    Column("above_median", "The compared value less the median.", "number"),
    Column("uk", "The value of the United Kingdom.", "number"),
    Column("rank", "Rank among these places; empty where nothing is known of the error of the values.", "integer"),
    Column("rank_lower", "The best rank that the place may have, given the error of the values.", "integer"),
    Column("rank_upper", "The worst rank that it may have.", "integer"),
    Column("rank_basis", "What that error rests on."),
    Column("order", "Position in the order as printed.", "integer"),
    Column("score", "Distance from the median in interquartile ranges, better is positive.", "number"),
    Column("reason", "Why there is no value, no comparison or no rank."),
    Column("source", "Who publishes it, and where."),
    Column("caveats", "What must be known to read it."),
)
SERIES = (
    Column("indicator", "Identifier of the indicator."),
    Column("title", "What it is called."),
    Column("region", "The code that the figure was published under."),
    Column("period", "Period."),
    Column("value", "Value; empty where it is missing, and the status says why.", "number"),
    Column("unit", "Its unit."),
    Column("status", "Status."),
    Column("lower", "Lower limit, where the publisher gives one.", "number"),
    Column("upper", "Upper limit.", "number"),
    Column("note", "What the publisher, or the compilation, says of this figure."),
)
QUOTED = (
    Column("printed", "The figure as it was printed."),
    Column("measure", "What it was printed as."),
    Column("unit", "Its unit."),
    Column("edition", "Where it was printed."),
    Column("source", "Title of the report."),
    Column("address", "Address of the report."),
    Column("match", "How it compares with the nearest figure here."),
    Column("detail", "The same in a sentence."),
    Column("value", "That figure.", "number"),
    Column("period", "Its period."),
)
_SHEETS = (
    "Sheets: Cover; Figures (the latest of each indicator, with comparators and ranks); Series (every period); Quoted "
    "(figures that reports have printed); Notes (columns and statuses); Sources."
)
_READING = (
    "An empty value is missing, not zero; its status or reason says why. A rank is printed where the error of the "
    "values is known, with the ranks that the place may have."
)
_NOTES = (Column("Kind", ""), Column("Name", ""), Column("Meaning", ""))
_SOURCES = tuple(Column(name, "") for name in ("Source", "Title", "Publisher", "Licence", "Link", "Attribution"))


@view("/places/<code>.xlsx")
def place_workbook(code: str) -> Response:
    """Everything that is held of a place, as one workbook."""
    region = ask(f"/v1/regions/{code}").data
    codes = ",".join([region["code"], *(item["code"] for item in region["same_area"])])
    profile, series = ask(f"/v1/regions/{code}/profile"), ask("/v1/series", region=codes, limit=_MOST)
    quoted = ask("/v1/published-figures", region=code, limit=_EVERY)
    response = Response(_made(region, profile, series, quoted), content_type=_MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_named(region)}"'
    return response


def _made(region: dict[str, Any], profile: Told, series: Told, quoted: Told) -> bytes:
    file = io.BytesIO()
    title = f"{region['label']}: digital capital in open figures"
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties(
            {
                "title": title,
                "subject": f"Release {profile.meta['release']}",
                "author": "UK Regional Digital Capital API",
                "comments": profile.meta["citation"],
                "created": datetime.fromisoformat(profile.meta["published_at"]).replace(tzinfo=None),
            }
        )
        _cover(book, title, region, (profile, series))
        Sheet(book, "Figures", title, FIGURES).write(_figures(profile.data))
        Sheet(book, "Series", title, SERIES).write(_series(series))
        Sheet(book, "Quoted", title, QUOTED).write(_quoted(quoted.data))
        Sheet(book, "Notes", title, _NOTES).write(_notes())
        Sheet(book, "Sources", title, _SOURCES).write(_sources(profile, series, quoted))
    return file.getvalue()


def _cover(book: Any, title: str, region: dict[str, Any], told: tuple[Told, Told]) -> None:
    profile, series = told
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16, "text_wrap": True}))
    meta = profile.meta
    welsh = region["welsh_name"]
    ended = region["valid_to"]
    lines = [
        f"UK Regional Digital Capital API, release {meta['release']}, published {meta['published_at'][:10]}.",
        *([f"In Welsh: {welsh}."] if welsh and welsh != region["name"] else []),
        *([f"The place ended on {ended}; its figures are its own, up to then."] if ended else []),
        _SHEETS,
        f"Cite as: {meta['citation']}",
        f"Licence: {meta['licence']}",
        meta["attribution"],
        f"Figures are what {profile.address} answers, series what {series.address} answers.",
        *(["There are more series than this workbook holds."] if series.links.get("next") else []),
        _READING,
    ]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line)
    printed(sheet, title, landscape=False)


def _figures(profile: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    about = {item["id"]: item for item in ask("/v1/indicators", limit=_EVERY).data}
    scores = {item["indicator"]: item["score"] for item in (*profile["strengths"], *profile["gaps"])}
    for part in profile["components"]:
        for item in part["indicators"]:
            yield _figure(part, item, about[item["indicator"]]["source"], scores.get(item["indicator"]))


def _figure(part: dict[str, Any], item: dict[str, Any], source: dict[str, Any], score: float | None) -> tuple[Any, ...]:
    latest, compared, rank = item["latest"] or {}, item["comparable"] or {}, item["rank"] or {}
    marks = {mark["id"]: mark for mark in item["benchmarks"]}
    median, interval, group = marks.get("median") or {}, rank.get("interval") or {}, item["group"] or {}
    quartiles = median.get("quartiles") or {}
    reasons = (item["detail"], item["not_comparable"], item["no_rank"], interval.get("reason"))
    return (
        part["title"],
        item["indicator"],
        item["title"],
        item["unit"],
        item["polarity"],
        latest.get("region"),
        latest.get("period"),
        _fixed(latest.get("value"), item["decimals"]),
        latest.get("status"),
        _fixed(compared.get("value"), compared.get("decimals")),
        compared.get("unit"),
        group.get("level"),
        group.get("n"),
        median.get("value"),
        quartiles.get("lower"),
        quartiles.get("upper"),
        (median.get("difference") or {}).get("absolute"),
        (marks.get("uk") or {}).get("value"),
        rank.get("rank"),
        interval.get("lower"),
        interval.get("upper"),
        interval.get("basis"),
        rank.get("order"),
        score,
        next((text for text in reasons if text), None),
        f"{source['publisher']}: {source['title']}",
        item["caveats"],
    )


def _series(told: Told) -> Iterator[tuple[Any, ...]]:
    for series in told.data:
        for point in series["observations"]:
            bounds = point["bounds"] or {}
            yield (
                series["indicator"],
                series["indicator_title"],
                point["region"],
                point["period"],
                _fixed(point["value"], series["decimals"]),
                series["unit"],
                point["status"],
                bounds.get("lower"),
                bounds.get("upper"),
                point["note"],
            )


def _quoted(figures: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for item in figures:
        match = item["match"] or {}
        report = item["edition"], item["source_title"], item["source_url"]
        here = tuple(match.get(name) for name in ("kind", "detail", "value", "period"))
        yield (item["printed"], item["label"], item["unit"], *report, *here)


def _notes() -> Iterator[tuple[str, str, str]]:
    for kind, columns in (("Column of Figures", FIGURES), ("Column of Series", SERIES), ("Column of quoted", QUOTED)):
        yield from ((kind, column.name, column.description) for column in columns)
    yield from (("Status", code, meaning) for code, meaning in STATUSES.items())


def _sources(*told: Told) -> Iterator[tuple[str, ...]]:
    known = {item["id"]: item for item in ask("/v1/sources", limit=_EVERY).data}
    named = {source["id"] for answer in told for source in answer.meta["source"]}
    for name in sorted(named & known.keys()):
        item = known[name]
        yield name, item["title"], item["publisher"], item["licence"], item["url"], item["attribution"]


def _fixed(value: float | None, decimals: int | None) -> float | None:
    return value if value is None or decimals is None else Fixed(value, decimals)


def _named(region: dict[str, Any]) -> str:
    """What the file is called: `dudley-E08000027.xlsx`."""
    plain = unicodedata.normalize("NFKD", region["name"]).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60]}-{region['code']}.xlsx"
