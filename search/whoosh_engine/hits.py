"""The documents that a word, a phrase or a name stands in, decoded: what queries are computed from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.packing import TermRange, undo_steps
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, spread, starts_of
from search.whoosh_engine.scoring import Floats, Statistics
from search.whoosh_engine.segment import Segment

CACHE_BYTES = 192 << 20
"""For the decoded postings of the terms asked for last, in each process."""


class Piece:
    """The postings of a term in one segment.

    kept: which of them are of live documents; None for all. first: the place of the first one among all hits.
    """

    __slots__ = ("_positions", "_starts", "counts", "field", "first", "kept", "segment", "terms")

    def __init__(
        self, segment: Segment, field: str, terms: TermRange, counts: AnyInts | None, kept: Ints | None, first: int
    ) -> None:
        self.segment = segment
        self.field = field
        self.terms = terms
        self.counts = counts
        self.kept = kept
        self.first = first
        self._starts: Ints | None = None
        self._positions: NDArray[np.int32] | None = None

    @property
    def nbytes(self) -> int:
        """Memory that it takes beside the documents and their weights."""
        arrays = (self.counts, self.kept, self._starts, self._positions)
        return sum(array.nbytes for array in arrays if array is not None)

    def positions(self, hits: Ints) -> tuple[AnyInts | None, AnyInts]:
        """Of some postings, counted from this piece's first: (how many each has, all of them), as they are kept.

        None where each has one.
        """
        postings = hits if self.kept is None else self.kept.take(hits)
        if self._positions is None:
            self._decode()
        assert self._positions is not None
        if self.counts is None:
            return None, self._positions.take(postings)
        assert self._starts is not None
        counts = self.counts.take(postings)
        return counts, self._positions.take(spread(self._starts.take(postings), counts))

    def _decode(self) -> None:
        """All positions at once: those who ask for some of a word's will ask for others."""
        reader = self.segment.field(self.field)
        size = int(self.terms.df.sum())
        counts = self.counts if self.counts is not None else np.ones(size, np.int64)
        self._starts = starts_of(counts) if self.counts is not None else None
        self._positions = undo_steps(reader.steps(self.terms), counts).astype(np.int32)


class Hits:
    """docs: live documents, ascending. weights: what the hits in each weigh together. field: which one is scored.

    scores: of each. dense: the same by document number, 0 where there is none; made for terms that stand in many
    documents, as it answers "and in which of these?" without a search.
    """

    __slots__ = ("_dense", "_scores", "_statistics", "docs", "field", "on_growth", "pieces", "weights")

    def __init__(
        self, field: str, docs: Ints, weights: AnyInts, statistics: Statistics, pieces: tuple[Piece, ...] = ()
    ) -> None:
        self.on_growth: Callable[[Hits], None] | None = None
        self.field = field
        self.docs = docs
        self.weights = weights
        self.pieces = pieces
        self._statistics = statistics
        self._scores: Floats | None = None
        self._dense: Floats | None = None

    def __len__(self) -> int:
        return len(self.docs)

    @property
    def scores(self) -> Floats:
        if self._scores is None:
            self._scores = self._statistics.scores(self.field, self.docs, self.weights)
        return self._scores

    def dense(self, size: int) -> Floats:
        if self._dense is None:
            dense = np.zeros(size, np.float32)
            dense[self.docs] = self.scores
            self._dense = dense
            self._grew()
        return self._dense

    @property
    def has_dense(self) -> bool:
        return self._dense is not None

    @property
    def nbytes(self) -> int:
        """Memory that this takes, about."""
        dense = self._dense.nbytes if self._dense is not None else 0
        return 1_024 + 14 * len(self.docs) + dense + sum(piece.nbytes for piece in self.pieces)

    def _grew(self) -> None:
        if self.on_growth:
            self.on_growth(self)

    def positions(self, hits: Ints) -> tuple[AnyInts | None, AnyInts]:
        """Of some of the hits (places in `docs`, ascending): (how many each has, all of them), as they are kept.

        None where each has one.
        """
        before = self.nbytes
        found = self._positions_of(hits)
        if self.nbytes > before:
            self._grew()
        return found

    def _positions_of(self, hits: Ints) -> tuple[AnyInts | None, AnyInts]:
        if len(self.pieces) == 1:
            return self.pieces[0].positions(hits)
        several: list[AnyInts] = []
        found: list[AnyInts] = []
        ends = [*(piece.first for piece in self.pieces[1:]), len(self.docs)]
        for piece, end in zip(self.pieces, ends, strict=False):
            low, high = np.searchsorted(hits, (piece.first, end)).tolist()
            if low < high:
                counts, positions = piece.positions(hits[low:high] - piece.first)
                several.append(np.ones(high - low, np.int64) if counts is None else counts)
                found.append(positions)
        return np.concatenate([NOTHING, *several]), np.concatenate([NOTHING, *found])


class HitsCache:
    """Keeps the hits of the terms asked for last, up to so many bytes. Threads may share it."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, bytes], tuple[Hits, int]] = OrderedDict()

    def get(self, field: str, term: bytes) -> Hits | None:
        """What is kept of the term, which is then the one asked for last."""
        with self._lock:
            found = self._kept.get((field, term))
            if found is None:
                return None
            self._kept.move_to_end((field, term))
            return found[0]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def put(self, field: str, term: bytes, hits: Hits) -> None:
        """Keep it, or note that it has grown; forget those asked for longest ago where there is no room."""
        with self._lock:
            known = self._kept.pop((field, term), None)
            if known:
                self._bytes -= known[1]
            size = hits.nbytes + len(term)
            self._kept[field, term] = (hits, size)
            self._bytes += size
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed
