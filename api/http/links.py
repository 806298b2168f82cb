"""What an answer leads to, and the `Link` headers that say of it what it has no room for itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api import pinned
from api.answers.reading import Reading
from api.rows import Answer

_LEFT_OUT = 5
"""How many of those that are left out of a table its header names."""


def of_licences(answer: Answer) -> Iterator[str]:
    """The licences of an answer's sources."""
    addresses = [answer.sources[source["id"]].licence_url for source in answer.meta["source"]]
    for address in dict.fromkeys(addresses):
        yield f'<{address}>; rel="license"'


def of_reason(meta: dict[str, Any], *, otherwise: str) -> str:
    """Where a table without rows has its reason: the nearest question that has an answer, and why this has none."""
    title = f"{meta['reason']}: {meta['detail']}".encode("ascii", "replace").decode()
    title = title.replace("\\", "").replace('"', "'")
    return f'<{meta["nearest"] or otherwise}>; rel="related"; title="{title}"'


def of_left_out(meta: dict[str, Any], *, every: str) -> str:
    """Where a table has those that are left out of it."""
    count, first = meta["left_out_count"], ", ".join(item["region"] for item in meta["left_out"][:_LEFT_OUT])
    more = ", ..." if count > _LEFT_OUT else ""
    title = f"left out: {count} regions that others replaced ({first}{more}); valid_on=any brings them back"
    return f'<{every}>; rel="related"; title="{title}"'


def led(answer: Answer, reading: Reading) -> tuple[dict[str, Any], dict[str, str | None]]:
    """What an answer says, and leads to: of the release asked for, and never to the question that found nothing."""
    meta, addresses = answer.meta, answer.links
    nearest = meta.get("nearest")
    if nearest is not None and pinned.same_question(nearest, reading.address):
        meta = {**meta, "nearest": None}
    if reading.pinned:
        addresses = {name: link and reading.link(link) for name, link in addresses.items()}
        if "reason" in meta:
            said = {"detail": pinned.in_text(meta["detail"], reading.release)}
            said["nearest"] = meta["nearest"] and reading.link(meta["nearest"])
            meta = {**meta, **said}
    return meta, addresses
