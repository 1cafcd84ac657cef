"""Which of some documents are among others, and with which score: the inner loop of AND and OR.

How it is done depends on the sizes; the limits below were chosen by timing both ways at 50,000 and 200,000 documents.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.hits import Hits
from search.whoosh_engine.postings import Ints, looked_up
from search.whoosh_engine.scoring import Floats

MANY_OF = 16
"""Hits in more than one of so many documents are kept by document number as well (`Hits.dense`)."""

FEW_OF = 24
"""Looking one document up costs as much as going through about so many of the others."""

MERGED_OF = 24
"""Hits in fewer than one of so many documents are joined by sorting them, without touching every document."""


class Scratch(threading.local):
    """Arrays with an item for each document, which every query of a thread uses and leaves as it found them.

    All are 0, but for `ranks`, which are -1, and `sums`, which nobody reads before writing them.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._floats: Floats | None = None
        self._sums: Floats | None = None
        self._flags: NDArray[np.bool_] | None = None
        self._ranks: NDArray[np.int32] | None = None

    def __enter__(self) -> None:
        """For one query."""

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """If it broke off, what it left in the arrays is thrown away with them."""
        if error:
            self._floats = self._flags = self._ranks = None

    @property
    def floats(self) -> Floats:
        if self._floats is None:
            self._floats = np.zeros(self.size, np.float32)
        return self._floats

    @property
    def sums(self) -> Floats:
        if self._sums is None:
            self._sums = np.empty(self.size, np.float32)
        return self._sums

    @property
    def ranks(self) -> NDArray[np.int32]:
        if self._ranks is None:
            self._ranks = np.full(self.size, -1, np.int32)
        return self._ranks

    @property
    def flags(self) -> NDArray[np.bool_]:
        if self._flags is None:
            self._flags = np.zeros(self.size, np.bool_)
        return self._flags


def is_dense(hits: Hits, size: int) -> bool:
    """Whether to use `Hits.dense`."""
    return hits.has_dense or len(hits) * MANY_OF > size


def scores_in(hits: Hits, docs: Ints, scratch: Scratch, size: int) -> Floats:
    """The score of the hits in each of these documents; 0 where there is none."""
    if docs is hits.docs:
        return hits.scores
    if is_dense(hits, size):
        return hits.dense(size).take(docs)
    if len(docs) * FEW_OF < len(hits):
        places, is_there = looked_up(docs, hits.docs)
        return np.where(is_there, hits.scores.take(places), np.float32(0))
    floats = scratch.floats
    floats[hits.docs] = hits.scores
    found = floats.take(docs)
    floats[hits.docs] = 0
    return found


def places_in(others: Ints, docs: Ints, scratch: Scratch) -> Ints:
    """The places in `docs` of those that are among the others as well; both ascending."""
    if len(docs) * FEW_OF < len(others):
        return looked_up(docs, others)[1].nonzero()[0]
    if len(others) * FEW_OF < len(docs):
        found, is_there = looked_up(others, docs)
        return found[is_there]
    flags = scratch.flags
    flags[others] = True
    places: Ints = flags.take(docs).nonzero()[0]
    flags[others] = False
    return places


def common(docs: Ints, others: Ints, scratch: Scratch) -> tuple[Ints, Ints]:
    """Where those that are in both stand: (places in `docs`, places in `others`); all ascending."""
    if len(docs) > len(others):
        places, here = common(others, docs, scratch)
        return here, places
    if len(docs) * FEW_OF < len(others):
        found, is_there = looked_up(docs, others)
        here = is_there.nonzero()[0]
        return here, found.take(here)
    ranks = scratch.ranks
    ranks[docs] = np.arange(len(docs), dtype=np.int32)
    rank_of_other = ranks.take(others)
    ranks[docs] = -1
    there = (rank_of_other >= 0).nonzero()[0]
    return rank_of_other.take(there).astype(np.int64), there


def union(several: list[Ints], scratch: Scratch, size: int) -> Ints:
    """The documents that are in any of these, ascending."""
    several = [docs for docs in several if len(docs)]
    if len(several) <= 1:
        return several[0] if several else np.zeros(0, np.int64)
    if sum(map(len, several)) * MERGED_OF < size:
        docs = np.concatenate(several)
        docs.sort()
        return docs[np.concatenate(([True], docs[1:] != docs[:-1]))]
    flags = scratch.flags
    for docs in several:
        flags[docs] = True
    found: Ints = flags.nonzero()[0]
    flags[found] = False
    return found
