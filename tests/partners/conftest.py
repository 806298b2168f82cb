"""What tests of partners share: an application of their own on each database, keys, and a way to upload and check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api import create_app
from api.services import keys
from api.services.drafts import checking, uploads
from api.settings import Settings
from tests.conftest import DATABASES, own_database
from tests.contract_client import ContractClient

OWNER = "Dudley Council"
INDICATOR = {
    "title": "Residents who are digitally excluded",
    "description": "Adults who have not used the internet in three months, by the residents' survey.",
    "component": "digital-skills",
    "unit": "% of adults",
    "measure": "rate",
    "polarity": "lower-is-better",
}
WARDS = {"E05001301": "St James's", "E05001302": "Gornal", "E05001303": "Sedgley"}


@dataclass(slots=True)
class Partner:
    """A council with a key, and the application that it speaks to."""

    app: Flask
    key: str
    indicator: str = "dudley-digital-exclusion"

    @property
    def settings(self) -> Settings:
        """The settings of the application."""
        return self.app.extensions["settings"]

    @property
    def app_folder(self) -> Path:
        """Where what partners send is kept."""
        return Path(self.settings.drafts_path)

    def ask(self, method: str, path: str, *, key: str | None = None, **given: Any) -> TestResponse:
        """A request with the key; every response is held against the document."""
        headers = {"Authorization": f"Bearer {key or self.key}", **given.pop("headers", {})}
        return self.app.test_client().open(f"/v1{path}", method=method, headers=headers, **given)

    def draft(self, *, reason: str = "Digital inclusion", described: bool = True, **more: Any) -> str:
        """A new draft, with an indicator of the partner's own."""
        answer = self.ask("POST", "/drafts", json={"reason": reason, **more})
        assert answer.status_code == 201, answer.text
        draft = answer.json["data"]["id"]
        if described:
            answer = self.ask("PUT", f"/drafts/{draft}/indicators/{self.indicator}", json=INDICATOR)
            assert answer.status_code in {200, 201}, answer.text
        return str(draft)

    def wards(self, draft: str) -> None:
        """Have a draft describe three wards."""
        for code, name in WARDS.items():
            body = {"name": name, "level": "ward", "within": "E08000027"}
            answer = self.ask("PUT", f"/drafts/{draft}/places/{code}", json=body)
            assert answer.status_code == 201, answer.text

    def upload(self, draft: str, text: str | bytes, *, query: str | None = None, name: str = "w.csv") -> dict[str, Any]:
        """Upload a file and have it checked; the file as it is told then."""
        asked = f"indicator={self.indicator}" if query is None else query
        answer = self.ask(
            "POST",
            f"/drafts/{draft}/uploads?{asked}",
            data=text.encode() if isinstance(text, str) else text,
            content_type="text/csv" if name.endswith(".csv") else "application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
        assert answer.status_code == 202, answer.text
        self.check()
        return dict(self.ask("GET", answer.headers["Location"].removeprefix("/v1")).json["data"])

    def check(self) -> None:
        """Check what waits, as the process in the background does, in this process."""
        database = self.app.extensions["database"]
        while True:
            with database.begin() as connection:
                upload = uploads.claim(connection, datetime.now(UTC))
            if upload is None:
                return
            checking.check_upload(database, self.settings, upload)

    def publish(self, draft: str, **given: Any) -> TestResponse:
        """Publish a draft."""
        return self.ask("POST", f"/drafts/{draft}/publish", **given)

    def get(self, path: str) -> TestResponse:
        """A read without a key."""
        return self.app.test_client().get(f"/v1{path}")


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application that may be written to, on each of the two databases in turn."""
    made = create_app(
        Settings(
            database_url=own_database(request, tmp_path, "partners"),
            downloads_path=str(tmp_path / "downloads"),
            drafts_path=str(tmp_path / "drafts"),
            release_check_seconds=0,
        )
    )
    made.test_client_class = ContractClient
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def make_key(app: Flask) -> Callable[..., str]:
    """Makes keys."""

    def make(owner: str = OWNER, scopes: tuple[str, ...] = ("upload", "publish"), **limits: Any) -> str:
        with app.extensions["database"].begin() as connection:
            return keys.create(connection, owner=owner, scopes=scopes, **limits)[1]

    return make


@pytest.fixture
def partner(app: Flask, make_key: Callable[..., str]) -> Partner:
    """A council with a key for its own places."""
    return Partner(app, make_key(regions=["E08000027"]))


@pytest.fixture
def other(app: Flask, make_key: Callable[..., str]) -> Partner:
    """Another council."""
    return Partner(app, make_key("Walsall Council"), indicator="walsall-digital-exclusion")
