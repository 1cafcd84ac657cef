"""Fixtures that several test modules share; its place makes `tests` importable for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.archive import Archive

pytest_plugins = ["cluster_fixtures"]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(tmp_path / "archive", create=True) as opened:
        yield opened
