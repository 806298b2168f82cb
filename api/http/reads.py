"""What every read has in common, from the question to the response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from api import cursors
from api.answers.reading import FOREIGN_CURSOR, Reading
from api.catalogue import Catalogue, ReleaseInfo
from api.encoders.negotiate import FORMATS, Format, choose
from api.errors import Fault, Problem, invalid
from api.filters import Asked, Page
from api.http import conditional
from api.http.addresses import Addresses
from api.http.releases import Releases, find
from api.rows import Answer
from api.settings import Settings

View = Callable[..., Answer]

_NAMED: dict[str, tuple[Callable[..., Any], str]] = {
    "region": (Catalogue.region, "code"),
    "indicator": (Catalogue.indicator, "slug"),
    "component": (Catalogue.component, "id"),
    "source": (Catalogue.source, "id"),
    "release": (find, "id"),
    "other": (find, "id"),
}
"""How each part of a path is looked up, and which attribute of what is found is its canonical spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How a read is served: its name, the formats, whether it is of a release, and whether suffixes name formats."""

    name: str
    offered: tuple[Format, ...]
    of_release: bool
    suffixed: bool


def respond(view: View, asked: Asked, path: dict[str, str], serving: Serving) -> BaseResponse:
    """Answer a read in the format that its address names, or in the offered one that the caller likes best.

    Nothing is computed where the caller has the answer already, or spells the address in another way.
    """
    _refuse_body()
    named = path.pop("format", None) or asked.format
    releases: Releases = current_app.extensions["releases"]
    settings: Settings = current_app.extensions["settings"]
    question = _with_own_cursor(asked.question, serving)
    reached = releases.reach(asked.at)
    catalogue, current = reached.catalogue, reached.catalogue.release
    found = {name: _find(name, text, catalogue, releases.all()) for name, text in path.items()}
    spelt = {name: str(getattr(item, _NAMED[name][1])) for name, item in found.items()}
    if spelt != path:
        return _redirect(spelt)
    chosen = FORMATS[named] if named else choose(serving.offered, request.accept_mimetypes)
    tag = conditional.tag_of(release=current.id, question=question, path=request.path, media_type=chosen.media_type)
    release = current.id if serving.of_release else None
    suffix = (request.view_args or {}).get("format")
    addresses = Addresses(request.path, request.args.to_dict(), release=release, suffix=suffix)

    def compute() -> Response:
        reading = Reading(
            catalogue=catalogue,
            releases=releases.all(),
            database=current_app.extensions["database"],
            settings=settings,
            whole=chosen.whole,
            in_one_piece=chosen.in_one_piece,
            address=addresses.pinned,
        )
        answer = view(reading, question, **found)
        following = None
        if answer.next_cursor is not None:
            following = addresses.following(f"{_mark(question, serving)}-{cursors.encode(answer.next_cursor)}")
        links = {"self": addresses.own, **answer.links, "next": following}
        response = _written(replace(answer, links=links), chosen)
        _link(response, addresses, serving, following)
        return response

    known = conditional.matches(tag, request.headers.get("If-None-Match", ""))
    response = Response(status=304) if known else compute()
    if serving.of_release and not reached.pinned:
        response.headers["Content-Location"] = addresses.pinned
    if named is None and len(serving.offered) > 1:
        response.vary.add("Accept")
    return conditional.describe(
        response, tag=tag, pinned=reached.pinned, published_at=current.published_at, settings=settings
    )


def _find(name: str, text: str, catalogue: Catalogue, releases: tuple[ReleaseInfo, ...]) -> Any:
    """What a part of the path names."""
    finder, _ = _NAMED[name]
    return finder(releases if finder is find else catalogue, text, path=f"path/{name}")


def _written(answer: Answer, chosen: Format) -> Response:
    parts = chosen.stream(answer)
    # What goes on for more than a page is sent as it is read; a connection that breaks off then lacks its last chunk.
    body = parts if answer.rest is not None and not chosen.in_one_piece else b"".join(parts)
    response = Response(body, content_type=chosen.content_type)
    if chosen.shape == "binary":
        stem = request.path.rpartition("/")[2].removesuffix(f".{chosen.name}")
        response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{chosen.name}"'
    return response


def _link(response: Response, addresses: Addresses, serving: Serving, following: str | None) -> None:
    """Name the next page and the other formats: JSON says beside the data what a table has no room for."""
    links = [] if following is None else [f'<{following}>; rel="next"']
    for item in serving.offered:
        if item.media_type != response.mimetype:
            address = addresses.alternate(item, first=item is serving.offered[0], suffixed=serving.suffixed)
            links.append(f'<{address}>; rel="alternate"; type="{item.media_type}"')
    for link in links:
        response.headers.add("Link", link)


def _mark(question: Any, serving: Serving) -> str:
    """What a cursor carries of the question that it belongs to: going on with another one would leave things out."""
    bare = replace(question, cursor=None, limit=None) if isinstance(question, Page) else question
    named = sorted((name, text) for name, text in (request.view_args or {}).items() if name != "format")
    return blake2b(f"{serving.name} {named} {bare!r}".encode(), digest_size=4).hexdigest()


def _with_own_cursor(question: Any, serving: Serving) -> Any:
    """The question with its cursor's key. Problem `invalid-parameter` where the cursor is of another question."""
    if not isinstance(question, Page) or question.cursor is None:
        return question
    mark, _, key = question.cursor.partition("-")
    if mark != _mark(question, serving):
        raise invalid("query/cursor", FOREIGN_CURSOR, code="bad-cursor")
    return replace(question, cursor=key)


def _redirect(spelt: dict[str, str]) -> BaseResponse:
    """To the same question in canonical spelling: another spelling of an identifier is not another resource."""
    rule = request.url_rule.rule if request.url_rule else request.path
    for name, text in spelt.items():
        rule = rule.replace(f"<{name}>", text)
    query = request.query_string.decode("latin-1")
    return redirect(f"{rule}?{query}" if query else rule, code=308)


def _refuse_body() -> None:
    if request.content_length or "Transfer-Encoding" in request.headers:
        sent = request.mimetype or "a body"
        message = f"A read takes no body, and this one came with {sent}. Put the question into the query."
        raise Problem(
            "unsupported-content", message, faults=(Fault("unsupported-content", "header/Content-Type", message),)
        )
