"""The sample archive of the repository, built once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import pipeline, upkeep
from search.archive import Archive
from search.library import Library

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
MINE = "000_9dfb955ff9d1b83b.txt"
"""The user's own article, without a date, a source or a title."""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the sample archive; not to be written to."""
    directory = tmp_path_factory.mktemp("sample") / "archive"
    with Archive.open(directory, create=True) as archive:
        outcomes = [taken.outcome for taken in pipeline.take_in(archive, [SEEDS])]
        assert set(outcomes) == {"added"}
        upkeep.ensure_index(archive, None, workers=1, say=pytest.fail)
    return directory


@pytest.fixture(scope="session")
def library(sample: Path) -> Iterator[Library]:
    """The sample archive, open."""
    with Library.open(sample) as opened:
        yield opened


@pytest.fixture(scope="session")
def mine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of the user's own article."""
    with Archive.open(tmp_path_factory.mktemp("mine"), create=True) as archive:
        (taken,) = pipeline.take_in(archive, [SEEDS / MINE])
        assert taken.id is not None
        return taken.id


@pytest.fixture
def copied(sample: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes a copy of the sample archive that a test may write to."""
    return lambda: Path(shutil.copytree(sample, tmp_path / "copied"))
