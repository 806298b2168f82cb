"""Thrift's compact protocol, read as far as the footer of Parquet needs: numbers, lists and structs by field number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_DEEPEST = 32


class Malformed(ValueError):  # noqa: N818  (named as what the bytes are)
    """Bytes that are no struct in this protocol."""


def struct(text: bytes) -> dict[int, Any]:
    """The fields of a struct by number: whole numbers, bytes, lists and structs. Malformed where it ends too early."""
    return _Reader(text).struct(0)


class _Reader:
    def __init__(self, text: bytes) -> None:
        self._text, self._place = text, 0

    def _take(self, count: int) -> bytes:
        found = self._text[self._place : self._place + count]
        if count < 0 or len(found) < count:
            raise Malformed("cut off")
        self._place += count
        return found

    def _number(self) -> int:
        found = shift = 0
        while True:
            byte = self._take(1)[0]
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7
            if shift > 63:
                raise Malformed("a number is too long")

    def _signed(self) -> int:
        found = self._number()
        return (found >> 1) ^ -(found & 1)

    def struct(self, depth: int) -> dict[int, Any]:
        """The struct that begins here."""
        if depth > _DEEPEST:
            raise Malformed("too deep")
        found: dict[int, Any] = {}
        field = 0
        while head := self._take(1)[0]:
            kind, step = head & 15, head >> 4
            field = field + step if step else self._signed()
            found[field] = self._value(kind, depth, in_list=False)
        return found

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Any:
        if kind in {_TRUE, _FALSE}:
            return (self._take(1)[0] if in_list else kind) == _TRUE
        readers: dict[int, Callable[[], Any]] = {
            **dict.fromkeys((_I16, _I32, _I64), self._signed),
            _BYTE: lambda: self._take(1)[0],
            _DOUBLE: lambda: self._take(8),
            _BINARY: lambda: self._take(self._number()),
            **dict.fromkeys((_LIST, _SET), lambda: self._list(depth)),
            _MAP: lambda: self._map(depth),
            _STRUCT: lambda: self.struct(depth + 1),
        }
        if kind not in readers:
            raise Malformed("no such type")
        return readers[kind]()

    def _list(self, depth: int) -> list[Any]:
        head = self._take(1)[0]
        count = head >> 4 if head >> 4 < 15 else self._number()
        # Each item takes a byte or more, so that no list is longer than what is left.
        if count > len(self._text) - self._place or depth > _DEEPEST:
            raise Malformed("cut off")
        return [self._value(head & 15, depth + 1, in_list=True) for _ in range(count)]

    def _map(self, depth: int) -> dict[Any, Any]:
        count = self._number()
        if not count:
            return {}
        if count > len(self._text) - self._place or depth > _DEEPEST:
            raise Malformed("cut off")
        kinds = self._take(1)[0]
        pairs = [
            (
                self._value(kinds >> 4, depth + 1, in_list=True),
                self._value(kinds & 15, depth + 1, in_list=True),
            )
            for _ in range(count)
        ]
        return {str(key): value for key, value in pairs}
