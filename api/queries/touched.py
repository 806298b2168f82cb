"""What releases touched: the indicators and regions of which figures began or ceased to hold with them."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from api.models import ReleaseFile


def indicators_touched(connection: Connection, first: int, last: int) -> dict[int, frozenset[int]]:
    """The indicators (by number) that each release from one to another touched, as noted when it was published."""
    statement = select(ReleaseFile.release_id, ReleaseFile.indicator_id).where(
        ReleaseFile.release_id.between(first, last), ReleaseFile.begun + ReleaseFile.ended > 0
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for release, indicator in connection.execute(statement.distinct()):
        found[release].add(indicator)
    return {release: frozenset(indicators) for release, indicators in found.items()}
