"""Where words stand to one another: phrases, nearness, one section.

Positions of several documents are laid out on one line, with empty places between documents, so that a place on the
line is both document and position, and "next to" is "one more" for all documents at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from search.whoosh_engine.hits import Hits
from search.whoosh_engine.members import FEW_OF, Scratch, common, places_in, union
from search.whoosh_engine.postings import NOTHING, Ints, spread, starts_of
from search.whoosh_engine.queries import NearQuery, SameSectionQuery, is_leaf

if TYPE_CHECKING:
    from search.whoosh_engine.executor import Execution




MOST_FLAGS = 16
"""For each document of the index: a longer line is searched instead, so that threads do not keep so much memory."""


class Occurrences(NamedTuple):
    """Where something stands, as places on a `Line`: first ones, ascending, and their ends, excluded."""

    first: Ints
    end: Ints


class Line:
    """The positions of some documents laid out on one line. room: empty places on both sides of each document."""

    def __init__(self, execution: Execution, docs: Ints, room: int) -> None:
        self.docs = docs
        self._snapshot = execution.snapshot
        self._starts = starts_of(self._snapshot.facts.places.take(docs).astype(np.int64) + 2 * room)
        self._first = self._starts[:-1] + room

    @property
    def size(self) -> int:
        """Places in all."""
        return int(self._starts[-1])

    def place(self, which: Ints, position: Ints) -> Ints:
        """The place of a position of the document docs[which]."""
        return self._first.take(which) + position

    def position(self, which: Ints, places: Ints) -> Ints:
        """The way back: the position of each place in the document docs[which]."""
        return places - self._first.take(which)

    def which(self, places: Ints) -> Ints:
        """The index in `docs` of the document at each place."""
        return np.searchsorted(self._starts, places, side="right") - 1

    def part(self, places: Ints, which: Ints | None = None) -> Ints:
        """The part that each place is in, among those of the whole snapshot. which: as `which` says, if known."""
        which = self.which(places) if which is None else which
        keys = self.docs.take(which) << 32
        keys += self.position(which, places)
        return np.searchsorted(self._snapshot.part_keys, keys, side="right") - 1

    def positions(self, places: Ints, gap: int) -> tuple[Ints, Ints]:
        """(index in `docs`, position) of each place, parts of a document being `gap` positions further apart."""
        which = self.which(places)
        part = self.part(places, which) - self._snapshot.first_parts.take(self.docs.take(which))
        return which, self.position(which, places) + part * gap

    def stretched(self, places: Ints, gap: int) -> Ints:
        """The same places, the parts being so many places further apart."""
        return places + self.part(places) * gap


# ---- where a word, a phrase or a name stands ----------------------------------------------------


def occurrences(execution: Execution, leaf: wq.Query, line: Line, *, begun: bool = False) -> Occurrences:
    """Where the leaf stands in the documents of the line.

    begun: of a name, only where a mention begins; else every position that it covers.
    """
    if isinstance(leaf, wq.Phrase):
        words = [_places(execution.snapshot.hits("text", word.encode()), line, execution.scratch)
                 for word in leaf.words]
        if leaf.slop == 1:
            return _adjacent(words, line.size, execution.scratch)
        return _in_order(words, line, leaf.slop)
    if isinstance(leaf, wq.Prefix):
        found = [_places(hits, line, execution.scratch, is_sorted=False)
                 for hits in execution.snapshot.prefixed("text", leaf.text.encode())]
        places = np.unique(np.concatenate([NOTHING, *found]))
    else:
        places = _places(execution.hits(leaf), line, execution.scratch, begun=begun)
    return Occurrences(places, places + 1)


def _places(
    hits: Hits, line: Line, scratch: Scratch, *, is_sorted: bool = True, begun: bool = False
) -> Ints:
    """Every position of the hits in the documents of the line. is_sorted: the hits ascend by document."""
    if is_sorted:
        at = places_in(line.docs, hits.docs, scratch)
        # Nearly always all of them have the word: then there is nothing to look up.
        which = np.arange(len(at)) if len(at) == len(line.docs) else places_in(hits.docs, line.docs, scratch)
    else:
        at = np.flatnonzero(np.isin(hits.docs, line.docs))
        which = np.searchsorted(line.docs, hits.docs.take(at))
    return _places_at(hits, at, which, line, begun=begun)


def _places_at(hits: Hits, at: Ints, which: Ints, line: Line, *, begun: bool = False) -> Ints:
    """Every position of some of the hits. which: the index of each one's document in those of the line."""
    counts, positions = hits.positions(at)
    which = which if counts is None else np.repeat(which, counts)
    if hits.field == "names":
        if begun:
            which, positions = which[positions & 1 > 0], positions[positions & 1 > 0]
        positions = positions >> 1
    return line.place(which, positions)


def _adjacent(words: Sequence[Ints], size: int, scratch: Scratch) -> Occurrences:
    rarest = min(range(len(words)), key=lambda number: len(words[number]))
    first = words[rarest] - rarest
    for number in sorted(range(len(words)), key=lambda number: len(words[number])):
        if number != rarest and len(first):
            first = first[_are_among(first + number, words[number], size, scratch)]
    return Occurrences(first, first + len(words))


def _are_among(places: Ints, others: Ints, size: int, scratch: Scratch) -> NDArray[np.bool_]:
    if not len(others):
        return np.zeros(len(places), np.bool_)
    if len(places) * FEW_OF < len(others) or len(places) < 256 or size > MOST_FLAGS * scratch.size:
        at = np.searchsorted(others, places)
        at[at == len(others)] = 0
        equal: NDArray[np.bool_] = others.take(at) == places
        return equal
    flags = scratch.flags_for(size)
    flags[others] = True
    found = flags.take(places)
    flags[others] = False
    return found


def _in_order(words: Sequence[Ints], line: Line, most: int) -> Occurrences:
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


def phrase(execution: Execution, query: wq.Phrase) -> Hits:
    """The documents with the phrase, which weighs in each what its occurrences' parts do."""
    words = [execution.snapshot.hits("text", word.encode()) for word in query.words]
    docs, places = _all_in(words, execution.scratch)
    line = Line(execution, docs, len(words))
    found = [_places_at(hits, at, np.arange(len(docs)), line) for hits, at in zip(words, places, strict=True)]
    if query.slop == 1:
        first = _adjacent(found, line.size, execution.scratch).first
    else:
        first = _in_order(found, line, query.slop).first
    if not len(first):
        return Hits("text", first, first, execution.snapshot.statistics)
    which = line.which(first)
    begins = np.flatnonzero(np.append(True, which[1:] != which[:-1]))
    weights = execution.snapshot.weights_at(docs.take(which), line.position(which, first))
    sums = np.add.reduceat(weights, begins).astype(np.uint32)
    return Hits("text", docs.take(which.take(begins)), sums, execution.snapshot.statistics)


def _all_in(words: Sequence[Hits], scratch: Scratch) -> tuple[Ints, list[Ints]]:
    """The documents that have all the words, and for each word their places among its hits."""
    order = sorted(range(len(words)), key=lambda number: len(words[number]))
    docs = words[order[0]].docs
    places = {order[0]: np.arange(len(docs))}
    for number in order[1:]:
        kept, there = common(docs, words[number].docs, scratch)
        docs = docs.take(kept)
        places = {known: at.take(kept) for known, at in places.items()}
        places[number] = there
    return docs, [places[number] for number in range(len(words))]


def prefix(execution: Execution, query: wq.Prefix) -> Hits:
    """The documents with any term that begins so, which weighs what all of them do."""
    several = execution.snapshot.prefixed("text", query.text.encode())
    docs = np.concatenate([NOTHING, *(hits.docs for hits in several)])
    weights = np.concatenate([NOTHING, *(hits.weights for hits in several)])
    found, which = np.unique(docs, return_inverse=True)
    sums = np.bincount(which, weights, len(found)).astype(np.uint32)
    return Hits("text", found, sums, execution.snapshot.statistics)


def longest_phrase(query: wq.Query) -> int:
    """Words of the longest phrase in it: the room that documents need on a line, so that none goes from one to the
    next."""
    if isinstance(query, wq.Phrase):
        return len(query.words)
    if isinstance(query, SameSectionQuery):
        return longest_phrase(query.child)
    children = query.leaves if isinstance(query, NearQuery) else query.children()
    return max(map(longest_phrase, children), default=0)


# ---- nearness, one section ----------------------------------------------------------------------


def near(execution: Execution, query: NearQuery) -> Ints:
    """The documents where one occurrence of each leaf can be chosen so that all begin within the distance."""
    docs = execution.docs(wq.And(list(query.leaves)))
    line = Line(execution, docs, longest_phrase(query))
    return docs.take(np.unique(line.which(_near_places(execution, query, line))))


def _near_places(execution: Execution, query: NearQuery, line: Line) -> Ints:
    """Where an occurrence begins that has one of every other leaf within the distance after it."""
    places = [occurrences(execution, leaf, line, begun=True).first for leaf in query.leaves]
    stretched = [line.stretched(first, query.distance + 1) for first in places]
    found = []
    for first, here in zip(places, stretched, strict=True):
        holds = np.ones(len(here), np.bool_)
        for others in stretched:
            if len(others):
                at = np.minimum(np.searchsorted(others, here), len(others) - 1)
                distance = others.take(at) - here
                holds &= (distance >= 0) & (distance <= query.distance)
            else:
                holds[:] = False
        found.append(first[holds])
    return np.unique(np.concatenate(found)) if found else NOTHING


def same_section(execution: Execution, query: SameSectionQuery) -> Ints:
    """The documents with a section of which the child holds."""
    docs = _possible(execution, query.child)
    sections = _Sections(execution, docs, longest_phrase(query))
    return docs.take(np.unique(sections.doc[sections.holding(query.child)]))


def _possible(execution: Execution, query: wq.Query) -> Ints:
    """Documents of which no other has a section that answers."""
    if isinstance(query, SameSectionQuery):
        return _possible(execution, query.child)
    if isinstance(query, (wq.And, NearQuery)):
        children = query.leaves if isinstance(query, NearQuery) else query.subqueries
        found = sorted((_possible(execution, child) for child in children), key=len)
        return reduce(lambda docs, more: docs.take(places_in(more, docs, execution.scratch)), found)
    if isinstance(query, wq.Or):
        several = [_possible(execution, child) for child in query.subqueries]
        return union(several, execution.scratch, execution.snapshot.size)
    return execution.snapshot.live_docs if isinstance(query, wq.Not) else execution.docs(query)


class _Sections:
    """The sections of some documents, counted through. doc: index of each section's document."""

    def __init__(self, execution: Execution, docs: Ints, room: int) -> None:
        self._execution = execution
        self._line = Line(execution, docs, room)
        first_parts = execution.snapshot.first_parts
        counts = first_parts.take(docs + 1) - first_parts.take(docs)
        self._parts = spread(first_parts.take(docs), counts)
        doc_of_part = np.repeat(np.arange(len(docs)), counts)
        section = execution.snapshot.facts.parts.sections.take(self._parts)
        begins = np.ones(len(section), np.bool_)
        begins[1:] = (section[1:] != section[:-1]) | (doc_of_part[1:] != doc_of_part[:-1])
        self._section_of_part = np.cumsum(begins) - 1
        self.doc = doc_of_part[begins]

    def holding(self, query: wq.Query) -> NDArray[np.bool_]:
        """Of which of the sections the query holds."""
        if isinstance(query, SameSectionQuery):
            return self.holding(query.child)
        if isinstance(query, wq.And):
            return reduce(np.logical_and, map(self.holding, query.subqueries))
        if isinstance(query, wq.Or):
            nowhere = np.zeros(len(self.doc), np.bool_)
            return reduce(np.logical_or, map(self.holding, query.subqueries), nowhere)
        if isinstance(query, wq.Not):
            return ~self.holding(query.query)
        if isinstance(query, NearQuery):
            return self._with_places(_near_places(self._execution, query, self._line))
        if is_leaf(query):
            return self._with_places(occurrences(self._execution, query, self._line, begun=True).first)
        return np.isin(self.doc, np.flatnonzero(np.isin(self._line.docs, self._execution.docs(query))))

    def _with_places(self, places: Ints) -> NDArray[np.bool_]:
        found = np.zeros(len(self.doc), np.bool_)
        found[self._section_of_part.take(np.searchsorted(self._parts, self._line.part(places)))] = True
        return found
