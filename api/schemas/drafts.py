"""Drafts of partners: what is asked in the query, and what is answered."""

from __future__ import annotations

import marshmallow as ma

from api.models.partner import DRAFT_STATES, READERS, UPLOAD_STATES
from api.schemas import fields
from api.schemas.base import Item, Question, flag, many, one, text, texts, whole

_SLUG = r"^[a-z0-9][a-z0-9-]{0,56}$"
_PRINTED = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
"""A line with something in it."""
_PAIR = r"^[a-z_]+:[^,\u0000-\u001f\u007f-\u009f]*[^,\s\u0000-\u001f\u007f-\u009f]$"
_CODE = r"^[A-Z][A-Z0-9]{1,11}$"


class UploadQuestion(Question):
    """How a file is to be read: what is not said is recognised. Loads into a dictionary."""

    filter_type = dict

    reader = fields.Keyword(
        READERS,
        error="{input!r} is no kind of file that is read. Those are {choices}.",
        metadata={"description": "The kind of file; recognised without it.", "example": "tidy-csv"},
    )
    sheet = ma.fields.String(
        metadata={
            "description": "The sheet of a workbook; without it the first that has a table.",
            "pattern": fields.PLAIN,
            "example": "Data",
        }
    )
    indicator = fields.identifier(
        "The indicator of all rows, where the file has no such column.", "gigabit-availability"
    )
    map = fields.Texts(
        ma.fields.String(metadata={"pattern": _PAIR}),
        metadata={
            "description": "Which column of the file is which: `region:Ward code`, `value:Figure`. Needed only "
            "where heads are not recognised.",
            "example": ["value:Figure"],
        },
    )
    set = fields.Texts(
        ma.fields.String(metadata={"pattern": _PAIR}),
        metadata={
            "description": "A value of a column for all rows, where the file has none: `period:2026`.",
            "example": ["period:2026"],
        },
    )

    class Meta:
        unknown = ma.RAISE
        exclude = ("release", "as_of", "draft")


class DryRunQuestion(Question):
    """Whether a publication is only tried. Loads into a dictionary."""

    filter_type = dict

    dry_run = fields.Flag(
        metadata={"description": "Only say what would be published, or why it cannot be.", "example": True}
    )

    class Meta:
        unknown = ma.RAISE
        exclude = ("release", "as_of", "draft")


class FaultItem(Item):
    """Something that is wrong with a row of a file."""

    row = whole("The line of the file, as an editor or Excel shows it; null: of the file.", 7, allow_none=True)
    column = text("The column.", "region", allow_none=True)
    value = text("What stands there.", "E0800O027", allow_none=True)
    severity = text("`error`: the draft cannot be published with it. `warning`: it can.", "error")
    code = text("A stable name of the fault.", "region-unknown")
    message = text("What is wrong and what to do.")
    nearest = text("The nearest right value.", "E08000027", allow_none=True)


class FaultCount(Item):
    """How many rows have a fault of a kind."""

    severity = text("`error` or `warning`.", "error")
    code = text("The fault.", "region-unknown")
    rows = whole("How many rows have it.", 2)


class UploadItem(Item):
    """A file of a draft, and what came of checking it."""

    id = whole("Its number.", 1)
    name = text("As it was called.", "inclusion.csv")
    bytes = whole("How long it is.", 1_204)
    sha256 = text("SHA-256 of the file as it was sent.")
    received_at = text("When it came.", "2026-11-28T09:30:00Z")
    state = text(f"One of {', '.join(UPLOAD_STATES)}: `refused` where it cannot be read.", "checked")
    step = text("What is being done with it.", "checking", allow_none=True)
    rows = whole("Rows that it has.", 48, allow_none=True)
    good = whole("Rows that may be published.", 46, allow_none=True)
    errors = whole("Errors.", 2, allow_none=True)
    warnings = whole("Warnings.", 3, allow_none=True)
    reader = text("What it was read as.", "tidy-csv", allow_none=True)
    columns = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={
            "description": "Which head of the file was understood as which column.",
            "examples": [{"region": "Ward code"}],
        },
    )
    unused = texts("Heads of the file that are not used.", ["Notes"])
    counts = many(FaultCount, "How many rows have which fault.")
    faults = many(FaultItem, "The first 100 faults, errors first. All of them, with their rows: `links.faults`.")
    links = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={
            "description": "Where the table of faults is.",
            "examples": [{"faults": "/v1/drafts/kX3v9QpLr2TzWb1c/uploads/1/faults"}],
        },
    )


class PartItem(Item):
    """An indicator or a place that comes with a draft."""

    kind = text("`indicator` or `place`.", "indicator")
    name = text("Its identifier, or its code.", "digital-exclusion")


class DraftProblem(Item):
    """Why a draft cannot be published as it is."""

    code = text("The kind of problem.", "draft-conflict")
    message = text("What is wrong and what to do.")


class DraftItem(Item):
    """A draft."""

    id = text("Its identifier.", "kX3v9QpLr2TzWb1c")
    owner = text("Whose it is.", "Dudley Council")
    reason = text("Why it will be published.", "Digital inclusion, 2026")
    kind = text("`release` or `correction`.", "release")
    state = text(f"One of {', '.join(DRAFT_STATES)}.", "open")
    ready = flag("Whether it can be published: every file is checked and has no error.", True)  # noqa: FBT003
    version = text("This version of it, as `ETag` names it.", "kX3v9QpLr2TzWb1c.3")
    base_release = whole("The release that it is compared with. What others change after it is a conflict.", 7)
    created_at = text("When it was made.", "2026-11-28T09:30:00Z")
    changed_at = text("When it last changed.", "2026-11-28T09:31:00Z")
    publish_at = text("When it is to be published.", allow_none=True)
    release = whole("The release that it became.", 8, allow_none=True)
    preview = flag("Whether it can be read as it will be (`draft=` in any read, and `/diff`).", True)  # noqa: FBT003
    problem = one(DraftProblem, "Why it could not be published when that was last tried.", allow_none=True)
    uploads = many(UploadItem, "Its files.")
    parts = many(PartItem, "Indicators and places that come with it.")
    links = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Where to go from here.", "examples": [{"self": "/v1/drafts/kX3v9QpLr2TzWb1c"}]},
    )


DraftAnswer = Item.from_dict({"data": one(DraftItem, "The draft.")}, name="DraftAnswer")
DraftList = Item.from_dict({"data": many(DraftItem, "The drafts, the newest first.")}, name="DraftList")
UploadAnswer = Item.from_dict({"data": one(UploadItem, "The file.")}, name="UploadAnswer")
PartAnswer = Item.from_dict({"data": one(PartItem, "What was described.")}, name="PartAnswer")


class PublishedItem(Item):
    """What came of publishing a draft."""

    draft = text("The draft.", "kX3v9QpLr2TzWb1c")
    state = text(
        "`published`; `publishing` where it is done in the background or waits for its moment; `open` of a dry run.",
        "published",
    )
    release = whole("The release.", 8, allow_none=True)
    added = whole("Figures that it added.", 46, allow_none=True)
    changed = whole("Figures that it changed.", 0, allow_none=True)
    removed = whole("Figures that it took out.", 0, allow_none=True)
    publish_at = text("When it is to be published, where it waits for that.", allow_none=True)


PublishedAnswer = Item.from_dict({"data": one(PublishedItem, "What was published.")}, name="PublishedAnswer")
