"""Where figures come from, and how to cite them: the part of every answer that lets it be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.answers.reading import Reading
from api.catalogue import Indicator, Source
from api.rows import SOURCE_FILE

SERVICE = "UK Regional Digital Capital API"
OWN_LICENCE = "Open Government Licence v3.0"
OWN_LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
OWN_ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."

_NAMED = 3
"""How many sources a citation names; the others are counted."""


def meta(reading: Reading, sources: Iterable[str] = ()) -> dict[str, Any]:
    """Release, sources, licence, attribution and citation of an answer that draws on some sources (by id)."""
    known = [reading.catalogue.sources[source] for source in dict.fromkeys(sources)]
    return {
        "release": reading.release,
        "published_at": reading.catalogue.release.published_at,
        "reconstructed": reading.catalogue.release.reconstructed,
        "source": [source_reference(source) for source in known],
        "licence": _joined((source.licence for source in known), "; ") or OWN_LICENCE,
        "attribution": _joined((source.attribution for source in known), " ") or OWN_ATTRIBUTION,
        "citation": _citation(reading, known),
    }


def meta_of_figures(reading: Reading, indicators: Iterable[Indicator]) -> dict[str, Any]:
    """The same, for figures of some indicators."""
    return meta(reading, (source for item in indicators for source in item.sources))


def meta_of_rows(reading: Reading, rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """The same, for observations as `queries.observations` reads them: each names the file it was read from."""
    return meta_of_files(reading, {row[SOURCE_FILE] for row in rows})


def meta_of_files(reading: Reading, files: Iterable[int]) -> dict[str, Any]:
    """The same, for figures that were read from some files."""
    return meta(reading, sorted({reading.catalogue.source_files[number].source for number in files}))


def source_reference(source: Source) -> dict[str, str]:
    """The short form of a source."""
    return {"id": source.id, "title": source.title, "publisher": source.publisher, "url": source.url}


def _citation(reading: Reading, sources: list[Source]) -> str:
    release = reading.catalogue.release
    works = _joined((f"{source.publisher}, {source.title}" for source in sources[:_NAMED]), "; ")
    more = f" and {len(sources) - _NAMED} more sources" if len(sources) > _NAMED else ""
    through = f"{works}{more}, through the {SERVICE}" if works else SERVICE
    published = release.published_at[:10]
    return f"{through}, release {release.id} ({published}), {reading.settings.public_url}{reading.address}"


def _joined(texts: Iterable[str], separator: str) -> str:
    return separator.join(dict.fromkeys(texts))
