"""Changes: what came after a release, for whoever keeps a copy."""

from api.answers import changes as answers
from api.answers import following
from api.answers.reading import Reading
from api.encoders.negotiate import ATOM, CHANGES, DOWNLOADS, FOLLOWED
from api.filters import ChangesFilter, FeedFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import changes as schemas

blp = Blueprint("changes", __name__, description="What changed since a release, release by release.")


@blp.read(
    "/changes",
    query=schemas.ChangesQuestion,
    answer=schemas.ChangesAnswer,
    formats=CHANGES,
    example="/v1/changes?since=2&limit=3",
)
def list_changes(reading: Reading, asked: ChangesFilter) -> Answer:
    """List the changes since a release

    Each observation that was added, changed or removed after the release that you have, with its old and new value,
    the release that made it and that one's kind; in order of release, indicator, region and period. Take them up in
    this order, and your copy is that of `meta.new_release`. Follow `links.next`; the last page has the `since` to ask
    with next time (`meta.next_since`; of a table it is the release in `Content-Location`).

    What a withdrawn release changed is not told. Where you have one already, ask with it as `since`: what it said goes
    back, without its figures (`old_value` is null). Where a release is withdrawn while you read its changes (410), ask
    since it, and then since the one that you began with.
    """
    return answers.list_changes(reading, asked)


@blp.read(
    "/feed",
    query=schemas.FeedQuestion,
    formats=FOLLOWED,
    example="/v1/feed?indicator=gigabit-availability",
)
def follow_changes(reading: Reading, asked: FeedFilter) -> Answer:
    """Follow what is published

    Releases, corrections and withdrawals, the newest first, 100 at the most, each with its reason, whose figures it
    brings, and the indicators and regions that it touched. As Atom (RFC 4287) or JSON Feed 1.1. `indicator` and
    `region` make a feed of one indicator, or of one place. The identifier of an entry never changes; that a release was
    withdrawn is told in its own entry as well.
    """
    return following.of_changes(reading, asked, ATOM.media_type, DOWNLOADS)
