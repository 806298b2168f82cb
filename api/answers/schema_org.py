"""The data set of all figures in schema.org's words: what search engines read on the home page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.answers import dcat, provenance
from api.answers.dcat_files import Written, base_of, files_of_everything
from api.answers.reading import Reading


def dataset(reading: Reading, formats: Iterable[Written], downloads: Mapping[str, str]) -> dict[str, Any]:
    """All figures at a release as a schema.org `Dataset`, with what data set searches ask for."""
    base = base_of(reading)
    indicators = list(reading.catalogue.indicators.values())
    sources = dcat.sources_of(reading, indicators)
    covered = dcat.span(indicators)
    return {
        # Not the address of schema.org's own context, which would have to be fetched before this can be read.
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "Dataset",
        "@id": f"{base}/v1/catalog#figures",
        "name": dcat.TITLE,
        "description": dcat.DESCRIPTION,
        "url": f"{base}/",
        "license": list(dict.fromkeys(source.licence_url for source in sources)),
        "creator": [
            {"@type": "Organization", "name": name} for name in dict.fromkeys(source.publisher for source in sources)
        ],
        "publisher": {"@type": "Organization", "name": provenance.SERVICE, "url": f"{base}/"},
        "distribution": [
            {"@type": "DataDownload", "name": file.name, "encodingFormat": file.media_type, "contentUrl": file.download}
            for file in files_of_everything(reading, formats, downloads)
            if file.download
        ],
        **({"temporalCoverage": f"{covered[0].start}/{covered[1].end}"} if covered else {}),
        "spatialCoverage": {"@type": "Place", "name": "United Kingdom"},
        "isAccessibleForFree": True,
        "version": str(reading.release),
        "dateModified": reading.catalogue.release.published_at,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": item.title, "propertyID": item.slug, "unitText": item.unit}
            for item in indicators
        ],
    }
