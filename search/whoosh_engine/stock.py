"""Stock Whoosh over an open snapshot: it answers the queries that `executor` has no array form for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query as wq
from whoosh import scoring
from whoosh.query.terms import MultiTerm
from whoosh.reading import MultiReader, SegmentReader
from whoosh.searching import Searcher

from search.whoosh_engine.codec import ALL_FIELDS, NumpyCodec, NumpyTermsReader
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.schema import schema
from search.whoosh_engine.segment import Segment
from search.whoosh_engine.toc import INDEX_NAME, NumpySegment

if TYPE_CHECKING:
    from search.whoosh_engine.snapshot import Snapshot


class _Unscored(scoring.WeightingModel):  # type: ignore[misc]
    """Every hit counts 1: some of Whoosh's matchers leave out what scores 0."""

    def scorer(self, *_: Any, **__: Any) -> _One:
        return _One()


class _One(scoring.BaseScorer):  # type: ignore[misc]
    def score(self, _: Any) -> float:
        return 1.0


def open_searcher(segments: Sequence[Segment], weighting: Any = None) -> Searcher:
    """Whoosh's searcher over segments that are open already, at least one; whatever was deleted from disk since.

    weighting: Whoosh's, to score with; None for a search that asks for documents alone.
    """
    form = schema()
    readers = [
        SegmentReader(
            None, form,
            NumpySegment(segment.size, segid=segment.name.removeprefix(f"{INDEX_NAME}_"), deleted=segment.deleted),
            codec=NumpyCodec(segment),
        )
        for segment in segments
    ]
    return Searcher(readers[0] if len(readers) == 1 else MultiReader(readers), weighting=weighting or _Unscored())


def stock_docs(snapshot: Snapshot, searcher: Searcher, query: wq.Query) -> Ints:
    """The live documents that match any query of Whoosh's own, ascending; they score 0.

    searcher: over the snapshot's segments, as `open_searcher` makes it.
    """
    found = [np.zeros(0, np.int64)]
    for (leaf, offset), segment in zip(searcher.leaf_searchers(), snapshot.segments, strict=True):
        here = _with_any_term(query, leaf, segment) if isinstance(query, MultiTerm) else _matching(query, leaf)
        found.append(here + offset)
    docs = np.concatenate(found)
    return docs[snapshot.live.take(docs)]


def _with_any_term(query: MultiTerm, leaf: Searcher, segment: Segment) -> Ints:
    """Whoosh says which terms it means; their documents are united here, all at once."""
    name = query.field()
    if name not in ALL_FIELDS:
        return np.zeros(0, np.int64)
    terms = NumpyTermsReader(segment)
    to_bytes = leaf.schema[name].to_bytes
    has = np.zeros(segment.size, np.bool_)
    for text in {to_bytes(text) for text in query._btexts(leaf.reader())}:
        has[terms.postings(name, text).docs] = True
    return np.flatnonzero(has)


def _matching(query: wq.Query, leaf: Searcher) -> Ints:
    # Matchers of spans look at the current posting, which Whoosh otherwise leaves out where it can.
    matcher = query.matcher(leaf, leaf.context(needs_current=True))
    found = np.fromiter(matcher.all_ids(), np.int64)
    return np.unique(found)
