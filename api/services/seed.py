"""Loads the figures that come with the project (`seed/`) as the releases of the package, in one transaction.

An empty database is given all of them, at the moments that the package tells. One that holds earlier releases of the
package is given those that came since, each as its next release: published now, since readers see it from now on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from api import models
from api.database import Database
from api.services import additions, boundaries, projections, schema
from api.services.described import Model, Revision, held_rows, history_keys, key_of, revise
from api.services.package import Numbers, Package, Row, changes_of
from api.services.ranges import Key, RefusedError, open_release
from api.services.ranges import key_of as key_of_figure
from api.services.releasing import finish_release
from api.services.sizes import note_sizes
from api.settings import SEED

_BATCH = 5_000

Progress = Callable[[str], None]


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been published in this database yet."""
    return connection.execute(select(models.Release.id).limit(1)).first() is None


def load(connection: Connection, *, progress: Progress, folder: Path = SEED, projected: bool = True) -> int:
    """Load the package in `folder`; `progress` is told what is being loaded. Returns the number of observations.

    Unless they are wanted `projected`, the projections that come with the figures are left out, to be computed anew.
    """
    said = _Loading(connection, Package(folder), progress).all()
    if projected:
        progress("projections")
        projections.complete(connection, folder=folder)
    return sum(item.figures for item in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A release of the package as it was published: its number in the database, and how many figures begin with it."""

    release: int
    reason: str
    figures: int
    left_out: int
    """How many rows of it were left out, since releases of others said something of the same."""


def bring(connection: Connection, *, progress: Progress, folder: Path = SEED) -> list[Said]:
    """Publish the releases of a package that a database with earlier ones lacks, as its next releases.

    What the database's own releases said of the same figures, places or texts stands: it is left as it is. Nothing is
    published into a database that holds no release of the package at all. RefusedError where the database has an
    indicator or a file of its own under a name that the package has since.
    """
    package = Package(folder)
    held = package.held(connection)
    missing = [row for row in package.releases if held and row["id"] > max(held)]
    if not missing:
        return []
    own = _own_releases(connection, held.values())
    _refuse_if_named_alike(connection, package, max(held), own)
    brought = _Loading(connection, package, progress).later(missing, own=own)
    progress("projections")
    projections.complete(connection, folder=folder)
    return brought


def fill(url: str, *, projected: bool = True, folder: Path = SEED) -> str:
    """Make a database with the figures of a package at an address, and give the address back: for tests and tools."""
    database = Database(url)
    database.create()
    with database.begin() as connection:
        schema.migrate(connection)
    with database.begin() as connection:
        load(connection, progress=lambda _: None, projected=projected, folder=folder)
        note_sizes(connection)
    database.engine.dispose()
    return url


def _own_releases(connection: Connection, of_package: Iterable[int]) -> set[int]:
    """The releases of others than the package and the service itself that say something still.

    What was withdrawn says nothing, and its withdrawal says what was before it.
    """
    release = models.Release
    columns = (release.id, release.state, release.withdraws_id, release.actor, release.reason)
    others = {
        row.id: row
        for row in connection.execute(select(*columns))
        if row.id not in of_package and not additions.is_of_the_service(row.actor, row.reason)
    }
    return {number for number, row in others.items() if row.state != "withdrawn" and row.withdraws_id not in others}


def _refuse_if_named_alike(connection: Connection, package: Package, last: int, own: Collection[int]) -> None:
    """Refuse where figures of the package would come under an indicator or a file of the database's own."""
    for model, kind, new in (
        (models.Indicator, "indicator", package.indicators(after=last)),
        (models.SourceFile, "source file", package.files(after=last)),
    ):
        held = held_rows(connection, model).values()
        taken = sorted(row["slug"] for row in held if row["slug"] in new and row["first_release"] in own)
        if taken:
            raise RefusedError(
                f"Newer figures of the project are not published: they have the {kind} {taken[0]!r}, and so has a "
                "release of this database. Withdraw it, publish its figures under another name, and start again."
            )


class _Loading:
    """One loading: the connection, the package, and the numbers that the database has for its slugs and codes."""

    def __init__(self, connection: Connection, package: Package, progress: Progress) -> None:
        self.connection = connection
        self.package = package
        self.progress = progress
        self.numbers = Numbers(
            regions=self._numbers(models.Region.code, models.Region.id, package.regions()),
            indicators=self._numbers(models.Indicator.slug, models.Indicator.id, package.indicators()),
            files=self._numbers(models.SourceFile.slug, models.SourceFile.id, package.files()),
        )

    def all(self) -> list[Said]:
        """Load every release into an empty database."""
        releases = [(row["id"], row) for row in self.package.releases]
        self._insert(models.Release, (row | {"actor": self.package.actor(number)} for number, row in releases))
        outlines = boundaries.of_package(self.package.folder, self.numbers.regions)
        return self._say(releases, [Revision(model, rows) for model, rows in outlines], only_new=False)

    def later(self, releases: Iterable[Row], *, own: Collection[int]) -> list[Said]:
        """Publish some releases after those that there are; what those of others (`own`) said stands."""
        opened = [
            (open_release(self.connection, published_at=None, actor=self.package.actor(row["id"]), **_why(row)), row)
            for row in releases
        ]
        return self._say(opened, [], own=own)

    def _say(
        self,
        releases: list[tuple[int, Row]],
        outlines: list[Revision],
        *,
        own: Collection[int] = (),
        only_new: bool = True,
    ) -> list[Said]:
        """Have releases of these numbers say what those of the package say."""
        figures = self._figures()
        self.progress("places, sources, components, indicators and what others printed")
        described = self.package.described(self.numbers, figures)
        changed, left = {}, {}
        for number, row in releases:
            first = row is releases[0][1]
            revisions = [*_revisions(described, row["id"], first=first), *(outlines if first else [])]
            left[number] = sum(self._leave_own(revision, own) for revision in revisions)
            counts = revise(self.connection, number, revisions)
            changed[number] = {model for model, count in counts.items() if count}
        self._name_series(figures)
        every = list(chain.from_iterable(figures.values()))
        of_others = self._figures_of(own)
        said = []
        for number, row in releases:
            self.progress(f"coverage of release {number}")
            changes = list(changes_of(every, row["id"]))
            kept = [change for change in changes if key_of_figure(change) not in of_others]
            finish_release(self.connection, number, kept, described=changed[number], only_new=only_new)
            left_out = left[number] + len(changes) - len(kept)
            said.append(Said(release=number, reason=row["reason"], figures=_added(kept), left_out=left_out))
        return said

    def _figures(self) -> dict[str, list[Row]]:
        """The observations of each indicator, of all releases."""
        found = {}
        for slug in self.package.indicators():
            self.progress(slug)
            found[slug] = self.package.figures(slug, self.numbers)
        return found

    def _name_series(self, figures: dict[str, list[Row]]) -> None:
        """Give figures the numbers of their series, and make those that there are not, by indicator and region."""
        series = models.Series
        for slug, rows in figures.items():
            indicator = self.numbers.indicators[slug]
            made = select(series.region_id, series.id).where(series.indicator_id == indicator)
            known = dict(self.connection.execute(made).all())
            new = sorted({row["region_id"] for row in rows} - known.keys())
            self._insert(series, ({"indicator_id": indicator, "region_id": region} for region in new))
            known = dict(self.connection.execute(made).all()) if new else known
            for row in rows:
                row["series_id"] = known[row.pop("region_id")]

    def _leave_own(self, revision: Revision, own: Collection[int]) -> int:
        """Take out of a revision what other releases said something of, or took away; how many rows these were."""
        said = {key for key, row in held_rows(self.connection, revision.model).items() if row["first_release"] in own}
        said |= history_keys(self.connection, revision.model, own)
        rows = [row for row in revision.rows if key_of(revision.model, row) not in said]
        left, revision.rows = len(revision.rows) - len(rows), rows
        return left

    def _figures_of(self, releases: Collection[int]) -> set[Key]:
        """The keys of the figures that some releases added, changed or took out."""
        if not releases:
            return set()
        row = models.Observation
        ended = row.last_release.in_([release - 1 for release in releases])
        found = select(row.series_id, row.period_start, row.period_duration).where(
            or_(row.first_release.in_(releases), ended)
        )
        return {(series, start, duration) for series, start, duration in self.connection.execute(found)}

    def _numbers(self, name: Any, number: Any, names: Iterable[str]) -> dict[str, int]:
        """The number of each name in the database; those that are new get the next ones, in their order."""
        known: dict[str, int] = dict(self.connection.execute(select(name, number)).all())
        following = max(known.values(), default=0)
        new = {item: following + place for place, item in enumerate((item for item in names if item not in known), 1)}
        return {**known, **new}

    def _insert(self, model: Model, rows: Iterable[Row]) -> None:
        rows = iter(rows)
        while batch := list(islice(rows, _BATCH)):
            self.connection.execute(insert(model), batch)


def _added(changes: Iterable[Row]) -> int:
    """How many changes are figures that begin to stand."""
    return sum(not change["removed"] for change in changes)


def _why(release: Row) -> Row:
    return {"kind": release["kind"], "reason": release["reason"]}


def _revisions(described: dict[Model, list[Row]], release: int, *, first: bool) -> list[Revision]:
    """What a release of the package says besides figures; the first that is published, with all that holds by then."""
    found = []
    for model, rows in described.items():
        latest: dict[Key, Row] = {}
        for row in _until(rows, release, first=first):
            latest[key_of(model, row)] = {name: cell for name, cell in row.items() if name != "first_release"}
        found.append(Revision(model, list(latest.values())))
    return [revision for revision in found if revision.rows]


def _until(rows: list[Row], release: int, *, first: bool) -> Iterator[Row]:
    """The rows that hold since a release, or since any until it."""
    for row in sorted(rows, key=lambda row: int(row["first_release"])):
        if row["first_release"] == release or (first and row["first_release"] < release):
            yield row
