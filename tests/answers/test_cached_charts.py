"""Charts are made once for all widths and themes, and drawn each time."""

from dataclasses import replace

import pytest

from api import create_app
from api.answers.charts import groups
from api.settings import Settings

ASKED = "/v1/charts/comparison.svg?indicator=gigabit-availability&level=itl1"


@pytest.fixture
def app(sqlite_url, tmp_path):
    settings = replace(Settings(), database_url=sqlite_url, downloads_path=str(tmp_path), caches="groups")
    return create_app(settings)


def test_a_chart_is_made_once_for_all_looks(app, monkeypatch):
    made = []
    comparison = groups.comparison

    def counted(reading, asked):
        made.append(asked)
        return comparison(reading, asked)

    counted.__name__, counted.__module__ = comparison.__name__, comparison.__module__
    monkeypatch.setattr(groups, "comparison", counted)
    client = app.test_client()
    looks = ["", "&width=400", "&theme=dark", "&width=1200&theme=auto"]
    images = [client.get(f"{ASKED}{look}").text for look in looks]
    assert len(made) == 1
    assert len(set(images)) == len(looks)
    assert 'width="400"' in images[1] and 'width="1200"' in images[3]
    assert client.get(ASKED).text == images[0]


def test_what_is_asked_otherwise_or_of_another_release_is_another_chart(app):
    client = app.test_client()
    images = {
        client.get(f"{ASKED}{more}").text
        for more in ("", "&names=welsh&region=E12000005", "&release=1", "&period=2025-01")
    }
    assert len(images) == 4
