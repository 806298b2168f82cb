"""Webhooks are told by a command, where no process beside the server does it."""

from pathlib import Path

import pytest

from api import create_app
from api.services import keys
from api.services.audit import Actor
from api.services.drafts import wanted
from api.services.publish import publish
from api.services.webhooks import receivers
from api.settings import Settings
from tests.api.test_withdrawn import figure
from tests.conftest import own_database
from tests.receiving import receiver


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    made = create_app(
        Settings(
            database_url=own_database(request, tmp_path, "delivering"),
            drafts_path=str(tmp_path / "drafts"),
            release_check_seconds=0,
            webhooks_private="on",
        )
    )
    yield made
    made.extensions["database"].engine.dispose()


def test_what_is_due_is_sent_once(app):
    runner, database = app.test_cli_runner(), app.extensions["database"]
    with receiver() as to:
        with database.begin() as connection:
            key, _ = keys.create(connection, owner="Dudley Council", scopes=["publish"])
            _, to.secret = receivers.create(connection, Actor(key=key), url=to.url, private=True)
        with database.begin() as connection:
            publish(connection, [figure(app, 41.0)], reason="Others.")
        told = runner.invoke(args=["data", "deliver", "--once"])
        assert (told.exit_code, told.output) == (0, "Made 1 attempts.\n")
        assert runner.invoke(args=["data", "deliver", "--once"]).output == "Made 0 attempts.\n"
        assert to.releases == [5] and len(to.said) == 1


def test_one_process_at_a_time(app):
    with wanted.held(Path(app.extensions["settings"].drafts_path), wanted.DELIVERY):
        told = app.test_cli_runner().invoke(args=["data", "deliver", "--once"])
    assert told.exit_code == 1 and "Another process tells webhooks" in told.output
