"""What every read has in common, from the question to the response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from api import cursors
from api.answers.reading import Reading
from api.catalogue import Catalogue
from api.encoders.negotiate import Format, choose
from api.errors import Fault, Problem
from api.filters import At
from api.http import conditional
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
    """How a read is served: the formats it offers, the one that its address fixes, and whether it is of a release."""

    offered: tuple[Format, ...]
    fixed: Format | None
    of_release: bool


def respond(view: View, asked: tuple[Any, At], path: dict[str, str], serving: Serving) -> BaseResponse:
    """Answer a read in the format that its address fixes, or in the offered one that the caller likes best.

    Nothing is computed where the caller has the answer already, or spells the address in another way.
    """
    _refuse_body()
    releases: Releases = current_app.extensions["releases"]
    settings: Settings = current_app.extensions["settings"]
    question, at = asked
    reached = releases.reach(at)
    catalogue = reached.catalogue
    found = {
        name: _NAMED[name][0](releases.all() if _NAMED[name][0] is find else catalogue, text, path=f"path/{name}")
        for name, text in path.items()
    }
    spelt = {name: str(getattr(item, _NAMED[name][1])) for name, item in found.items()}
    if spelt != path:
        return _redirect(spelt)
    chosen = serving.fixed or choose(serving.offered, request.accept_mimetypes)
    tag = conditional.tag_of(
        release=catalogue.release.id, question=question, path=request.path, media_type=chosen.media_type
    )
    release = catalogue.release.id if serving.of_release else None
    pinned_address = _pinned(release)
    if conditional.matches(tag):
        response = Response(status=304)
    else:
        reading = Reading(
            catalogue=catalogue,
            releases=releases.all(),
            database=current_app.extensions["database"],
            settings=settings,
            address=pinned_address,
        )
        response = _written(view(reading, question, **found), chosen, release=release)
        _link_other_formats(response, serving)
    if serving.of_release and not reached.pinned:
        response.headers["Content-Location"] = pinned_address
    if serving.fixed is None and len(serving.offered) > 1:
        response.vary.add("Accept")
    return conditional.describe(
        response, tag=tag, pinned=reached.pinned, published_at=catalogue.release.published_at, settings=settings
    )


def _written(answer: Answer, chosen: Format, *, release: int | None) -> Response:
    following = None
    if answer.next_cursor is not None:
        # The next page is of the same release, whatever is published in the meantime.
        following = _pinned(release, cursor=cursors.encode(answer.next_cursor))
    links = {"self": _address(request.args.to_dict()), **answer.links, "next": following}
    response = Response(chosen.encode(Answer(answer.data, answer.meta, links)), content_type=chosen.content_type)
    if following is not None:
        response.headers.add("Link", f'<{following}>; rel="next"')
    return response


def _link_other_formats(response: Response, serving: Serving) -> None:
    """Name the same answer in the other formats: JSON says beside the data what a table has no room for."""
    base = request.path.removesuffix(f".{serving.fixed.name}") if serving.fixed else request.path
    for item in serving.offered:
        if item.media_type != response.mimetype:
            path = base if item is serving.offered[0] else f"{base}.{item.name}"
            query = urlencode(request.args.to_dict(), safe=",/:", quote_via=quote)
            response.headers.add(
                "Link", f'<{path}{"?" if query else ""}{query}>; rel="alternate"; type="{item.media_type}"'
            )


def _address(arguments: dict[str, str]) -> str:
    """The path and query of a question, written one way whatever the spelling it came in."""
    query = urlencode(arguments, safe=",/:", quote_via=quote)
    return f"{request.path}?{query}" if query else request.path


def _pinned(release: int | None, **more: str) -> str:
    """The address of this question at its release: what a citation gives, and what the next page goes on with."""
    asked = {name: text for name, text in request.args.to_dict().items() if name not in {"release", "as_of"}}
    return _address({**asked, **({} if release is None else {"release": str(release)}), **more})


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
