"""The whole package, as a service has it that was started for the first time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.services.seed import fill
from api.settings import Settings
from tests.contract_client import ContractClient
from tests.package import PACKAGE


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an application with all figures of the package, which holds every response against the contract."""
    folder: Path = tmp_path_factory.mktemp("whole")
    url = fill(f"sqlite:///{folder / 'whole.sqlite3'}", folder=PACKAGE)
    app = create_app(Settings(database_url=url, downloads_path=str(folder / "downloads"), caches="series, groups"))
    app.test_client_class = ContractClient
    yield app.test_client()
    app.extensions["database"].engine.dispose()
