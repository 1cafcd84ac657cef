"""Answers Whoosh's query trees with whole arrays at a time, where Whoosh's matchers go from document to document."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from whoosh import query as wq

from search.errors import QueryTooHeavy
from search.whoosh_engine import char_hits, forms, phrases, proximity
from search.whoosh_engine.hits import Hits
from search.whoosh_engine.members import MERGED_OF, Scratch, common, is_dense, places_in, scores_in, union
from search.whoosh_engine.postings import NOTHING, Ints, looked_up
from search.whoosh_engine.queries import (
    CharsQuery,
    FormsQuery,
    HeadlineQuery,
    LeadQuery,
    NearQuery,
    SameSectionQuery,
    is_leaf,
)
from search.whoosh_engine.ranking import best
from search.whoosh_engine.scoring import Doubles, Floats
from search.whoosh_engine.snapshot import Snapshot


class Found(NamedTuple):
    """docs: ascending. scores: of each; None where all are 0."""

    docs: Ints
    scores: Floats | None


class Execution:
    """One query being answered over one snapshot: what was computed of its words is kept until its end.

    deadline: as `time.monotonic` counts; past it, QueryTooHeavy is raised.
    """

    def __init__(self, snapshot: Snapshot, scratch: Scratch, deadline: float | None = None) -> None:
        self.snapshot = snapshot
        self.scratch = scratch
        self.deadline = deadline
        self._phrases: dict[tuple[object, ...], Hits] = {}
        self._kept: dict[int, tuple[wq.Query, Ints]] = {}

    # ---- which documents ----

    def docs(self, query: wq.Query) -> Ints:
        """The live documents that match, ascending."""
        self.check_time()
        if is_leaf(query) or isinstance(query, wq.Term):
            return self.hits(query).docs
        if isinstance(query, wq.And):
            return self._all_docs(query.subqueries)
        if isinstance(query, wq.Or):
            return union([self.docs(child) for child in query.subqueries], self.scratch, self.snapshot.size)
        if isinstance(query, wq.Not):
            return self._others(self.snapshot.live_docs, self.docs(query.query))
        if isinstance(query, wq.Every):
            return self.snapshot.live_docs
        if isinstance(query, wq.NumericRange):
            return self._in_range(query, self.snapshot.live_docs)
        if isinstance(query, NearQuery):
            return self._once(query, proximity.in_lead if isinstance(query, LeadQuery) else proximity.near)
        if isinstance(query, SameSectionQuery):
            return self._once(query, proximity.same_section)
        if query == wq.NullQuery:
            return NOTHING
        return self.snapshot.stock_docs(query, self.check_time)

    def _once(self, query: wq.Query, compute: Callable[[Execution, wq.Query], Ints]) -> Ints:
        # With the query, so that no other one is made at its address.
        if id(query) not in self._kept:
            self._kept[id(query)] = (query, compute(self, query))
        return self._kept[id(query)][1]

    def _all_docs(self, children: Sequence[wq.Query]) -> Ints:
        """Those that match every child: the rarest words first, then ranges, then what must not be there."""
        wanted = [c for c in children if not isinstance(c, (wq.Not, wq.NumericRange, wq.Every))]
        found = sorted((self.docs(child) for child in wanted), key=len)
        docs = found[0] if found else self.snapshot.live_docs
        for others in found[1:]:
            docs = docs.take(places_in(others, docs, self.scratch))
        return self._filtered(docs, children)

    def _filtered(self, docs: Ints, children: Sequence[wq.Query]) -> Ints:
        for child in children:
            if isinstance(child, wq.NumericRange):
                docs = self._in_range(child, docs)
            elif isinstance(child, wq.Not):
                docs = self._others(docs, self.docs(child.query))
        return docs

    def _others(self, docs: Ints, unwanted: Ints) -> Ints:
        if not len(unwanted):
            return docs
        return np.delete(docs, places_in(unwanted, docs, self.scratch))

    def _in_range(self, query: wq.NumericRange, docs: Ints) -> Ints:
        facts = self.snapshot.facts
        values = (facts.day if query.fieldname == "day" else facts.at).take(docs)
        kept = facts.day.take(docs) > 0
        if query.start is not None:
            kept &= values > query.start if query.startexcl else values >= query.start
        if query.end is not None:
            kept &= values < query.end if query.endexcl else values <= query.end
        return docs[kept]

    # ---- with which score ----

    def scores_in(self, query: wq.Query, docs: Ints) -> Floats:
        """The scores of some documents, in any order, all of which match."""
        order = np.argsort(docs)
        scores = np.empty(len(docs), np.float32)
        scores[order] = self._sum_in([query], docs.take(order))
        return scores

    def found(self, query: wq.Query) -> Found:
        """The live documents that match, and their scores."""
        self.check_time()
        if is_leaf(query):
            hits = self.hits(query)
            return Found(hits.docs, _boosted(hits.scores, query))
        if isinstance(query, wq.And):
            return self._all(query.subqueries)
        if isinstance(query, wq.Or):
            return self._any(query.subqueries)
        docs = self.docs(query)
        if isinstance(query, NearQuery):
            return Found(docs, self._sum_in(query.leaves, docs))
        if isinstance(query, SameSectionQuery):
            return Found(docs, self._sum_in([query.child], docs))
        return Found(docs, None)

    def _all(self, children: Sequence[wq.Query]) -> Found:
        words = [self.hits(child) if is_leaf(child) else None for child in children]
        if any(hits is not None and not len(hits) for hits in words):
            return Found(NOTHING, None)
        if all(hits is not None for hits in words):
            return self._all_words(children, [hits for hits in words if hits is not None])
        docs = self._all_docs(children)
        return Found(docs, self._sum_in(children, docs))

    def _all_words(self, children: Sequence[wq.Query], words: Sequence[Hits]) -> Found:
        """The usual AND: scores are added up while the documents become fewer."""
        order = sorted(range(len(words)), key=lambda number: len(words[number]))
        docs = words[order[0]].docs
        scores = _boosted(words[order[0]].scores, children[order[0]])
        for number in order[1:]:
            hits = words[number]
            if is_dense(hits, self.snapshot.size):
                found = self._dense(hits).take(docs)
                kept = (found > 0).nonzero()[0]     # a word's score is never 0
                found = found.take(kept)
            else:
                kept, there = common(docs, hits.docs, self.scratch)
                found = hits.scores.take(there)
            docs = docs.take(kept)
            scores = scores.take(kept)
            scores += _boosted(found, children[number])
        return Found(docs, scores)

    def _sum_in(self, children: Sequence[wq.Query], docs: Ints) -> Floats:
        """What the words of the children add in documents of which it is known that they match."""
        scores = np.zeros(len(docs), np.float32)
        for child in children:
            if is_leaf(child):
                hits = self.hits(child)
                if len(hits):
                    scores += _boosted(self.scores_of(hits, docs), child)
            elif isinstance(child, (wq.And, NearQuery, SameSectionQuery)):
                inner = child.subqueries if isinstance(child, wq.And) else (
                    child.leaves if isinstance(child, NearQuery) else [child.child])
                scores += self._sum_in(inner, docs)
            elif isinstance(child, wq.Or):
                for other in child.subqueries:
                    scores += self._sum_where(other, docs)
        return scores

    def _sum_where(self, child: wq.Query, docs: Ints) -> Floats:
        """The same for a child that some of the documents may not match."""
        if is_leaf(child):
            return self._sum_in([child], docs)
        matching = np.zeros(len(docs), np.bool_)
        matching[places_in(self.docs(child), docs, self.scratch)] = True
        return self._sum_in([child], docs) * matching

    def _any(self, children: Sequence[wq.Query]) -> Found:
        parts = [self.found(child) for child in children if not is_leaf(child)]
        words = [(child, self.hits(child)) for child in children if is_leaf(child)]
        size = self.snapshot.size
        is_small = sum(len(hits) for _, hits in words) * MERGED_OF < size
        sums = self._summed(parts, words)
        if parts or is_small or not all(np.float32(child.boost) > 0 for child, _ in words):
            docs = union([part.docs for part in parts] + [hits.docs for _, hits in words], self.scratch, size)
        else:
            docs = (sums > 0).nonzero()[0]     # a word's score is never 0 unless it is boosted by 0
        found = Found(docs, sums.take(docs))
        if sums is self.scratch.floats:
            sums[docs] = 0
        return found

    def best_of_any(self, query: wq.Or, count: int) -> tuple[int, Found]:
        """(how many match, the best `count` and those that equal the last of them), for an OR of words alone.

        Where nothing else is asked for, the documents need not be listed.
        """
        words = [(child, self.hits(child)) for child in query.subqueries]
        sums = self._summed((), words)
        total = int(np.count_nonzero(sums > 0))
        docs = best(sums, min(count, total))
        docs.sort()
        found = Found(docs, sums.take(docs))
        if sums is self.scratch.floats:
            sums.fill(0)
        return total, found

    def _summed(self, parts: Sequence[Found], words: Sequence[tuple[wq.Query, Hits]]) -> Floats:
        """What they add up to, by document number: an array of the scratch, overwritten by the next OR."""
        size, scratch = self.snapshot.size, self.scratch
        dense = [_boosted(self._dense(hits), child) for child, hits in words if is_dense(hits, size)]
        sums = scratch.sums if dense else scratch.floats
        if len(dense) == 1:
            sums[:] = dense[0]
        elif dense:
            np.add(dense[0], dense[1], out=sums)
        for more in dense[2:]:
            sums += more
        for child, hits in words:
            if not is_dense(hits, size):
                np.add.at(sums, hits.docs, _boosted(hits.scores, child))
        for part in parts:
            if part.scores is not None:
                np.add.at(sums, part.docs, part.scores)
        return sums

    def scores_of(self, hits: Hits, docs: Ints) -> Floats:
        """The scores of the hits in these documents; 0 where there is none."""
        return scores_in(hits, docs, self.scratch, self.snapshot.size)

    def _dense(self, hits: Hits) -> Floats:
        return hits.dense(self.snapshot.size)

    # ---- exactly ----

    def exact(self, query: wq.Query, docs: Ints) -> Doubles:
        """The score of each of these documents, all of which match, in double precision."""
        scores = np.zeros(len(docs))
        if is_leaf(query):
            hits = self.hits(query)
            places, is_there = looked_up(docs, hits.docs)
            if len(hits):
                exact = self.snapshot.statistics.exact_scores(hits.field, docs, hits.weights.take(places), len(hits))
                scores = exact * is_there * query.boost
        elif isinstance(query, wq.And):
            for child in query.subqueries:
                scores += self.exact(child, docs)
        elif isinstance(query, wq.Or):
            for child in query.subqueries:
                if is_leaf(child):
                    scores += self.exact(child, docs)
                else:
                    scores += self.exact(child, docs) * np.isin(docs, self.docs(child))
        elif isinstance(query, NearQuery):
            for child in query.leaves:
                scores += self.exact(child, docs)
        elif isinstance(query, SameSectionQuery):
            scores = self.exact(query.child, docs)
        return scores

    # ---- words ----

    def hits(self, query: wq.Query) -> Hits:
        """The hits of a leaf."""
        if isinstance(query, wq.Term):
            return self.snapshot.hits(query.fieldname, query.text.encode())
        if isinstance(query, FormsQuery):
            return self._kept_hits("forms", query.key, query, forms.united)
        if isinstance(query, CharsQuery):
            return self._kept_hits("chars", (query.text, query.whole), query, char_hits.hits)
        if isinstance(query, HeadlineQuery):
            return self._kept_hits("headline", query.key, query, phrases.in_headline)
        key = (type(query), *query.words, query.slop) if isinstance(query, wq.Phrase) else (type(query), query.text)
        if key not in self._phrases:
            self.check_time()
            is_phrase = isinstance(query, wq.Phrase)
            self._phrases[key] = phrases.phrase(self, query) if is_phrase else phrases.prefix(self, query)
        return self._phrases[key]

    def _kept_hits(
        self, kind: str, key: Hashable, query: wq.Query, compute: Callable[[Execution, Any], Hits]
    ) -> Hits:
        self.check_time()
        if key is None:
            return compute(self, query)
        return self.snapshot.kept(kind, key, lambda: compute(self, query))

    def check_time(self) -> None:
        """Raises QueryTooHeavy past the deadline."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise QueryTooHeavy("The query was given up, since it took too long. Use fewer words, or longer ones.")


def _boosted(scores: Floats, query: wq.Query) -> Floats:
    return scores if query.boost == 1 else scores * np.float32(query.boost)
