"""The words of the catalogue: its JSON-LD context, and what stands in vocabularies of others."""

from __future__ import annotations

from typing import Any

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
REGISTERED = frozenset(
    {
        "application/json",
        "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
        "text/csv",
    }
)
"""Media types that IANA has an address for, which is what `dcat:mediaType` wants; `dct:format` names the others."""
FREQUENCIES = {
    "annual": "ANNUAL",
    "half-yearly": "ANNUAL_2",
    "quarterly": "QUARTERLY",
    "monthly": "MONTHLY",
    "irregular": "IRREG",
}
"""Frequencies as the EU's vocabulary has them."""
_KINDS = {len("2024"): "gYear", len("2024-01"): "gYearMonth"}


def _iri(term: str) -> dict[str, str]:
    return {"@id": term, "@type": "@id"}


def _english(term: str) -> dict[str, str]:
    return {"@id": term, "@language": "en"}


CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{name: _english(f"dct:{name}") for name in ("title", "description")},
    "keyword": _english("dcat:keyword"),
    "label": _english("rdfs:label"),
    "prefLabel": _english("skos:prefLabel"),
    **{name: f"dcat:{name}" for name in ("version", "startDate", "endDate")},
    "identifier": "dct:identifier",
    "name": "foaf:name",
    "value": "rdf:value",
    **{name: {"@id": f"dct:{name}", "@type": "xsd:dateTime"} for name in ("issued", "modified")},
    **{
        name: _iri(f"dct:{name}")
        for name in (
            "accrualPeriodicity", "creator", "format", "language", "license", "publisher", "rights", "source",
            "spatial", "temporal",
        )
    },
    **{
        name: _iri(f"dcat:{name}")
        for name in (
            "accessURL", "dataset", "distribution", "downloadURL", "endpointDescription", "endpointURL", "landingPage",
            "mediaType", "servesDataset", "service", "theme", "themeTaxonomy",
        )
    },
    "homepage": _iri("foaf:homepage"),
    "inScheme": _iri("skos:inScheme"),
    "seeAlso": _iri("rdfs:seeAlso"),
}  # fmt: skip
"""The terms of the catalogue. It stands in the document, so that reading it asks no other host."""


def dated(label: str, day: str) -> dict[str, str]:
    """A year or a month as one, and any other period by a day of it: XML Schema has no type for a quarter.

    `day` is the period's first where it is a beginning, and its last where it is an end.
    """
    kind = _KINDS.get(len(label)) if day.startswith(label) else None
    return {"@type": f"xsd:{kind or 'date'}", "@value": label if kind else day}
