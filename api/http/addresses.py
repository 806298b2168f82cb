"""The addresses around a question: its own, spelt one way, its pinned one, its next page and its other formats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import quote

from api.encoders.format import Format

_SAFE = ",/:"


class Addresses:
    """The addresses around the question that a path and its parameters (decoded) ask."""

    def __init__(self, path: str, arguments: Mapping[str, str], *, release: int | None, suffix: str | None) -> None:
        """`release` is the one that it is read at, None for what is not of a release; `suffix` names a format."""
        self._path = path
        self._base = path.removesuffix(f".{suffix}") if suffix else path
        self._asked = {name: _parameter(name, text) for name, text in arguments.items()}
        self._release = release

    @property
    def own(self) -> str:
        """The question as it was asked."""
        return _joined(self._path, self._asked)

    @property
    def pinned(self) -> str:
        """The same at its release: what a citation gives."""
        return _joined(self._path, self._at_release())

    def cited(self, item: Format, *, suffixed: bool) -> str:
        """What a citation of the answer in a format gives: of its release, and for a description what it describes."""
        if not item.describes:
            return self.pinned
        asked = {name: text for name, text in self._at_release().items() if name != "format"}
        if suffixed:
            return _joined(f"{self._base}.{item.describes}", asked)
        return _joined(self._base, {**asked, "format": _parameter("format", item.describes)})

    def following(self, cursor: str) -> str:
        """The next page, of the same release, whatever is published in the meantime."""
        return _joined(self._path, {**self._at_release(), "cursor": _parameter("cursor", cursor)})

    def alternate(self, item: Format, *, first: bool, suffixed: bool) -> str:
        """The same in another format, named as this one is named; the first one offered comes where none is."""
        if not first and ("format" in self._asked or not suffixed):
            return _joined(self._base, {**self._elsewhere, "format": _parameter("format", item.name)})
        return _joined(self._base if first else f"{self._base}.{item.ending}", self._without_format)

    def asking(self, name: str, text: str) -> str:
        """The same with a parameter more, or another value of it."""
        return _joined(self._path, {**self._asked, name: _parameter(name, text)})

    @cached_property
    def _elsewhere(self) -> dict[str, str]:
        """What is asked in another format too, in the order in which it was: readers may compare addresses as texts."""
        known = self._at_release() if "as_of" in self._asked else self._asked
        return {name: text for name, text in known.items() if name != "bom"}

    @cached_property
    def _without_format(self) -> dict[str, str]:
        return {name: text for name, text in self._elsewhere.items() if name != "format"}

    def _at_release(self) -> dict[str, str]:
        asked = {name: text for name, text in self._asked.items() if name not in {"release", "as_of"}}
        return asked if self._release is None else {**asked, "release": f"release={self._release}"}


def with_query(path: str, arguments: Mapping[str, str]) -> str:
    """The address of a path with parameters (decoded), which are encoded in one way."""
    return _joined(path, {name: _parameter(name, text) for name, text in arguments.items()})


def _parameter(name: str, text: str) -> str:
    return f"{quote(name, safe='')}={quote(text, safe=_SAFE)}"


def _joined(path: str, asked: dict[str, str]) -> str:
    return f"{path}?{'&'.join(asked.values())}" if asked else path
