"""The values of each document, to count facets by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.engine import NameTable
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, spread, starts_of, united
from search.whoosh_engine.schema import NAMED_FIELDS
from search.whoosh_engine.snapshot import Snapshot

FEW_DOCUMENTS = 48
"""Up to so many, plain Python counts faster than numpy begins to."""

FREQUENT_VALUES = 128

SORTED_OF = 16
"""Sorting one number takes as long as going through so many counts."""

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
    """articles: how many have each value. numbers: of these values, ascending; None where they are all values, of
    which some may have no article."""

    articles: Ints
    numbers: Ints | None = None

    def of(self, number: int) -> int:
        """How many articles have the value."""
        return int(self.articles[number] if self.numbers is None else self.articles[self.numbers == number].sum())


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which document has which values of a facet, as numbers; 0 is the value that comes first by code point.

    values: UTF-8, ascending. frequent: numbers of those that most articles have, some of which are among the most
    frequent of nearly every question.
    """

    values: Sequence[bytes]
    frequent: Ints
    _table: _Table

    @classmethod
    def of(cls, values: Sequence[bytes], numbers: AnyInts, ends: AnyInts) -> FacetColumn:
        """numbers: the values of all documents, one document after another. ends: where each one's end."""
        counts: Ints = np.diff(ends, prepend=0).astype(np.int64)
        starts = ends.astype(np.int64) - counts
        of_all = np.bincount(numbers, minlength=len(values))
        frequent = of_all.argsort()[-FREQUENT_VALUES:]
        return cls(values, frequent, _Table.of(numbers, starts, counts, len(values), _width(counts)))

    def cells(self, docs: Ints) -> Iterator[AnyInts]:
        """The numbers of all values of these documents, and others that are none."""
        return self._table.cells(docs)

    def counts(self, docs: Ints) -> Counts:
        """How many of these documents have each value."""
        several = list(self._table.cells(docs))
        size = len(self.values)
        if sum(map(len, several)) * SORTED_OF < size:
            # Few of the values are there: sorting them is less than going through all.
            cells = np.concatenate(several)
            cells.sort()
            cells = cells[: int(np.searchsorted(cells, size))]
            begins = np.append(True, cells[1:] != cells[:-1]).nonzero()[0] if len(cells) else NOTHING
            return Counts(np.diff(begins, append=len(cells)), cells.take(begins).astype(np.int64))
        return Counts(reduce(np.add, (np.bincount(cells, minlength=size)[:size] for cells in several)))

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
    """The column of a facet over all segments, whose values are numbered as one; of names, whom they mean."""
    several = [segment.values(facet) for segment in snapshot.segments]
    terms, places = united([segment.terms(facet) for segment in snapshot.segments])
    if len(several) == 1:
        numbers, ends = several[0]
    else:
        numbers = np.concatenate([place.take(values) for place, (values, _) in zip(places, several, strict=True)])
        before = starts_of([len(values) for values, _ in several]).tolist()
        ends = np.concatenate([
            own.astype(np.int64) + more for (_, own), more in zip(several, before, strict=False)
        ])
    if snapshot.names and facet in NAMED_FIELDS:
        return _meaning(snapshot.names, terms, numbers, ends)
    return FacetColumn.of(terms, numbers, ends)


def _meaning(names: NameTable, terms: Sequence[bytes], numbers: AnyInts, ends: AnyInts) -> FacetColumn:
    """The entities that the names of each document mean, each once."""
    meant = [entity.encode() for entity in names.entities_of([term.decode() for term in terms])]
    entities = sorted(set(meant))
    place = {entity: number for number, entity in enumerate(entities)}
    entity_of_term = np.array([place[entity] for entity in meant], np.int64)
    sizes: Ints = np.diff(ends, prepend=0).astype(np.int64)
    docs = np.repeat(np.arange(len(ends)), sizes)
    pairs = np.unique(docs * max(1, len(entities)) + entity_of_term.take(numbers)) if len(numbers) else NOTHING
    counts = np.bincount(pairs // max(1, len(entities)), minlength=len(ends))
    return FacetColumn.of(entities, pairs % max(1, len(entities)), np.cumsum(counts))


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
    found = Counter(chain.from_iterable(cells.tolist() for cells in column.cells(docs)))
    # One number to sort by: the most frequent first, then those that come first by code point.
    ranked = sorted((count * size - number for number, count in found.items() if number < size), reverse=True)
    shown = [(number := -key % size, found[number]) for key in ranked[:most]]
    return _named(column, shown, chosen, found.__getitem__), len(ranked)


def most_frequent(
    column: FacetColumn, counts: Counts, most: int | None, chosen: Sequence[str]
) -> tuple[dict[str, int], int]:
    """(value -> articles, most frequent first, then by value; how many values there are in all).

    most: so many of them, and those chosen; None for all.
    """
    articles, numbers = counts
    size = int(np.count_nonzero(articles))
    hints = column.frequent if numbers is None else NOTHING
    places = _largest(articles, size if most is None else min(most, size), hints)
    found = places if numbers is None else numbers.take(places)
    shown = zip(found.tolist(), articles.take(places).tolist(), strict=True)
    return _named(column, shown, chosen, counts.of), size


def _largest(keys: Ints, count: int, hints: Ints) -> Ints:
    """Places of the `count` largest keys, which are at least 0, largest first; of equal ones the first.

    hints: places of some that are large.
    """
    if not count:
        return NOTHING
    least = np.partition(keys.take(hints), len(hints) - count)[len(hints) - count] if len(hints) > count else 0
    if least > 1:
        # So many are at least as large: whoever is less is not among the largest.
        places: Ints = (keys >= least).nonzero()[0]
        return places.take((-keys.take(places)).argsort(kind="stable")[:count])
    highest = int(keys.max())
    if highest < len(keys):
        # Counting the keys never takes long, as partitioning does where most of them are equal.
        least = highest - int(np.bincount(keys)[::-1].cumsum().searchsorted(count))
    else:
        least = np.partition(keys, len(keys) - count)[len(keys) - count]
    larger = (keys > least).nonzero()[0]
    places = np.concatenate((larger, (keys == least).nonzero()[0][: count - len(larger)]))
    return places.take((-keys.take(places)).argsort(kind="stable"))


def _named(
    column: FacetColumn, shown: Iterable[tuple[int, int]], chosen: Sequence[str], articles_of: Callable[[int], int]
) -> dict[str, int]:
    """Value -> articles: of the numbers shown, and then of the chosen values that are not among them."""
    found = {column.values[number].decode(): articles for number, articles in shown}
    numbers = {value: column.number(value) for value in chosen if value not in found}
    also = {value: articles_of(number) for value, number in numbers.items() if number is not None}
    for value, articles in sorted(also.items(), key=lambda item: (-item[1], item[0])):
        if articles:
            found[value] = articles
    return found
