"""Releases that answer no more: those that were withdrawn, and those that held figures of one that was."""

from __future__ import annotations

from collections.abc import Sequence

from api.catalogue import ReleaseInfo
from api.errors import Fault, Problem


def refuse_withdrawn(release: ReleaseInfo, known: Sequence[ReleaseInfo], *, field: str = "release") -> None:
    """Problem `release-withdrawn` where a release answers no more, with why, since when, and what answers instead.

    `known` are all releases, oldest first. The newest always answers: a withdrawal is a release that does.
    """
    if release.withdrawn_by is None:
        return
    by = next(item for item in known if item.id == release.withdrawn_by)
    said = f"by release {by.id} on {by.published_at[:10]}: {by.reason.rstrip('.')}."
    if by.withdraws == release.id:
        message = f"Release {release.id} was withdrawn {said}"
    else:
        message = f"Release {release.id} holds figures of release {by.withdraws}, which was withdrawn {said}"
    newest = known[-1].id
    before = before_of(release, known)
    older = f", or for release {before.id}, the last before it that is answered" if before else ""
    message += f" Ask for release {newest}, the current one{older}."
    allowed = (str(newest), "latest", *([str(before.id)] if before else []))
    raise Problem("release-withdrawn", message, faults=(Fault("release-withdrawn", field, message, allowed),))


def before_of(release: ReleaseInfo, known: Sequence[ReleaseInfo]) -> ReleaseInfo | None:
    """The newest release before another that is answered; None for the first. What changed is told against it."""
    earlier = [item for item in known if item.id < release.id and item.withdrawn_by is None]
    return earlier[-1] if earlier else None
