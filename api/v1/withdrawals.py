"""Withdrawals: partners take back what they published."""

from api.http import publication
from api.http.blueprint import Blueprint
from api.http.writes import Done, Writing
from api.schemas.drafts import DryRunQuestion
from api.schemas.withdrawals import WithdrawalAnswer, WithdrawalBody
from api.services.drafts import taking_back

blp = Blueprint("withdrawals", __name__, description="Releases of partners that are taken back.")


@blp.write(
    "/releases/<release>/withdraw",
    scope="publish",
    query=DryRunQuestion,
    body=WithdrawalBody,
    answer=WithdrawalAnswer,
    statuses=(200, 201),
    meets=("unknown-id", "withdrawal-refused"),
    example={"reason": "The column of 2024 was sent as 2025."},
)
def withdraw_release(writing: Writing, release: str) -> Done:
    """Take back a release of yours

    It is read no more, and what it changed goes back to what was before it, in a release of its own. For what must not
    be read: other releases since that still hold its figures are read no more either (`to`). A mistake that may stay
    readable in its own release is put right by a draft of the kind `correction`. `dry_run=true` says what it would
    come to.
    """
    dry_run = bool(writing.query.get("dry_run", False))
    found = taking_back.take_back(
        writing.connection, writing.actor, release, reason=writing.body["reason"], dry_run=dry_run
    )
    data = {
        "withdrawn": found.withdrawn,
        "release": found.release,
        "state": "published" if dry_run else "withdrawn",
        "ended": found.ended,
        "restored": found.restored,
        "to": found.last,
    }
    if dry_run:
        return Done(data=data)
    location = f"/v1/releases/{found.release}"
    return Done(data=data, status=201, location=location, follow=publication.wake(writing.settings))
