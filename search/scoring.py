"""BM25F: what a word's hits in an article are worth, whichever engine found them.

    idf      = ln(1 + (N - df + 0.5) / (df + 0.5))
    score    = idf * w * (K1 + 1) / (w + K1 * (1 - B + B * length / average length))

w is the sum of the hits' weights (title 3, heading 2, text 1), so that the fields are joined before the frequency
saturates. N and df count live articles. Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond,
2009; idf with the 1 inside the logarithm, which keeps it above 0, as Lucene has it.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

# Robertson, Zaragoza, 2009: K1 between 1.2 and 2, B about .75 where nothing better is known.
BM25_K1 = 1.2
BM25_B = 0.75

# A word in the title says more about an article than one in its text (BM25F: the frequency of a term is
# weighted by field before it saturates). Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009.
TITLE_WEIGHT = 3
HEADING_WEIGHT = 2
TEXT_WEIGHT = 1

Number = TypeVar("Number", float, NDArray[np.float32], NDArray[np.float64])


def idf(articles: int, having: int) -> float:
    """How much a word says that `having` of so many articles have."""
    return math.log(1 + (articles - having + 0.5) / (having + 0.5))


@overload
def norm(length: int, average: float, k1: float = BM25_K1) -> float: ...
@overload
def norm(length: NDArray[Any], average: float, k1: float = BM25_K1) -> NDArray[np.float64]: ...
def norm(length: Any, average: float, k1: float = BM25_K1) -> Any:
    """What an article's length adds under the line. length: of one article, or of several."""
    return k1 * (1 - BM25_B + BM25_B * (length / average if average else length * 0.0))


def impact(weight: Number, norm_of_length: Number, k1: float = BM25_K1) -> Number:
    """The score of a hit before it is multiplied by idf. norm_of_length: see `norm`."""
    return weight * (k1 + 1) / (weight + norm_of_length)
