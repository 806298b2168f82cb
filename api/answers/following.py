"""The feed of what was published: of all releases, or of those that touched some indicators or places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from api.answers import feed, provenance
from api.answers.reading import Reading
from api.answers.selection import every_code
from api.catalogue import ReleaseInfo
from api.filters import FeedFilter
from api.queries.touched import indicators_touched, regions_touched, releases_touching
from api.rows import Answer

ADDRESS = "/v1/feed"
_NAMED = 20
"""Indicators and regions that an entry names; all of them are counted."""


def of_changes(reading: Reading, asked: FeedFilter, media_type: str, downloads: Mapping[str, str]) -> Answer:
    """The newest releases (`default_items`) that touched what is asked for, each with all that it touched.

    `downloads` are the files of a release, with their media types. Problem `unknown-id`.
    """
    base, catalogue = reading.settings.public_url.rstrip("/"), reading.catalogue
    indicators = None if asked.indicator is None else {catalogue.indicator(slug).id for slug in asked.indicator}
    regions = None
    if asked.region is not None:
        regions = every_code(catalogue, {catalogue.region(code, field="region").id for code in asked.region})
    with reading.database.connect() as connection:
        touched = indicators_touched(connection, 1, reading.release)
        shown = list(reading.releases)
        if regions is not None:
            among = releases_touching(connection, regions, indicators)
            shown = [item for item in shown if item.id in among]
        elif indicators is not None:
            shown = [item for item in shown if touched.get(item.id, frozenset()) & indicators]
        shown = shown[: -reading.settings.limits.default_items - 1 : -1]
        places = regions_touched(connection, [item.id for item in shown])
    entries = []
    for item in shown:
        told = feed.entry(reading, item, base, downloads)
        entries.append(told | _touched(reading, item, told["summary"], touched.get(item.id, frozenset()), places))
    updated = max((entry["updated"] for entry in entries), default=reading.releases[0].published_at)
    data = {
        **feed.head(reading, base, own=(f"{base}{_address(asked, '.atom')}", media_type)),
        "id": f"{base}{_address(asked)}",
        "title": _title(reading, asked),
        "subtitle": "Releases, corrections and withdrawals, each with its reason and with what it touched.",
        "updated": updated,
        "entries": entries,
    }
    return Answer(data, meta={**provenance.meta(reading), "returned": len(entries)})


def _title(reading: Reading, asked: FeedFilter) -> str:
    catalogue = reading.catalogue
    named = [catalogue.indicator(slug).title for slug in asked.indicator or ()]
    named += [catalogue.region(code, field="region").label for code in asked.region or ()]
    return f"{provenance.SERVICE}: {', '.join(named)}" if named else f"{provenance.SERVICE}: releases"


def _address(asked: FeedFilter, ending: str = "") -> str:
    """The address of a feed, spelt one way."""
    given = {
        name: ",".join(texts) for name, texts in (("indicator", asked.indicator), ("region", asked.region)) if texts
    }
    return f"{ADDRESS}{ending}?{urlencode(given, safe=',')}" if given else f"{ADDRESS}{ending}"


def _touched(
    reading: Reading,
    release: ReleaseInfo,
    summary: str,
    indicators: frozenset[int],
    places: Mapping[int, frozenset[int]],
) -> dict[str, Any]:
    """What a release touched: the first of its indicators and regions, and how many there are in all."""
    catalogue = reading.catalogue
    slugs = [item.slug for number, item in catalogue.indicators.items() if number in indicators]
    regions = None
    if release.id in places or release.id > 1:
        found = places.get(release.id, frozenset())
        regions = sorted(catalogue.regions[number].code for number in found)
    owner = release.owner or provenance.SERVICE
    said = [f"{_counted(len(slugs), 'indicator')}: {_few(slugs)}" if slugs else "no figures"]
    if regions:
        said.append(f"{_counted(len(regions), 'place')}: {_few(regions)}")
    what = "; ".join(said)
    return {
        "content": f"{summary}\n\nPublished by {owner}. It touches {what}.",
        "author": {"name": owner},
        "about": {
            "release": release.id,
            "kind": release.kind,
            "owner": release.owner,
            "withdraws": release.withdraws,
            "withdrawn_by": release.withdrawn_by,
            "indicators": slugs[:_NAMED],
            "indicator_count": len(slugs),
            "regions": None if regions is None else regions[:_NAMED],
            "region_count": None if regions is None else len(regions),
        },
    }


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
