"""Where words, phrases and names stand, as places on the `Line` of all documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from whoosh import query as wq

from search.scoring import TEXT_WEIGHT
from search.whoosh_engine import char_hits, forms
from search.whoosh_engine.hits import Hits
from search.whoosh_engine.line import Line
from search.whoosh_engine.members import places_in
from search.whoosh_engine.place_table import among
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, begins_of
from search.whoosh_engine.queries import CharsQuery, FormsQuery, HeadlineQuery, field_of, headlines

if TYPE_CHECKING:
    from search.whoosh_engine.executor import Execution


class Occurrences(NamedTuple):
    """Where something stands, as places: first ones, ascending, and their ends, excluded."""

    first: AnyInts
    end: AnyInts


Among = Callable[[AnyInts], Ints]
"""Which of some places a word stands at."""


def phrase(execution: Execution, query: wq.Phrase) -> Hits:
    """The documents with the phrase, which weighs in each what its occurrences' parts do."""
    snapshot = execution.snapshot
    line = snapshot.line
    words = [snapshot.hits("text", word.encode()) for word in query.words]
    if not all(map(len, words)):
        return Hits("text", NOTHING, NOTHING, snapshot.statistics)
    if query.slop == 1:
        first = _adjacent([hits.places(line) for hits in words], [partial(hits.among, line) for hits in words])
    else:
        docs = reduce(
            lambda docs, more: docs.take(places_in(more, docs, execution.scratch)),
            sorted((hits.docs for hits in words), key=len),
        )
        standing = [line.within(hits.places(line), docs, execution.scratch) for hits in words]
        first = _in_order(standing, line, query.slop).first
    return Hits("text", *_by_doc(*line.weighed(first)), snapshot.statistics)


def _by_doc(docs: Ints, weights: Ints) -> tuple[Ints, Ints]:
    """Each of the documents, which ascend, once; and its weights summed up."""
    begins = begins_of(docs)
    if len(begins) == len(docs):
        return docs, weights
    return docs.take(begins), np.add.reduceat(weights, begins)


def in_headline(execution: Execution, query: HeadlineQuery) -> Hits:
    """The documents where the leaf stands in the title or a heading; each place weighs as its part does."""
    snapshot = execution.snapshot
    if isinstance(query.leaf, FormsQuery):
        return forms.united(execution, headlines(query.leaf))
    docs = execution.docs(query.leaf)
    docs, weights = snapshot.line.weighed(occurrences(execution, query, docs, begun=True).first)
    return Hits(field_of(query), *_by_doc(docs, weights), snapshot.statistics)


def prefix(execution: Execution, query: wq.Prefix) -> Hits:
    """The documents with any term that begins so, which weighs what all of them do."""
    several = execution.snapshot.prefixed("text", query.text.encode())
    docs = np.concatenate([NOTHING, *(hits.docs for hits in several)])
    weights = np.concatenate([NOTHING, *(hits.weights for hits in several)])
    found, which = np.unique(docs, return_inverse=True)
    sums = np.bincount(which, weights, len(found)).astype(np.uint32)
    return Hits("text", found, sums, execution.snapshot.statistics)


def occurrences(execution: Execution, leaf: wq.Query, docs: Ints, *, begun: bool = False) -> Occurrences:
    """Where the leaf stands in the documents (ascending).

    begun: of a name, only where a mention begins; else every position that it covers. Of characters, it is the token
    that the first one is in. Of several forms, the places of all.
    """
    snapshot, scratch = execution.snapshot, execution.scratch
    line = snapshot.line
    if isinstance(leaf, FormsQuery):
        several = [occurrences(execution, one, docs, begun=begun) for one in leaf.leaves]
        first = np.concatenate([np.zeros(0, line.kind), *(one.first for one in several)])
        order = first.argsort(kind="stable")
        return Occurrences(first.take(order), np.concatenate([first[:0], *(one.end for one in several)]).take(order))
    if isinstance(leaf, HeadlineQuery):
        found = occurrences(execution, leaf.leaf, docs, begun=begun)
        kept = line.weighed(found.first)[1] > TEXT_WEIGHT
        return Occurrences(found.first[kept], found.end[kept])
    if isinstance(leaf, CharsQuery):
        first = char_hits.token_places(snapshot, line, char_hits.places(execution, leaf, docs))
        return Occurrences(first, first + 1)
    if isinstance(leaf, wq.Phrase):
        words = [
            line.within(snapshot.hits("text", word.encode()).places(line), docs, scratch) for word in leaf.words
        ]
        if leaf.slop == 1:
            first = _adjacent(words, [partial(among, places) for places in words])
            return Occurrences(first, first + len(words))
        return _in_order(words, line, leaf.slop)
    if isinstance(leaf, wq.Prefix):
        standing = [
            line.within(hits.places(line), docs, scratch, is_sorted=False)
            for hits in snapshot.prefixed("text", leaf.text.encode())
        ]
        places = np.unique(np.concatenate([np.zeros(0, line.kind), *standing]))
    else:
        hits = execution.hits(leaf)
        places = line.within(hits.begun(line) if begun else hits.places(line), docs, scratch)
    return Occurrences(places, places + 1)


def _adjacent(words: Sequence[AnyInts], lookups: Sequence[Among]) -> AnyInts:
    """The places where the first word stands, and each other one place after the one before it.

    words: the places of each. lookups: tells which of some places are among these.
    """
    order = sorted(range(len(words)), key=lambda number: len(words[number]))
    rarest = order[0]
    found = words[rarest]
    for number in order[1:]:
        if not len(found):
            break
        found = found.take(lookups[number](_moved(found, number - rarest)))
    return _moved(found, -rarest)


def _moved(places: AnyInts, by: int) -> AnyInts:
    # Not by a negative number, which an unsigned type does not have.
    return places + by if by > 0 else places - -by if by else places


def _in_order(words: Sequence[AnyInts], line: Line, most: int) -> Occurrences:
    """Each word at most `most` positions after the one before it, in one part; each time the nearest that leads on.

    A later start never leads to an earlier end, so the nearest is also the one that ends first.
    """
    stretched = [line.stretched(places, most) for places in words]
    starts, ends = stretched[-1], words[-1] + 1
    kept = np.arange(len(starts))
    for number in reversed(range(len(words) - 1)):
        at = np.searchsorted(starts, stretched[number], side="right")
        leads = at < len(starts)
        leads[leads] = starts[at[leads]] - stretched[number][leads] <= most
        kept = np.flatnonzero(leads)
        ends = ends[at[kept]]
        starts = stretched[number][kept]
    return Occurrences(words[0][kept], ends)
