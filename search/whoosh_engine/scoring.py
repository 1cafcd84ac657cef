"""What a word's hits in all documents are worth at once: BM25F, as `search.scoring` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.scoring import BM25_K1, idf, impact, norm
from search.whoosh_engine.postings import AnyInts, Ints

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Real = TypeVar("Real", np.float32, np.float64)


def impacts(weights: AnyInts, norms: NDArray[Real], k1: float = BM25_K1) -> NDArray[Real]:
    """The score of each hit before it is multiplied by idf; in the type of `norms`. norms: of each hit's document."""
    found: NDArray[Real] = impact(weights.astype(norms.dtype), norms, k1)
    return found


class Statistics:
    """What scores depend on beside a word's own postings: it is the same for every word of a snapshot.

    live_count: articles that are not deleted. lengths: of every document, in each scored field.
    average_lengths: of these fields, to score with.
    """

    def __init__(
        self, live_count: int, lengths: Mapping[str, AnyInts], average_lengths: Mapping[str, float]
    ) -> None:
        self.live_count = live_count
        self._lengths = lengths
        self._average_lengths = average_lengths
        self._norms: dict[str, Floats] = {}

    def idf(self, having: int) -> float:
        """How much a word says that so many live articles have."""
        return idf(self.live_count, having)

    def scores(self, field: str, docs: Ints, weights: AnyInts) -> Floats:
        """What a word is worth in each of the documents that have it."""
        if field not in self._norms:
            self._norms[field] = norm(self._lengths[field], self._average_lengths[field]).astype(np.float32)
        return impacts(weights, self._norms[field].take(docs)) * np.float32(self.idf(len(docs)))

    def exact_scores(self, field: str, docs: Ints, weights: AnyInts, having: int) -> Doubles:
        """The same in double precision, of some of the `having` documents."""
        norms = norm(self._lengths[field].take(docs), self._average_lengths[field])
        return impacts(weights, norms) * self.idf(having)
