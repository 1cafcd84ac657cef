"""One word in several forms: their hits united, as if all were one term."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query as wq

from search.whoosh_engine import char_hits
from search.whoosh_engine.hits import Hits
from search.whoosh_engine.members import union
from search.whoosh_engine.postings import AnyInts, Ints, looked_up
from search.whoosh_engine.queries import CharsQuery, FormsQuery, field_of, is_chars

if TYPE_CHECKING:
    from search.whoosh_engine.executor import Execution


def united(execution: Execution, query: FormsQuery) -> Hits:
    """The documents with any of the forms, and what they weigh there: see `model.Forms`.

    Characters count where no other form stands, since they are found wherever a word of theirs is.
    """
    snapshot, scratch = execution.snapshot, execution.scratch
    pairs = list(zip(query.leaves, query.weights, strict=True))
    found = [
        (field_of(leaf) == "names", hits.docs, hits.weights * np.float32(weight))
        for leaf, weight in pairs if not is_chars(leaf) for hits in [execution.hits(leaf)]
    ]
    docs = union([own for _, own, _ in found], scratch, snapshot.size)
    for leaf, weight in pairs:
        if is_chars(leaf):
            own, weights = _elsewhere(execution, leaf, docs)
            found.append((False, own, weights * np.float32(weight)))
    everywhere = union([own for _, own, _ in found], scratch, snapshot.size)
    sums = scratch.floats
    # Names come last: theirs are compared with what all others add up to.
    for is_name, own, weights in sorted(found, key=itemgetter(0)):
        if is_name:
            sums[own] = np.maximum(sums.take(own), weights)
        else:
            sums[own] += weights
    weights = sums.take(everywhere)
    sums[everywhere] = 0
    return Hits("text", everywhere, weights, snapshot.statistics)


def counting(execution: Execution, query: FormsQuery, docs: Ints) -> list[tuple[wq.Query, Ints]]:
    """Each leaf, and in which of the documents (ascending) it counts."""
    found = [(leaf, docs) for leaf in query.leaves if not is_chars(leaf)]
    chars = [leaf for leaf in query.leaves if is_chars(leaf)]
    if chars:
        has_other = np.zeros(len(docs), np.bool_)
        for leaf, _ in found:
            has_other |= looked_up(docs, execution.hits(leaf).docs)[1]
        rest = docs[~has_other]
        found += [(leaf, rest) for leaf in chars]
    return found


def _elsewhere(execution: Execution, leaf: wq.Query, docs: Ints) -> tuple[Ints, AnyInts]:
    if isinstance(leaf, CharsQuery):
        return char_hits.elsewhere(execution, leaf, docs)
    hits = execution.hits(leaf)
    kept = ~looked_up(hits.docs, docs)[1]
    return hits.docs[kept], hits.weights[kept]
