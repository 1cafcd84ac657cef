"""Postings in memory: what inverting and merging make, and packing writes."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
AnyInts = NDArray[Any]
NOTHING: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of some terms of a field, ordered by term, then by document.

    terms: UTF-8, ascending. df: postings of each term. docs: document number of each posting.
    counts: positions of each posting. weights: what they count for in the score.
    steps: the first position of each posting, then the distance of each further one from the one before it.
    The last three are empty for a field that is only filtered by.
    """

    terms: Sequence[bytes]
    df: Ints
    docs: AnyInts
    counts: AnyInts = field(default_factory=lambda: NOTHING)
    weights: AnyInts = field(default_factory=lambda: NOTHING)
    steps: AnyInts = field(default_factory=lambda: NOTHING)

    @property
    def has_positions(self) -> bool:
        """Whether it is of a field of words."""
        return len(self.counts) > 0


def append(handle: BinaryIO, numbers: AnyInts) -> None:
    """Write the bytes of an array. Not by `tofile`: on a full disk that loses the last ones, and says nothing."""
    handle.write(np.ascontiguousarray(numbers).reshape(-1).view(np.uint8).data)


def read(path: Path, kind: str, count: int, offset: int) -> AnyInts:
    """So many numbers from a file that `append` wrote. Raises OSError where they are not all there."""
    # Read, not mapped: what is mapped counts as this process's memory until the end.
    found = np.fromfile(path, kind, count, offset=offset)
    if len(found) < count:
        raise OSError(errno.EIO, "A file that was being written is shorter than it was", str(path))
    return found


def stretches_of(sizes: Ints, most: int) -> Iterator[tuple[int, int]]:
    """Stretches (first, end excluded) of things whose sizes add up to at most so much, or of a single thing."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        end = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield first, end
        first = end


def starts_of(sizes: Sequence[int] | AnyInts) -> Ints:
    """Where each of several stretches begins, and at last where the last one ends: one item more than `sizes`."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def spread(starts: AnyInts, sizes: AnyInts) -> Ints:
    """The indexes of several stretches, one after another: those of the first, of the second …

    starts: where each begins. sizes: how long it is.
    """
    ends = np.cumsum(sizes, dtype=np.int64)
    indexes = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    indexes += np.repeat(starts - (ends - sizes), sizes)
    return indexes


def begins_of(docs: AnyInts) -> Ints:
    """Where each of some documents, which ascend, is met first."""
    is_new = np.ones(len(docs), np.bool_)
    np.not_equal(docs[1:], docs[:-1], out=is_new[1:])
    return is_new.nonzero()[0]


def looked_up(wanted: AnyInts, among: AnyInts) -> tuple[Ints, NDArray[np.bool_]]:
    """(where each stands among those, which are ascending; whether it does: the place of one that does not is any)."""
    if not len(among):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places: Ints = among.searchsorted(wanted)
    places[places == len(among)] = 0
    return places, among.take(places) == wanted


def sums_of(values: AnyInts, sizes: AnyInts) -> Ints:
    """The sum of each of several stretches that lie one after another, 0 for an empty one."""
    sums = np.zeros(len(sizes), np.int64)
    has_any = sizes > 0
    if has_any.any():
        sums[has_any] = np.add.reduceat(values, starts_of(sizes)[:-1][has_any], dtype=np.int64)
    return sums


def united(vocabularies: Sequence[list[bytes]]) -> tuple[list[bytes], list[Ints]]:
    """All terms, ascending; and for each vocabulary the place of its terms among them."""
    if len(vocabularies) == 1:
        return vocabularies[0], [np.arange(len(vocabularies[0]))]
    united = sorted(set().union(*vocabularies))
    place = dict(zip(united, range(len(united)), strict=True))
    return united, [np.fromiter(map(place.__getitem__, terms), np.int64, len(terms)) for terms in vocabularies]
