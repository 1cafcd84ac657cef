"""The facts of every document as numpy arrays: what filters, facets and sorting read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from search.results import NO_DATE
from search.whoosh_engine.schema import FACET_KINDS, Facts

NO_TIME = np.iinfo(np.int64).min
"""`Columns.at` and `day` of an article without a date."""

Mask = NDArray[np.bool_]
"""One flag per document number, deleted ones included (always False there)."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which document has which values: the pair (docs[i], ordinals[i]) for each.

    values: ordinal -> value.
    """

    values: tuple[str, ...]
    ordinal: Mapping[str, int]
    docs: NDArray[np.int64]
    ordinals: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> FacetColumn:
        """Build the column from (document, value) pairs."""
        ordinal: dict[str, int] = {}
        docs: list[int] = []
        ordinals: list[int] = []
        for doc, value in pairs:
            docs.append(doc)
            ordinals.append(ordinal.setdefault(value, len(ordinal)))
        return cls(tuple(ordinal), ordinal, np.array(docs, np.int64), np.array(ordinals, np.int64))

    def counts(self, mask: Mask) -> dict[str, int]:
        """Value -> articles in the mask; values with none are left out."""
        counted = np.bincount(self.ordinals[mask[self.docs]], minlength=len(self.values))
        return {self.values[i]: int(counted[i]) for i in np.flatnonzero(counted)}

    def having(self, values: Iterable[str], size: int) -> Mask:
        """The documents that have at least one of these values."""
        mask = np.zeros(size, np.bool_)
        for value in values:
            if value in self.ordinal:
                mask[self.docs[self.ordinals == self.ordinal[value]]] = True
        return mask


@dataclass(frozen=True, slots=True)
class Columns:
    """One snapshot's facts, by document number.

    id_rank: place of the id among all ids, to break ties by. live: not deleted.
    at: seconds since 1970. day: proleptic ordinal in JST. Both NO_TIME without a date.
    """

    ids: tuple[str, ...]
    id_rank: NDArray[np.int64]
    versions: tuple[int, ...]
    live: Mask
    at: NDArray[np.int64]
    day: NDArray[np.int64]
    facets: Mapping[str, FacetColumn]

    @classmethod
    def read(cls, reader: IndexReader) -> Columns:
        """Read the column of every segment; about 10 microseconds a document."""
        facts = [
            Facts.unpack(data) if data else None
            for leaf, _ in reader.leaf_readers()
            if leaf.doc_count_all()     # the reader of an index without documents has no columns
            for data in leaf.column_reader("facts")
        ]
        size = reader.doc_count_all()
        known = [(doc, f) for doc, f in enumerate(facts) if f is not None]
        live = np.zeros(size, np.bool_)
        live[[doc for doc in range(size) if not reader.is_deleted(doc)]] = True
        at = np.full(size, NO_TIME, np.int64)
        day = np.full(size, NO_TIME, np.int64)
        for doc, f in known:
            if f.at is not None and f.day is not None:
                at[doc], day[doc] = f.at, f.day
        named = {
            kind: FacetColumn.of((doc, entity) for doc, f in known for entity in f.named[i])
            for i, kind in enumerate(FACET_KINDS)
        }
        facets = {
            **named,
            "desk": FacetColumn.of((doc, f.desk) for doc, f in known if f.desk),
            "source": FacetColumn.of((doc, f.source) for doc, f in known if f.source),
            "year": FacetColumn.of(
                (doc, f"{date.fromordinal(f.day).year:04}" if f.day else NO_DATE) for doc, f in known
            ),
        }
        ids = tuple(f.article_id if f else "" for f in facts)
        id_rank = np.empty(size, np.int64)
        id_rank[sorted(range(size), key=ids.__getitem__)] = np.arange(size)
        return cls(
            ids,
            id_rank,
            tuple(f.version if f else 0 for f in facts),
            live, at, day, facets,
        )

    @property
    def size(self) -> int:
        """Documents, deleted ones included."""
        return len(self.ids)

    def between(self, since: date | None, until: date | None) -> Mask:
        """Documents published in these days, both included; all where both are None."""
        mask = np.ones(self.size, np.bool_)
        if since:
            mask &= self.day >= since.toordinal()
        if until:
            mask &= self.day <= until.toordinal()
        if since or until:
            mask &= self.day != NO_TIME
        return mask

    def days(self, mask: Mask) -> dict[date, int]:
        """Day of publication -> articles in the mask."""
        days, counts = np.unique(self.day[mask & (self.day != NO_TIME)], return_counts=True)
        return {date.fromordinal(int(d)): int(n) for d, n in zip(days, counts, strict=True)}
