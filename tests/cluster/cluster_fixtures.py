"""Real clusters for tests of any folder. Where CI is set, one that cannot be started is a failure."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster_nodes import Cluster
from cluster_software import CannotStart


def start_or_skip(directory: Path) -> Cluster:
    """Three nodes, else the test is skipped, or fails where CI is set.

    Ports by the process, so that runs of the tests side by side do not look for the same ones.
    """
    try:
        if not importlib.util.find_spec("opensearchpy"):
            raise CannotStart("The client of OpenSearch is missing: pip install 'kijigura[opensearch]'")
        return Cluster.start(directory, http_port=10_000 + os.getpid() % 2_000 * 10)
    except CannotStart as error:
        if os.environ.get("CI"):
            pytest.fail(f"no cluster could be started: {error}")
        pytest.skip(f"no cluster could be started: {error}")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three nodes for all tests of the run: name your own indices, remove them, and let the nodes live."""
    with start_or_skip(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Three nodes for one test, which may kill them."""
    with start_or_skip(tmp_path / "cluster") as started:
        yield started
