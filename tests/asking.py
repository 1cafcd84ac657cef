"""A client that asks loopback, and waits only on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from loopback import Page, article

from indexer.fetching.addresses import Resolve
from indexer.fetching.client import Client, Fetched, Manners
from indexer.fetching.exchange import Bounds, Failure, Wire
from indexer.fetching.notebook import Notebook
from indexer.fetching.turns import Turns

BOUNDS = Bounds(connect_seconds=2, read_seconds=2, whole_seconds=4, max_bytes=1024 * 1024)

BODY = "停戦に合意した。両国は長い交渉の末に合意した。"
PAGE = Page(article("停戦合意", BODY))

MakeClient = Callable[..., Client]
"""`make_client` with its clock."""


@dataclass
class Clock:
    """Time that passes only while somebody sleeps. slept: seconds, in order."""

    at: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += seconds


def to_loopback(host: str, port: int) -> list[str]:
    """Every name is this machine; an IP address is what it is."""
    return [host] if host.replace(".", "").isdigit() else ["127.0.0.1"]


def make_client(
    clock: Clock, *, contact: str | None = None, pause: float = 0.0, notebook: Notebook | None = None,
    resolve: Resolve = to_loopback, allow_private: bool = True, **trust: object,
) -> Client:
    wire = Wire(BOUNDS, allow_private, resolve, **trust)  # type: ignore[arg-type]
    return Client(Manners(contact, pause, allow_private), notebook, wire=wire, turns=Turns(clock.now, clock.sleep))


def fetched(client: Client, url: str) -> Fetched:
    """What is there."""
    found = client.get(url)
    assert isinstance(found, Fetched)
    return found


def why(client: Client, url: str) -> str:
    """Why nothing comes from there."""
    with pytest.raises(Failure) as raised:
        client.get(url)
    return str(raised.value)
