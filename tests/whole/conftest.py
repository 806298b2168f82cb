"""The whole package, as a service has it that was started for the first time."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture(scope="session")
def whole(whole_app: Flask) -> FlaskClient:
    """A client that holds every response against the contract."""
    return whole_app.test_client()
