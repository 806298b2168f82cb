"""Atom (RFC 4287): a list of what happened, the newest first, as feed readers take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from api.rows import Answer

NAMESPACE = "http://www.w3.org/2005/Atom"


def stream(answer: Answer) -> Iterator[bytes]:
    """The data as a feed: `id`, `title`, `subtitle`, `updated`, `author`, `rights`, `links`, and `entries` alike."""
    if not isinstance(answer.data, dict):
        raise TypeError("a feed is an object")
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    _write(feed, answer.data, ("id", "title", "subtitle", "updated", "rights"))
    author = ET.SubElement(feed, "author")
    _write(author, answer.data["author"], ("name", "email", "uri"))
    for item in answer.data["entries"]:
        entry = ET.SubElement(feed, "entry")
        _write(entry, item, ("id", "title", "published", "updated", "summary", "content"))
        if "author" in item:
            _write(ET.SubElement(entry, "author"), item["author"], ("name",))
        for term in item.get("about", {}).get("indicators", ()):
            ET.SubElement(entry, "category", {"term": term, "label": "indicator"})
    ET.indent(feed)
    yield b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="utf-8") + b"\n"


def _write(parent: ET.Element, told: Mapping[str, Any], names: Iterable[str]) -> None:
    """Texts of an element by their names, then its categories and links."""
    for name in names:
        if told.get(name) is not None:
            ET.SubElement(parent, name).text = told[name]
    for term in told.get("categories", ()):
        ET.SubElement(parent, "category", {"term": term})
    for link in told.get("links", ()):
        ET.SubElement(parent, "link", {name: text for name, text in link.items() if text is not None})
