"""An archive that `kijigura add` made of the sample articles."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from command_line import SEEDS, kijigura, lines


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of whoever runs the tests, and no archive in the working directory."""
    for name in [name for name in os.environ if name.startswith("KIJIGURA_")]:
        monkeypatch.delenv(name)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The archive, and what `add --json` said while making it."""
    directory = tmp_path_factory.mktemp("made") / "archive"
    return directory, kijigura("add", SEEDS, "--archive", directory, "--workers", "1", "--json")


@pytest.fixture(scope="session")
def sample(taken: tuple[Path, Result]) -> Path:
    """The directory of that archive; not to be written to."""
    return taken[0]


@pytest.fixture
def own(sample: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may write to."""
    return Path(shutil.copytree(sample, tmp_path / "own"))


@pytest.fixture(scope="session")
def mine(taken: tuple[Path, Result]) -> str:
    """The id of the user's own article."""
    return str(next(line["id"] for line in lines(taken[1]) if "000_" in line.get("path", "")))
