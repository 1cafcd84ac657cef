"""The segments of an index seen as one: documents are numbered through, terms are decoded once and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from search.engine import NameTable
from search.whoosh_engine.char_line import CharLine
from search.whoosh_engine.char_pairs import BLOCK_BITS
from search.whoosh_engine.facts import NO_TIME, DocumentFacts
from search.whoosh_engine.hits import Hits, HitsCache, Piece, united
from search.whoosh_engine.leads import Leads
from search.whoosh_engine.line import Line
from search.whoosh_engine.packing import TermRange
from search.whoosh_engine.postings import AnyInts, Ints, looked_up, starts_of
from search.whoosh_engine.schema import NAMED_FIELDS
from search.whoosh_engine.scoring import Statistics
from search.whoosh_engine.segment import Segment
from search.whoosh_engine.stock import Check, never, stock_docs

Mask = NDArray[np.bool_]
"""One flag per document number."""


class Snapshot:
    """Some segments, as they were when they were opened. Threads may share it.

    size: documents, deleted ones included. live_count: those that are not.
    average_lengths: of the scored fields, to score with. names: whom the names of the index mean.
    names_generation: of `names`, when the segments were opened.
    """

    def __init__(
        self, segments: Sequence[Segment], average_lengths: Mapping[str, float], names: NameTable | None = None
    ) -> None:
        self.segments = tuple(segments)
        self.average_lengths = average_lengths
        self.names = names
        self.names_generation = names.names_generation() if names else 0
        self._bases = starts_of([segment.size for segment in segments]).tolist()
        self.size: int = self._bases[-1]
        self.live_count = self.size - sum(len(segment.deleted) for segment in segments)
        self._cache = HitsCache(self.size)

    def close(self) -> None:
        """Forget what was decoded, which refers to the snapshot: so its memory is free at once."""
        self._cache.clear()

    # ---- documents ----

    @cached_property
    def facts(self) -> DocumentFacts:
        """Of every document, deleted ones included. There is at least one segment."""
        return DocumentFacts.joined([segment.facts for segment in self.segments])

    @cached_property
    def times(self) -> AnyInts:
        """When each document was published, in seconds, to sort by: the oldest is 1, one without a date 0."""
        at = self.facts.at
        has_time = at != NO_TIME
        first = int(at.min(initial=np.iinfo(np.int64).max, where=has_time))
        times = np.where(has_time, at - (first - 1), 0) if has_time.any() else np.zeros(len(at), np.int64)
        return times.astype(np.uint32) if int(times.max(initial=0)) < 1 << 32 else times

    @cached_property
    def statistics(self) -> Statistics:
        """What scores depend on."""
        return Statistics(self.live_count, self.facts.lengths, self.average_lengths)

    @cached_property
    def first_day(self) -> int:
        """The day of the oldest document, as a proleptic ordinal; 1 if none has a date."""
        days = self.facts.day
        return int(days.min(initial=np.iinfo(days.dtype).max, where=days > 0)) if (days > 0).any() else 1

    @cached_property
    def days_since_first(self) -> AnyInts:
        """Of each document, counted from 1; 0 for one without a date."""
        days = self.facts.day
        return np.where(days > 0, days - (self.first_day - 1), 0)

    @cached_property
    def line(self) -> Line:
        """Every document's positions, one after another: made when it is first asked where words stand."""
        return Line(self.facts)

    @cached_property
    def char_line(self) -> CharLine:
        """Every document's characters, one after another."""
        return CharLine(self.facts)

    @cached_property
    def char_bases(self) -> list[int]:
        """Where each segment's characters begin on that line; one item more, for the end."""
        bases: list[int] = (starts_of([segment.chars.blocks for segment in self.segments]) << BLOCK_BITS).tolist()
        return bases

    @cached_property
    def leads(self) -> Leads:
        """Where the documents' leads are."""
        return Leads(self.facts)

    @cached_property
    def live(self) -> Mask:
        """Which documents are not deleted."""
        mask = np.ones(self.size, np.bool_)
        for segment, base in zip(self.segments, self._bases, strict=False):
            mask[segment.deleted + base] = False
        return mask

    @cached_property
    def live_docs(self) -> Ints:
        """The numbers of all documents that are not deleted."""
        return np.flatnonzero(self.live)

    def ids(self, docs: Ints) -> list[str]:
        """The article ids of these documents."""
        if len(self.segments) == 1:
            return self.segments[0].ids(docs)
        found = [""] * len(docs)
        number = np.searchsorted(self._bases, docs, side="right") - 1
        for each in np.unique(number).tolist():
            here = np.flatnonzero(number == each)
            ids = self.segments[each].ids(docs.take(here) - self._bases[each])
            for place, article_id in zip(here.tolist(), ids, strict=True):
                found[place] = article_id
        return found

    @cached_property
    def id_rank(self) -> Ints:
        """The place of each document's id among all ids, by code point."""
        if len(self.segments) == 1:
            return self.segments[0].values("id")[0].astype(np.int64)
        ids: list[bytes] = []
        docs: list[Ints] = []
        for segment, base in zip(self.segments, self._bases, strict=False):
            ids += segment.terms("id")
            docs.append(np.argsort(segment.values("id")[0]) + base)
        rank = np.empty(self.size, np.int64)
        # The ids of each segment are in order already, and Python's sort finds such stretches.
        rank[np.concatenate(docs)[sorted(range(self.size), key=ids.__getitem__)]] = np.arange(self.size)
        return rank

    def doc(self, article_id: str) -> int | None:
        """The live document with this id."""
        if not self.size:
            return None
        found = self.hits("id", article_id.encode()).docs
        return int(found[0]) if len(found) else None

    # ---- terms ----

    def hits(self, field: str, term: bytes) -> Hits:
        """The live documents that have the term, in a field of the schema; in one of names, the entity."""
        if field in NAMED_FIELDS and self.names:
            return self.kept(field, term, lambda: self._named(field, term))
        return self.kept(field, term, lambda: self._read(field, term))

    def _named(self, field: str, entity: bytes) -> Hits:
        """The documents with any name that means the entity: hundreds of names, of well known persons."""
        assert self.names is not None
        terms = [term.encode() for term in self.names.terms_of(entity.decode())]
        where = []
        for segment, base in zip(self.segments, self._bases, strict=False):
            reader = segment.field(field)
            numbers = reader.numbers_of(terms)
            if len(numbers) == 1:
                where.append((segment, base, reader.range(int(numbers[0]), int(numbers[0]) + 1)))
            elif len(numbers):
                where.append((segment, base, reader.scattered(numbers)))
        hits = self._decoded(field, where)
        return united([hits]) if any(len(named.df) > 1 for _, _, named in where) and len(hits) else hits

    def _read(self, field: str, term: bytes) -> Hits:
        where = []
        for segment, base in zip(self.segments, self._bases, strict=False):
            reader = segment.field(field)
            number = reader.find(term)
            if number is not None:
                where.append((segment, base, reader.range(number, number + 1)))
        return self._decoded(field, where)

    def kept(self, kind: str, key: Hashable, compute: Callable[[], Hits]) -> Hits:
        """The hits of something of this kind, computed unless they are known."""
        known = self._cache.get(kind, key)
        if known is None:
            known = compute()
            self._cache.put(kind, key, known)
            known.on_growth = partial(self._cache.put, kind, key)
        return known

    def _decoded(self, field: str, where: Sequence[tuple[Segment, int, TermRange]]) -> Hits:
        """where: (segment, number of its first document, terms of the field); several terms: term by term."""
        docs: list[Ints] = []
        weights: list[AnyInts] = []
        pieces: list[Piece] = []
        for segment, base, terms in where:
            reader = segment.field(field)
            found = reader.docs(terms)
            coded = reader.counts_and_weights(terms) if reader.has_positions else None
            counts, weight = coded if coded else (None, np.ones(len(found), np.uint8))
            kept = _without(found, segment.deleted)
            if kept is not None:
                found, weight = found.take(kept), weight.take(kept)
            if len(found):
                pieces.append(Piece(segment, field, terms, counts, kept))
                docs.append(found + base if base else found)
                weights.append(weight)
        if len(docs) == 1:
            return Hits(field, docs[0], _narrowed(weights[0]), self.statistics, tuple(pieces))
        nothing = np.zeros(0, np.int64)
        all_weights = np.concatenate(weights) if weights else nothing
        return Hits(field, np.concatenate([nothing, *docs]), _narrowed(all_weights), self.statistics, tuple(pieces))

    def prefixed(self, field: str, prefix: bytes) -> list[Hits]:
        """For each segment that has any, the hits of all terms that begin so: term by term, so not ascending."""
        found = []
        for segment, base in zip(self.segments, self._bases, strict=False):
            reader = segment.field(field)
            first, end = reader.with_prefix(prefix)
            if first < end:
                found.append(self._decoded(field, [(segment, base, reader.range(first, end))]))
        return found

    # ---- what only stock Whoosh can answer ----

    def stock_docs(self, query: wq.Query, check: Check = never) -> Ints:
        """The live documents that match any of Whoosh's own queries, by its matchers."""
        return stock_docs(self, query, check) if self.size else np.zeros(0, np.int64)


def _without(docs: Ints, deleted: Ints) -> Ints | None:
    """Which of the documents are not deleted, as places in `docs`; None for all of them."""
    if not len(deleted) or not len(docs):
        return None
    is_deleted = looked_up(docs, deleted)[1]
    return np.flatnonzero(~is_deleted) if is_deleted.any() else None


def _narrowed(weights: AnyInts) -> AnyInts:
    """In two bytes each where that is enough, which it nearly always is."""
    is_small = weights.dtype.itemsize <= 2 or not len(weights) or int(weights.max()) < 1 << 16
    return weights.astype(np.uint16) if is_small else weights
