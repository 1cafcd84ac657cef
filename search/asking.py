"""From a request to a query: what the words mean, which values the filters have, and what to say about both."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice

from search.archive import Archive
from search.articles import JST, Topic
from search.engine import Engine
from search.foreign.names_index import NameIndex
from search.japanese.synonyms import Synonyms
from search.query import syntax
from search.query.expanded import AsTyped, Expanded
from search.query.expansion import expand
from search.query.model import AllOf, Chars, Closeness, Everything, HasValue, Named, Node, Nothing, Query, Request
from search.query.parts import parts
from search.registry import Registry
from search.results import FACETS, VALUES_SHOWN, Condition
from search.texts import facet_name, say
from search.wordbook import Wordbook

NAMED_FACETS = ("person", "country", "organization", "place")

DEADLINE_MS = 2_000
"""When the engine gives a query up, from its start."""

MOST_PARTIAL = 1_000
"""Articles that have only some of the words; nobody reads further than that in what does not quite match."""

MAX_MEANT_CHARS = 60
"""Of a query for which another word is looked for."""

MAX_SHOWN_CHARS = 40
"""Of what was typed, in a note on it."""

MOST_TRIED = 5
"""Other words that are tried for one that nothing has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, understood. topics: the archive's, at this moment. notes: sentences in the request's language."""

    expanded: Expanded
    query: Query
    topics: Sequence[Topic]
    notes: Sequence[str]

    def partial(self, total: int) -> Query | None:
        """For articles with some of the words, which follow the `total` that have all of them.

        None where the page is full without, where they would make no sense, or in an order by date.
        """
        query, root = self.query, self.expanded.partial
        end = query.offset + query.limit
        if root is None or total >= end or (total and query.sort != "relevance"):
            return None
        first = max(query.offset, total)
        return replace(
            query, root=root, sort="relevance", offset=first - total, limit=end - first, best_of=MOST_PARTIAL,
            mark=tuple(sought.node for sought in self.expanded.sought),
            tell=tuple(sought.node for sought in self.expanded.sought),
            facets=() if total else query.facets, days=not total and query.days,
        )


class Asker:
    """Makes queries out of requests, as one snapshot of the index has words, names and values. Threads may share it."""

    def __init__(self, archive: Archive, engine: Engine, registry: Registry) -> None:
        self._archive = archive
        self._engine = engine
        self._registry = registry
        self._values_of = lru_cache(maxsize=None)(self._all_values)
        synonyms, names = Synonyms.load(archive.directory), NameIndex(archive)
        self._words = Wordbook(engine, registry, names, synonyms, self._chosen)
        # A topic that asks for topics might ask for itself.
        self._words_of_topics = self._words.choosing(self._chosen_in_topics)
        self._topic_node = lru_cache(maxsize=256)(self._node_of_topic)

    def ask(self, request: Request) -> Asked:
        """The query that answers `request`."""
        topics = self._archive.topics()
        nodes = self.topic_nodes(topics)
        reading = syntax.read(request.text)
        expanded = self._expanded(reading, request)
        filters, notes = self._values(request.filters, topics, request.language)
        excluded, more_notes = self._values(request.excluded, topics, request.language)
        words = expanded.parts
        query = Query(
            expanded.root,
            filters,
            nodes,
            request.since,
            request.until,
            request.sort or ("relevance" if request.text.strip() else "newest"),
            (request.page - 1) * request.size,
            request.size,
            closeness=Closeness(words, expanded.pairs) if words else None,
            also_mark=_chosen_filters(filters, nodes),
            facet_values=VALUES_SHOWN,
            about=request.about,
            excluded=excluded,
            deadline_ms=DEADLINE_MS,
        )
        return Asked(expanded, query, topics, (*_notes_on_words(request, reading, expanded), *notes, *more_notes))

    def did_you_mean(self, request: Request, asked: Asked, until: float) -> str | None:
        """The query with another word for the first one that no article has; None if there is none that helps.

        until: when to give up, as `time.perf_counter` counts. Raises QueryTooHeavy then.
        """
        text = request.text
        if request.as_typed or len(text) > MAX_MEANT_CHARS:
            return None
        for sought in asked.expanded.sought:
            if sought.text not in text or self._total(Query(sought.node), until):
                continue
            for other in islice(self._words.near(sought.text), MOST_TRIED):
                meant = text.replace(sought.text, other, 1)
                if meant != text and self._total(self.ask(replace(request, text=meant)).query, until):
                    return meant
        return None

    def _total(self, query: Query, until: float) -> int:
        """Raises QueryTooHeavy."""
        left = max(1, round((until - time.perf_counter()) * 1000))
        return self._engine.search(
            replace(query, offset=0, limit=0, facets=(), spans=False, days=False, deadline_ms=left)
        ).total

    def topic_nodes(self, topics: Sequence[Topic]) -> Mapping[str, Node]:
        """Topic id -> its saved query."""
        today = datetime.now(JST).date()
        return {topic.id: self._topic_node(topic.query, today) for topic in topics}

    def _expanded(self, reading: syntax.Reading, request: Request) -> Expanded:
        if reading.tree is None:
            signs = request.text.strip()
            return Expanded(Chars(signs) if signs else Everything())
        words = AsTyped(self._words) if request.as_typed else self._words
        return expand(reading.tree, words, off=frozenset(request.off), text=request.text)

    def _node_of_topic(self, text: str, today: date) -> Node:
        tree = syntax.read(text, today).tree
        return expand(tree, self._words_of_topics).root if tree is not None else Nothing()

    # ---- values of facets ----

    def _chosen(self, facet: str, value: str) -> tuple[Node, ...]:
        """What articles with this value of a facet have."""
        if facet == "topic":
            return tuple(self.topic_nodes([t for t in self._archive.topics() if _is_called(t, value)]).values())
        return self._chosen_in_topics(facet, value)

    def _chosen_in_topics(self, facet: str, value: str) -> tuple[Node, ...]:
        ids = self._ids(facet, value, ())
        # A name counts in facets where it is sure enough; its mentions are what can be marked.
        return tuple(
            AllOf((HasValue(facet, i), Named(i))) if facet in NAMED_FACETS else HasValue(facet, i) for i in ids
        )

    def _values(
        self, written: Mapping[str, tuple[str, ...]], topics: Sequence[Topic], language: str
    ) -> tuple[dict[str, tuple[str, ...]], list[str]]:
        """Facet -> values as the index has them, and what to say about those that it does not have."""
        as_indexed: dict[str, tuple[str, ...]] = {}
        notes: list[str] = []
        for facet, values in written.items():
            found: list[str] = []
            for value in values:
                ids = self._ids(facet, value, topics)
                found += ids or [value]
                if not ids:
                    notes.append(_nobody(facet, value, language))
            as_indexed[facet] = tuple(dict.fromkeys(found))
        return as_indexed, notes

    def _ids(self, facet: str, value: str, topics: Sequence[Topic]) -> list[str]:
        if facet in NAMED_FACETS:
            return self._registry.ids(facet, value)
        if facet == "topic":
            return [topic.id for topic in topics if _is_called(topic, value)]
        return [value] if facet in FACETS and value in self._values_of(facet) else []

    def _all_values(self, facet: str) -> frozenset[str]:
        """Every desk, source or year: asked for once, when somebody filters by one."""
        query = Query(Everything(), limit=0, facets=(facet,), spans=False, days=False)
        return frozenset(self._engine.search(query).facets[facet])


def _is_called(topic: Topic, value: str) -> bool:
    return value in (topic.id, topic.name, topic.name_en)


def conditions(
    request: Request, query: Query, label: Callable[[str, str], str], query_of: Callable[[Request], Query]
) -> list[tuple[Condition, Query]]:
    """Every condition, with the query that is left without it.

    label: (facet, value) -> what people read. query_of: for requests with less text.
    """
    found: list[tuple[Condition, Query]] = []
    if request.text.strip():
        found += [
            (Condition("q", part.text, part.text), query_of(replace(request, text=part.rest)))
            for part in parts(request.text)
        ]
    for facet, value in _each(query.filters):
        rest = replace(query, filters=_but(query.filters, facet, value))
        found.append((Condition(facet, value, label(facet, value)), rest))
    for facet, value in _each(query.excluded):
        rest = replace(query, excluded=_but(query.excluded, facet, value))
        found.append((Condition(facet, value, label(facet, value), excludes=True), rest))
    for name, day in (("from", request.since), ("to", request.until)):
        if day:
            without = replace(query, since=None) if name == "from" else replace(query, until=None)
            found.append((Condition(name, day.isoformat(), day.isoformat()), without))
    return found


def _each(values: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(facet, value) for facet, several in values.items() for value in several]


def _but(values: Mapping[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    """Without this value of this facet."""
    rest = {**values, facet: tuple(v for v in values[facet] if v != value)}
    return {name: several for name, several in rest.items() if several}


def _chosen_filters(filters: Mapping[str, tuple[str, ...]], nodes: Mapping[str, Node]) -> tuple[Node, ...]:
    named: list[Node] = [Named(value) for facet in NAMED_FACETS for value in filters.get(facet, ())]
    return (*named, *(nodes[t] for t in filters.get("topic", ()) if t in nodes))


def _notes_on_words(request: Request, reading: syntax.Reading, expanded: Expanded) -> list[str]:
    notes = [say(note.key, request.language, **note.values) for note in reading.notes]
    if reading.tree is None and request.text.strip():
        notes.append(say("signs", request.language, text=request.text.strip()[:MAX_SHOWN_CHARS]))
    return notes + [_nobody(facet, value, request.language) for facet, value in expanded.nobody]


def _nobody(facet: str, value: str, language: str) -> str:
    return say("nobody", language, word=value, facet=facet_name(facet, language))
