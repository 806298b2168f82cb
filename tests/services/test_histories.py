"""What each release took from which file: noted when it is published, as a look through all figures would find it."""

import pytest
from alembic import command
from sqlalchemy import delete, select

from api.catalogue import FileUse
from api.database import Database
from api.models import Observation, ReleaseFile, Series
from api.queries.histories import read_histories
from api.services import schema
from api.services.publish import Figure, Removal, publish, withdraw
from tests.conftest import DATABASES, own_database


@pytest.fixture(params=DATABASES)
def database(request, tmp_path):
    made = Database(own_database(request, tmp_path, "histories"))
    yield made
    made.engine.dispose()


def looked_through(connection, release):
    """What each indicator took from each file up to a release, by looking at every observation."""
    columns = (
        Series.indicator_id,
        Observation.source_file_id,
        Observation.first_release,
        Observation.last_release,
    )
    found = {}
    for indicator, file, first, last in connection.execute(
        select(*columns).select_from(Observation).join(Series, Series.id == Observation.series_id)
    ):
        if first <= release:
            moments, holds = found.setdefault((indicator, file), (set(), []))
            moments |= {first} | ({last + 1} if last is not None and last < release else set())
            holds.append(last is None or last >= release)
    uses = {}
    for (indicator, file), (moments, holds) in sorted(found.items()):
        use = FileUse(file=file, first=min(moments), changed=max(moments), holds=any(holds))
        uses.setdefault(indicator, []).append(use)
    return uses


def changed(connection):
    """A figure of another file, one that is the same but for its file, and one that is taken out."""
    columns = (Series.indicator_id, Series.region_id, *Observation.__table__.columns)
    rows = connection.execute(
        select(*columns)
        .join(Observation, Observation.series_id == Series.id)
        .where(Observation.last_release.is_(None), Observation.value.is_not(None))
        .order_by(Series.id, Observation.period_start)
        .limit(3)
    ).all()

    def figure(row, **said):
        names = ("period", "period_start", "period_duration", "value", "status", "note", "lower", "upper")
        given = {name: getattr(row, name) for name in names} | {"source_file": row.source_file_id} | said
        return Figure(indicator=row.indicator_id, region=row.region_id, bounds_kind=row.bounds_kind, **given)

    another, same, gone = rows
    other_file = 1 if another.source_file_id != 1 else 2
    key = {"period_start": gone.period_start, "period_duration": gone.period_duration}
    return [
        figure(another, value=another.value + 1, source_file=other_file),
        figure(same, source_file=other_file),
        Removal(indicator=gone.indicator_id, region=gone.region_id, **key),
    ]


def test_what_is_noted_is_what_is_there(database):
    with database.begin() as connection:
        publish(connection, changed(connection), reason="x")
        publish(connection, changed(connection), reason="y")
        withdraw(connection, 6, reason="z")
    with database.connect() as connection:
        wanted = {release: looked_through(connection, release) for release in range(1, 8)}
        assert {release: read_histories(connection, release) for release in wanted} == wanted
    assert len({repr(uses) for uses in wanted.values()}) > 4
    with database.begin() as connection:
        command.downgrade(schema.config(connection), "0010")
        command.upgrade(schema.config(connection), "head")
    with database.connect() as connection:
        assert {release: read_histories(connection, release) for release in wanted} == wanted
    with database.begin() as connection:  # as code that knew nothing of it would have left it
        connection.execute(delete(ReleaseFile).where(ReleaseFile.release_id.in_([1, 5, 7])))
    with database.connect() as connection:
        assert {release: read_histories(connection, release) for release in wanted} == wanted
