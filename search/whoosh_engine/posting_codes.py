"""How often a word stands in a document, and what that counts for, as one small number.

News has few such pairs: the code of a pair is its place in CODES, the likeliest pairs first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import AnyInts, Ints


def _code_table() -> list[tuple[int, int]]:
    """(count, weight), those that news has most of first: words of the text, once in the title or a heading too."""
    extras = (0, 2, 1, 4, 3)
    likely = [(count, count + extra) for count in range(1, 13) for extra in extras]
    likely.sort(key=lambda pair: pair[0] + 2 * extras.index(pair[1] - pair[0]))
    named = [(count, weight) for count in range(2, 13) for weight in range(1, count)]
    return [*likely, *named]


CODES = np.array(_code_table(), np.uint32)
"""Code -> (count, weight). A pair that is not among them is kept as count << 24 | weight, an exception of its stream;
the weight of one document never reaches 2 ** 24, as no text is that long."""

_ODD_BITS = 24
_CODE_OF = np.full((16, 32), 0, np.int64)
for _code, (_count, _weight) in enumerate(CODES.tolist()):
    _CODE_OF[_count, _weight] = _code + 1


def to_codes(counts: AnyInts, weights: AnyInts) -> Ints:
    """The code of each pair."""
    small = (counts < 16) & (weights < 32)
    codes = _CODE_OF[np.where(small, counts, 0), np.where(small, weights, 0)] - 1
    unknown = np.flatnonzero(codes < 0)
    if len(unknown):
        codes[unknown] = counts[unknown].astype(np.int64) << _ODD_BITS | weights[unknown].astype(np.int64)
    return codes


def from_codes(codes: AnyInts) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """(counts, weights) of codes."""
    if codes.dtype == np.uint8:
        return CODES[:, 0].take(codes), CODES[:, 1].take(codes)
    odd = np.flatnonzero(codes >= len(CODES))
    known = codes.astype(np.int64)
    known[odd] = 0
    counts, weights = CODES[:, 0].take(known), CODES[:, 1].take(known)
    counts[odd] = codes[odd] >> _ODD_BITS
    weights[odd] = codes[odd] & (1 << _ODD_BITS) - 1
    return counts, weights
