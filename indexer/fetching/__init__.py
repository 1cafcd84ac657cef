"""Articles from the web, when a person asks for them: `add URL…` and `follow`.

Nothing else in Kijigura calls out. `fetch` and `read` are for addresses named one by one, `following` for feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer import formats
from indexer.fetching.addresses import NotAllowed, is_url, parse
from indexer.fetching.client import Client, Fetched, Manners, Unchanged
from indexer.fetching.exchange import Failure
from indexer.fetching.notebook import Notebook
from indexer.fetching.parallel import together
from indexer.raw import RawArticle, Rejection, Where

__all__ = ["HOSTS_AT_ONCE", "Client", "Fetched", "Manners", "Notebook", "fetch", "is_url", "read"]

HOSTS_AT_ONCE = 4
"""Requests wait rather than work, so this is a bound on what goes over the line, not on the processor."""


def fetch(
    urls: Sequence[str], manners: Manners | None = None, *, client: Client | None = None
) -> Iterator[Fetched | Rejection]:
    """What is at each address, or why it cannot be had; the addresses of one host in order, hosts as they answer."""
    asking = client or Client(manners)
    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_host.setdefault(_host(url), []).append(url)

    def source(of_host: list[str]) -> Callable[[], Iterator[Fetched | Rejection]]:
        return lambda: (_fetch_one(asking, url) for url in of_host)

    return together([source(of_host) for of_host in by_host.values()], HOSTS_AT_ONCE)


def read(
    urls: Sequence[str], manners: Manners | None = None, *, columns: Mapping[str, str] | None = None,
    client: Client | None = None,
) -> Iterator[RawArticle | Rejection]:
    """The articles at the addresses; what `pipeline.take_in_found` takes. columns: as `Facts.columns`."""
    for found in fetch(urls, manners, client=client):
        if isinstance(found, Rejection):
            yield found
        else:
            yield from formats.read_open(found.file, found.where, replace(found.facts, columns=columns or {}))


def _host(url: str) -> str:
    try:
        return parse(url, allow_private=True).host
    except NotAllowed:
        return url


def _fetch_one(client: Client, url: str) -> Fetched | Rejection:
    try:
        found = client.get(url)
    except Failure as failure:
        return Rejection(Where(url), str(failure))
    assert not isinstance(found, Unchanged)     # no version was named
    return found
