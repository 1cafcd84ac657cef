"""The documents that a word, a phrase or a name stands in, decoded: what queries are computed from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from search.whoosh_engine.packing import TermRange, undo_steps
from search.whoosh_engine.place_table import PlaceTable, among
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, spread, starts_of
from search.whoosh_engine.scoring import Floats, Statistics
from search.whoosh_engine.segment import Segment

if TYPE_CHECKING:
    from search.whoosh_engine.line import Line

LEAST_CACHE_BYTES = 192 << 20
CACHE_BYTES_PER_DOCUMENT = 512
MOST_CACHE_BYTES = 1 << 30
"""For the decoded postings of the terms asked for last, in each process: some 200 words such as those of the
benchmarks, in archives of up to two million articles. What nobody asked for takes none."""

TABLE_OF = 3
"""Looking a place up by searching takes as long as putting so many into a `PlaceTable`."""

FEW = 64
"""Fewer places are looked up by searching, even where there is a table."""


class Piece:
    """The postings of a term in one segment. kept: which of them are of live documents; None for all."""

    __slots__ = ("_counts", "_field", "_kept", "_segment", "_terms", "size")

    def __init__(
        self, segment: Segment, field: str, terms: TermRange, counts: AnyInts | None, kept: Ints | None
    ) -> None:
        self._segment = segment
        self._field = field
        self._terms = terms
        self._counts = counts
        self._kept = kept
        self.size = int(terms.df.sum()) if kept is None else len(kept)

    @property
    def nbytes(self) -> int:
        """Memory that it takes beside the documents and their weights."""
        return sum(array.nbytes for array in (self._counts, self._kept) if array is not None)

    def positions(self, starts: Ints) -> Ints:
        """All positions in live documents, as they are kept. starts: what to add to those of each posting."""
        steps = self._segment.field(self._field).steps(self._terms)
        counts, kept = self._counts, self._kept
        if counts is None:
            return starts + (steps if kept is None else steps.take(kept))
        if kept is None:
            return undo_steps(steps, counts, starts)
        of_kept = counts.take(kept)
        places = spread(starts_of(counts).take(kept), of_kept)
        return undo_steps(steps, counts).take(places) + np.repeat(starts, of_kept)


class Hits:
    """docs: live documents, ascending. weights: what the hits in each weigh together. field: which one is scored.

    scores: of each. dense: the same by document number, 0 where there is none; made for terms that stand in many
    documents, as it answers "and in which of these?" without a search.
    """

    __slots__ = (
        "_dense", "_looked_up", "_pieces", "_places", "_scores", "_several", "_statistics", "_table", "docs", "field",
        "on_growth", "weights",
    )

    def __init__(
        self, field: str, docs: Ints, weights: AnyInts, statistics: Statistics, pieces: tuple[Piece, ...] = (),
        several: tuple[Hits, ...] = (),
    ) -> None:
        self.on_growth: Callable[[Hits], None] | None = None
        self.field = field
        self.docs = docs
        self.weights = weights
        self._pieces = pieces
        self._several = several     # whose places these have, instead of pieces
        self._statistics = statistics
        self._scores: Floats | None = None
        self._dense: Floats | None = None
        self._places: tuple[AnyInts, AnyInts] | None = None
        self._table: PlaceTable | None = None
        self._looked_up = 0

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
        arrays = [self._dense, self._table, *self._pieces, *self._several]
        if self._places:
            places, begun = self._places
            arrays += [places] if begun is places else [places, begun]
        return 1_024 + 14 * len(self.docs) + sum(array.nbytes for array in arrays if array is not None)

    def _grew(self) -> None:
        if self.on_growth:
            self.on_growth(self)

    # ---- where in the documents ----

    def places(self, line: Line) -> AnyInts:
        """All of them, ascending if the hits do; of a name, each that a mention covers."""
        return self._decoded(line)[0]

    def begun(self, line: Line) -> AnyInts:
        """The same, but of a name only those where a mention begins."""
        return self._decoded(line)[1]

    def _decoded(self, line: Line) -> tuple[AnyInts, AnyInts]:
        """All at once: those who ask for some of a word's places will ask for others."""
        pieces, several = self._pieces, self._several   # before it is asked: another thread may be throwing them away
        if self._places is None and several:
            every = [hits._decoded(line) for hits in several]
            self._places = (
                np.unique(np.concatenate([places for places, _ in every])),
                np.unique(np.concatenate([begun for _, begun in every])),
            )
            self._several = ()
            self._grew()
        elif self._places is None:
            is_named = self.field == "names"      # their positions are doubled, plus 1 where a mention begins
            starts = line.starts.take(self.docs) * (1 + is_named)
            ends = starts_of([piece.size for piece in pieces]).tolist()
            own = [
                piece.positions(starts[first:end]) for piece, (first, end) in zip(pieces, pairwise(ends), strict=True)
            ]
            kept = own[0] if len(own) == 1 else np.concatenate([NOTHING, *own])
            if is_named:
                self._places = ((kept >> 1).astype(line.kind), (kept[kept & 1 > 0] >> 1).astype(line.kind))
            else:
                places = kept.astype(line.kind)
                self._places = (places, places)
            self._pieces = ()
            self._grew()
        assert self._places is not None
        return self._places

    def among(self, line: Line, places: AnyInts) -> Ints:
        """At which of the places the word stands."""
        own = self.places(line)
        if self._table is None:
            # Made when as much was spent on searching as it costs: whoever asks once does not pay for it.
            if self._looked_up * TABLE_OF < len(own):
                self._looked_up += len(places)
                return among(own, places)
            self._table = PlaceTable(own)
            self._grew()
        return among(own, places) if len(places) < FEW else self._table.among(places)


def united(several: Sequence[Hits]) -> Hits:
    """The hits of several names of one entity as those of one."""
    first = several[0]
    docs = np.concatenate([hits.docs for hits in several])
    weights = np.concatenate([hits.weights for hits in several])
    order = np.argsort(docs, kind="stable")
    docs = docs.take(order)
    begins = np.flatnonzero(np.append(True, docs[1:] != docs[:-1]))
    sums = np.add.reduceat(weights.take(order).astype(np.int64), begins)
    return Hits(first.field, docs.take(begins), sums, first._statistics, several=tuple(several))


KEY_BYTES = 1_024
"""Of a key that is no term: a node of a query, about."""


class HitsCache:
    """Keeps the hits of the terms asked for last, as many as there is room for. Threads may share it."""

    def __init__(self, documents: int) -> None:
        self._most_bytes = min(max(LEAST_CACHE_BYTES, CACHE_BYTES_PER_DOCUMENT * documents), MOST_CACHE_BYTES)
        self._bytes = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, Hashable], tuple[Hits, int]] = OrderedDict()

    def get(self, kind: str, key: Hashable) -> Hits | None:
        """What is kept of a term of a field, or of something else; it is then what was asked for last."""
        with self._lock:
            found = self._kept.get((kind, key))
            if found is None:
                return None
            self._kept.move_to_end((kind, key))
            return found[0]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def put(self, kind: str, key: Hashable, hits: Hits) -> None:
        """Keep it, or note that it has grown; forget those asked for longest ago where there is no room."""
        with self._lock:
            known = self._kept.pop((kind, key), None)
            if known:
                self._bytes -= known[1]
            size = hits.nbytes + (len(key) if isinstance(key, bytes) else KEY_BYTES)
            self._kept[kind, key] = (hits, size)
            self._bytes += size
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed
