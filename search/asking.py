"""From a request to a query: what the words mean, which values the filters have, and what to say about both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from search.archive import Archive
from search.articles import Topic
from search.engine import Engine
from search.query import syntax
from search.query.expansion import Expanded, expand, nobody
from search.query.model import Everything, Named, Node, Nothing, Query, Request
from search.registry import Registry
from search.results import VALUES_SHOWN, Condition
from search.texts import facet_name, say

NAMED_FACETS = ("person", "country", "organization", "place")

DEADLINE_MS = 2_000
"""When the engine gives a query up, from its start."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, understood. topics: the archive's, at this moment. notes: sentences in the request's language."""

    expanded: Expanded
    query: Query
    topics: Sequence[Topic]
    notes: Sequence[str]


class Asker:
    """Makes queries out of requests, as one snapshot of the index has words, names and values. Threads may share it."""

    def __init__(self, archive: Archive, engine: Engine, registry: Registry) -> None:
        self._archive = archive
        self._engine = engine
        self._registry = registry
        self._values_of = lru_cache(maxsize=None)(self._all_values)
        self._topic_node = lru_cache(maxsize=256)(lambda text: self._expanded(text).root)

    def ask(self, request: Request) -> Asked:
        """The query that answers `request`."""
        topics = self._archive.topics()
        nodes = self.topic_nodes(topics)
        expanded = self._expanded(request.text, request.off, as_typed=request.as_typed)
        filters, notes = self._filters(request, topics)
        query = Query(
            expanded.root,
            filters,
            nodes,
            request.since,
            request.until,
            request.sort or ("relevance" if request.text.strip() else "newest"),
            (request.page - 1) * request.size,
            request.size,
            also_mark=_chosen(filters, nodes),
            facet_values=VALUES_SHOWN,
            deadline_ms=DEADLINE_MS,
        )
        return Asked(expanded, query, topics, (*_notes_on_words(request, expanded), *notes))

    def topic_nodes(self, topics: Sequence[Topic]) -> Mapping[str, Node]:
        """Topic id -> its saved query."""
        return {topic.id: self._topic_node(topic.query) for topic in topics}

    def _expanded(self, text: str, off: tuple[str, ...] = (), *, as_typed: bool = False) -> Expanded:
        reading = syntax.read(text)
        if reading.tree is None:
            return Expanded(Nothing() if text.strip() else Everything(), (), (text,) if text.strip() else ())
        if as_typed:
            return expand(reading.tree, nobody, off=frozenset())
        return expand(reading.tree, self._registry.meant, self._registry.bearing, off=frozenset(off))

    def _filters(self, request: Request, topics: Sequence[Topic]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
        """The filters with values as the index has them, and what to say about those that it does not have."""
        filters: dict[str, tuple[str, ...]] = {}
        notes: list[str] = []
        for facet, values in request.filters.items():
            found: list[str] = []
            for value in values:
                ids = self._ids(facet, value, topics)
                found += ids or [value]
                if not ids:
                    name = facet_name(facet, request.language)
                    notes.append(say("nobody", request.language, word=value, facet=name))
            filters[facet] = tuple(dict.fromkeys(found))
        return filters, notes

    def _ids(self, facet: str, value: str, topics: Sequence[Topic]) -> list[str]:
        if facet in NAMED_FACETS:
            return self._registry.ids(facet, value)
        if facet == "topic":
            return [t.id for t in topics if value in (t.id, t.name, t.name_en)]
        return [value] if value in self._values_of(facet) else []

    def _all_values(self, facet: str) -> frozenset[str]:
        """Every desk, source or year: asked for once, when somebody filters by one."""
        query = Query(Everything(), limit=0, facets=(facet,), spans=False, days=False)
        return frozenset(self._engine.search(query).facets[facet])


def conditions(request: Request, query: Query, label: Callable[[str, str], str]) -> list[tuple[Condition, Query]]:
    """Every condition, with the query that is left without it. label: (facet, value) -> what people read."""
    found: list[tuple[Condition, Query]] = []
    if request.text.strip():
        found.append((Condition("q", request.text, request.text), replace(query, root=Everything())))
    for facet, values in query.filters.items():
        for value in values:
            rest = tuple(v for v in values if v != value)
            filters = {**query.filters, facet: rest}
            if not rest:
                del filters[facet]
            found.append((Condition(facet, value, label(facet, value)), replace(query, filters=filters)))
    for name, day in (("from", request.since), ("to", request.until)):
        if day:
            without = replace(query, since=None) if name == "from" else replace(query, until=None)
            found.append((Condition(name, day.isoformat(), day.isoformat()), without))
    return found


def _chosen(filters: Mapping[str, tuple[str, ...]], nodes: Mapping[str, Node]) -> tuple[Node, ...]:
    named: list[Node] = [Named(value) for facet in NAMED_FACETS for value in filters.get(facet, ())]
    return (*named, *(nodes[t] for t in filters.get("topic", ()) if t in nodes))


def _notes_on_words(request: Request, expanded: Expanded) -> list[str]:
    notes = [say("no word", request.language, word=word) for word in expanded.unsearchable]
    left_out = syntax.read(request.text).words_left_out
    if left_out:
        limits = {"limit": syntax.MAX_WORDS, "depth": syntax.MAX_DEPTH}
        notes.append(say("words left out", request.language, count=left_out, **limits))
    return notes
