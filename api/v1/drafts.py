"""Drafts: what partners upload, look at, and publish."""

from dataclasses import replace

from api.answers import releases
from api.answers.reading import Reading
from api.encoders.negotiate import JSON
from api.filters import DiffFilter
from api.http import publication, reads, uploads
from api.http import told_drafts as answers
from api.http.blueprint import Blueprint
from api.http.elsewhere import Serving
from api.http.writes import Done, Writing
from api.rows import Answer
from api.schemas import draft_bodies as bodies
from api.schemas import drafts as schemas
from api.schemas.releases import DiffAnswer, DiffQuestion
from api.services.drafts import lifecycle, parts
from api.services.drafts import uploads as files


class OfDraft(DiffQuestion):
    """The question of what a draft changes, which is named in the path."""

    class Meta(DiffQuestion.Meta):
        exclude: tuple[str, ...] = (*DiffQuestion.Meta.exclude, "draft")


SERVING = Serving(
    name="diff_draft", offered=(JSON,), of_release=False, suffixed=False, parameters=frozenset(OfDraft().fields)
)


def differences(reading: Reading, asked: DiffFilter) -> Answer:
    """What the draft that is read changes: its release against the one before it."""
    return releases.differences(reading, asked, reading.releases[-2], reading.releases[-1])


blp = Blueprint("drafts", __name__, description="Figures of partners: uploaded, checked, looked at, published.")
_CHANGED = ("unknown-id", "draft-conflict", "draft-changed")


@blp.write(
    "/drafts",
    scope="upload",
    body=bodies.NewDraft,
    answer=schemas.DraftAnswer,
    meets=("draft-conflict",),
    example={"reason": "Digital inclusion in Dudley, 2026"},
)
def create_draft(writing: Writing) -> Done:
    """Begin a draft

    A draft is yours alone: nobody without a key of yours can read it, or learn that it is there. Upload files to it,
    look at what is wrong with them and at what they change, and publish all of it in one step, or discard it.
    """
    draft = lifecycle.create(writing.connection, writing.actor, **writing.body)
    return answers.told(writing.connection, draft, status=201)


@blp.private("/drafts", answer=schemas.DraftList, meets=())
def list_drafts(writing: Writing) -> Done:
    """List your drafts

    The newest first, with what became of each; those that were discarded are left out.
    """
    return answers.listed(writing.connection, lifecycle.all_of(writing.connection, writing.actor))


@blp.private("/drafts/<draft>", answer=schemas.DraftAnswer)
def get_draft(writing: Writing, draft: str) -> Done:
    """Get a draft

    With its files, how far checking them has come, and what is wrong with them. `ETag` names this version of it.
    """
    return answers.told(writing.connection, lifecycle.find(writing.connection, writing.actor, draft))


@blp.write("/drafts/<draft>", scope="upload", method="DELETE", statuses=(204,), meets=_CHANGED, versioned=True)
def discard_draft(writing: Writing, draft: str) -> Done:
    """Discard a draft

    It can neither be read nor published any more. What became a release is taken back by withdrawing that.
    """
    lifecycle.discard(writing.connection, writing.actor, draft, if_match=writing.if_match)
    return Done(status=204)


@blp.write(
    "/drafts/<draft>/uploads",
    scope="upload",
    receive=uploads.receive,
    query=schemas.UploadQuestion,
    answer=schemas.UploadAnswer,
    statuses=(202,),
    meets=(*_CHANGED, "too-many-requests"),
)
def upload_file(writing: Writing, draft: str) -> Done:
    """Upload a file

    CSV, gzip of it, XLSX, Parquet, JSON-stat or SDMX-CSV, raw or as the one part of a form. It is checked in the
    background: ask for the draft until it is `checked`. All errors are told at once, each with its row, column, value,
    what to do and the nearest right value. Of the columns `indicator`, `region`, `period`, `value`, `status`, `lower`,
    `upper`, `note` those that a file has are recognised by their usual heads.
    """
    options = uploads.options_of(writing.query, writing.actor)
    sent = writing.received
    upload = files.add(
        writing.connection,
        writing.actor,
        draft,
        name=sent.name,
        media_type=sent.media_type,
        size=sent.bytes,
        sha256=sent.sha256,
        options=options,
    )
    return answers.uploaded(upload, follow=publication.wake(writing.settings))


@blp.private("/drafts/<draft>/diff", query=OfDraft, answer=DiffAnswer, meets=("unknown-id", "draft-conflict"))
def diff_draft(writing: Writing, draft: str) -> Done:
    """List what a draft changes

    Each figure that it adds, changes or takes out, beside what stands, as `/v1/releases/{release}/diff/{other}` tells
    it of releases. Any other read shows the draft as it will be with `draft=`.
    """
    lifecycle.find(writing.connection, writing.actor, draft)
    asked = replace(writing.asked, draft=draft, given={**writing.asked.given, "draft": draft})
    return Done(response=reads.respond(differences, asked, {}, SERVING))


@blp.private("/drafts/<draft>/uploads/<upload>", answer=schemas.UploadAnswer)
def get_upload(writing: Writing, draft: str, upload: str) -> Done:
    """Get a file of a draft

    What it was understood as, and what is wrong with it.
    """
    lifecycle.find(writing.connection, writing.actor, draft)
    return answers.uploaded(files.one(writing.connection, draft, upload), status=200)


@blp.private("/drafts/<draft>/uploads/<upload>/faults", media_type="text/csv", meets=("unknown-id", "draft-conflict"))
def get_faults(writing: Writing, draft: str, upload: str) -> Done:
    """Get the rows with faults

    A CSV table of every row that has one, as it stood in the file, with what is wrong in further columns: to be mended
    in Excel and uploaded again. Cells that a spreadsheet would run as a formula are made safe.
    """
    lifecycle.find(writing.connection, writing.actor, draft)
    return answers.faults(writing.settings, files.one(writing.connection, draft, upload))


@blp.write("/drafts/<draft>/uploads/<upload>", scope="upload", method="DELETE", statuses=(204,), meets=_CHANGED)
def remove_upload(writing: Writing, draft: str, upload: str) -> Done:
    """Take a file out of a draft

    Its figures are no part of the draft any more. To send it again mended, upload it anew.
    """
    files.remove(writing.connection, writing.actor, draft, upload)
    return Done(status=204, follow=publication.wake(writing.settings))


@blp.write(
    "/drafts/<draft>/indicators/<indicator>",
    scope="upload",
    method="PUT",
    body=bodies.OwnIndicatorBody,
    answer=schemas.PartAnswer,
    statuses=(200, 201),
    meets=_CHANGED,
    example={
        "title": "Residents who are digitally excluded",
        "description": "Adults who have not used the internet in three months, by the council's residents' survey.",
        "component": "digital-skills",
        "unit": "% of adults",
        "measure": "rate",
        "polarity": "lower-is-better",
    },
)
def describe_indicator(writing: Writing, draft: str, indicator: str) -> Done:
    """Describe an indicator of your own

    It becomes visible with the draft. Figures of yours are published under indicators of yours, never in the place of
    national ones; `variant_of` names the national one that yours is a variant of.
    """
    part = parts.Part(kind=parts.INDICATOR, name=indicator, content=writing.body)
    new = parts.put(writing.connection, writing.actor, draft, part, url=writing.settings.public_url)
    return answers.described(part, new=new, follow=publication.wake(writing.settings))


@blp.write(
    "/drafts/<draft>/places/<place>",
    scope="upload",
    method="PUT",
    body=bodies.PlaceBody,
    answer=schemas.PartAnswer,
    statuses=(200, 201),
    meets=_CHANGED,
    example={"name": "St James's", "level": "ward", "within": "E08000027"},
)
def describe_place(writing: Writing, draft: str, place: str) -> Done:
    """Describe a place of your own

    A ward, or a neighbourhood, below a local authority, with its outline where you have one. It becomes visible with
    the draft. Wards have GSS codes; give a neighbourhood a code of your own, of capital letters and digits.
    """
    part = parts.Part(kind=parts.PLACE, name=place, content=writing.body)
    new = parts.put(writing.connection, writing.actor, draft, part, url=writing.settings.public_url)
    return answers.described(part, new=new, follow=publication.wake(writing.settings))


@blp.write(
    "/drafts/<draft>/check",
    scope="upload",
    answer=schemas.DraftAnswer,
    statuses=(202,),
    meets=_CHANGED,
    versioned=True,
)
def check_draft(writing: Writing, draft: str) -> Done:
    """Compare a draft with the newest release

    After others published what your draft changes too: its files are checked again, and `/diff` shows what it changes
    now.
    """
    found = lifecycle.check_anew(writing.connection, writing.actor, draft, if_match=writing.if_match)
    return answers.told(writing.connection, found, status=202, follow=publication.wake(writing.settings))


@blp.write(
    "/drafts/<draft>/publish",
    scope="publish",
    query=schemas.DryRunQuestion,
    answer=schemas.PublishedAnswer,
    statuses=(200, 201, 202),
    meets=_CHANGED,
    versioned=True,
)
def publish_draft(writing: Writing, draft: str) -> Done:
    """Publish a draft

    All of it in one step, as the next release; 201 with its number. A long draft, and one that waits for its moment
    (`publish_at`), is published in the background: 202. Where others published the same figures since the draft was
    compared, nothing is published: 409, with what changed.
    """
    return publication.publish(writing, draft)
