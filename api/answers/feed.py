"""The releases as a feed: who follows it hears of each publication, correction and withdrawal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.answers import provenance
from api.answers.reading import Reading
from api.answers.withdrawn import before_of
from api.catalogue import ReleaseInfo
from api.filters import Nothing
from api.rows import Answer

ADDRESS = "/v1/releases.atom"
RELEASE, CORRECTION, WITHDRAWAL, WITHDRAWN = "release", "correction", "withdrawal", "withdrawn"
"""What an entry is of: a publication, one that puts mistakes right, one that takes another back, and that other."""


def of_releases(reading: Reading, _asked: Nothing, media_type: str, downloads: Mapping[str, str]) -> Answer:
    """The newest releases (`default_items`) as entries; `downloads` are the files of each, with their media types.

    Addresses begin with the service's own, as in the catalogue: the host of a request may be anybody's word.
    """
    base = reading.settings.public_url.rstrip("/")
    newest = reading.releases[: -reading.settings.limits.default_items - 1 : -1]
    data = {
        **head(reading, base, own=(f"{base}{ADDRESS}", media_type)),
        "id": f"{base}{ADDRESS}",
        "title": f"{provenance.SERVICE}: releases",
        "subtitle": "What was published when: new figures, corrections and withdrawals, each with its reason.",
        "updated": reading.releases[-1].published_at,
        "entries": [entry(reading, item, base, downloads) for item in newest],
    }
    return Answer(data)


def head(reading: Reading, base: str, *, own: tuple[str, str]) -> dict[str, Any]:
    """What feeds say of themselves alike: rights, author, links. `own` are the address and media type of the feed."""
    settings = reading.settings
    email = {"email": settings.contact_email} if settings.contact_email else {}
    address, media_type = own
    return {
        "rights": provenance.OWN_ATTRIBUTION,
        "author": {"name": settings.contact_name or provenance.SERVICE, "uri": f"{base}/", **email},
        "links": [
            {"rel": "self", "type": media_type, "href": address},
            {"rel": "related", "type": "application/json", "href": f"{base}/v1/releases", "title": "All releases"},
            {"rel": "license", "href": provenance.OWN_LICENCE_URL},
        ],
    }


def entry(reading: Reading, release: ReleaseInfo, base: str, downloads: Mapping[str, str]) -> dict[str, Any]:
    """A release as an entry: `id` is its address, for ever the same, in every feed."""
    title, summary, updated, kind = _told(reading, release)
    return {
        "id": f"{base}/v1/releases/{release.id}",
        "title": title,
        "published": release.published_at,
        "updated": updated,
        "summary": summary,
        "categories": [kind],
        "links": list(_links(reading, release, base, downloads)),
    }


def _told(reading: Reading, release: ReleaseInfo) -> tuple[str, str, str, str]:
    """Title, summary, when that was last another, and the kind of an entry."""
    if release.withdrawn_by is not None:
        by = next(item for item in reading.releases if item.id == release.withdrawn_by)
        which = "It" if by.withdraws == release.id else f"It holds figures of release {by.withdraws}, which"
        summary = f"{which} was withdrawn by release {by.id} on {by.published_at[:10]}: {by.reason}"
        return f"Release {release.id} (withdrawn)", summary, by.published_at, WITHDRAWN
    if release.withdraws is not None:
        title = f"Release {release.id}: release {release.withdraws} is withdrawn"
        return title, release.reason, release.published_at, WITHDRAWAL
    if release.kind == CORRECTION:
        return f"Release {release.id}: a correction", release.reason, release.published_at, CORRECTION
    return f"Release {release.id}", release.reason, release.published_at, RELEASE


def _links(
    reading: Reading, release: ReleaseInfo, base: str, downloads: Mapping[str, str]
) -> Iterator[dict[str, str | None]]:
    """The release itself; unless it was withdrawn, what it changed and its files."""
    own = f"{base}/v1/releases/{release.id}"
    yield {"rel": "alternate", "type": "application/json", "href": own, "title": f"Release {release.id}"}
    if release.withdrawn_by is not None:
        return
    before = before_of(release, reading.releases)
    if before is not None:
        changes = f"{base}/v1/releases/{before.id}/diff/{release.id}"
        title = f"What changed since release {before.id}"
        yield {"rel": "related", "type": "application/json", "href": changes, "title": title}
    for ending, media_type in downloads.items():
        yield {"rel": "enclosure", "type": media_type, "href": f"{own}/download.{ending}"}
