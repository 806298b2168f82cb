"""JSON Feed 1.1: the same feed as Atom's, for whoever would rather read JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.rows import Answer

VERSION = "https://jsonfeed.org/version/1.1"


def stream(answer: Answer) -> Iterator[bytes]:
    """The data as a feed: `title`, `subtitle`, `rights`, `author`, `links`, and `entries` alike."""
    if not isinstance(answer.data, dict):
        raise TypeError("a feed is an object")
    data = answer.data
    path, mark, asked = data["id"].partition("?")
    feed = {
        "version": VERSION,
        "title": data["title"],
        "home_page_url": data["author"]["uri"],
        "feed_url": f"{path}.json{mark}{asked}",
        "description": data["subtitle"],
        "language": "en-GB",
        "authors": [_author(data["author"])],
        "items": [_item(entry) for entry in data["entries"]],
    }
    yield orjson.dumps(feed)


def _author(author: dict[str, Any]) -> dict[str, str]:
    return {"name": author["name"], **({"url": author["uri"]} if "uri" in author else {})}


def _item(entry: dict[str, Any]) -> dict[str, Any]:
    links = entry["links"]
    files = [{"url": link["href"], "mime_type": link["type"]} for link in links if link["rel"] == "enclosure"]
    return {
        "id": entry["id"],
        "url": next(link["href"] for link in links if link["rel"] == "alternate"),
        "title": entry["title"],
        "content_text": entry["content"],
        "summary": entry["summary"],
        "date_published": entry["published"],
        "date_modified": entry["updated"],
        "authors": [_author(entry["author"])],
        "tags": [*entry["categories"], *entry["about"]["indicators"]],
        **({"attachments": files} if files else {}),
        # JSON Feed has names that begin with a line for what it has no name for.
        "_release": entry["about"],
    }
