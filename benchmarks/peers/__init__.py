"""Other engines over the same articles: each module has one, a `Peer` of `peer.py`.

`stock_whoosh` is also what tests compare our own engine with.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.peers.peer import Peer


@dataclass(frozen=True, slots=True)
class Offer:
    """An engine that can be measured where its package is installed.

    limit: with more articles than this it takes too long to build, and is left out.
    """

    key: str
    module: str
    class_name: str
    limit: int | None = None

    def load(self) -> type[Peer]:
        """Its class. Raises ImportError where its package is not installed."""
        found: type[Peer] = getattr(import_module(self.module), self.class_name)
        return found


OURS = Offer("kijigura", "benchmarks.ours", "Kijigura")
OFFERS = (
    OURS,
    Offer("tantivy", "benchmarks.peers.tantivy", "Tantivy"),
    Offer("bm25s", "benchmarks.peers.bm25", "Bm25s", 200_000),
    Offer("fts5", "benchmarks.peers.fts5", "Fts5", 200_000),
    Offer("xapian", "benchmarks.peers.xapian", "Xapian", 50_000),
    Offer("groonga", "benchmarks.peers.groonga", "Groonga", 50_000),
    Offer("whoosh", "benchmarks.peers.stock_whoosh", "StockWhoosh", 50_000),
)


def offer_of(key: str) -> Offer:
    """The one with this key."""
    return next(offer for offer in OFFERS if offer.key == key)


def choose(keys: tuple[str, ...] | None, articles: int) -> tuple[list[Offer], list[str]]:
    """Those that can be measured with so many articles, ours first; and a line for each that is left out.

    keys: None means all.
    """
    chosen: list[Offer] = []
    left_out: list[str] = []
    for offer in OFFERS:
        if offer is not OURS and keys is not None and offer.key not in keys:
            continue
        if offer.limit is not None and articles > offer.limit:
            left_out.append(f"{offer.key}: left out, since it takes too long with over {offer.limit:,} articles")
            continue
        try:
            offer.load()
        except ImportError as error:
            left_out.append(f"{offer.key}: left out, since it is not installed ({error})")
        else:
            chosen.append(offer)
    return chosen, left_out
