"""Coverage: what is counted at publishing is what a count of the observations would find, at every release."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from api.models import Coverage, Observation, RegionLevel, RegionSuccession, Series
from api.queries.observations import holds_in


@pytest.mark.parametrize("release", [1, 2, 3, 4])
def test_coverage_is_a_count_of_places_with_observations(app, release):
    key = (Series.indicator_id, RegionLevel.level_id, Observation.period_start, Observation.period_duration)
    valued = (
        select(*key, Series.region_id)
        .select_from(Observation)
        .join(Series, Series.id == Observation.series_id)
        .join(RegionLevel, RegionLevel.region_id == Series.region_id)
        .where(Observation.value.is_not(None), holds_in(Observation, release))
    )
    recoded = select(RegionSuccession.predecessor_id, RegionSuccession.successor_id).where(
        RegionSuccession.kind == "recoded"
    )
    kept = select(
        Coverage.indicator_id, Coverage.level_id, Coverage.period_start, Coverage.period_duration, Coverage.regions
    ).where(holds_in(Coverage, release))
    with app.extensions["database"].connect() as connection:
        after = dict(connection.execute(recoded).all())
        rows = connection.execute(valued).all()
        places = {(*row[:4], after.get(row[4], row[4])) for row in rows}
        assert {tuple(row) for row in connection.execute(kept)} == {
            (*covered, count) for covered, count in Counter(place[:4] for place in places).items()
        }
    assert len(rows) - len(places) == (8 if release < 3 else 16)  # under both codes of Barnsley and Sheffield


def test_a_release_adds_only_what_it_changes(app):
    added = select(Coverage.first_release, func.count()).group_by(Coverage.first_release)
    covered = select(Coverage.first_release, Coverage.indicator_id, Coverage.period)
    observed = select(Observation.first_release, Series.indicator_id, Observation.period).join(Series)
    with app.extensions["database"].connect() as connection:
        rows = dict(connection.execute(added).all())
        changed = {tuple(row) for row in connection.execute(observed)}
        assert {tuple(row) for row in connection.execute(covered)} <= changed
    assert rows[1] > 10 * max(rows.get(release, 0) for release in (2, 3))
