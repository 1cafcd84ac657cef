"""Which words stand near one another, or in one section."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from search.whoosh_engine.members import places_in, union
from search.whoosh_engine.phrases import occurrences
from search.whoosh_engine.postings import AnyInts, Ints, spread
from search.whoosh_engine.queries import LeadQuery, NearQuery, SameSectionQuery, is_leaf

if TYPE_CHECKING:
    from search.whoosh_engine.executor import Execution


def near(execution: Execution, query: NearQuery) -> Ints:
    """The documents where one occurrence of each leaf can be chosen so that all begin within the distance."""
    docs = execution.docs(wq.And(list(query.leaves)))
    return np.unique(execution.snapshot.line.docs(_near_places(execution, query, docs)))


def in_lead(execution: Execution, query: LeadQuery) -> Ints:
    """The documents whose lead has each leaf."""
    snapshot = execution.snapshot
    docs = execution.docs(wq.And(list(query.leaves)))
    for leaf in query.leaves:
        execution.check_time()
        first = occurrences(execution, leaf, docs, begun=True).first
        parts = snapshot.line.parts(first)
        leading = snapshot.leads.has_tokens(parts, first - snapshot.line.part_starts.take(parts))
        docs = np.unique(snapshot.line.docs(first[leading]))
    return docs


def _near_places(execution: Execution, query: NearQuery, docs: Ints) -> AnyInts:
    """Where in the documents an occurrence begins that has one of every other leaf within the distance after it."""
    line = execution.snapshot.line
    places = [occurrences(execution, leaf, docs, begun=True).first for leaf in query.leaves]
    stretched = [line.stretched(first, query.distance + 1) for first in places]
    found = [np.zeros(0, line.kind)]
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
    return np.unique(np.concatenate(found))


def same_section(execution: Execution, query: SameSectionQuery) -> Ints:
    """The documents with a section of which the child holds."""
    docs = _possible(execution, query.child)
    sections = _Sections(execution, docs)
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

    def __init__(self, execution: Execution, docs: Ints) -> None:
        self._execution = execution
        self._docs = docs
        self._line = execution.snapshot.line
        first_parts = self._line.first_parts
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
        if isinstance(query, NearQuery) and not isinstance(query, LeadQuery):
            return self._with_places(_near_places(self._execution, query, self._docs))
        if is_leaf(query):
            return self._with_places(occurrences(self._execution, query, self._docs, begun=True).first)
        return np.isin(self.doc, np.flatnonzero(np.isin(self._docs, self._execution.docs(query))))

    def _with_places(self, places: AnyInts) -> NDArray[np.bool_]:
        found = np.zeros(len(self.doc), np.bool_)
        found[self._section_of_part.take(np.searchsorted(self._parts, self._line.parts(places)))] = True
        return found
