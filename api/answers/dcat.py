"""The catalogue of data sets in DCAT 3, as DCAT-AP asks for it: what portals read to list what there is here.

A graph as nested JSON-LD. Every node that others may want to refer to has an address under the catalogue's own. Sources
are named but not typed as data sets: portals take every data set they meet for one of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.answers import dates, provenance
from api.answers import dcat_terms as terms
from api.answers.dcat_files import File, Written, at, base_of, distribution, files_of, files_of_everything
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


def catalogue(reading: Reading, _asked: Nothing, formats: Sequence[Written], downloads: Mapping[str, str]) -> Answer:
    """The catalogue at a release: all figures as a data set, each indicator as one, and the API as a service."""
    base = base_of(reading)
    published = [item for item in reading.catalogue.indicators.values() if item.coverage]
    datasets = [_everything(reading, published, formats, downloads)]
    datasets += [_of_indicator(reading, item, formats) for item in published]
    data: dict[str, Any] = {
        "@context": terms.CONTEXT,
        "@id": at(reading),
        "@type": "dcat:Catalog",
        "title": provenance.SERVICE,
        "description": f"The data sets of the {provenance.SERVICE}: all figures together, and those of each indicator.",
        "publisher": {**_own_agent(reading), "homepage": f"{base}/"},
        "license": _own_licence(),
        "accessRights": _public(),
        "contactPoint": _contact(reading),
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


def sources_of(reading: Reading, indicators: Iterable[Indicator]) -> list[Source]:
    """The sources that figures of some indicators come from, each once."""
    found = dict.fromkeys(source for item in indicators for source in item.sources)
    return [reading.catalogue.sources[source] for source in found]


def span(indicators: Iterable[Indicator]) -> tuple[Period, Period] | None:
    """The first and the last period that indicators have values for, None where they have none."""
    labels = {covered.period for item in indicators for covered in item.coverage}
    periods = [period for period in map(parse, labels) if isinstance(period, Period)]
    if not periods:
        return None
    return min(periods), max(periods, key=lambda period: (period.end, period.start))


def _everything(
    reading: Reading, indicators: list[Indicator], formats: Iterable[Written], downloads: Mapping[str, str]
) -> dict[str, Any]:
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
        # Its parts come each in their own time.
        "accrualPeriodicity": f"{terms.EU}/frequency/{terms.FREQUENCIES['irregular']}",
        "landingPage": f"{base_of(reading)}/",
    }
    return _dataset(
        reading, f"{at(reading)}#figures", indicators, own, files_of_everything(reading, formats, downloads)
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
        "landingPage": reading.link(f"{base_of(reading)}/v1/indicators/{indicator.slug}"),
    }
    own_address = f"{at(reading)}#indicator-{indicator.slug}"
    return _dataset(reading, own_address, [indicator], own, files_of(reading, formats, f"indicator={indicator.slug}"))


def _dataset(
    reading: Reading, address: str, indicators: list[Indicator], own: dict[str, Any], files: Iterable[File]
) -> dict[str, Any]:
    """A data set: what is its own, and what all of them say alike."""
    sources = sources_of(reading, indicators)
    licence = _licence(sources, address)
    days = dates.of_figures(reading, indicators)
    covered = span(indicators)
    attributions = dict.fromkeys(source.attribution for source in sources)
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        **own,
        **days,
        "version": str(reading.release),
        "source": [
            {"@id": f"{base_of(reading)}/v1/sources/{source.id}", "title": source.title, "landingPage": source.url}
            for source in sources
        ],
        "license": licence,
        "accessRights": _public(),
        "contactPoint": _contact(reading),
        "rights": {"@type": "dct:RightsStatement", "label": " ".join(attributions)},
        "language": f"{terms.EU}/language/ENG",
        "spatial": {"@id": f"{terms.EU}/country/GBR", "@type": "dct:Location", "prefLabel": "United Kingdom"},
        **({"temporal": _temporal(*covered)} if covered else {}),
        "distribution": [distribution(reading, address, file, licence=licence["@id"], dates=days) for file in files],
    }


def _service(reading: Reading, datasets: list[str]) -> dict[str, Any]:
    base = base_of(reading)
    return {
        "@id": f"{at(reading)}#service",
        "@type": "dcat:DataService",
        "title": provenance.SERVICE,
        "description": "An open REST API: regions, indicators, time series and observations, without a key.",
        "license": _own_licence(),
        "accessRights": _public(),
        "contactPoint": _contact(reading),
        **_dates(reading),
        "publisher": _own_agent(reading),
        "endpointURL": f"{base}/v1",
        "endpointDescription": f"{base}/openapi.json",
        "landingPage": f"{base}/docs",
        "servesDataset": datasets,
    }


def _own_agent(reading: Reading) -> dict[str, str]:
    """The service itself: who runs it is not known to it."""
    return {"@id": f"{at(reading)}#publisher", "@type": "foaf:Agent", "name": provenance.SERVICE}


def _agent(reading: Reading, name: str) -> dict[str, str]:
    return {"@id": f"{at(reading)}#agent-{fold(name).replace(' ', '-')}", "@type": "foaf:Agent", "name": name}


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


def _public() -> dict[str, str]:
    return {"@id": f"{terms.EU}/access-right/PUBLIC", "@type": "dct:RightsStatement"}


def _contact(reading: Reading) -> dict[str, Any]:
    """Whom to ask: the service itself and its documentation, unless the settings name somebody."""
    settings = reading.settings
    return {
        "@id": f"{at(reading)}#contact",
        "@type": "vcard:Organization",
        "fn": settings.contact_name or provenance.SERVICE,
        **({"hasEmail": f"mailto:{settings.contact_email}"} if settings.contact_email else {}),
        "hasURL": settings.contact_url or f"{base_of(reading)}/docs",
    }


def _own_licence() -> dict[str, Any]:
    """The licence under its address in the EU's vocabulary, which is the same as that of The National Archives."""
    return {
        "@id": terms.LICENCES[provenance.OWN_LICENCE],
        "@type": "dct:LicenseDocument",
        "title": provenance.OWN_LICENCE,
        "exactMatch": provenance.OWN_LICENCE_URL,
        "seeAlso": provenance.OWN_LICENCE_URL,
    }


def _licence(sources: Sequence[Source], address: str) -> dict[str, Any]:
    """The licence where it is ours, else one document that tells all licences in their own words.

    One, since DCAT-AP takes no second; at an address of its own, since that of a source's licence may name a part only.
    """
    if all(source.licence == provenance.OWN_LICENCE for source in sources):
        return _own_licence()
    return {
        "@id": f"{address}.licence",
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
