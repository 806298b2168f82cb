"""Charts in pages: images of the API, with the sentence that each says to those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from api.pages.asking import Drawn, ask_image_or_none

WIDE, NARROW = 960, 360
"""Pixels that an image is wide on a desk, and on a telephone."""
_NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Image:
    """An image as a page shows it: its addresses, what it says, and its size in pixels."""

    address: str
    narrow: str
    title: str
    statement: str
    width: int
    height: int


def chart(path: str, **asked: Any) -> Image | None:
    """The chart at a path of the API (`/v1/charts/profile`) with parameters; None where the API draws none."""
    wide = ask_image_or_none(f"{path}.svg", **asked, width=WIDE, theme="auto")
    if wide is None:
        return None
    return image_of(wide, narrow=wide.address.replace(f"width={WIDE}", f"width={NARROW}"))


def image_of(drawn: Drawn, *, narrow: str) -> Image:
    """What an image of the API says of itself, with the address of a narrower one."""
    image = ET.fromstring(drawn.text)  # noqa: S314  (it is our own)
    title, statement = (image.findtext(f"{_NAMESPACE}{name}") or "" for name in ("title", "desc"))
    size = [int(image.get(name, "0")) for name in ("width", "height")]
    return Image(drawn.address, narrow, title, statement, *size)
