"""A catalogue that another one takes the place of is freed at once, whatever was asked of it.

Python looks for reference cycles seldom here, so that one which is part of a cycle would stay for hours: of tens of
thousands of regions it takes a hundred megabytes, with every publication.
"""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
from sqlalchemy import text

from api import create_app
from api.settings import Settings
from tests.api.test_pinned_answers import addresses, one_of_each

ASKED = [address for address in one_of_each(addresses(4)) if "/download" not in address]


def test_a_catalogue_is_freed_without_a_look_for_cycles(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(database_url=sqlite_url, downloads_path=str(tmp_path / "downloads")))
    client = app.test_client()
    gc.collect()
    gc.disable()
    try:
        kept = []
        for address in ASKED:
            assert client.get(address, buffered=True).status_code == 200
            releases = app.extensions["releases"]
            before = weakref.ref(releases.current())
            releases._catalogues.clear()
            if before() is not None:
                kept.append(address)
                gc.collect()
        assert kept == []
    finally:
        gc.enable()
        app.extensions["database"].engine.dispose()


def test_no_catalogue_stays_that_nobody_can_ask_for(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """On SQLite every write makes all that is kept another database's."""
    shutil.copy(request.getfixturevalue("sqlite_seeded"), tmp_path / "own.sqlite3")
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    app = create_app(Settings(database_url=url, downloads_path=str(tmp_path / "downloads"), release_check_seconds=0))
    client, releases, held = app.test_client(), app.extensions["releases"], []
    for number in range(5):
        with app.extensions["database"].begin() as connection:
            connection.execute(text(f"UPDATE release SET reason = 'for the {number}th time' WHERE id = 4"))
        for release in (3, 4):
            assert client.get(f"/v1/components?release={release}").status_code == 200
        held.append(len({origin for origin, _ in releases._catalogues}))
    assert held[0] >= 1 and max(held) <= 2
    app.extensions["database"].engine.dispose()
