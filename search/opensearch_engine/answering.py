"""One query, answered: the cluster says which articles match and which may be the best, and these are read here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from search.closeness import DEPTH
from search.engine import Match, Matches
from search.opensearch_engine.dsl import ABOUT, Dsl, any_of_terms, between, has_value
from search.opensearch_engine.facets import Facets, days_of
from search.opensearch_engine.reading import Reading
from search.opensearch_engine.schema import MOST_RESULTS
from search.opensearch_engine.scoring import counted_leaves, leaves_of_closeness, raised, score
from search.opensearch_engine.snapshot import WITH_ARTICLE, Deadline, Snapshot
from search.query.model import Leaf, Query

DAYS = {"days": {"terms": {"field": "day", "size": 65_000}}}
"""So many days are 178 years."""


class Answer:
    """One query, answered: the matches of its words, and what its filters leave of them."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        """Raises QueryTooHeavy, ClusterUnavailable."""
        self._snapshot = snapshot
        self._query = query
        self._deadline: Deadline = None
        if query.deadline_ms is not None:
            self._deadline = time.monotonic() + query.deadline_ms / 1000
        # Those that the words and the days leave, whatever the filters say: a facet ignores its own.
        self._words = snapshot.exactly(query.root, self._deadline)
        self._conditions = [*self._in_days()]
        self._passing = {name: self._have(name, values) for name, values in query.filters.items()}
        self._excluded = {name: self._have(name, values) for name, values in query.excluded.items()}
        self._best = None if query.best_of is None else self._keep_best(query.best_of)

    def matches(self) -> Matches:
        """All of it: in one question to the cluster, and another one for what some facets take."""
        query = self._query
        facets = Facets(
            self._snapshot, query, [self._words, *self._conditions], self._passing, self._excluded, self._deadline
        )
        leaves = self._leaves() if query.limit else []
        first, end = self._wanted(query.offset, query.offset + query.limit)
        is_deep = end > MOST_RESULTS
        found = self._snapshot.ask({
            **(self._page_body if self._best is None else self._best_body(self._best[first:end])),
            **({"size": 0} if is_deep else {"from": first if self._best is None else 0, "size": end - first}),
            "aggs": {
                **(DAYS if query.days else {}), **facets.aggregations(),
                **self._snapshot.uncounted(leaves, self._deadline),
            },
        }, self._deadline)
        self._snapshot.learn(leaves, found)
        counted = found.get("aggregations", {})
        facets.take(counted)
        hits, total = found["hits"]["hits"], found["hits"]["total"]["value"]
        if self._best is not None:
            hits, total = _in_order(hits, self._best), len(self._best)
        elif is_deep:
            hits = self._snapshot.stretch(self._page_body, first, end, self._deadline)
        return Matches(
            total, tuple(self._ordered(hits, query.offset, query.offset + query.limit)),
            facets.counts, facets.sizes, days_of(counted["days"]) if query.days else {},
        )

    def ids(self) -> Iterator[str]:
        """The id of every match, in the query's order."""
        everything: Iterable[str] | None = self._best
        if everything is None:
            everything = self._snapshot.ids({"query": self._scored, "sort": self._sort}, self._deadline)
        weighed: list[str] = []
        if self._query.sort == "relevance":
            first, everything = _first(everything, DEPTH)
            hits = self._snapshot.ask({**self._best_body(first), "size": DEPTH}, self._deadline)["hits"]["hits"]
            weighed = [match.article_id for match in self._ordered(_in_order(hits, first), 0, DEPTH)]
        yield from weighed
        yield from everything

    # ---- which articles ----

    def _in_days(self) -> Iterator[Dsl]:
        since, until = self._query.since, self._query.until
        if since or until:
            yield between("day", since.toordinal() if since else None, until.toordinal() if until else None)

    def _have(self, facet: str, values: Sequence[str]) -> Dsl:
        """What finds the articles with one of the values."""
        topics = self._query.topics
        if facet == "topic":
            several = [self._snapshot.exactly(topics[one], self._deadline) for one in values if one in topics]
            return {"bool": {"should": several, "minimum_should_match": 1}} if several else {"match_none": {}}
        field = ABOUT.get(facet, facet) if self._query.about else facet
        return has_value(facet, field, values, self._snapshot.terms_of)

    def _keep_best(self, count: int) -> list[str] | None:
        """Only so many count as matches, for the page and for every facet: those with the best scores, best first.

        None where there are no more than that.
        """
        body = {"query": self._scored, "sort": self._sort}
        at_once = min(count + 1, MOST_RESULTS)
        best = list(islice(self._snapshot.ids(body, self._deadline, at_once=at_once), count + 1))
        if len(best) <= count:
            return None
        # They are known by now: nothing is looked for twice.
        self._words, self._conditions = any_of_terms("id", best[:count]), []
        return best[:count]

    def _best_body(self, ids: list[str]) -> dict[str, Any]:
        """What gives all of the best to be counted, and these of them to be read."""
        return {**self._page_body, "post_filter": any_of_terms("id", ids)}

    @property
    def _scored(self) -> Dsl:
        """What all conditions leave, each with about the score that it deserves."""
        filters = [*self._conditions, *self._passing.values()]
        return {"bool": {"must": [self._words], "filter": filters, "must_not": [*self._excluded.values()]}}

    @property
    def _sort(self) -> list[Mapping[str, Any]]:
        newest = {"at": {"order": "desc", "missing": "_last"}}
        first: dict[str, list[Mapping[str, Any]]] = {
            "relevance": [{"_score": "desc"}, newest], "newest": [newest],
            "oldest": [{"at": {"order": "asc", "missing": "_last"}}],
        }
        return [*first[self._query.sort], {"id": "asc"}]

    # ---- the page ----

    @property
    def _page_body(self) -> dict[str, Any]:
        return {"query": self._scored, "sort": self._sort, "_source": WITH_ARTICLE}

    def _wanted(self, first: int, end: int) -> tuple[int, int]:
        """What to ask for, so that the matches from `first` to before `end` can be told: of the best, all DEPTH."""
        if end <= first:
            return 0, 0
        return (0, max(DEPTH, end)) if self._is_weighed(first) else (first, end)

    def _is_weighed(self, first: int) -> bool:
        """Whether the order hangs on exact scores."""
        return self._query.sort == "relevance" and first < DEPTH

    def _leaves(self) -> list[Leaf]:
        """Those whose frequencies scores hang on."""
        closeness = self._query.closeness
        return [*counted_leaves(self._query.root), *(leaves_of_closeness(closeness) if closeness else ())]

    def _ordered(self, hits: Iterable[Mapping[str, Any]], first: int, end: int) -> list[Match]:
        """The matches from `first` to before `end`: the best DEPTH in the order of their exact scores.

        hits: from `_wanted` on.
        """
        query = self._query
        read = self._snapshot.readings(hits)
        statistics = self._snapshot.statistics(self._leaves() if read else [], self._deadline)
        scores = [score(one, query.root, statistics) for one in read]
        if not self._is_weighed(first):
            return list(map(self._match, read, scores))
        best = min(DEPTH, len(read))
        if query.closeness:
            for at in range(best):
                scores[at] += raised(read[at], query.closeness, statistics)
        order = sorted(range(best), key=lambda at: _rank(scores[at], read[at]))
        order += range(best, len(read))
        return [self._match(read[at], scores[at]) for at in order[first:end]]

    def _match(self, reading: Reading, score: float) -> Match:
        query, article = self._query, reading.article
        if not (query.spans or query.tell):
            return Match(article.id, article.version, score)
        told = tuple(reading.holds(node) for node in query.tell)
        if not query.spans:
            return Match(article.id, article.version, score, told=told)
        wanted = (query.root,) if query.mark is None else query.mark
        return Match(article.id, article.version, score, *reading.marks((*wanted, *query.also_mark)), told)


def _first(several: Iterable[str], count: int) -> tuple[list[str], Iterator[str]]:
    """The first so many, and the others."""
    others = iter(several)
    return list(islice(others, count)), others


def _in_order(hits: Iterable[Mapping[str, Any]], ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """The hits in the order of the ids."""
    by_id = {hit["sort"][-1]: hit for hit in hits}
    return [by_id[one] for one in ids if one in by_id]


def _rank(score: float, reading: Reading) -> tuple[float, bool, int, str]:
    """Best first, then newest, undated last, then by id. Scores that are equal but for noise are equal."""
    at = reading.article.at
    return -float(f"{score:.8e}"), at is None, -(at or 0), reading.article.id
