"""CSV on the Web (CSVW): what a CSV of ours holds, column by column, for machines.

https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.columns import REGIONS, Column, key_of
from api.encoders.titles import title_of
from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """The metadata of the CSV that `links.describes` leads to."""
    yield orjson.dumps(described(answer, answer.columns, url=str(answer.links["describes"])))


def described(answer: Answer, columns: tuple[Column, ...], *, url: str) -> dict[str, Any]:
    """The metadata of a CSV with these columns, at an address relative to that of the metadata."""
    meta = answer.meta
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": title_of(answer),
        "dc:bibliographicCitation": meta["citation"],
        "dc:license": meta["licence"],
        "dc:rights": meta["attribution"],
        "dc:issued": {"@value": meta["published_at"], "@type": "xsd:dateTime"},
        "dc:source": [item["url"] for item in meta["source"]],
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "doubleQuote": True},
        "tableSchema": {
            "columns": [_column(item) for item in columns],
            "primaryKey": key_of(columns),
            **({"rowTitles": ["label"]} if columns[: len(REGIONS)] == REGIONS else {}),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": column.kind,
        "required": not column.optional,
    }
