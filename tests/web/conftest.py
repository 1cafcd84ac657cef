"""The pages over the double of the archive, for Flask's test client."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from web_double import DoubleKeeper

from web import create_app


@pytest.fixture
def keeper() -> DoubleKeeper:
    return DoubleKeeper()


@pytest.fixture
def client(keeper: DoubleKeeper) -> FlaskClient:
    return create_app(keeper).test_client()
