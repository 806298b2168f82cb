"""What can go wrong in a request, as values: one exception for every problem the API reports (RFC 9457).

Every layer may raise a `Problem`; only `http.problems` turns it into a response. The table below is the only list
of problem types, and the page `/docs/problems` is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Any


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem: its slug, HTTP status, title, and what a caller can do about it."""

    slug: str
    status: int
    title: str
    advice: str


_TYPES = (
    ProblemType("invalid-parameter", 422, "A parameter is not valid", "Correct the parameters named in `errors`."),
    ProblemType(
        "invalid-definition", 422, "The definition is not valid", "Correct the parts of the body named in `errors`."
    ),
    ProblemType(
        "impossible-calculation",
        422,
        "This cannot be calculated",
        "Change the method, or the data of the regions and indicators named in `errors`.",
    ),
    ProblemType("not-found", 404, "Nothing here", "Check the address against the list of operations at /docs."),
    ProblemType(
        "unknown-id", 404, "Unknown identifier", "Use one of the identifiers that `errors[].allowed` proposes."
    ),
    ProblemType(
        "release-withdrawn", 410, "This release was withdrawn", "Ask for another release, or for the current one."
    ),
    ProblemType(
        "key-needed",
        401,
        "A key is needed",
        "Send your key as `Authorization: Bearer <key>`. Whoever runs the service gives keys; reads need none.",
    ),
    ProblemType(
        "not-allowed", 403, "The key may not do this", "Ask whoever runs the service for a key that may do it."
    ),
    ProblemType(
        "draft-conflict",
        409,
        "The draft cannot be published as it is",
        "Look at `errors`, put the draft right or check it anew (`POST /v1/drafts/{draft}/check`), and publish again.",
    ),
    ProblemType(
        "draft-changed", 412, "The draft is another one by now", "Read it again, and send its tag as `If-Match`."
    ),
    ProblemType(
        "withdrawal-refused",
        409,
        "The release cannot be withdrawn",
        "Look at what became of it (`GET /v1/releases/{release}`). Figures that are withdrawn are published anew.",
    ),
    ProblemType(
        "idempotency-conflict",
        422,
        "The Idempotency-Key was used for something else",
        "Take a new key for a new request, and the same one only for the same request.",
    ),
    ProblemType("method-not-allowed", 405, "Method not allowed", "Use one of the methods named in `Allow`."),
    ProblemType("not-acceptable", 406, "No such format", "Ask for one of the media types in `errors[].allowed`."),
    ProblemType(
        "address-too-long", 414, "The address is too long", "Ask for fewer values, or a whole level or parent."
    ),
    ProblemType(
        "too-large", 413, "The answer is too large", "Narrow the question, or take a format that streams (CSV)."
    ),
    ProblemType(
        "head-too-large",
        431,
        "The head of the request is too large",
        "Send fewer and shorter headers, such as cookies.",
    ),
    ProblemType("request-timeout", 408, "The request took too long to come", "Send it again, all of it at once."),
    ProblemType("body-too-large", 413, "The body is too large", "Send fewer regions or indicators at a time."),
    ProblemType("precondition-failed", 412, "The file is another one", "Take it anew, without `If-Match`."),
    ProblemType(
        "range-not-satisfiable", 416, "No such part of the file", "Ask for bytes within the length in `Content-Range`."
    ),
    ProblemType(
        "unsupported-content",
        415,
        "Content not supported",
        "Send a read without a body, and a calculation as JSON or, where it says so, as CSV.",
    ),
    ProblemType("bad-request", 400, "The request cannot be read", "Check how the request is written."),
    ProblemType("not-ready", 503, "The service is not ready", "Try again in a few seconds."),
    ProblemType(
        "too-many-requests", 429, "You have asked for much", "Ask again in as many seconds as `Retry-After` says."
    ),
    ProblemType("busy", 503, "Too much is being made at once", "Try again in as many seconds as `Retry-After` says."),
    ProblemType("internal-error", 500, "The service failed", "It is our fault and has been logged. Try again later."),
)
PROBLEM_TYPES = {item.slug: item for item in _TYPES}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a stable `code`, the `path` of the offending part, a `message`, what is `allowed`.

    A look-up names a field alone (`level`, `indicators/2/id`), empty for all that was asked: it serves commands as well
    as requests. Where in a request the field stands (`query/level`), `http.problems` says.

    `cell` are the region and the part of an index (None: all of them) that a calculation fails at.
    """

    code: str
    path: str
    message: str
    allowed: tuple[Any, ...] = ()
    cell: tuple[str | None, str | None] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fault as it stands in a problem's `errors`."""
        cell = {} if self.cell is None else {"region": self.cell[0], "part": self.cell[1]}
        return {"code": self.code, "path": self.path, "message": self.message, "allowed": list(self.allowed)} | cell


class Problem(Exception):  # noqa: N818  (named as RFC 9457 names it)
    """A request that cannot be answered, with all that the caller needs to put it right."""

    def __init__(
        self, slug: str, detail: str, *, faults: tuple[Fault, ...] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.type = PROBLEM_TYPES[slug]
        self.detail = detail
        self.faults = faults
        self.headers = headers or {}

    def placed(self, place: Callable[[str], str]) -> Problem:
        """The same, with the path of each fault made by `place` of the one that it has."""
        faults = tuple(replace(fault, path=place(fault.path)) for fault in self.faults)
        detail = summary(faults, placed=True) if self.type.slug == _OF_A_DEFINITION else self.detail
        return Problem(self.type.slug, detail, faults=faults, headers=self.headers)


@contextmanager
def standing_in(place: str) -> Iterator[None]:
    """Have problems of a definition that are met herein say where that stands: `regions` in `body` is `body/regions`.

    Other problems are not of it, such as that of too much being made at once.
    """
    try:
        yield
    except Problem as found:
        if found.type.slug not in {_OF_A_DEFINITION, "impossible-calculation"}:
            raise
        raise found.placed(lambda path: under(place, path) if path else place) from None


_FOLLOWS = {"no-logarithm": "treatment", **dict.fromkeys(("missing-value", "posts", "no-goalposts"), "normalisation")}
"""Faults that may come of nothing but that something could not be read: by code, what that is."""


@contextmanager
def told_with(faults: Sequence[Fault]) -> Iterator[None]:
    """Have faults that are known already told together with those that are met herein, all of a definition.

    What only follows from a known one, and what stands at the place of one, is not told. Problem `invalid-definition`
    at the end, where there are any.
    """
    try:
        yield
    except Problem as found:
        if found.type.slug != _OF_A_DEFINITION:
            raise
        places = {fault.path for fault in faults}
        named = {name for place in places for name in place.split("/")}
        more = [item for item in found.faults if item.path not in places and _FOLLOWS.get(item.code) not in named]
        raise invalid_definition([*faults, *more]) from None
    if faults:
        raise invalid_definition(faults)


def under(path: str, name: str) -> str:
    """The path of what stands under another path, which may be that of all (empty)."""
    return f"{path}/{name}" if path else name


def part(name: Any) -> str:
    """A name as a part of a path: what a caller made up may be long."""
    return str(name)[:80].replace("/", "~1")


def not_ready(detail: str, *, seconds: int = 5) -> Problem:
    """The problem of something that cannot be answered just now; `seconds` until it is worth asking again."""
    return Problem("not-ready", detail, headers={"Retry-After": str(seconds)})


MOST_FAULTS = 50
"""Faults that are named: a question or a body has room for many more."""
_FEW = 3
_OF_A_DEFINITION = "invalid-definition"


def first(faults: Iterable[Fault]) -> list[Fault]:
    """As many faults as are named. The others are not looked for: what is meant by a wrong word takes time to find."""
    return list(islice(faults, MOST_FAULTS))


def summary(faults: Sequence[Fault], *, placed: bool = False) -> str:
    """The first faults in words, each with its place where that is asked for, and how many more are named."""
    told = [f"{fault.path}: {fault.message}" if placed else fault.message for fault in faults[:_FEW]]
    more = min(len(faults), MOST_FAULTS) - len(told)
    if more > 0:
        told.append(f"And {'at least ' * (len(faults) >= MOST_FAULTS)}{more} more, see errors.")
    return " ".join(told)


def nearest(word: str, known: Iterable[str], *, count: int = 3, likeness: float = 0.5) -> tuple[str, ...]:
    """The known words most like `word`, best first, from a likeness (0 to 1) on; compared without regard to case."""
    folded = {item.casefold(): item for item in known}
    return tuple(folded[item] for item in get_close_matches(word.casefold(), folded, n=count, cutoff=likeness))


def unknown_id(kind: str, value: str, *, field: str, candidates: Collection[str], where: str, why: str = "") -> Problem:
    """The problem of an identifier that is not in the catalogue.

    `candidates` may be meant by it, a mapping names each; `why` says what is to be known of the identifier.
    """
    shown = [f"{item} ({candidates[item]})" for item in candidates] if isinstance(candidates, Mapping) else candidates
    advice = f"Nearest known: {', '.join(shown)}." if candidates else f"All known ones are listed at {where}."
    message = " ".join(part for part in (f"There is no {kind} {value!r}.", why, advice) if part)
    return Problem("unknown-id", message, faults=(Fault("unknown-id", field, message, tuple(candidates)),))


def invalid_definition(faults: Sequence[Fault]) -> Problem:
    """The problem of a definition with some faults."""
    return Problem(_OF_A_DEFINITION, summary(faults, placed=True), faults=tuple(faults[:MOST_FAULTS]))


def invalid(field: str, message: str, *, code: str = "invalid-value", allowed: tuple[Any, ...] = ()) -> Problem:
    """The problem of one parameter that is not valid."""
    return Problem("invalid-parameter", message, faults=(Fault(code, field, message, allowed),))


def too_large(rows: int, most: int) -> Problem:
    """The problem of an answer that a format in one piece cannot hold."""
    message = (
        f"The answer has {rows:,} observations, and a file of this format holds {most:,}. Narrow the question, "
        "ask for pages with limit, or take CSV, which has no such limit."
    )
    return Problem("too-large", message, faults=(Fault("too-large", "", message, ("csv",)),))


def too_many_cells(cells: int, rows: int, most: int) -> Problem:
    """The problem of a cube that would be too large: most of it empty, where indicators have little in common."""
    message = (
        f"The cube of these {rows:,} observations has {cells:,} cells (indicators by regions by periods), and a "
        f"JSON-stat file has {most:,} at the most (max_cells). Ask for fewer indicators, or one level at a time, or "
        "take CSV, which has a line for each observation and no such limit."
    )
    return Problem("too-large", message, faults=(Fault("too-many-cells", "", message, ("csv",)),))
