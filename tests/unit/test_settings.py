"""Settings: read from the environment, every one of them explained."""

from dataclasses import fields

import pytest

from api.limits import Limits
from api.settings import ROOT, Settings


def test_defaults(monkeypatch):
    for item in fields(Settings):
        monkeypatch.delenv(item.name.upper(), raising=False)
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    assert Settings.from_environment() == Settings()


def test_the_environment_overrides(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/db")
    monkeypatch.setenv("CACHE_SECONDS", "5")
    monkeypatch.setenv("PORT", "9000")
    settings = Settings.from_environment()
    assert settings.database_url == "postgresql://somewhere/db"
    assert settings.cache_seconds == 5
    assert settings.public_url == "http://127.0.0.1:9000"


def test_a_limit_is_part_of_the_contract_and_not_of_the_environment(monkeypatch):
    monkeypatch.setenv("MAX_OBSERVATIONS", "5")
    assert Settings.from_environment().limits.max_observations == 10_000


def test_a_setting_that_cannot_be_read_is_refused(monkeypatch):
    monkeypatch.setenv("CACHE_SECONDS", "soon")
    with pytest.raises(Exception, match="CACHE_SECONDS"):
        Settings.from_environment()


@pytest.mark.parametrize("item", [item for item in fields(Settings) if not item.metadata], ids=lambda item: item.name)
def test_every_setting_is_documented(item):
    assert f"`{item.name.upper()}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_limit_has_a_meaning():
    assert all(limit["meaning"].endswith(".") for limit in Limits().published())


@pytest.mark.parametrize(
    ("threads", "at_once", "waiting", "may"), [(4, 1, 1, 1), (2, 1, 1, 0), (8, 2, 9, 4), (1, 1, 5, 0)]
)
def test_threads_are_left_for_reads(threads, at_once, waiting, may):
    settings = Settings(threads=threads, calculations_at_once=at_once, calculations_waiting=waiting)
    assert settings.calculations_may_wait == may


def test_not_all_threads_may_be_for_calculations(monkeypatch):
    monkeypatch.setenv("CALCULATIONS_AT_ONCE", "4")
    with pytest.raises(ValueError, match="of 4 threads"):
        Settings.from_environment()
