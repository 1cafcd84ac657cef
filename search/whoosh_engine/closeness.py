"""Raises the scores of the best matches by where the words stand in each: see `search.closeness`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query as wq

from search.closeness import LEAD_K1, NEAR_TOKENS, NEXT_TOKENS, PAIRS_IN_LEAD, SIDE_BY_SIDE, WORDS_IN_LEAD
from search.query.model import Chars, Closeness
from search.scoring import norm
from search.whoosh_engine import char_hits
from search.whoosh_engine.phrases import Occurrences, occurrences
from search.whoosh_engine.postings import AnyInts, Ints
from search.whoosh_engine.queries import CharsQuery, FormsQuery, to_whoosh
from search.whoosh_engine.scoring import Doubles, Floats, impacts

if TYPE_CHECKING:
    from search.whoosh_engine.executor import Execution

def raised(execution: Execution, closeness: Closeness, docs: Ints, scores: Floats) -> Floats:
    """The scores of the documents, raised by where the words stand in each."""
    order = np.argsort(docs)
    own = docs.take(order)
    leads = execution.snapshot.leads
    norms = norm(leads.lengths.take(own), leads.average, LEAD_K1)
    found = _of_words(execution, closeness, own, norms)
    if closeness.pairs:
        found += PAIRS_IN_LEAD * _of_pairs(execution, closeness.pairs, own, norms)
    sums = scores.copy()
    sums[order] += found.astype(np.float32)
    return sums


def _of_words(execution: Execution, closeness: Closeness, docs: Ints, norms: Doubles) -> Doubles:
    """What words in the lead add, and those side by side."""
    snapshot, line = execution.snapshot, execution.snapshot.line
    sums = np.zeros(len(docs))
    standing: list[tuple[Occurrences, float]] = []
    for leaf, weight in closeness.words:
        execution.check_time()
        query = to_whoosh(leaf)
        worth = weight * snapshot.statistics.idf(len(execution.hits(query)))
        places = _standing(execution, query, docs)
        part = line.parts(places.first)
        in_lead = snapshot.leads.has_tokens(part, places.first - line.part_starts.take(part))
        counts = _counts(docs, line.docs(places.first[in_lead]))
        sums += WORDS_IN_LEAD * worth * impacts(counts, norms, LEAD_K1)
        standing.append((places, worth))
    for (before, worth), (after, of_next) in pairwise(standing):
        near = line.docs(_near(before, after, NEAR_TOKENS))
        next_to = line.docs(_near(before, after, NEXT_TOKENS))
        held = (_counts(docs, near) > 0) * 0.5 + (_counts(docs, next_to) > 0) * 0.5
        sums += SIDE_BY_SIDE * (worth + of_next) / 2 * held
    return sums


def _standing(execution: Execution, query: wq.Query, docs: Ints) -> Occurrences:
    """Where the word stands in the documents; as a word, where it has forms."""
    if isinstance(query, FormsQuery):
        words = [leaf for leaf in query.leaves if not isinstance(leaf, CharsQuery)]
        if words:
            query = FormsQuery(words, [1.0] * len(words))
    return occurrences(execution, query, docs, begun=True)


def _near(before: Occurrences, after: Occurrences, most: int) -> AnyInts:
    """Those of the places that have one of `after` at most so many tokens behind their end, or before them."""
    if not len(before.first) or not len(after.first):
        return before.first[:0]
    following = np.minimum(after.first.searchsorted(before.end), len(after.first) - 1)
    gap = after.first.take(following).astype(np.int64) - before.end
    is_near = (gap >= 0) & (gap <= most)
    preceding = np.maximum(after.end.searchsorted(before.first, side="right") - 1, 0)
    gap = before.first.astype(np.int64) - after.end.take(preceding)
    return before.first[is_near | ((gap >= 0) & (gap <= most))]


def _of_pairs(execution: Execution, pairs: tuple[str, ...], docs: Ints, norms: Doubles) -> Doubles:
    """What pairs of characters in the lead add."""
    snapshot, line = execution.snapshot, execution.snapshot.char_line
    sums = np.zeros(len(docs))
    for pair in pairs:
        execution.check_time()
        query = to_whoosh(Chars(pair))
        places = char_hits.places(execution, query, docs)
        if len(places):
            part = line.parts(places)
            in_lead = snapshot.leads.has_chars(part, line.offsets(places, part)[1])
            counts = _counts(docs, line.docs_of(part[in_lead]))
            sums += snapshot.statistics.idf(len(execution.hits(query))) * impacts(counts, norms, LEAD_K1)
    return sums


def _counts(docs: Ints, found: AnyInts) -> Ints:
    """How often each of the documents (ascending) is among those found."""
    return np.bincount(docs.searchsorted(found), minlength=len(docs))
