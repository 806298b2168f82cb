"""Days of publication: of our own releases, and of the publishers as far as a release knows them.

The day on which a file was fetched is no day of publication, and no answer holds a day after its own release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from api.answers.reading import Reading
from api.catalogue import FileUse, Indicator, ReleaseInfo, SourceFile
from api.queries.histories import read_histories


def histories(reading: Reading) -> Mapping[int, Sequence[FileUse]]:
    """What each indicator took from which file up to the release; read when it is first asked for, and kept."""
    catalogue = reading.catalogue
    if not catalogue.histories:
        with reading.database.connect() as connection:
            catalogue.histories.update(read_histories(connection, reading.release))
    return catalogue.histories


def of_figures(reading: Reading, indicators: Iterable[Indicator]) -> dict[str, str]:
    """When figures of some indicators were first served here, and when they last changed (ISO 8601, UTC)."""
    known = histories(reading)
    uses = [use for item in indicators for use in known.get(item.id, ())]
    current = reading.catalogue.release
    first = min((use.first for use in uses), default=current.id)
    changed = max((use.changed for use in uses), default=current.id)
    return {
        "issued": _release(reading, first).published_at,
        "modified": _release(reading, changed).published_at,
    }


def last_updated(reading: Reading, indicator: Indicator) -> str | None:
    """The day on which the publisher last updated an indicator, as far as the release knows it.

    None where it holds no figures, or the newest of them stand in a file whose day of publication is not known.
    """
    uses = [use for use in histories(reading).get(indicator.id, ()) if use.holds]
    if not uses:
        return None
    files = reading.catalogue.source_files
    if all(files[use.file].version_date is None for use in uses):
        given = indicator.last_updated
        return given if given is not None and given <= _day(reading.catalogue.release) else None
    known: list[str] = []
    unknown: list[str] = []
    for use in uses:
        day, entered = files[use.file].version_date, _day(_release(reading, use.first))
        if day is not None and day <= entered:
            known.append(day)
        else:
            # A file that is newer than the release was fetched afterwards: it says nothing of the figures' day.
            unknown.append(entered)
    newest = max(known, default="")
    return newest if newest and newest >= max(unknown, default="") else None


def version_date(reading: Reading, file: SourceFile) -> str | None:
    """The day of a file's version; None where it is not known, or lies after the release."""
    day = file.version_date
    return day if day is not None and day <= _day(reading.catalogue.release) else None


def _release(reading: Reading, number: int) -> ReleaseInfo:
    return next(item for item in reading.releases if item.id == number)


def _day(release: ReleaseInfo) -> str:
    return release.published_at[:10]
