"""What the bytes of an answer depend on beside the question: tags, names of files and caches are made of this alone."""

from __future__ import annotations

from api import build
from api.catalogue import ReleaseInfo
from api.settings import Settings


def identity_of(release: ReleaseInfo, settings: Settings) -> str:
    """The identity of what is answered at a release: the release, the build that answers, and the settings it tells.

    A release is named by its number, its mark (which database it is of, and so which figures it holds) and its
    fingerprint (all that it says besides figures).
    """
    return f"{release.id}-{release.mark}-{release.fingerprint}-{build.fingerprint()}-{settings.fingerprint}"
