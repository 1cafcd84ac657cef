"""A site on loopback, and a client that asks it without waiting."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from asking import Clock, MakeClient, make_client
from loopback import Site, serving

from indexer.fetching.client import Client


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client_with(clock: Clock) -> MakeClient:
    return partial(make_client, clock)


@pytest.fixture
def client(client_with: MakeClient) -> Client:
    return client_with()
