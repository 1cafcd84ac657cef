"""The values of each document, to count facets by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, spread, starts_of, united
from search.whoosh_engine.ranking import best
from search.whoosh_engine.snapshot import Snapshot

FEW_DOCUMENTS = 40
"""Up to so many, plain Python counts faster than numpy begins to."""

FIT_IN_ROW = 0.8
"""Of the documents, at least: a row is as short as possible for so many to fit, and no longer than 4 values. Longer
ones go on in a table of those documents alone, with rows of 8, of which longer ones go on …"""


@dataclass(frozen=True, slots=True)
class _Table:
    """The values of some documents. rows: one a document; each unused place holds a number of its own past the last
    value, since counting one number over and over makes the processor wait for itself.

    has_more, place_of: which documents go on in the table `more`, and in which of its rows.
    """

    rows: AnyInts
    has_more: NDArray[np.bool_] | None = None
    place_of: NDArray[np.int32] | None = None
    more: _Table | None = None

    def cells(self, docs: Ints) -> Iterator[AnyInts]:
        """All numbers in the rows of these documents, those of unused places too."""
        yield self.rows.take(docs, axis=0).ravel()
        if self.more is not None and self.has_more is not None and self.place_of is not None:
            longer = np.flatnonzero(self.has_more.take(docs))
            if len(longer):
                yield from self.more.cells(self.place_of.take(docs.take(longer)).astype(np.int64))

    @classmethod
    def of(cls, numbers: AnyInts, starts: Ints, counts: Ints, size: int, width: int) -> _Table:
        """starts, counts: where in `numbers` each document's values begin, and how many there are."""
        highest = size + width
        rows = np.empty((len(counts), width), np.uint16 if highest < 1 << 16 else np.uint32)
        rows[:] = np.arange(size, highest)
        inside = np.minimum(counts, width)
        docs = np.repeat(np.arange(len(counts)), inside)
        rows[docs, spread(np.zeros(len(counts), np.int64), inside)] = numbers.take(spread(starts, inside))
        longer = np.flatnonzero(counts > width)
        if not len(longer):
            return cls(rows)
        place_of = np.zeros(len(counts), np.int32)
        place_of[longer] = np.arange(len(longer))
        more = cls.of(numbers, starts.take(longer) + width, counts.take(longer) - width, size, max(8, 2 * width))
        return cls(rows, counts > width, place_of, more)


class Counts(NamedTuple):
    """numbers: of the values that any document has, ascending. articles: how many have each."""

    numbers: Ints
    articles: Ints


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which document has which values of a facet, as numbers; 0 is the value that comes first by code point.

    values: UTF-8, ascending.
    """

    values: Sequence[bytes]
    _table: _Table

    @classmethod
    def of(cls, values: Sequence[bytes], numbers: AnyInts, ends: AnyInts) -> FacetColumn:
        """numbers: the values of all documents, one document after another. ends: where each one's end."""
        counts: Ints = np.diff(ends, prepend=0).astype(np.int64)
        starts = ends.astype(np.int64) - counts
        return cls(values, _Table.of(numbers, starts, counts, len(values), _width(counts)))

    def cells(self, docs: Ints) -> Iterator[AnyInts]:
        """The numbers of all values of these documents, and others that are none."""
        return self._table.cells(docs)

    def counts(self, docs: Ints) -> Counts:
        """How many of these documents have each value."""
        several = list(self._table.cells(docs))
        cells = several[0] if len(several) == 1 else np.concatenate(several)
        if len(cells) < len(self.values):
            # Few of the values are there: sorting them is less than going through all.
            cells.sort()
            cells = cells[: int(np.searchsorted(cells, len(self.values)))]
            begins = np.flatnonzero(np.append(True, cells[1:] != cells[:-1])) if len(cells) else NOTHING
            return Counts(cells.take(begins).astype(np.int64), np.diff(begins, append=len(cells)))
        found = np.bincount(cells, minlength=len(self.values))[: len(self.values)]
        numbers = np.flatnonzero(found)
        return Counts(numbers, found.take(numbers))

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
    """1, 2 or 4: copying rows is fastest for powers of two."""
    return next((width for width in (1, 2) if not len(counts) or (counts <= width).mean() >= FIT_IN_ROW), 4)


def read_column(snapshot: Snapshot, facet: str) -> FacetColumn:
    """The column of a facet over all segments, whose values are numbered as one."""
    several = [segment.values(facet) for segment in snapshot.segments]
    terms, places = united([segment.terms(facet) for segment in snapshot.segments])
    if len(several) == 1:
        return FacetColumn.of(terms, *several[0])
    numbers = [place.take(values) for place, (values, _) in zip(places, several, strict=True)]
    before = starts_of([len(values) for values, _ in several]).tolist()
    ends = [own.astype(np.int64) + more for (_, own), more in zip(several, before, strict=False)]
    return FacetColumn.of(terms, np.concatenate(numbers), np.concatenate(ends))


def column_of_sets(sets: Sequence[Ints], names: Sequence[str], size: int) -> FacetColumn:
    """A column of which each value's documents are known; the values keep their order."""
    docs = np.concatenate([np.zeros(0, np.int64), *sets])
    numbers = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    order = np.argsort(docs, kind="stable")
    ends = np.cumsum(np.bincount(docs, minlength=size))
    return FacetColumn.of([name.encode() for name in names], numbers.take(order), ends)


def frequent_in(
    column: FacetColumn, docs: Ints, most: int | None, chosen: Sequence[str]
) -> tuple[dict[str, int], int]:
    """What `most_frequent` says of these documents."""
    if len(docs) > FEW_DOCUMENTS:
        return most_frequent(column, column.counts(docs), most, chosen)
    size = len(column.values)
    found = Counter(number for cells in column.cells(docs) for number in cells.tolist() if number < size)
    own = {column.number(value) for value in chosen}
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    shown = ranked if most is None else ranked[:most] + [item for item in ranked[most:] if item[0] in own]
    return {column.values[number].decode(): count for number, count in shown}, len(ranked)


def most_frequent(
    column: FacetColumn, counts: Counts, most: int | None, chosen: Sequence[str]
) -> tuple[dict[str, int], int]:
    """(value -> articles, most frequent first, then by value; how many values there are in all).

    most: so many of them, and those chosen; None for all.
    """
    size = len(column.values)
    # One number to sort by: the most frequent first, then those that come first by code point.
    keys = counts.articles * size + (size - 1 - counts.numbers)
    wanted = len(keys) if most is None else min(most, len(keys))
    shown = keys.take(best(keys, wanted)) if wanted else NOTHING
    if chosen:
        own = [number for value in chosen if (number := column.number(value)) is not None]
        shown = np.union1d(shown, keys[np.isin(counts.numbers, own)])
    shown.sort()
    articles, numbers = np.divmod(shown[::-1], size) if size else (shown, shown)
    return {
        column.values[size - 1 - number].decode(): count
        for number, count in zip(numbers.tolist(), articles.tolist(), strict=True)
    }, len(keys)
