"""Withdrawing: whatever the history, no release that is answered holds what a withdrawn one said."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.database import Database
from api.queries.releases import all_releases
from api.services.publish import publish
from api.services.ranges import RefusedError
from api.services.withdraw import consequences, withdraw
from tests.services.test_publish import REGIONS, START, YEARS, figure, removal, state, template

__all__ = ["template"]

cells = st.tuples(st.sampled_from(REGIONS[:2]), st.sampled_from(YEARS[:1]))
published = st.dictionaries(cells, st.booleans(), min_size=1, max_size=2)
"""What a release does to some figures: sets them to what nobody else says (True), or takes them out."""
steps = st.lists(st.one_of(published, st.integers(0, 9)), min_size=1, max_size=9)


@pytest.fixture
def own(template, tmp_path):
    shutil.copy(template, tmp_path / "own.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    yield database
    database.engine.dispose()


def after(number):
    return START + timedelta(days=number)


@settings(max_examples=50, deadline=None)
@given(history=steps)
def test_no_release_that_is_answered_holds_what_a_withdrawn_one_said(template, tmp_path_factory, history):
    path = tmp_path_factory.mktemp("run") / "history.sqlite3"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    said: dict[int, dict] = {}
    withdrawn: set[int] = set()
    number = 0
    for step in history:
        reason = {"reason": "r", "published_at": after(number + 1)}
        with database.begin() as connection:
            if isinstance(step, int):
                open_ = [release for release in said if release not in withdrawn]
                if not open_:
                    continue
                gone = open_[step % len(open_)]
                number = withdraw(connection, gone, **reason)
                withdrawn.add(gone)
            else:
                changes = [figure(*cell, float(number + 1)) if sets else removal(*cell) for cell, sets in step.items()]
                there = state(connection, number)
                number = publish(connection, changes, **reason).release
                # To take out what is not there says nothing.
                said[number] = {cell: sets for cell, sets in step.items() if sets or cell in there}
    with database.connect() as connection:
        expected: dict = {}
        for release, step in said.items():
            if release not in withdrawn:
                expected |= {cell: float(release) if sets else None for cell, sets in step.items()}
        assert state(connection, number) == {cell: value for cell, value in expected.items() if value is not None}
        known = all_releases(connection)
        for release in known:
            held = withdrawn & {int(value) for value in state(connection, release.id).values()}
            # What holds such figures is refused, and nothing else; but for gaps in what several withdrawals left.
            refused, must = release.withdrawn_by is not None, bool(held or release.id in withdrawn)
            assert refused >= must
            assert refused == must or len(withdrawn) > 1
        assert known == [] or known[-1].withdrawn_by is None
    database.engine.dispose()


def test_releases_in_between_are_refused_as_far_as_they_hold_its_figures(own):
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=after(1))
        publish(connection, [figure(1, 2020, 2.0)], reason="2", published_at=after(2))
        publish(connection, [figure(2, 2020, 3.0)], reason="3 holds 2's figure", published_at=after(3))
        publish(connection, [figure(1, 2020, 4.0)], reason="4 does not any more", published_at=after(4))
        publish(connection, [figure(3, 2020, 5.0)], reason="5", published_at=after(5))
        withdraw(connection, 2, reason="wrong", published_at=after(6))
        assert [item.withdrawn_by for item in all_releases(connection)] == [None, 6, 6, None, None, None]
        assert state(connection, 6) == {(1, 2020): 4.0, (2, 2020): 3.0, (3, 2020): 5.0}


def test_what_a_withdrawal_put_back_goes_with_the_release_that_said_it(own):
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=after(1))
        publish(connection, [figure(1, 2020, 2.0)], reason="2", published_at=after(2))
        publish(connection, [figure(1, 2020, 3.0)], reason="3", published_at=after(3))
        withdraw(connection, 3, reason="puts 2's figure back", published_at=after(4))
        assert state(connection, 4) == {(1, 2020): 2.0}
        found = consequences(connection, 2)
        assert (len(found.closed), [row["value"] for row in found.opened], found.last) == (1, [1.0], 4)
        withdraw(connection, 2, reason="wrong, too", published_at=after(5))
        assert state(connection, 5) == {(1, 2020): 1.0}
        assert [item.withdrawn_by for item in all_releases(connection)] == [None, 5, 4, 5, None]


def test_what_a_withdrawn_release_said_again_stands_as_what_the_first_one_said(own):
    """The same value: it is of release 1 from then on, and goes with that."""
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0), figure(2, 2020, 1.0)], reason="1", published_at=after(1))
        publish(connection, [figure(1, 2020, 2.0)], reason="2", published_at=after(2))
        publish(connection, [figure(1, 2020, 1.0)], reason="3 says what 1 did", published_at=after(3))
        withdraw(connection, 2, reason="wrong", published_at=after(4))
        withdraw(connection, 3, reason="wrong", published_at=after(5))
        assert state(connection, 5) == {(1, 2020): 1.0, (2, 2020): 1.0}
        publish(connection, [figure(2, 2020, 3.0)], reason="6 holds 1's other figure", published_at=after(6))
        assert consequences(connection, 1).last == 6
        withdraw(connection, 1, reason="wrong, too", published_at=after(7))
        assert state(connection, 7) == {(2, 2020): 3.0}
        assert [item.withdrawn_by for item in all_releases(connection)] == [7, 4, 5, 5, 7, 7, None]


def test_a_withdrawn_figure_does_not_come_back_with_the_next_withdrawal(own):
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=after(1))
        publish(connection, [figure(1, 2020, 2.0)], reason="2", published_at=after(2))
        publish(connection, [figure(1, 2020, 3.0)], reason="3", published_at=after(3))
        withdraw(connection, 2, reason="wrong", published_at=after(4))
        withdraw(connection, 3, reason="wrong", published_at=after(5))
        assert state(connection, 5) == {(1, 2020): 1.0}


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (9, "There is no release 9. The newest is 3."),
        (2, "Release 2 is withdrawn already, by release 3."),
        (3, "Release 3 is itself a withdrawal, of release 2. To have its figures back, publish them anew."),
    ],
)
def test_what_cannot_be_withdrawn(own, release, said):
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=after(1))
        publish(connection, [figure(1, 2020, 2.0)], reason="2", published_at=after(2))
        withdraw(connection, 2, reason="wrong", published_at=after(3))
        with pytest.raises(RefusedError) as refused:
            withdraw(connection, release, reason="again", published_at=after(4))
        assert str(refused.value) == said
        assert len(all_releases(connection)) == 3


def _later(days):
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (after(1), "is not after the last release, 1, which is of 2026-01-02T00:00:00Z"),
        (after(0), "is not after the last release, 1, which is of 2026-01-02T00:00:00Z"),
        (_later(1), "is in the future"),
        (after(2).replace(tzinfo=None), "has no time zone"),
    ],
)
@pytest.mark.parametrize(
    "act",
    [
        lambda connection, moment: publish(connection, [figure(1, 2020, 2.0)], reason="2", published_at=moment),
        lambda connection, moment: withdraw(connection, 1, reason="2", published_at=moment),
    ],
)
def test_a_release_is_later_than_the_last_and_not_of_the_future(own, act, moment, said):
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=after(1))
        with pytest.raises(RefusedError, match=said):
            act(connection, moment)
        assert len(all_releases(connection)) == 1
        assert state(connection, 1) == {(1, 2020): 1.0}


def test_a_moment_of_another_time_zone_is_the_same_moment(own):
    moment = datetime(2026, 1, 2, 1, tzinfo=timezone(timedelta(hours=2)))
    with own.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=moment)
        assert all_releases(connection)[0].published_at == "2026-01-01T23:00:00Z"


def test_a_figure_that_is_given_twice_is_refused(own):
    with own.begin() as connection, pytest.raises(RefusedError, match="given twice"):
        publish(connection, [figure(1, 2020, 1.0), figure(1, 2020, 2.0)], reason="1", published_at=after(1))
