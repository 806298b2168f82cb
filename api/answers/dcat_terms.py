"""The words of the catalogue: its JSON-LD context, and what stands in vocabularies of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
FREQUENCIES = {
    "annual": "ANNUAL",
    "half-yearly": "ANNUAL_2",
    "quarterly": "QUARTERLY",
    "monthly": "MONTHLY",
    "irregular": "IRREG",
}
"""Frequencies as the EU's vocabulary has them."""
LICENCES = {"Open Government Licence v3.0": f"{EU}/licence/OGL_3_0"}
"""Licences as the EU's vocabulary has them."""
_KINDS = {len("2024"): "gYear", len("2024-01"): "gYearMonth"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A file format: its title and label, its code in the EU's list of file types, its media type where IANA has one.

    What is a kind of a format that is listed or registered goes by that one, and names the standard it follows.
    """

    title: str
    label: str
    code: str | None
    registered: str | None
    standard: str | None = None

    def described(self, media_type: str) -> dict[str, Any]:
        """The format as a node with a label for people and its media type, at the EU's address where there is one.

        A media type of its own (`dct:IMT`) first: harvesters look for that kind of node alone.
        """
        listed = {"@id": f"{EU}/file-type/{self.code}"} if self.code else {}
        kinds = ["dct:IMT", "dct:MediaTypeOrExtent"]
        return {**listed, "@type": kinds, "value": self.registered or media_type, "label": self.label}

    def standard_described(self) -> dict[str, str]:
        """The standard that files of the format follow, beyond the format itself."""
        return {"@id": self.standard or "", "@type": "dct:Standard", "title": self.title}


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {
    "application/json": Form(title="JSON, in pages", label="JSON", code="JSON", registered="application/json"),
    "application/x-ndjson": Form(title="NDJSON", label="NDJSON", code=None, registered=None),
    "text/csv": Form(title="CSV", label="CSV", code="CSV", registered="text/csv"),
    "application/vnd.json-stat+json": Form(
        title="JSON-stat 2.0",
        label="JSON",
        code="JSON",
        registered="application/json",
        standard="https://json-stat.org/format/",
    ),
    "application/vnd.sdmx.data+csv": Form(
        title="SDMX-CSV 2.0",
        label="CSV",
        code="CSV",
        registered="text/csv",
        standard="https://github.com/sdmx-twg/sdmx-csv",
    ),
    _XLSX: Form(title="XLSX", label="XLSX", code="XLSX", registered=_XLSX),
    "application/vnd.apache.parquet": Form(
        title="Parquet", label="Parquet", code="PARQUET", registered="application/vnd.apache.parquet"
    ),
    "application/zip": Form(
        title="Data Package (ZIP)",
        label="ZIP",
        code="ZIP",
        registered="application/zip",
        standard="https://specs.frictionlessdata.io/data-package/",
    ),
}
"""File formats by the media type that they are served as."""


def form_of(media_type: str) -> Form:
    """What is known of a format; one that is neither listed nor registered goes by its media type."""
    return FORMS.get(media_type) or Form(title=media_type, label=media_type, code=None, registered=None)


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
    "vcard": "http://www.w3.org/2006/vcard/ns#",
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
            "accessRights", "accrualPeriodicity", "conformsTo", "creator", "format", "language", "license", "publisher",
            "rights", "source", "spatial", "temporal",
        )
    },
    **{
        name: _iri(f"dcat:{name}")
        for name in (
            "accessURL", "contactPoint", "dataset", "distribution", "downloadURL", "endpointDescription", "endpointURL",
            "landingPage", "mediaType", "servesDataset", "service", "theme", "themeTaxonomy",
        )
    },
    "homepage": _iri("foaf:homepage"),
    "inScheme": _iri("skos:inScheme"),
    "exactMatch": _iri("skos:exactMatch"),
    "fn": "vcard:fn",
    **{name: _iri(f"vcard:{name}") for name in ("hasEmail", "hasURL")},
    "seeAlso": _iri("rdfs:seeAlso"),
}  # fmt: skip
"""The terms of the catalogue. It stands in the document, so that reading it asks no other host."""


def dated(label: str, day: str) -> dict[str, str]:
    """A year or a month as one, and any other period by a day of it: XML Schema has no type for a quarter.

    `day` is the period's first where it is a beginning, and its last where it is an end.
    """
    kind = _KINDS.get(len(label)) if day.startswith(label) else None
    return {"@type": f"xsd:{kind or 'date'}", "@value": label if kind else day}
