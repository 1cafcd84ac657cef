"""The values of each document, to count facets by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.whoosh_engine.postings import AnyInts, Ints, spread
from search.whoosh_engine.snapshot import Snapshot

MOST_IN_ROW = 8
"""Values of a document that are kept side by side; those of the few that have more lie apart."""

FIT_IN_ROW = 0.98
"""Of the documents: a row is as short as possible for so many to fit."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which document has which values of a facet, as numbers; 0 is the value that comes first by code point.

    values: UTF-8, ascending. rows: one a document, its first values; each unused place holds a number of its own past
    the last value, since counting one number over and over makes the processor wait for itself.
    more_of: how many further values each document has, in `more`, where they begin at more_at.
    """

    values: Sequence[bytes]
    rows: AnyInts
    more: AnyInts
    more_at: Ints
    more_of: Ints

    @classmethod
    def of(cls, values: Sequence[bytes], numbers: AnyInts, ends: AnyInts) -> FacetColumn:
        """numbers: the values of all documents, one document after another. ends: where each one's end."""
        counts: Ints = np.diff(ends, prepend=0).astype(np.int64)
        width = _width(counts)
        highest = len(values) + width
        rows = np.empty((len(counts), width), np.uint16 if highest < 1 << 16 else np.uint32)
        rows[:] = np.arange(len(values), highest)
        inside = np.minimum(counts, width)
        starts = ends.astype(np.int64) - counts
        docs = np.repeat(np.arange(len(counts)), inside)
        rows[docs, spread(np.zeros(len(counts), np.int64), inside)] = numbers.take(spread(starts, inside))
        return cls(values, rows, numbers, starts + inside, counts - inside)

    def counts(self, docs: Ints) -> Ints:
        """How many of these documents have each value."""
        found = np.bincount(self.rows.take(docs, axis=0).ravel(), minlength=len(self.values))[: len(self.values)]
        if len(self.more_of):
            more_of = self.more_of.take(docs)
            has_more = np.flatnonzero(more_of)
            if len(has_more):
                places = spread(self.more_at.take(docs.take(has_more)), more_of.take(has_more))
                found += np.bincount(self.more.take(places), minlength=len(self.values))
        return found

    def number(self, value: str) -> int | None:
        """The number of a value; None if no document has it."""
        wanted = value.encode()
        low, high = 0, len(self.values)
        while low < high:
            middle = (low + high) // 2
            if self.values[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self.values) and self.values[low] == wanted else None


def _width(counts: Ints) -> int:
    """1, 2, 4 or 8: copying rows is fastest for those."""
    for width in (1, 2, 4):
        if not len(counts) or (counts <= width).mean() >= FIT_IN_ROW:
            return width
    return MOST_IN_ROW


def read_column(snapshot: Snapshot, facet: str) -> FacetColumn:
    """The column of a facet over all segments, whose values are numbered as one."""
    several = [segment.values(facet) for segment in snapshot.segments]
    terms = [segment.field(facet).all_terms() for segment in snapshot.segments]
    united = terms[0] if len(terms) == 1 else sorted(set().union(*terms))
    if len(terms) == 1:
        return FacetColumn.of(united, *several[0])
    place = dict(zip(united, range(len(united)), strict=True))
    numbers = [
        np.fromiter(map(place.__getitem__, own), np.int64, len(own)).take(values)
        for own, (values, _) in zip(terms, several, strict=True)
    ]
    ends = []
    before = 0
    for values, own_ends in several:
        ends.append(own_ends.astype(np.int64) + before)
        before += len(values)
    return FacetColumn.of(united, np.concatenate(numbers), np.concatenate(ends))


def column_of_sets(sets: Sequence[Ints], names: Sequence[str], size: int) -> FacetColumn:
    """A column of which each value's documents are known; the values keep their order."""
    docs = np.concatenate([np.zeros(0, np.int64), *sets])
    numbers = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    order = np.argsort(docs, kind="stable")
    ends = np.cumsum(np.bincount(docs, minlength=size))
    return FacetColumn.of([name.encode() for name in names], numbers.take(order), ends)


def most_frequent(
    column: FacetColumn, counts: Ints, most: int | None, chosen: Sequence[str]
) -> tuple[dict[str, int], int]:
    """(value -> articles, most frequent first, then by value; how many values there are in all).

    most: so many of them, and those chosen; None for all.
    """
    present = np.flatnonzero(counts)
    size = len(counts)
    # One number to sort by: the most frequent first, then those that come first by code point.
    keys = counts.take(present) * size + (size - 1 - present)
    if most is not None and most < len(keys):
        keys = np.partition(keys, len(keys) - most)[len(keys) - most :] if most else keys[:0]
    own = [number for value in chosen if (number := column.number(value)) is not None and counts[number]]
    if own and most is not None:
        keys = np.union1d(keys, counts[own] * size + (size - 1 - np.array(own)))
    keys.sort()
    numbers = (size - 1 - keys[::-1] % size).tolist() if size else []
    return {column.values[number].decode(): int(counts[number]) for number in numbers}, len(present)
