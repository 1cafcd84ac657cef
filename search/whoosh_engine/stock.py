"""Stock Whoosh over an open snapshot: it answers the queries that `executor` has no array form for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query as wq
from whoosh import scoring
from whoosh.query.terms import MultiTerm
from whoosh.reading import MultiReader, SegmentReader
from whoosh.searching import Searcher

from search.whoosh_engine.codec import (
    ALL_FIELDS,
    ArrayMatcher,
    NumpyCodec,
    NumpyCursor,
    NumpyTermsReader,
    TermPostings,
)
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.schema import schema
from search.whoosh_engine.segment import Segment
from search.whoosh_engine.toc import INDEX_NAME, NumpySegment

if TYPE_CHECKING:
    from search.whoosh_engine.snapshot import Snapshot


Check = Callable[[], None]
"""Raises QueryTooHeavy where the query is to be given up."""

TERMS_A_CHECK = 256


def never() -> None:
    """The check of a query that may take as long as it likes."""


class _Unscored(scoring.WeightingModel):  # type: ignore[misc]
    """Every hit counts 1: some of Whoosh's matchers leave out what scores 0."""

    def scorer(self, *_: Any, **__: Any) -> _One:
        return _One()


class _One(scoring.BaseScorer):  # type: ignore[misc]
    def score(self, _: Any) -> float:
        return 1.0


class _WatchedCodec(NumpyCodec):
    """Whoosh may look through all terms or postings without finding any: the check is made while it looks."""

    def __init__(self, opened: Segment, check: Check) -> None:
        super().__init__(opened)
        self._terms = _WatchedTerms(opened, check)

    def terms_reader(self, *_: Any) -> NumpyTermsReader:
        return self._terms


class _WatchedTerms(NumpyTermsReader):
    def __init__(self, segment: Segment, check: Check) -> None:
        super().__init__(segment)
        self._check = check

    def cursor(self, fieldname: str, fieldobj: Any) -> NumpyCursor:
        cursor = _WatchedCursor(self, fieldname, self._field(fieldname), fieldobj)
        cursor.check = self._check
        return cursor

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for number, term in enumerate(super().terms_from(fieldname, prefix)):
            if number % TERMS_A_CHECK == 0:
                self._check()
            yield term

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        return _WatchedMatcher(self._check, self.postings(fieldname, text), (fieldname, text), format_, scorer)


class _WatchedCursor(NumpyCursor):
    check: Check = staticmethod(never)

    def find(self, term: str | bytes) -> str | None:
        self.check()
        return super().find(term)

    def next(self) -> str | None:
        self.check()
        return super().next()


class _WatchedMatcher(ArrayMatcher):
    def __init__(self, check: Check, postings: TermPostings, *others: Any) -> None:
        super().__init__(postings, *others)
        self._check = check

    def copy(self) -> ArrayMatcher:
        return _WatchedMatcher(self._check, self._postings, self._term, self.format, self.scorer, self._at)

    def next(self) -> None:
        self._check()
        super().next()

    def skip_to(self, docnum: int) -> None:
        self._check()
        super().skip_to(docnum)


def open_searcher(segments: Sequence[Segment], weighting: Any = None, check: Check = never) -> Searcher:
    """Whoosh's searcher over segments that are open already, at least one; whatever was deleted from disk since.

    weighting: Whoosh's, to score with; None for a search that asks for documents alone.
    """
    form = schema()
    readers = [
        SegmentReader(
            None, form,
            NumpySegment(segment.size, segid=segment.name.removeprefix(f"{INDEX_NAME}_"), deleted=segment.deleted),
            codec=_WatchedCodec(segment, check),
        )
        for segment in segments
    ]
    return Searcher(readers[0] if len(readers) == 1 else MultiReader(readers), weighting=weighting or _Unscored())


def stock_docs(snapshot: Snapshot, query: wq.Query, check: Check = never) -> Ints:
    """The live documents that match any query of Whoosh's own, ascending; they score 0."""
    found = [np.zeros(0, np.int64)]
    searcher = open_searcher(snapshot.segments, check=check)
    for (leaf, offset), segment in zip(searcher.leaf_searchers(), snapshot.segments, strict=True):
        check()
        here = _with_any_term(query, leaf, segment, check) if isinstance(query, MultiTerm) else _matching(query, leaf)
        found.append(here + offset)
    docs = np.concatenate(found)
    return docs[snapshot.live.take(docs)]


def _with_any_term(query: MultiTerm, leaf: Searcher, segment: Segment, check: Check) -> Ints:
    """Whoosh says which terms it means; their documents are united here, all at once."""
    name = query.field()
    if name not in ALL_FIELDS:
        return np.zeros(0, np.int64)
    terms = NumpyTermsReader(segment)
    to_bytes = leaf.schema[name].to_bytes
    has = np.zeros(segment.size, np.bool_)
    for text in {to_bytes(text) for text in query._btexts(leaf.reader())}:
        check()
        has[terms.postings(name, text).docs] = True
    return np.flatnonzero(has)


def _matching(query: wq.Query, leaf: Searcher) -> Ints:
    # Matchers of spans look at the current posting, which Whoosh otherwise leaves out where it can.
    matcher = query.matcher(leaf, leaf.context(needs_current=True))
    found = np.fromiter(matcher.all_ids(), np.int64)
    return np.unique(found)
