"""An archive with its index: what the web front and the command line ask their questions to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from search import answer
from search.archive import Archive
from search.articles import Article, Entity, Topic
from search.engine import Engine, Explanation, Matches, open_engine
from search.errors import IndexMismatch, NotFound
from search.query import syntax
from search.query.expansion import Expanded, expand, nobody
from search.query.model import Everything, Named, Node, Nothing, OneArticle, Query, Request
from search.registry import Registry
from search.results import (
    AliasCount,
    ArticleView,
    Condition,
    EntityCount,
    EntityView,
    FacetValue,
    Health,
    Hit,
    Interpretation,
    ResultPage,
    TopicView,
)
from search.texts import facet_name, say

NAMED_FACETS = ("person", "country", "organization", "place")
ALSO_SHOWN = 6
"""Other spellings shown beside a word that was taken for a name."""

NEIGHBOURS_SHOWN = 20
NEWEST_SHOWN = 10


def default_engine_url(directory: Path) -> str:
    """The engine of an archive that names none: Whoosh in its `index/` folder."""
    return f"whoosh:{directory / 'index'}"


class Library:
    """One snapshot of an archive's index, with the archive.

    Threads may share it: one question is answered at a time. Only `export`, which the command line alone uses,
    reads on without the lock.
    """

    def __init__(self, archive: Archive, engine: Engine, *, outdated: bool = False) -> None:
        self.archive = archive
        self.engine = engine
        self._outdated = outdated
        # SQLite's and Whoosh's readers keep a place in their files.
        self._lock = threading.RLock()
        self.registry = Registry(archive, engine)
        self._all_values = lru_cache(maxsize=1)(self._facet_values)
        self._topic_node = lru_cache(maxsize=256)(lambda text: self._expanded(text).root)

    @classmethod
    def open(cls, directory: Path, engine_url: str | None = None, *, outdated_ok: bool = False) -> Library:
        """Open the archive in `directory` and its index.

        outdated_ok: answer from an index of earlier versions, with a note.
        Raises ArchiveError, EngineError.
        """
        url = engine_url or default_engine_url(directory)
        archive = Archive.open(directory)
        try:
            return cls(archive, open_engine(url))
        except IndexMismatch:
            if not outdated_ok:
                archive.close()
                raise
            return cls(archive, open_engine(url, outdated_ok=True), outdated=True)
        except BaseException:
            archive.close()
            raise

    def close(self) -> None:
        """Let go of files."""
        self.engine.close()
        self.archive.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hits(self, matches: Matches) -> tuple[Hit, ...]:
        made_by = self.engine.info().analysis
        return tuple(answer.hit(self.archive, match, made_by, self.registry.entity) for match in matches.matches)

    # ---- questions ----

    def search(self, request: Request) -> ResultPage:
        """One page of results."""
        started = time.perf_counter()
        with self._lock:
            expanded, query, notes = self._ask(request)
            matches = self.engine.search(query)
            page = ResultPage(
                query=request.text,
                total=matches.total,
                took_ms=0.0,
                hits=self._hits(matches),
                facets=answer.facets(matches.facets, query.filters, self._label(request.language)),
                histogram=answer.bars(matches.days),
                facet_sizes=matches.facet_sizes,
                interpreted=tuple(self._interpretation(w, e, request.language) for w, e in expanded.taken),
                conditions=self._conditions(request, query, count=matches.total == 0),
                notes=tuple(notes),
                page=request.page,
                size=request.size,
            )
        return replace(page, took_ms=(time.perf_counter() - started) * 1000)

    def export(self, request: Request) -> Iterator[Article]:
        """Every article that matches, in the query's order, as the archive has it now."""
        _, query, _ = self._ask(request)
        for article_id in self.engine.matching(query):
            try:
                yield self.archive.get(article_id).article
            except NotFound:        # removed since the index was made
                continue

    def explain(self, request: Request, article_id: str) -> Explanation:
        """Why the article matches or does not. Raises NotFound."""
        with self._lock:
            self.archive.get(article_id)
            _, query, _ = self._ask(request)
            return self.engine.explain(query, article_id)

    def article(self, article_id: str, request: Request) -> ArticleView:
        """The page of one article; the request's words and names are marked. Raises NotFound."""
        with self._lock:
            stored = self.archive.get(article_id)
            _, query, _ = self._ask(request)
            found = self.engine.locate(query, article_id)
            # Marks are positions in the version that was indexed.
            spans = found.spans if found and found.version == stored.version else ()
            analyzed = self.archive.analysis(article_id, stored.version, self.engine.info().analysis)
            nodes = self.topic_nodes
            member_of = self.engine.search(Query(OneArticle(article_id), topics=nodes, limit=0)).facets["topic"]
            topics = [topic for topic in self.topic_list if topic.id in member_of]
            return answer.article(stored, analyzed, spans, tuple(topics), self.registry.entity)

    def entity(self, name_or_id: str, language: str) -> EntityView:
        """The page of one entity, by id or by any of its names. Raises NotFound."""
        with self._lock:
            entity = self.registry.find(name_or_id)
            matches = self.engine.search(
                Query(Named(entity.id), topics=self.topic_nodes, sort="newest", limit=NEWEST_SHOWN)
            )
            neighbours = {
                kind: tuple(
                    EntityCount(self.registry.entity(value), count)
                    for value, count in answer.by_count(matches.facets[kind])
                    if value != entity.id
                )[:NEIGHBOURS_SHOWN]
                for kind in answer.FACET_KINDS
            }
            return EntityView(
                entity,
                tuple(AliasCount(surface, n) for surface, n in self.archive.surfaces(entity.id)),
                matches.total,
                answer.bars(matches.days),
                neighbours,
                answer.facet_values(matches.facets["topic"], (), "topic", self._label(language)),
                self._hits(matches),
            )

    def topic(self, topic_id: str, language: str) -> TopicView:
        """The page of one topic. Raises NotFound."""
        with self._lock:
            topic = next((t for t in self.topic_list if t.id == topic_id), None)
            if topic is None:
                raise NotFound(f"The archive has no topic {topic_id!r}. See those it has: kijigura topics list")
            matches = self.engine.search(
                Query(self.topic_nodes[topic_id], sort="newest", limit=NEWEST_SHOWN)
            )
            label = self._label(language)
            return TopicView(
                topic,
                matches.total,
                answer.bars(matches.days),
                answer.facet_values(matches.facets["person"], (), "person", label)[:NEIGHBOURS_SHOWN],
                answer.facet_values(matches.facets["country"], (), "country", label)[:NEIGHBOURS_SHOWN],
                self._hits(matches),
            )

    def topics(self, language: str) -> tuple[FacetValue, ...]:
        """All topics in their order, with their articles counted."""
        with self._lock:
            counts = self.engine.search(Query(Everything(), topics=self.topic_nodes, limit=0)).facets["topic"]
        return tuple(FacetValue(t.id, t.label(language), counts.get(t.id, 0)) for t in self.topic_list)

    def is_late(self) -> bool:
        """Whether the index lacks changes of the archive, or was made by other versions."""
        with self._lock:
            return self._outdated or self._behind() > 0

    def _behind(self) -> int:
        return self.archive.count_changes_since(self.engine.info().change)

    def health(self) -> Health:
        """How many articles there are, and whether the index has them all."""
        with self._lock:
            info = self.engine.info()
            return Health(self.archive.count(), info.articles, self._behind(), info.indexed_at, self._notes("en"))

    # ---- from a request to a query ----

    def _interpretation(self, word: str, entity: Entity, language: str) -> Interpretation:
        written = self.registry.surfaces(entity.id)
        # 習氏 is found by its mention; 習 alone would look as if every 習 were.
        also = tuple(s for s in written if s != word and len(s) > 1)[:ALSO_SHOWN]
        return Interpretation(word, entity.kind, entity.id, entity.label(language), also)

    @property
    def topic_list(self) -> tuple[Topic, ...]:
        """The archive's topics, as they are now."""
        return tuple(self.archive.topics())

    @property
    def topic_nodes(self) -> Mapping[str, Node]:
        """Topic id -> its saved query."""
        return {topic.id: self._topic_node(topic.query) for topic in self.topic_list}

    def _expanded(self, text: str, off: tuple[str, ...] = (), *, as_typed: bool = False) -> Expanded:
        reading = syntax.read(text)
        if reading.tree is None:
            return Expanded(Nothing() if text.strip() else Everything(), (), (text,) if text.strip() else ())
        if as_typed:
            return expand(reading.tree, nobody, off=frozenset())
        return expand(reading.tree, self.registry.meant, self.registry.bearing, off=frozenset(off))

    def _ask(self, request: Request) -> tuple[Expanded, Query, list[str]]:
        notes = list(self._notes(request.language))
        expanded = self._expanded(request.text, request.off, as_typed=request.as_typed)
        notes += [say("no word", request.language, word=word) for word in expanded.unsearchable]
        left_out = syntax.read(request.text).words_left_out
        if left_out:
            limits = {"limit": syntax.MAX_WORDS, "depth": syntax.MAX_DEPTH}
            notes.append(say("words left out", request.language, count=left_out, **limits))
        filters: dict[str, tuple[str, ...]] = {}
        for facet, values in request.filters.items():
            filters[facet], missing = self._values(facet, values)
            notes += [
                say("nobody", request.language, word=word, facet=facet_name(facet, request.language))
                for word in missing
            ]
        query = Query(
            expanded.root,
            filters,
            self.topic_nodes,
            request.since,
            request.until,
            request.sort or ("relevance" if request.text.strip() else "newest"),
            (request.page - 1) * request.size,
            request.size,
            also_mark=self._chosen(filters),
        )
        return expanded, query, notes

    def _notes(self, language: str) -> tuple[str, ...]:
        behind = self._behind()
        outdated = (say("outdated", language),) if self._outdated else ()
        return (*outdated, say("behind", language, count=f"{behind:,}")) if behind else outdated

    def _values(self, facet: str, values: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
        """The values as the index has them, and those that it does not have."""
        found: list[str] = []
        missing: list[str] = []
        for value in values:
            if facet in NAMED_FACETS:
                ids = self.registry.ids(facet, value)
            elif facet == "topic":
                ids = [t.id for t in self.topic_list if value in (t.id, t.name, t.name_en)]
            else:
                ids = [value] if value in self._all_values()[facet] else []
            found += ids or [value]
            if not ids:
                missing.append(value)
        return tuple(dict.fromkeys(found)), missing

    def _facet_values(self) -> Mapping[str, Mapping[str, int]]:
        return self.engine.search(Query(Everything(), limit=0)).facets

    def _chosen(self, filters: Mapping[str, tuple[str, ...]]) -> tuple[Node, ...]:
        named: list[Node] = [Named(value) for facet in NAMED_FACETS for value in filters.get(facet, ())]
        return (*named, *(self.topic_nodes[t] for t in filters.get("topic", ()) if t in self.topic_nodes))

    # ---- labels ----

    def _label(self, language: str) -> Callable[[str, str], str]:
        topics = {topic.id: topic.label(language) for topic in self.topic_list}

        def label(facet: str, value: str) -> str:
            if facet in NAMED_FACETS:
                return self.registry.entity(value).label(language)
            if facet == "topic":
                return topics.get(value, value)
            if facet == "year" and value == answer.NO_DATE:
                return say("no date", language)
            return value

        return label

    def _conditions(self, request: Request, query: Query, *, count: bool) -> tuple[Condition, ...]:
        """Every condition; with `count`, how many articles there would be without it."""
        label = self._label(request.language)
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
        if not count or len(found) < 2:
            return tuple(condition for condition, _ in found)
        return tuple(
            replace(condition, total_without=self.engine.search(replace(rest, limit=0, facets=())).total)
            for condition, rest in found
        )
