"""BM25F: what a word's hits in an article are worth.

    idf      = ln(1 + (N - df + 0.5) / (df + 0.5))
    score    = idf * w * (K1 + 1) / (w + K1 * (1 - B + B * length / average length))

w is the sum of the hits' weights (title 3, heading 2, text 1), so that the fields are joined before the frequency
saturates. N and df count live articles. Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond,
2009; idf with the 1 inside the logarithm, which keeps it above 0, as Lucene has it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import AnyInts, Ints

# Robertson, Zaragoza, 2009: K1 between 1.2 and 2, B about .75 where nothing better is known.
BM25_K1 = 1.2
BM25_B = 0.75

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Real = TypeVar("Real", np.float32, np.float64)


def idf(articles: int, having: int) -> float:
    """How much a word says that `having` of so many articles have."""
    return math.log(1 + (articles - having + 0.5) / (having + 0.5))


def norms(lengths: AnyInts, average: float, k1: float = BM25_K1) -> Doubles:
    """What a document's length adds under the line."""
    ratio = lengths / average if average else np.zeros(len(lengths))
    return k1 * (1 - BM25_B + BM25_B * ratio)


def impacts(weights: AnyInts, norm: NDArray[Real], k1: float = BM25_K1) -> NDArray[Real]:
    """The score of each hit before it is multiplied by idf; in the type of `norm`. norm: of each hit's document."""
    hit = weights.astype(norm.dtype)
    found: NDArray[Real] = hit * norm.dtype.type(k1 + 1) / (hit + norm)
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
            self._norms[field] = norms(self._lengths[field], self._average_lengths[field]).astype(np.float32)
        return impacts(weights, self._norms[field].take(docs)) * np.float32(self.idf(len(docs)))

    def exact_scores(self, field: str, docs: Ints, weights: AnyInts, having: int) -> Doubles:
        """The same in double precision, of some of the `having` documents."""
        norm = norms(self._lengths[field].take(docs), self._average_lengths[field])
        return impacts(weights, norm) * self.idf(having)
