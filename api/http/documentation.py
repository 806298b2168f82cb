"""What the OpenAPI document says of every operation alike: headers, parts of paths, problems, and how formats look."""

from __future__ import annotations

from typing import Any

from api.encoders.format import Format
from api.http import reads
from api.schemas.fields import IDENTIFIER
from api.schemas.sdmx import KINDS

ALWAYS = (
    "invalid-parameter",
    "address-too-long",
    "unsupported-content",
    "not-ready",
    "internal-error",
)

OF_BODIES = (
    "bad-request",
    "key-needed",
    "draft-conflict",
    "unknown-id",
    "release-withdrawn",
    "body-too-large",
    "unsupported-content",
    "not-acceptable",
    "not-ready",
    "busy",
    "too-many-requests",
    "internal-error",
)
"""What a computation may meet, but for what is wrong with its question."""

OF_FILES_ALONE = (
    "unknown-id",
    "release-withdrawn",
    "not-acceptable",
    "precondition-failed",
    "range-not-satisfiable",
)

PATH_PARAMETERS = {
    "region": (
        (
            "A region's code: GSS, or ITL or NUTS where there is no GSS code. Another code of the same place (`TLG` "
            "for `E12000005`) is answered by a redirect."
        ),
        "E12000005",
    ),
    "indicator": ("An indicator's identifier.", "gigabit-availability"),
    "index": ("An index's identifier.", "local-digital-capital"),
    "component": ("A component's identifier.", "digital-infrastructure"),
    "source": ("A source's identifier.", "ofcom-connected-nations"),
    "release": ("The number of a release, or `latest`.", "2"),
    "other": ("The number of the release to compare it with, or `latest`.", "3"),
    "draft": ("A draft's identifier.", "kX3v9QpLr2TzWb1c"),
    "webhook": ("A webhook's identifier.", "kX3v9QpLr2TzWb1c"),
    "place": ("A place's code.", "E05001234"),
    "upload": ("The number of an upload.", "1"),
    "format": ("The format of the answer.", "csv"),
    "structure": ("A type of SDMX structure, or `*` for all.", "dataflow"),
    "kind": ("A type of SDMX structure.", "dataflow"),
    "agency": ("Who maintains it, or `*` for all.", "UKDC"),
    "resource": ("Its identifier, or `*` for all.", "OBSERVATIONS"),
    "version": ("Its version; `+`, `~` or `latest` for the latest.", "1.0.0"),
    "scheme": ("A type of SDMX structure that has items: a code list or another scheme.", "codelist"),
    "list": ("The identifier of a scheme, such as a code list.", "CL_FREQ"),
    "item": ("The identifiers of items, separated by commas, or `*` for all.", "A"),
    "context": ("What the data is of: `dataflow`, `datastructure`, or `*`.", "dataflow"),
    "flow": ("The dataflow: its identifier, or agency, identifier and version separated by commas.", "OBSERVATIONS"),
    "key": (
        "The key: frequency, place and indicator joined by dots, left open by `*` or by nothing; `all` for all.",
        "A.E12000005.gva-per-hour",
    ),
}
FREE = frozenset({"structure", "agency", "resource", "version", "scheme", "list", "item", "context", "flow", "key"})
"""Parts of a path that are not identifiers of ours: they may be left open, or name several things."""


def _headers(**descriptions: str) -> dict[str, Any]:
    return {
        name.replace("_", "-"): {"description": description, "schema": {"type": "string"}}
        for name, description in descriptions.items()
    }


KEEPING = _headers(
    ETag="The answer's tag: send it as `If-None-Match` to hear 304 while nothing has changed.",
    Cache_Control="How long the answer may be kept.",
    Last_Modified="When the release was published.",
)
NOT_KEPT = _headers(Cache_Control="`no-store`: the answer is kept nowhere.")
PRIVATE = _headers(Cache_Control="`private, no-store`: the answer is for the holder of the key alone.")
LINK = _headers(Link="The next page (`rel=next`) and the other formats (`rel=alternate`), where there are any.")
EXPLAINED = _headers(
    Explain_Rows="How many rows answer the question, where that is cheap to know; `explain=true` counts always.",
    Explain_Bytes="How long the answer is before compression; about how long, where it goes on for more than a page.",
    Explain_Limit="`whole` or `paged`, and the limit that applies.",
)
"""What stands with an answer that comes in several formats, and with its `HEAD`."""
IN_PARTS = _headers(
    Accept_Ranges="`bytes`: parts can be asked for with `Range`.",
    Content_Range="Of a part: which bytes it is, of how many.",
)
OF_FILES = IN_PARTS | _headers(
    Repr_Digest="SHA-256 of the whole file (RFC 9530).",
)
LOCATION = _headers(Location="Where to ask.")
UNPROCESSABLE = (
    "`invalid-definition`: the body is not what it should be, `errors[].path` says where (`body/indicators/3/weight`). "
    "`impossible-calculation`: it is, but the figures do not allow the method; `errors[]` names regions and parts."
)
RETRY_AFTER = _headers(Retry_After="In how many seconds to try again.")


SHAPES: dict[str, dict[str, str]] = {
    "object": {"type": "object"},
    "text": {"type": "string"},
    "binary": {"type": "string", "format": "binary"},
}
"""How the formats that have no schema of ours are documented."""


def path_parameter(name: str, endings: tuple[str, ...] = ()) -> dict[str, Any]:
    """A part of a path, `format` with the endings there are."""
    description, example = PATH_PARAMETERS[name]
    if name == "format" and example not in endings:
        example = endings[0]
    schema: dict[str, Any] = {"enum": list(endings)} if name == "format" else {"pattern": IDENTIFIER}
    if name == "kind":
        schema = {"enum": list(KINDS)}
    if name in FREE:
        schema = {"pattern": "^[^/]+$"}
    return {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def docstring(view: reads.View, offered: tuple[Format, ...]) -> str:
    """What is said of the addresses that name a format by their suffix."""
    summary, _, description = (view.__doc__ or "").partition("\n")
    notes = "\n".join(f"    * `.{item.ending}`: {item.note}" for item in offered)
    whole = "    Formats other than JSON hold everything that is asked for, unless `limit` asks for a page."
    return f"{summary} in a format of your choice\n{description.rstrip()}\n\n{whole}\n\n{notes}"


def camel(name: str) -> str:
    """`list_regions` as `listRegions`: the usual form of an operation's identifier."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal(slug: str) -> str:
    """`unknown-id` as `UnknownId`: the usual form of a component's name."""
    return "".join(word.capitalize() for word in slug.split("-"))


def under_limits(_converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What a field says of itself that hangs on the limits of the running settings."""
    said: dict[str, Any] = field.under_limits() if hasattr(field, "under_limits") else {}
    return said
