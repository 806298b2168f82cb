"""The catalogue of data sets in DCAT 3, as DCAT-AP asks for it: what portals read to list what there is here.

A graph as nested JSON-LD. Every node that others may want to refer to has an address under the catalogue's own. Sources
are named but not typed as data sets: portals take every data set they meet for one of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from api.answers import dcat_terms as terms
from api.answers import provenance
from api.answers.reading import Reading
from api.catalogue import Component, Indicator, Source, fold
from api.filters import Nothing
from api.periods import Period, parse
from api.rows import Answer

TITLE = "UK regional digital capital"
DESCRIPTION = (
    "Figures on the digital strength of the UK's nations, regions, combined authorities and local authorities: "
    "infrastructure, skills, adoption, research and innovation, finance and investment, trade, and the digital economy "
    "that comes of them. By place and over time, each with its source, licence, release and status."
)


class Written(Protocol):
    """A format that observations are served in, as far as a catalogue describes it."""

    @property
    def name(self) -> str:
        """Its name, which is its suffix."""
        ...

    @property
    def media_type(self) -> str:
        """Its media type."""
        ...

    @property
    def whole(self) -> bool:
        """Whether it holds all that is asked for, or a page."""
        ...

    @property
    def in_one_piece(self) -> bool:
        """Whether it is for answers up to a size."""
        ...

    @property
    def cube(self) -> bool:
        """Whether it has a cell for every combination: a cube of everything would be empty for the most part."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A way to get a data set: where it is as of now, and where it is as of this release (None where it has pages)."""

    name: str
    media_type: str
    access: str
    download: str | None


def catalogue(reading: Reading, _asked: Nothing, formats: Sequence[Written], downloads: Mapping[str, str]) -> Answer:
    """The catalogue at a release: all figures as a data set, each indicator as one, and the API as a service."""
    base, at = base_of(reading), _at(reading)
    datasets = [_everything(reading, formats, downloads)]
    datasets += [_of_indicator(reading, item, formats) for item in reading.catalogue.indicators.values()]
    data: dict[str, Any] = {
        "@context": terms.CONTEXT,
        "@id": at,
        "@type": "dcat:Catalog",
        "title": provenance.SERVICE,
        "description": f"The data sets of the {provenance.SERVICE}: all figures together, and those of each indicator.",
        "publisher": {**_own_agent(reading), "homepage": f"{base}/"},
        "license": {
            "@id": provenance.OWN_LICENCE_URL,
            "@type": "dct:LicenseDocument",
            "title": provenance.OWN_LICENCE,
        },
        "homepage": f"{base}/",
        "language": f"{terms.EU}/language/ENG",
        **_dates(reading),
        "version": str(reading.release),
        "themeTaxonomy": {
            "@id": f"{base}/v1/components",
            "@type": "skos:ConceptScheme",
            "title": "Components of Local Digital Capital",
        },
        "dataset": datasets,
        "service": _service(reading, [item["@id"] for item in datasets]),
    }
    return Answer(data)


def base_of(reading: Reading) -> str:
    """Scheme and host of every address in the catalogue."""
    return reading.settings.public_url.rstrip("/")


def files_of_everything(reading: Reading, formats: Iterable[Written], downloads: Mapping[str, str]) -> list[File]:
    """Every way to get all figures: in the formats of observations, and as the files of the release (by ending)."""
    stem = f"{base_of(reading)}/v1/releases/{reading.release}/download"
    whole = [
        File(name=f"release-{name}", media_type=media_type, access=f"{stem}.{name}", download=f"{stem}.{name}")
        for name, media_type in downloads.items()
    ]
    return [*_files(reading, (item for item in formats if not item.cube)), *whole]


def sources_of(reading: Reading, indicators: Iterable[Indicator]) -> list[Source]:
    """The sources that figures of some indicators come from, each once."""
    found = dict.fromkeys(source for item in indicators for source in item.sources or (item.source,))
    return [reading.catalogue.sources[source] for source in found]


def span(indicators: Iterable[Indicator]) -> tuple[Period, Period] | None:
    """The first and the last period that indicators have values for, None where they have none."""
    labels = {covered.period for item in indicators for covered in item.coverage}
    periods = [period for period in map(parse, labels) if isinstance(period, Period)]
    if not periods:
        return None
    return min(periods), max(periods, key=lambda period: (period.end, period.start))


def _at(reading: Reading) -> str:
    return f"{base_of(reading)}/v1/catalog"


def _everything(reading: Reading, formats: Iterable[Written], downloads: Mapping[str, str]) -> dict[str, Any]:
    indicators = list(reading.catalogue.indicators.values())
    components = [reading.catalogue.components[name] for name in dict.fromkeys(item.component for item in indicators)]
    sources = sources_of(reading, indicators)
    own = {
        "title": f"{TITLE}: all figures",
        "description": DESCRIPTION,
        "identifier": "figures",
        "keyword": [item.title for item in components],
        "theme": [_theme(reading, item) for item in components],
        "publisher": _own_agent(reading),
        "creator": [_agent(reading, name) for name in dict.fromkeys(source.publisher for source in sources)],
        **_dates(reading),
        "landingPage": f"{base_of(reading)}/",
    }
    return _dataset(
        reading, f"{_at(reading)}#figures", indicators, own, files_of_everything(reading, formats, downloads)
    )


def _of_indicator(reading: Reading, indicator: Indicator, formats: Iterable[Written]) -> dict[str, Any]:
    component = reading.catalogue.components[indicator.component]
    levels = [reading.catalogue.levels[level].title for level in indicator.levels]
    own = {
        "title": indicator.title,
        "description": indicator.description,
        "identifier": indicator.slug,
        "keyword": [component.title, *levels],
        "theme": _theme(reading, component),
        "publisher": _agent(reading, reading.catalogue.sources[indicator.source].publisher),
        "accrualPeriodicity": f"{terms.EU}/frequency/{terms.FREQUENCIES[indicator.frequency]}",
        "landingPage": f"{base_of(reading)}/v1/indicators/{indicator.slug}",
    }
    at = f"{_at(reading)}#indicator-{indicator.slug}"
    return _dataset(reading, at, [indicator], own, _files(reading, formats, f"indicator={indicator.slug}"))


def _dataset(
    reading: Reading, at: str, indicators: list[Indicator], own: dict[str, Any], files: Iterable[File]
) -> dict[str, Any]:
    """A data set: what is its own, and what all of them say alike."""
    sources = sources_of(reading, indicators)
    licence = _licence(sources, at)
    named = licence["@id"] if isinstance(licence, dict) else licence
    covered = span(indicators)
    attributions = dict.fromkeys(source.attribution for source in sources)
    return {
        "@id": at,
        "@type": "dcat:Dataset",
        **own,
        "version": str(reading.release),
        "source": [
            {"@id": f"{base_of(reading)}/v1/sources/{source.id}", "title": source.title, "landingPage": source.url}
            for source in sources
        ],
        "license": licence,
        "rights": {"@type": "dct:RightsStatement", "label": " ".join(attributions)},
        "language": f"{terms.EU}/language/ENG",
        "spatial": {"@id": f"{terms.EU}/country/GBR", "@type": "dct:Location", "prefLabel": "United Kingdom"},
        **({"temporal": _temporal(*covered)} if covered else {}),
        "distribution": [_distribution(reading, at, file, named) for file in files],
    }


def _files(reading: Reading, formats: Iterable[Written], question: str = "") -> Iterator[File]:
    for item in formats:
        stem = f"{base_of(reading)}/v1/observations.{item.name}"
        pinned = "&".join(part for part in (question, f"release={reading.release}") if part)
        yield File(
            name=item.name,
            media_type=item.media_type,
            access=f"{stem}?{question}" if question else stem,
            # A page is not the whole, and what is written in one piece may be refused for its size.
            download=f"{stem}?{pinned}" if item.whole and (question or not item.in_one_piece) else None,
        )


def _distribution(reading: Reading, dataset: str, file: File, licence: str) -> dict[str, Any]:
    registered = file.media_type in terms.REGISTERED
    return {
        "@id": f"{dataset}.{file.name}",
        "@type": "dcat:Distribution",
        "title": file.name,
        "format": {
            "@id": f"{_at(reading)}#format-{file.media_type.replace('/', '-')}",
            "@type": "dct:MediaTypeOrExtent",
            "value": file.media_type,
        },
        **({"mediaType": f"{terms.IANA}/{file.media_type}"} if registered else {}),
        "accessURL": file.access,
        **({"downloadURL": file.download} if file.download else {}),
        "license": licence,
    }


def _service(reading: Reading, datasets: list[str]) -> dict[str, Any]:
    base = base_of(reading)
    return {
        "@id": f"{_at(reading)}#service",
        "@type": "dcat:DataService",
        "title": provenance.SERVICE,
        "description": "An open REST API: regions, indicators, time series and observations, without a key.",
        "publisher": _own_agent(reading),
        "endpointURL": f"{base}/v1",
        "endpointDescription": f"{base}/openapi.json",
        "landingPage": f"{base}/docs",
        "servesDataset": datasets,
    }


def _own_agent(reading: Reading) -> dict[str, str]:
    """The service itself: who runs it is not known to it."""
    return {"@id": f"{_at(reading)}#publisher", "@type": "foaf:Agent", "name": provenance.SERVICE}


def _agent(reading: Reading, name: str) -> dict[str, str]:
    return {"@id": f"{_at(reading)}#agent-{fold(name).replace(' ', '-')}", "@type": "foaf:Agent", "name": name}


def _theme(reading: Reading, component: Component) -> dict[str, str]:
    scheme = f"{base_of(reading)}/v1/components"
    return {
        "@id": f"{scheme}/{component.id}",
        "@type": "skos:Concept",
        "prefLabel": component.title,
        "inScheme": scheme,
    }


def _dates(reading: Reading) -> dict[str, str]:
    return {"issued": reading.releases[0].published_at, "modified": reading.catalogue.release.published_at}


def _licence(sources: Sequence[Source], at: str) -> str | dict[str, Any]:
    """The licence's address where it is ours, else one document that tells all licences in their own words.

    One, since DCAT-AP takes no second; at an address of its own, since that of a source's licence may name a part only.
    """
    if all(source.licence == provenance.OWN_LICENCE for source in sources):
        return provenance.OWN_LICENCE_URL
    return {
        "@id": f"{at}.licence",
        "@type": "dct:LicenseDocument",
        "title": "; ".join(dict.fromkeys(source.licence for source in sources)),
        "seeAlso": list(dict.fromkeys(source.licence_url for source in sources)),
    }


def _temporal(first: Period, last: Period) -> dict[str, Any]:
    return {
        "@type": "dct:PeriodOfTime",
        "startDate": terms.dated(first.label, first.start),
        "endDate": terms.dated(last.label, last.end),
    }
