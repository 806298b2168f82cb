"""What breaks a client of one OpenAPI document when the service follows another, by operation and schema.

What is asked must go on being understood: parameters and bodies may accept more, never less. What is answered must go
on being readable: keys may be added and values narrowed, never taken away or widened by a type. A keyword of JSON
Schema that is not known here counts as a break when it changes, so that nothing passes unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

JsonObject = Mapping[str, Any]

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_WORDS = frozenset({"description", "title", "example", "examples", "deprecated", "$comment", "summary", "externalDocs"})
_KNOWN = frozenset(
    {"type", "enum", "const", "anyOf", "oneOf", "properties", "required", "additionalProperties", "items", "pattern",
     "format", "default", *_LOWEST, *_HIGHEST}
) | _WORDS  # fmt: skip
_WRITTEN = {"style": "form", "explode": True}
"""How a list in a query is written where nothing is said."""


@dataclass(frozen=True, slots=True)
class Break:
    """A difference that breaks clients: where, by any of some names, and what it is."""

    names: tuple[str, ...]
    """The first is the operation or schema; the others are further names of the same."""
    what: str

    def __str__(self) -> str:
        return f"{self.names[0]}: {self.what}"


@dataclass(slots=True)
class _Comparison:
    """Two documents; schemas that lead to themselves, or that many operations share, are compared once."""

    old: JsonObject
    new: JsonObject
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def operations(self) -> Iterator[Break]:
        for path, item in self.old["paths"].items():
            for method in (name for name in _METHODS if name in item):
                was, now = item[method], self.new["paths"].get(path, {}).get(method)
                names = tuple(filter(None, (f"{method.upper()} {path}", path, was.get("operationId"))))
                if now is None:
                    yield Break(names, "is gone")
                    continue
                if was.get("operationId") != now.get("operationId"):
                    yield Break(names, f"its operationId is {now.get('operationId')!r}, was {was.get('operationId')!r}")
                yield from self._parameters(names, was, now)
                yield from self._bodies(names, was.get("requestBody"), now.get("requestBody"))
                yield from self._responses(names, was["responses"], now["responses"])

    def _parameters(self, names: tuple[str, ...], was: JsonObject, now: JsonObject) -> Iterator[Break]:
        before = {_key(item): item for item in map(_into(self.old), was.get("parameters", ()))}
        after = {_key(item): item for item in map(_into(self.new), now.get("parameters", ()))}
        for key, item in before.items():
            told = f"{key[0]} parameter {key[1]!r}"
            if key not in after:
                yield Break(names, f"{told} is gone")
                continue
            if after[key].get("required") and not item.get("required"):
                yield Break(names, f"{told} is required now")
            for name, usual in _WRITTEN.items():
                ways = item.get(name, usual), after[key].get(name, usual)
                if key[0] == "query" and ways[0] != ways[1]:
                    yield Break(names, f"{told}: `{name}` is {ways[1]}, was {ways[0]}")
            yield from self._schemas(names, told, item["schema"], after[key]["schema"], asked=True)
        for key in after.keys() - before.keys():
            if after[key].get("required"):
                yield Break(names, f"{key[0]} parameter {key[1]!r} is new and required")

    def _bodies(self, names: tuple[str, ...], was: JsonObject | None, now: JsonObject | None) -> Iterator[Break]:
        if now is not None and now.get("required") and not (was or {}).get("required"):
            yield Break(names, "the body is required now")
        if was is None:
            return
        if now is None:
            yield Break(names, "takes no body any more")
            return
        yield from self._contents(names, "body", was["content"], now["content"], asked=True)

    def _responses(self, names: tuple[str, ...], was: JsonObject, now: JsonObject) -> Iterator[Break]:
        for status, item in was.items():
            if status not in now:
                yield Break(names, f"status {status} is gone")
                continue
            before, after = _into(self.old)(item), _into(self.new)(now[status])
            for header in before.get("headers", {}).keys() - after.get("headers", {}).keys():
                yield Break(names, f"{status}: header {header} is gone")
            told = f"{status}:"
            yield from self._contents(names, told, before.get("content", {}), after.get("content", {}), asked=False)

    def _contents(
        self, names: tuple[str, ...], told: str, was: JsonObject, now: JsonObject, *, asked: bool
    ) -> Iterator[Break]:
        for media_type, item in was.items():
            if media_type not in now:
                yield Break(names, f"{told} {media_type} is gone")
                continue
            schemas = item.get("schema", {}), now[media_type].get("schema", {})
            yield from self._schemas(names, f"{told} {media_type}", *schemas, asked=asked)

    def _schemas(self, names: tuple[str, ...], told: str, was: Any, now: Any, *, asked: bool) -> Iterator[Break]:
        """What breaks from one schema to another: of what is asked (`asked`), or of what is answered."""
        if "$ref" in was:
            name = was["$ref"].rpartition("/")[2]
            key = (was["$ref"], str(now.get("$ref", told)), asked)
            if key in self.seen:
                return
            self.seen.add(key)
            names, told = (name,), "it"
        was, now = _into(self.old)(was), _into(self.new)(now)
        if _branches(was) or _branches(now):
            yield from self._alternatives(names, told, was, now, asked=asked)
            return
        yield from (Break(names, f"{told}: {what}") for what in _differences(was, now, asked=asked))
        yield from self._properties(names, told, was, now, asked=asked)
        for part in ("items", "additionalProperties"):
            before, after = was.get(part), now.get(part)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self._schemas(names, f"{told}[]", before, after, asked=asked)
            elif asked and part == "additionalProperties" and after is False and before is not False:
                yield Break(names, f"{told}: other keys are refused now")

    def _properties(
        self, names: tuple[str, ...], told: str, was: JsonObject, now: JsonObject, *, asked: bool
    ) -> Iterator[Break]:
        before, after = was.get("properties", {}), now.get("properties", {})
        must = set(was.get("required", ())), set(now.get("required", ()))
        for name, schema in before.items():
            at = f"{told}.{name}"
            if name not in after:
                yield Break(names, f"{at} is gone")
                continue
            if asked and name in must[1] - must[0]:
                yield Break(names, f"{at} is required now")
            if not asked and name in must[0] - must[1]:
                yield Break(names, f"{at} may be missing now")
            yield from self._schemas(names, at, schema, after[name], asked=asked)
        if asked:
            yield from (Break(names, f"{told}.{name} is new and required") for name in must[1] - before.keys())

    def _alternatives(
        self, names: tuple[str, ...], told: str, was: JsonObject, now: JsonObject, *, asked: bool
    ) -> Iterator[Break]:
        """Each way to ask must find one that takes it in; each way to answer must be one that was known."""
        before, after = _branches(was) or [was], _branches(now) or [now]
        for branch in before if asked else after:
            found: list[list[Break]] = []
            for other in after if asked else before:
                pair = (branch, other) if asked else (other, branch)
                trial = _Comparison(self.old, self.new, set(self.seen))
                found.append(list(trial._schemas(names, told, *pair, asked=asked)))
                if not found[-1]:
                    break
            else:
                yield from min(found, key=len)


def breaks(old: JsonObject, new: JsonObject) -> list[Break]:
    """Everything in `new` that breaks a client of `old`, each once, in the order of `old`."""
    return list(dict.fromkeys(_Comparison(old, new).operations()))


def _into(document: JsonObject) -> Any:
    """Follows a reference within a document to what it names."""

    def resolved(item: JsonObject) -> JsonObject:
        while "$ref" in item:
            found: Any = document
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            item = found
        return item

    return resolved


def _key(parameter: JsonObject) -> tuple[str, str]:
    return parameter["in"], parameter["name"]


def _branches(schema: JsonObject) -> list[JsonObject]:
    return list(schema.get("anyOf") or schema.get("oneOf") or ())


def _differences(was: JsonObject, now: JsonObject, *, asked: bool) -> Iterator[str]:
    """How what a schema takes in shrank, where it is asked, or grew, where it is answered."""
    known, given = (_types(now), _types(was)) if asked else (_types(was), _types(now))
    if more := given - known - ({"integer"} if "number" in known else set()):
        kinds = " or ".join(sorted(more))
        yield f"no {kinds} is taken any more" if asked else f"{kinds} may come now"
    if was.get("format") != now.get("format"):
        yield f"its format is {now.get('format')}, was {was.get('format')}"
    if asked:
        yield from _narrower(was, now)
    for name in sorted((was.keys() | now.keys()) - _KNOWN):
        if was.get(name) != now.get(name):
            yield f"`{name}` changed, and whether that breaks anything is not known here"


def _narrower(was: JsonObject, now: JsonObject) -> Iterator[str]:
    if (words := _words(now)) is not None:
        before = _words(was)
        if before is None:
            yield "it takes certain words only now"
        elif gone := [word for word in before if word not in words]:
            yield f"{', '.join(map(repr, gone))} {'is' if len(gone) == 1 else 'are'} not taken any more"
    for name in _LOWEST:
        if name in now and (name not in was or now[name] > was[name]):
            yield f"its {name} is {now[name]}, was {was.get(name)}"
    for name in _HIGHEST:
        if name in now and (name not in was or now[name] < was[name]):
            yield f"its {name} is {now[name]}, was {was.get(name)}"
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"its pattern is {now['pattern']}, was {was.get('pattern')}"
    if was.get("default") != now.get("default"):
        yield f"its default is {now.get('default')!r}, was {was.get('default')!r}"


def _words(schema: JsonObject) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


_ANY = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


def _types(schema: JsonObject) -> frozenset[str]:
    """The types that a schema allows: all of them where it names none."""
    named = schema.get("type")
    if named is None:
        return _ANY
    return frozenset([named] if isinstance(named, str) else named)
