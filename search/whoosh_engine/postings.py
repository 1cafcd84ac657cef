"""Postings in memory: what inverting and merging make, and packing writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
AnyInts = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of some terms of a field, ordered by term, then by document.

    terms: UTF-8, ascending. df: postings of each term. docs: document number of each posting.
    counts: positions of each posting. weights: what they count for in the score. positions: ascending in each
    posting. These three are empty for a field that is only filtered by.
    """

    terms: Sequence[bytes]
    df: Ints
    docs: AnyInts
    counts: AnyInts
    weights: AnyInts
    positions: AnyInts

    @property
    def has_positions(self) -> bool:
        return len(self.counts) > 0


def starts_of(sizes: AnyInts) -> Ints:
    """Where each of several stretches begins, and at last where the last one ends: one item more than `sizes`."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def spread(starts: AnyInts, sizes: AnyInts) -> Ints:
    """The indexes of several stretches, one after another: those of the first, of the second …

    starts: where each begins. sizes: how long it is.
    """
    ends = np.cumsum(sizes, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    indexes = np.arange(total, dtype=np.int64)
    indexes += np.repeat(starts - (ends - sizes), sizes)
    return indexes


def sums_of(values: AnyInts, sizes: AnyInts) -> Ints:
    """The sum of each of several stretches that lie one after another; each has at least one item."""
    if not len(sizes):
        return np.zeros(0, np.int64)
    return np.add.reduceat(values, starts_of(sizes)[:-1], dtype=np.int64)
