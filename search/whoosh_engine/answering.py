"""One query, answered: its matches, the wanted page of them, and the counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from search.closeness import DEPTH
from search.engine import Match
from search.histogram import DayCounts
from search.query.model import Node, Query
from search.whoosh_engine.closeness import raised
from search.whoosh_engine.columns import FacetColumn, frequent_in, most_frequent
from search.whoosh_engine.executor import Execution, Found
from search.whoosh_engine.marks import Marks, marks
from search.whoosh_engine.members import places_in, union
from search.whoosh_engine.postings import Ints, looked_up
from search.whoosh_engine.queries import to_whoosh
from search.whoosh_engine.ranking import by_date, by_score
from search.whoosh_engine.schema import ABOUT, FACET_FIELDS
from search.whoosh_engine.scoring import Floats
from search.whoosh_engine.snapshot import Mask

if TYPE_CHECKING:
    from search.whoosh_engine.engine import WhooshEngine


class Answer:
    """One query, answered: the matches of its words, and what its filters leave of them."""

    def __init__(self, engine: WhooshEngine, query: Query) -> None:
        self._engine = engine
        self._query = query
        self._snapshot = engine.snapshot
        self._execution = engine.execution(query.deadline_ms)
        self._whoosh_query = to_whoosh(query.root)
        self.facet_sizes: dict[str, int] = {}
        found = self._execution.found(self._whoosh_query) if query.sort == "relevance" else Found(
            self._execution.docs(self._whoosh_query), None)
        # Those that the words and the days leave, whatever the filters say: a facet ignores its own.
        self._found = self._in_days(found)
        self._passing = {name: self._have(name, query.filters[name]) for name in query.filters}
        self._allowed = {name: ~self._have(name, query.excluded[name]) for name in query.excluded}
        self.matching = self._filtered()
        if query.best_of is not None and len(self.matching.docs) > query.best_of:
            self._keep_best(query.best_of)

    def _keep_best(self, count: int) -> None:
        """Only so many count as matches, for the page and for every facet: those with the best scores."""
        docs, scores = self.matching
        assert scores is not None
        kept = by_score(self._snapshot, docs, scores, 0, count)[0]
        kept.sort()
        is_kept = np.zeros(len(self._found.docs), np.bool_)
        is_kept[self._found.docs.searchsorted(kept)] = True
        self._found = _kept(self._found, is_kept)
        self._passing = {name: mask[is_kept] for name, mask in self._passing.items()}
        self._allowed = {name: mask[is_kept] for name, mask in self._allowed.items()}
        self.matching = self._filtered()

    def _in_days(self, found: Found) -> Found:
        since, until = self._query.since, self._query.until
        if since is None and until is None:
            return found
        days = self._snapshot.facts.day.take(found.docs)
        low, high = since or date.min, until or date.max
        return _kept(found, (days >= low.toordinal()) & (days <= high.toordinal()))     # an undated one has day 0

    def _have(self, facet: str, values: Sequence[str]) -> Mask:
        """Which of the found documents have one of the values."""
        engine, topics, scratch = self._engine, self._query.topics, self._execution.scratch
        if facet == "topic":
            sets = [engine.topic(topics[value], self._execution) for value in values if value in topics]
        else:
            sets = [self._snapshot.hits(self._field(facet), value.encode()).docs for value in values]
        have = np.zeros(len(self._found.docs), np.bool_)
        have[places_in(union(sets, scratch, self._snapshot.size), self._found.docs, scratch)] = True
        return have

    def _filtered(self, *, unchosen: str | None = None, unexcluded: str | None = None) -> Found:
        """What all the filters leave, but for the choice in one facet and what is excluded in one."""
        masks = [mask for name, mask in self._passing.items() if name != unchosen]
        masks += [mask for name, mask in self._allowed.items() if name != unexcluded]
        return _kept(self._found, reduce(np.logical_and, masks)) if masks else self._found

    # ---- the page ----

    def ordered(self, first: int, end: int) -> tuple[Ints, Sequence[float]]:
        """The documents from `first` to before `end` as the query sorts them, and their scores."""
        docs, scores = self.matching
        if self._query.sort != "relevance" or scores is None:
            oldest = self._query.sort == "oldest"
            chosen = by_date(self._snapshot, docs, first, end, oldest=oldest)
            return chosen, self._execution.scores_in(self._whoosh_query, chosen).tolist()
        chosen, found = self._by_relevance(docs, scores, first, end)
        return chosen, found.tolist()

    def _by_relevance(self, docs: Ints, scores: Floats, first: int, end: int) -> tuple[Ints, Floats]:
        """The documents from `first` to before `end`: the best DEPTH in the order that closeness puts them in."""
        snapshot, closeness = self._snapshot, self._query.closeness
        if closeness is None or first >= DEPTH:
            return by_score(snapshot, docs, scores, first, end)
        docs, scores = by_score(snapshot, docs, scores, 0, max(DEPTH, end))
        near = raised(self._execution, closeness, docs[:DEPTH], scores[:DEPTH])
        best, near = by_score(snapshot, docs[:DEPTH], near, first, min(DEPTH, end))
        return np.concatenate((best, docs[DEPTH:end])), np.concatenate((near, scores[DEPTH:end]))

    def page(self, first: int, end: int) -> tuple[Match, ...]:
        """The wanted stretch of matches."""
        docs, scores = self.ordered(first, end)
        ids = self._snapshot.ids(docs)
        versions = self._snapshot.facts.version.take(docs).tolist()
        if not len(docs) or not (self._query.spans or self._query.tell):
            return tuple(map(Match, ids, versions, scores))
        told = told_of(self._execution, self._query.tell, docs)
        spans, char_spans = zip(*self._marks(docs), strict=True)
        return tuple(map(Match, ids, versions, scores, spans, char_spans, told))

    def _marks(self, docs: Ints) -> list[Marks]:
        """Of each of the documents, in this order."""
        if not self._query.spans:
            return [Marks((), ())] * len(docs)
        order = np.argsort(docs)
        wanted = (self._query.root,) if self._query.mark is None else self._query.mark
        found = marks(self._execution, (*wanted, *self._query.also_mark), docs.take(order))
        of_doc = dict(zip(order.tolist(), found, strict=True))
        return [of_doc[place] for place in range(len(docs))]

    # ---- counts ----

    def facets(self) -> dict[str, dict[str, int]]:
        """Value -> articles, for each facet that is asked for; it ignores what was chosen of itself."""
        found: dict[str, dict[str, int]] = {}
        for name in self._query.facets:
            column = self._column(name)
            docs = self._filtered(unchosen=name).docs if name in self._passing else self.matching.docs
            most, chosen = self._query.facet_values, self._query.filters.get(name, ())
            if len(docs) == self._snapshot.live_count:
                of_all = self._engine.counts_of_all(self._field(name), column)
                counted = most_frequent(column, of_all, most, chosen)
            else:
                counted = frequent_in(column, docs, most, chosen)
            found[name], self.facet_sizes[name] = counted
            if name in self._allowed:
                excluded = self._excluded_counts(name)
                found[name] = dict(sorted({**found[name], **excluded}.items(), key=lambda one: (-one[1], one[0])))
                self.facet_sizes[name] += len(excluded)
        return found

    def _excluded_counts(self, facet: str) -> dict[str, int]:
        """Value that is excluded -> the articles that have it, if nothing of its facet were chosen or excluded; if any.
        """
        is_left = np.zeros(len(self._found.docs), np.bool_)
        is_left[self._found.docs.searchsorted(self._filtered(unchosen=facet, unexcluded=facet).docs)] = True
        values = self._query.excluded[facet]
        counts = {value: int(np.count_nonzero(self._have(facet, [value]) & is_left)) for value in values}
        return {value: count for value, count in counts.items() if count}

    def _field(self, facet: str) -> str:
        return ABOUT.get(facet, facet) if self._query.about else facet

    def _column(self, facet: str) -> FacetColumn:
        if facet in FACET_FIELDS:
            return self._engine.column(self._field(facet))
        return self._engine.topic_column(self._query.topics, self._execution)

    def days(self) -> DayCounts:
        """Day of publication -> matches; undated ones are left out."""
        first = self._snapshot.first_day
        days = self._snapshot.days_since_first.take(self.matching.docs)
        return DayCounts(first, np.bincount(days)[1:])


def told_of(execution: Execution, nodes: Sequence[Node], docs: Ints) -> list[tuple[bool, ...]]:
    """For each of the documents, in any order, of which of the nodes it is a match."""
    holds = np.zeros((len(docs), len(nodes)), np.bool_)
    for number, node in enumerate(nodes):
        holds[:, number] = looked_up(docs, execution.docs(to_whoosh(node)))[1]
    return [tuple(row) for row in holds.tolist()]


def _kept(found: Found, mask: Mask) -> Found:
    places = mask.nonzero()[0]
    if len(places) == len(mask):
        return found
    return Found(found.docs.take(places), None if found.scores is None else found.scores.take(places))
