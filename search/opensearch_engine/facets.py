"""How many of the matches have each value of a facet.

A name of the index stands for whom it means, and an article may have several names of one entity: the cluster counts
names, and of an entity with several its articles are counted once more, all names together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from search.opensearch_engine.dsl import ABOUT, FACET_FIELDS, NAMED_FIELDS, Dsl, all_of, any_of_terms, has_value
from search.opensearch_engine.snapshot import Deadline, Snapshot
from search.query.model import Query

MOST_VALUES = 12_000
"""Of one facet that are counted. Of four named ones and all days that is less than a cluster gives out in one answer
(search.max_buckets, 65,535)."""

COUNTED_AT_ONCE = 200
"""Entities with several names whose articles are counted in one question."""

Counts = dict[str, int]


class Facets:
    """The counts of one query.

    found: what the words and the days leave. passing, excluded: of each facet that is filtered by, what finds the
    articles with one of its values.
    """

    def __init__(
        self, snapshot: Snapshot, query: Query, found: Sequence[Dsl], passing: Mapping[str, Dsl],
        excluded: Mapping[str, Dsl], deadline: Deadline,
    ) -> None:
        self._snapshot = snapshot
        self._query = query
        self._found = found
        self._passing = passing
        self._excluded = excluded
        self._deadline = deadline
        self.counts: dict[str, Counts] = {}
        self.sizes: dict[str, int] = {}

    def aggregations(self) -> Mapping[str, Any]:
        """What to ask along with the matches: of those facets that are counted among all of them."""
        return {name: self._aggregation(name) for name in self._query.facets if name not in self._passing}

    def _aggregation(self, facet: str) -> Mapping[str, Any]:
        if facet == "topic":
            topics = self._query.topics
            queries = {name: self._snapshot.exactly(node, self._deadline) for name, node in topics.items()}
            return {"filters": {"filters": queries or {"": {"match_none": {}}}}}
        # Each shard tells all that it has, so that no count is too low.
        return {"terms": {"field": self._field(facet), "size": MOST_VALUES, "shard_size": MOST_VALUES}}

    def take(self, counted: Mapping[str, Any]) -> None:
        """Count all facets. counted: what came of `aggregations`."""
        named: dict[str, _Entities] = {}
        for facet in self._query.facets:
            own = counted[facet] if facet not in self._passing else self._asked_alone(facet)
            if facet == "topic":
                found = {name: one["doc_count"] for name, one in own["buckets"].items() if one["doc_count"]}
            else:
                found = {one["key"]: one["doc_count"] for one in own["buckets"]}
            if facet in NAMED_FIELDS:
                named[facet] = _Entities.of(found, self._snapshot.entities_of(list(found)))
            else:
                self._show(facet, found)
        self._count_entities(named)
        for facet, entities in named.items():
            self._show(facet, entities.counts)
        self.counts = {facet: self.counts[facet] for facet in self._query.facets}

    def _asked_alone(self, facet: str) -> Mapping[str, Any]:
        """Counted among more than the matches, since what was chosen of the facet does not matter."""
        body = {"size": 0, "query": self._among(facet), "aggs": {facet: self._aggregation(facet)}}
        found: Mapping[str, Any] = self._snapshot.ask(body, self._deadline)["aggregations"][facet]
        return found

    def _among(self, facet: str, *, and_excluded: bool = False) -> Dsl:
        """What is left by all but the choice in a facet, and also by all but what is excluded there."""
        return all_of(
            [*self._found, *(one for name, one in self._passing.items() if name != facet)],
            [one for name, one in self._excluded.items() if not (and_excluded and name == facet)],
        )

    def _field(self, facet: str) -> str:
        return ABOUT.get(facet, facet) if self._query.about else facet

    # ---- names ----

    def _count_entities(self, named: Mapping[str, _Entities]) -> None:
        """Of those that are shown, and whose names may stand together in an article, count the articles."""
        while True:
            # Facets that are counted among the same articles are asked for together.
            unsure = {facet: entities.unsure(*self._is_shown(facet)) for facet, entities in named.items()}
            if not any(unsure.values()):
                return
            together = [facet for facet in named if facet not in self._passing]
            for facets in (together, *([facet] for facet in named if facet in self._passing)):
                queries = {
                    f"{facet} {entity}": any_of_terms(self._field(facet), named[facet].names[entity])
                    for facet in facets for entity in unsure[facet]
                }
                among = [self._among(facets[0])] if facets else []
                for told, count in self._snapshot.counts(queries, self._deadline, among=among).items():
                    facet, _, entity = told.partition(" ")
                    named[facet].settle(entity, count)

    def _is_shown(self, facet: str) -> tuple[int | None, frozenset[str]]:
        """So many of the facet's values are shown, and these."""
        return self._query.facet_values, frozenset(self._query.filters.get(facet, ()))

    # ---- what is shown ----

    def _show(self, facet: str, counts: Counts) -> None:
        query = self._query
        chosen, excluded = set(query.filters.get(facet, ())), query.excluded.get(facet, ())
        order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        wanted = query.facet_values
        shown = {
            value: count for place, (value, count) in enumerate(order)
            if wanted is None or place < wanted or value in chosen
        }
        self.sizes[facet] = len(counts)
        if facet in self._excluded:
            others = self._excluded_counts(facet, excluded)
            self.sizes[facet] += len(others)
            shown = dict(sorted({**shown, **others}.items(), key=lambda one: (-one[1], one[0])))
        self.counts[facet] = shown

    def _excluded_counts(self, facet: str, values: Sequence[str]) -> Counts:
        """Value that is excluded -> the articles that have it, if nothing of its facet were chosen or excluded; if any.
        """
        queries = {value: self._having(facet, value) for value in values}
        among = [self._among(facet, and_excluded=True)]
        counts = self._snapshot.counts(queries, self._deadline, among=among)
        return {value: count for value, count in counts.items() if count}

    def _having(self, facet: str, value: str) -> Dsl:
        if facet == "topic":
            node = self._query.topics.get(value)
            return self._snapshot.exactly(node, self._deadline) if node is not None else {"match_none": {}}
        assert facet in FACET_FIELDS
        return has_value(facet, self._field(facet), [value], self._snapshot.terms_of)


class _Entities:
    """How many articles name each entity of a facet: at most, until it is settled.

    names: of each entity, those that stand in articles.
    """

    def __init__(self) -> None:
        self.counts: Counts = {}
        self.names: dict[str, list[str]] = defaultdict(list)
        self._settled: set[str] = set()

    @classmethod
    def of(cls, counts: Mapping[str, int], entities: Sequence[str]) -> _Entities:
        """counts: of each name. entities: whom each of these means."""
        made = cls()
        for (name, count), entity in zip(counts.items(), entities, strict=True):
            made.names[entity].append(name)
            made.counts[entity] = made.counts.get(entity, 0) + count
        made._settled = {entity for entity, names in made.names.items() if len(names) == 1}
        return made

    def unsure(self, most: int | None, always: frozenset[str]) -> list[str]:
        """Those that may be among the `most` frequent, or always matter, and are not settled; some of them."""
        order = sorted(self.counts, key=lambda entity: (-self.counts[entity], entity))
        shown = order if most is None else [*order[:most], *(entity for entity in order[most:] if entity in always)]
        return [entity for entity in shown if entity not in self._settled][:COUNTED_AT_ONCE]

    def settle(self, entity: str, count: int) -> None:
        """It is so many."""
        self.counts[entity] = count
        self._settled.add(entity)


def days_of(counted: Mapping[str, Any]) -> dict[date, int]:
    """Day of publication -> articles, ascending."""
    found = {one["key"]: one["doc_count"] for one in counted["buckets"]}
    return {date.fromordinal(day): found[day] for day in sorted(found)}
