"""Projecting a release: what is computed and what is not again, and that no answer once given changes."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

import api.services
from api import create_app
from api.filters import At
from api.models import Indicator, Observation, Projection, Region, Series
from api.services import project
from api.services.publish import Figure, publish, withdraw
from api.settings import SEED, Settings
from tests.conftest import own_database
from tests.contract_client import ContractClient

PROJECTED = "/v1/series/gva-sic-j-per-head/E12000005/projection"
OTHER = "/v1/series/gva-sic-j-per-head/E12000002/projection"
ONE = {"indicators": ("gva-sic-j-per-head",), "regions": ("E12000005",)}


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An application on a database of its own with the figures of the seed, nothing projected."""
    url = own_database(request, tmp_path, "projected")
    folder = str(tmp_path / "downloads")
    app = create_app(replace(Settings(), database_url=url, downloads_path=folder, release_check_seconds=0))
    app.test_client_class = ContractClient
    with app.extensions["database"].begin() as connection:
        connection.execute(delete(Projection))  # those that come with the figures
    yield app
    app.extensions["database"].engine.dispose()


def fill(app, *, release=None, **which):
    catalogue = app.extensions["releases"].resolve(At(release=release)).catalogue
    return project.fill(app.extensions["database"], catalogue, **which)


def revise(app, value):
    """Publish another last value of the series that is projected; returns the release."""
    with app.extensions["database"].begin() as connection:
        row = connection.execute(
            select(Observation, Series.indicator_id, Series.region_id)
            .join(Series, Series.id == Observation.series_id)
            .join(Indicator, Indicator.id == Series.indicator_id)
            .join(Region, Region.id == Series.region_id)
            .where(Indicator.slug == "gva-sic-j-per-head", Region.code == "E12000005", Observation.period == "2023")
            .where(Observation.last_release.is_(None))
            .with_only_columns(Series.indicator_id, Series.region_id, Observation.source_file_id)
        ).one()
        figure = Figure(
            indicator=row[0], region=row[1], period="2023", period_start="2023-01-01", period_duration="P1Y",
            value=value, status="A", source_file=row[2],
        )  # fmt: skip
        return publish(connection, [figure], reason="revised").release


def test_no_answer_once_given_changes(app):
    client = app.test_client()
    assert fill(app, **ONE) == 1
    assert fill(app, **ONE) == 0  # nothing twice
    pinned = client.get(f"{PROJECTED}?release=4")
    before = client.get(PROJECTED).json["data"]
    assert pinned.json["data"] == before
    assert before["projection"]

    revised = revise(app, 40.0)
    waiting = client.get(PROJECTED)
    assert waiting.json["meta"]["reason"] == "not-computed"
    assert client.get(f"{PROJECTED}?release=4").data == pinned.data

    assert fill(app, **ONE) == 1
    after = client.get(PROJECTED).json
    assert after["meta"]["release"] == revised
    assert after["data"]["projection"][0]["value"] != before["projection"][0]["value"]
    assert client.get(f"{PROJECTED}?release=4").data == pinned.data

    # Withdrawn, the figures are those of before, and so is what was made of them: nothing is to be computed.
    with app.extensions["database"].begin() as connection:
        withdraw(connection, revised, reason="wrong")
    assert client.get(PROJECTED).json["data"] == before
    assert fill(app, **ONE) == 0


def test_a_release_finds_what_was_computed_of_the_same_figures_for_another(app):
    one = {"indicators": ("gva-sic-j",), "regions": ("E12000005",)}
    assert fill(app, **one) == 1
    for release in (1, 4):
        data = app.test_client().get(f"/v1/series/gva-sic-j/E12000005/projection?release={release}").json["data"]
        assert data["based_on"]["points"] == 14 == 1 + 2023 - 2010
        assert data["projection"]
    assert fill(app, release=1, **one) == 0


def test_a_running_service_does_not_go_on_saying_that_nothing_is_computed(app):
    """Answers are kept in this application, and tags are known before anything is read: this one has none."""
    client = app.test_client()
    for address in (PROJECTED, f"{PROJECTED}?release=4", f"{PROJECTED}.csv", f"{PROJECTED}?explain=true"):
        response = client.get(address)
        assert response.status_code == 200
        assert "ETag" not in response.headers and "Last-Modified" not in response.headers
        assert response.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(PROJECTED).json["meta"]["reason"] == "not-computed"
    assert "flask data project --release 4" in client.get(PROJECTED).json["meta"]["detail"]
    assert fill(app, **ONE) == 1
    for address in (PROJECTED, f"{PROJECTED}?release=4", f"{PROJECTED}.csv", f"{PROJECTED}?explain=true"):
        response = client.get(address)
        assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert len(client.get(PROJECTED).json["data"]["projection"]) == 3
    assert client.get(f"{PROJECTED}?release=4").headers["Cache-Control"].endswith("immutable")


def test_what_the_command_says(app):
    runner = app.test_cli_runner()
    which = ["--level", "uk", "--level", "country"]
    for slug in ("gva-sic-j-per-head", "ukri-funding"):
        which += ["--indicator", slug]
    first = runner.invoke(args=["data", "project", *which])
    assert first.exit_code == 0, first.output
    lines = first.output.splitlines()
    assert lines[0].startswith("Projecting ") and "of release 4 with statsmodels" in lines[0]
    assert any(line.strip().startswith("gva-sic-j-per-head: ") for line in lines)
    again = runner.invoke(args=["data", "project", "--release", "4", *which])
    assert again.output.splitlines()[-1].startswith("Projected 0 series in ")
    with app.extensions["database"].connect() as connection:
        kept = connection.execute(select(Projection.engine, Projection.release_id)).all()
    assert f"Projected {len(kept)} series in " in lines[-1]
    assert len(kept) > 3
    assert {release for _, release in kept} == {4}
    assert app.test_client().get(OTHER).json["meta"]["reason"] == "not-computed"  # another level


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--release", "99"], "There is no release"),
        (["--level", "itl9"], "itl9"),
        (["--indicator", "gva-sic-x"], "gva-sic-j"),
    ],
)
def test_what_the_command_refuses(app, arguments, said):
    done = app.test_cli_runner().invoke(args=["data", "project", *arguments])
    assert done.exit_code == 1
    assert said in done.output


def test_a_service_has_every_projection_of_its_first_figures_and_computes_none(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels", None)
    monkeypatch.delitem(sys.modules, "api.services.damped_trend", raising=False)
    monkeypatch.delattr(api.services, "damped_trend", raising=False)
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    app = create_app(replace(Settings(), database_url=url, downloads_path=str(tmp_path / "downloads")))
    prepared = app.test_cli_runner().invoke(args=["data", "prepare"])
    assert prepared.exit_code == 0, prepared.output
    database = app.extensions["database"]
    with database.connect() as connection:
        assert project.waiting(connection, app.extensions["releases"].current()) == []
        assert connection.execute(select(func.count()).select_from(Projection)).scalar() > 1_000
    done = app.test_cli_runner().invoke(args=["data", "project"])
    assert done.exit_code == 1
    assert "statsmodels is missing" in done.output and "make project" in done.output
    assert len(app.test_client().get(PROJECTED).json["data"]["projection"]) == 3
    database.engine.dispose()


def test_the_projections_that_come_with_the_figures_are_those_that_are_computed(app):
    which = {
        "indicators": ("gva-sic-j-per-head", "ukri-funding"),
        "regions": ("E12000005", "K02000001", "UKD3", "UKI3"),
    }
    assert fill(app, **which) == 3
    with app.extensions["database"].connect() as connection:
        computed = dict(connection.execute(select(Projection.digest, Projection.content)).all())
    with (SEED / "projections.csv").open(encoding="utf-8", newline="") as file:
        shipped = {row["digest"]: json.loads(row["content"]) for row in csv.DictReader(file)}
    for digest, content in computed.items():
        assert shipped[digest]["model"] == content["model"]
        for mine, theirs in zip(shipped[digest]["ahead"], content["ahead"], strict=True):
            assert mine["period"] == theirs["period"]
            assert mine["numbers"] == pytest.approx(theirs["numbers"], rel=1e-4)
