"""Releases: what was published when, and what changed."""

from flask import Response

from api.answers import feed
from api.answers import releases as answers
from api.answers.reading import Reading
from api.catalogue import ReleaseInfo
from api.encoders.negotiate import ATOM, CSV, CSVW, DOWNLOADS, FEEDS, FILES, JSON
from api.filters import DiffFilter, Nothing, Page
from api.http import downloads
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import releases as schemas
from api.schemas.base import NoParameters
from api.schemas.page import CurrentPageQuestion

blp = Blueprint("releases", __name__, description="What was published when, and what changed.")


@blp.read("/releases", query=CurrentPageQuestion, answer=schemas.ReleaseList, example="/v1/releases")
def list_releases(reading: Reading, asked: Page) -> Answer:
    """List the releases

    Newest first. Every data operation answers from a release (`release=3`), or as it did at a moment
    (`as_of=2026-01-13`), with the same figures for ever. A release marked `reconstructed` was laid out
    afterwards: it holds no figure that was published after its day, and says of figures what is known today.
    """
    return answers.list_releases(reading, asked)


@blp.read("/releases.atom", query=NoParameters, formats=FEEDS, example="/v1/releases.atom")
def follow_releases(reading: Reading, asked: Nothing) -> Answer:
    """Follow the releases in a feed reader

    An Atom feed (RFC 4287): an entry for each release, the newest first, 100 at the most, with its reason, what it
    changed and its files. Corrections and withdrawals are told as such; a release that was withdrawn says so in its
    entry.
    """
    return feed.of_releases(reading, asked, ATOM.media_type, DOWNLOADS)


@blp.read("/releases/<release>", query=NoParameters, answer=schemas.ReleaseAnswer, example="/v1/releases/3")
def get_release(reading: Reading, asked: Nothing, release: ReleaseInfo) -> Answer:
    """Get one release

    When and why it was published, and how many observations it added, changed and removed. One that was withdrawn is
    still described here, though it answers no more.
    """
    return answers.one_release(reading, asked, release)


@blp.file("/releases/<release>/download", FILES)
def download_release(release: str, format: str) -> Response:  # noqa: A002  (as the path names it)
    """Download a whole release

    Every observation of a release as one file, written once: CSV, Parquet, or a ZIP that is a Data Package (the tables
    with their descriptions, licence and what changed). Parts can be asked for with `Range`; `ETag` and `Repr-Digest`
    are the SHA-256 of the file. `latest` stands for the newest release. A file that is not there yet is made when it is
    first asked for; who else asks meanwhile may hear 503 with `Retry-After`.
    """
    return downloads.respond(release, format)


@blp.read(
    "/releases/<release>/diff/<other>",
    query=schemas.DiffQuestion,
    answer=schemas.DiffAnswer,
    formats=(JSON, CSV, CSVW),
    suffixed=False,
    example="/v1/releases/2/diff/3?region=E12000005",
)
def diff_releases(reading: Reading, asked: DiffFilter, release: ReleaseInfo, other: ReleaseInfo) -> Answer:
    """List the differences between two releases

    Each observation that was added, changed or removed, with its old and new value, and the counts of all of them.
    The filters are those of the observations; every change is told under the code that the figure is published under.
    """
    return answers.differences(reading, asked, release, other)
