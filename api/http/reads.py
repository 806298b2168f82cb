"""What every read has in common, from the question to the response."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from api.answers.identity import identity_of
from api.answers.reading import Reading
from api.answers.withdrawn import refuse_withdrawn
from api.catalogue import Catalogue
from api.encoders.choice import choose, vary
from api.encoders.format import Format
from api.encoders.negotiate import BY_ENDING, EXPLANATION, FORMATS, SDMX_JSON, marked
from api.errors import Fault, Problem
from api.filters import Asked, At
from api.http import (
    conditional,
    elsewhere,
    explanation,
    filenames,
    links,
    named_parts,
    page_cursors,
    quotas,
    spooled,
    turns,
)
from api.http.addresses import Addresses
from api.http.elsewhere import Serving
from api.http.releases import LATEST
from api.http.served import Served, served
from api.rows import Answer
from api.settings import Settings
from api.snapshot import Snapshot

View = Callable[..., Answer]
# An image that is opened by itself is a document: it may have its own style sheet, and may do nothing.
_OF_IMAGES = [
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
]


def respond(view: View, asked: Asked, path: dict[str, str], serving: Serving) -> BaseResponse:
    """Answer a read in the format that its address names, or in the offered one that the caller likes best.

    Nothing is computed where the caller has the answer already, or spells the address in another way.
    """
    refuse_body()
    settings: Settings = current_app.extensions["settings"]
    ending = path.pop("format", None)
    named = _named(serving.offered, asked.format or (BY_ENDING[ending].name if ending else None))
    source = served(asked.draft)
    releases = source.releases
    path = {name: LATEST if text.casefold() == LATEST else text for name, text in path.items()}
    question = page_cursors.read(asked.question, serving)
    resolved = releases.resolve(asked.at)
    found = named_parts.find_parts(path, resolved.catalogue, releases.all())
    if "other" in found:
        # Differences are of two releases whichever is the newest, and named as in the later of them.
        for name in ("release", "other"):
            refuse_withdrawn(found[name], releases.all(), field=name)
        resolved = releases.resolve(At(release=max(found["release"].id, found["other"].id)))
        resolved = replace(resolved, pinned=LATEST not in path.values())
    spelt = named_parts.spelt(found)
    if any(path[name] not in {text, LATEST} for name, text in spelt.items()):
        return named_parts.redirect_to(named_parts.address(spelt, asked.given))
    conditional.note_release(resolved.catalogue.release.id)
    release = resolved.catalogue.release.id if serving.of_release else None
    read = _Read(
        view=view,
        question=question,
        found=found,
        serving=serving,
        chosen=_chosen(named, asked, serving),
        settings=settings,
        catalogue=resolved.catalogue,
        snapshot=releases.snapshot(resolved.catalogue.release),
        withdrawn=tuple(
            item.id
            for item in releases.all()
            if item.withdrawn_by is not None and item.id < resolved.catalogue.release.id
        ),
        addresses=Addresses(request.path, asked.given, release=release, suffix=ending),
        pinned=serving.of_release and asked.at != At(),
        source=source,
    )
    tag = read.tag(explained=asked.explain)
    known = conditional.matches(tag, request.headers.get("If-None-Match", ""))
    response = Response(status=304) if known else _answered(read, explained=asked.explain)
    published_at = resolved.catalogue.release.published_at
    headers = conditional.headers(tag=tag, pinned=resolved.pinned, published_at=published_at, settings=settings)
    if serving.of_release and not resolved.pinned:
        headers.append(("Content-Location", read.addresses.pinned))
    elif LATEST in {path[name] for name in spelt}:
        headers.append(("Content-Location", named_parts.address(spelt, asked.given)))
    if (named is None and len(serving.offered) > 1) or read.chosen.parameters:
        headers.append(("Vary", "Accept"))
    response.headers.extend(headers)
    return response


def _answered(read: _Read, *, explained: bool) -> Response:
    """The answer, or what it would be."""
    counted = read.serving.calculated and not explained
    if counted:
        quotas.allow(quotas.LIGHT)
    with read.snapshot.held():
        response = read.explanation() if explained else read.response()
    if counted:
        quotas.count(quotas.LIGHT)
    return response


def _named(offered: tuple[Format, ...], name: str | None) -> Format | None:
    """The format that the address names, as the operation offers it."""
    return next((item for item in offered if item.name == name), None)


def _chosen(named: Format | None, asked: Asked, serving: Serving) -> Format:
    """The format of the answer: the one that is named, else the one that the caller likes best."""
    chosen = vary(named, request.accept_mimetypes) if named else _choose(serving)
    return marked(chosen) if asked.bom else chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A read that is to be answered: what is asked of which release, and in which format."""

    view: View
    question: Any
    found: dict[str, Any]
    """What the path names."""
    serving: Serving
    chosen: Format
    settings: Settings
    catalogue: Catalogue
    snapshot: Snapshot
    addresses: Addresses
    source: Served
    pinned: bool
    """Whether a release was asked for, rather than the current one."""
    withdrawn: tuple[int, ...]
    """The releases before it that answer no more. What tells of the past tells less once one was withdrawn."""

    def tag(self, *, explained: bool) -> str:
        """The tag of the answer, or of what is said of it."""
        kind = f"{EXPLANATION} {self.chosen.content_type}" if explained else self.chosen.content_type
        kind += " marked" if self.chosen.marked else ""
        release, settings = self.catalogue.release, self.settings
        ends = [identity_of(self.found[name], settings) for name in ("release", "other") if "other" in self.found]
        path = " ".join([request.path, *ends, *(f"without {number}" for number in self.withdrawn)])
        question = self.question
        return conditional.tag_of(release=release, settings=settings, question=question, path=path, media_type=kind)

    def response(self) -> Response:
        """The answer as it is sent."""
        # What describes a table needs none of its rows but one, to tell an empty table.
        answer = self._answer(sample=1 if self.chosen.describes else None)
        if self.chosen.cube:
            explanation.refuse_if_too_many_cells(answer)
        response = self._in_turn(answer) if self._costly(answer) else spooled.written(answer, self.chosen)
        # All at once: each header that is set by itself is looked for among those that there are.
        response.headers.extend(self._headers(answer, response.content_length))
        return response

    def _costly(self, answer: Answer) -> bool:
        several = answer.rest is not None or self.chosen.image
        return self.chosen.costly and several and request.method != "HEAD"

    def _in_turn(self, answer: Answer) -> Response:
        """An answer that is written when its turn has come, once for all who ask for it at the same time."""
        key = self.tag(explained=False).encode()
        self.snapshot.let_go()

        def write(check: turns.Check) -> bytes:
            rest = turns.while_waited_for(answer.rest or (), check)
            return b"".join(self.chosen.stream(replace(answer, rest=rest)))

        return Response(turns.in_turn()(key, write), content_type=self.chosen.content_type)

    def explanation(self) -> Response:
        """What the answer would be, from a sample of it."""
        sample = self._answer(sample=explanation.SAMPLE)
        explained = explanation.explain(sample, self.chosen, self.question, self.settings)
        return explanation.response(explained, links={"self": self.addresses.own, "next": None})

    def _headers(self, answer: Answer, length: int | None) -> list[tuple[str, str]]:
        """What is said of a body of so many bytes: what it is called, what it would be, and where else to go."""
        headers = [("Link", link) for link in self._links(answer)]
        if self.chosen.image:
            headers += _OF_IMAGES
        if self.chosen.draws:
            headers += [("Link", link) for link in links.of_licences(answer)]
        if self.chosen.in_parts and answer.cacheable:
            headers.append(("Accept-Ranges", "bytes"))
        if len(self.serving.offered) == 1:
            return headers
        if (self.chosen.whole and not self.chosen.describes) or self.chosen.image:
            shown = "attachment" if self.chosen.shape == "binary" and not self.chosen.image else "inline"
            headers.append(("Content-Disposition", f'{shown}; filename="{self._file_name()}"'))
        explained = explanation.headers(answer, self.chosen, self.question, self.settings, length=length)
        return [*headers, *explained.items()]

    def _file_name(self) -> str:
        ending = self.chosen.ending
        return filenames.name_of(
            path=request.path.removesuffix(f".{ending}"),
            question=self.question,
            found=self.found,
            catalogue=self.catalogue,
            pinned=self.pinned,
            ending=ending,
        )

    def _answer(self, *, sample: int | None) -> Answer:
        reading = Reading(
            catalogue=self.catalogue,
            releases=self.source.releases.all(),
            database=self.snapshot,
            settings=self.settings,
            whole=self.chosen.whole,
            table=self.chosen.table,
            draws=self.chosen.draws,
            in_one_piece=self.chosen.in_one_piece,
            fixed=self.chosen.fixed,
            sample=sample,
            serialiser=self.chosen.serialiser,
            caches=self.source.caches,
            address=self.addresses.cited(self.chosen, suffixed=self.serving.suffixed),
            pinned=self.pinned,
            costly=turns.in_turn(self.snapshot.let_go),
        )
        answer = self.view(reading, self.question, **self.found)
        if not answer.cacheable:
            conditional.note_uncacheable()
        following = None
        if answer.next_cursor is not None:
            cursor = page_cursors.write(answer.next_cursor, self.question, self.serving)
            following = self.addresses.following(cursor)
        meta, led = links.led(replace(answer, meta=self.source.marked(answer.meta)), reading)
        own = {"self": self.addresses.own, **led, "next": following}
        if self.chosen.describes:
            own["describes"] = self._in(FORMATS[self.chosen.describes])
        return replace(answer, meta=meta, links=own, sources=self.catalogue.sources)

    def _links(self, answer: Answer) -> Iterator[str]:
        """What describes the answer, the next page, and the other formats: a table has no room for them in itself.

        Tools look for the description first, and some take whatever stands before it for a bad one.
        """
        following = answer.links["next"]
        for item in self.serving.offered:
            if item.describes and item.describes == self.chosen.name:
                yield self._link(item, "describedby")
        if self.chosen.described_at:
            at = f"{self.chosen.described_at}&release={self.catalogue.release.id}"
            yield f'<{at}>; rel="describedby"; type="{SDMX_JSON.media_type}"'
        if self.chosen.describes:
            yield self._link(FORMATS[self.chosen.describes], "describes")
            return
        if following is not None:
            yield f'<{following}>; rel="next"'
        for item in self.serving.offered:
            if item.name != self.chosen.name and not item.describes:
                yield self._link(item, "alternate")
        if "reason" in answer.meta and self.chosen.shape != "object":
            yield links.of_reason(answer.meta, otherwise=self._in(self.serving.offered[0]))
        if "left_out_count" in answer.meta and self.chosen.shape != "object":
            yield links.of_left_out(answer.meta, every=self.addresses.asking("valid_on", "any"))

    def _link(self, item: Format, relation: str) -> str:
        return f'<{self._in(item)}>; rel="{relation}"; type="{item.media_type}"'

    def _in(self, item: Format) -> str:
        """The address of the same question in another format."""
        return self.addresses.alternate(item, first=item is self.serving.offered[0], suffixed=self.serving.suffixed)


def _choose(serving: Serving) -> Format:
    """The format that `Accept` asks for. Problem `not-acceptable`, with the address that has it."""
    try:
        return choose(serving.offered, request.headers.get("Accept", ""))
    except Problem as problem:
        raise elsewhere.not_acceptable(problem) from None


def refuse_body() -> None:
    """Problem `unsupported-content` where a read comes with a body."""
    if request.content_length or "Transfer-Encoding" in request.headers:
        sent = request.mimetype or "a body"
        message = f"A read takes no body, and this one came with {sent}. Put the question into the query."
        raise Problem(
            "unsupported-content", message, faults=(Fault("unsupported-content", "header/Content-Type", message),)
        )
