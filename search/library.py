"""An archive with its index: what the web front and the command line ask their questions to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from search import answer, batches, company
from search.archive import Archive
from search.articles import Article, Entity, Topic
from search.asking import DEADLINE_MS, NAMED_FACETS, Asked, Asker, conditions
from search.batches import IndexedArticle
from search.engine import Engine, Explanation, Matches, open_engine
from search.errors import IndexMismatch, NotFound, QueryTooHeavy
from search.name_linking import is_linked
from search.query.expanded import Expanded
from search.query.model import Everything, Named, Node, OneArticle, Query, Request
from search.registry import Registry
from search.results import Condition, FacetValue, Health, Hit, Interpretation, ResultPage, WordForm
from search.texts import say
from search.views import ArticleView, EntityView, TopicView

ALSO_SHOWN = 6
"""Other spellings shown beside a word that was taken for a name."""

STANDS_IN = ("desk", "source", "topic")
"""What the page of an entity counts beside its neighbours."""

NEIGHBOURS_SHOWN = 20
NEWEST_SHOWN = 10
COPIES_SHOWN = 20


def default_engine_url(directory: Path) -> str:
    """The engine of an archive that names none: Whoosh in its `index/` folder."""
    return f"whoosh:{directory / 'index'}"


class Library:
    """One snapshot of an archive's index, with the archive. Threads may share it; none waits for another.

    Any question may raise IndexDamaged, since an engine may look at a part of its files only when that is needed.
    """

    def __init__(self, archive: Archive, engine: Engine, *, outdated: bool = False) -> None:
        self.archive = archive
        self.engine = engine
        self._info = engine.info()
        self._outdated = outdated
        self._names_generation = archive.names_generation()
        self.registry = Registry(archive, engine)
        self._asker = Asker(archive, engine, self.registry)
        self._company = company.Company(archive, engine, self.registry)

    @classmethod
    def open(cls, directory: Path, engine_url: str | None = None, *, outdated_ok: bool = False) -> Library:
        """Open the archive in `directory` and its index.

        outdated_ok: answer from an index of earlier versions, with a note.
        Raises ArchiveError, EngineError.
        """
        url = engine_url or default_engine_url(directory)
        archive = Archive.open(directory)
        try:
            return cls(archive, open_engine(url, archive))
        except IndexMismatch:
            if not outdated_ok:
                archive.close()
                raise
            return cls(archive, open_engine(url, archive, outdated_ok=True), outdated=True)
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

    # ---- questions ----

    def search(self, request: Request) -> ResultPage:
        """One page of results. Raises QueryTooHeavy."""
        started = time.perf_counter()
        asked = self._asker.ask(request)
        query, expanded = asked.query, asked.expanded
        full = self.engine.search(query)
        partial = self._partial(asked, full.total, started)
        counted = full if full.total else partial or full
        shown = replace(counted, matches=(*full.matches, *(partial.matches if partial else ())))
        indexed, label = self._named(shown, query, asked.topics, request.language)
        page = ResultPage(
            query=request.text,
            total=full.total,
            took_ms=0.0,
            hits=self._hits(shown, indexed, [sought.text for sought in expanded.sought], len(full.matches)),
            facets=answer.facets(shown.facets, query, label),
            histogram=answer.bars(shown.days),
            facet_sizes=shown.facet_sizes,
            interpreted=self._interpreted(expanded, request.language),
            forms=tuple(WordForm(one.word, one.form.text, one.form.why, one.is_off) for one in expanded.forms),
            conditions=self._conditions(request, query, label, started, count=full.total == 0),
            notes=(*self._notes(request.language), *asked.notes),
            partial_total=partial.total if partial else 0,
            as_sentence=expanded.is_sentence,
            total_is_bound=full.total_is_bound,
            did_you_mean=self._did_you_mean(request, asked, started) if not full.total else None,
            page=request.page,
            size=request.size,
        )
        return replace(page, took_ms=(time.perf_counter() - started) * 1000)

    def _partial(self, asked: Asked, total: int, started: float) -> Matches | None:
        """Articles with some of the words, where those with all of them leave room; none if there is no time."""
        query = asked.partial(total)
        left = _time_left(started)
        if query is None or left <= 0:
            return None
        try:
            return self.engine.search(replace(query, deadline_ms=left))
        except QueryTooHeavy:
            return None

    def _did_you_mean(self, request: Request, asked: Asked, started: float) -> str | None:
        with suppress(QueryTooHeavy):
            return self._asker.did_you_mean(request, asked, started + DEADLINE_MS / 1000)
        return None

    def export(self, request: Request) -> Iterator[Article]:
        """Every article that matches, in the query's order, as the archive has it now.

        All ids are found before this returns, so damage to the index is noticed before anything was written.
        """
        return self._current(list(self.engine.matching(self._asker.ask(request).query)))

    def _current(self, ids: Iterable[str]) -> Iterator[Article]:
        for article_id in ids:
            with suppress(NotFound):        # removed since the index was made
                yield self.archive.get(article_id).article

    def notes(self, request: Request) -> tuple[str, ...]:
        """What there is to say about a request or an older index, in plain sentences."""
        return (*self._notes(request.language), *self._asker.ask(request).notes)

    def explain(self, request: Request, article_id: str) -> Explanation:
        """Why the article matches or does not. Raises NotFound."""
        self.archive.get(article_id)
        return self.engine.explain(self._asker.ask(request).query, article_id)

    def article(self, article_id: str, request: Request) -> ArticleView:
        """The page of one article; the request's words and names are marked. Raises NotFound."""
        stored = self.archive.get(article_id)
        asked = self._asker.ask(request)
        found = self.engine.locate(asked.query, article_id)
        # Marks are positions in the version that was indexed.
        found = found if found and found.version == stored.version else None
        analyzed = self.archive.analysis(article_id, stored.version, self._info.analysis)
        member_of = self._counts(OneArticle(article_id), asked.topics).facets["topic"]
        self.registry.look_up(m.entity_id for m in (analyzed.mentions if analyzed else ()))
        topics = tuple(topic for topic in asked.topics if topic.id in member_of)
        view = answer.article(stored, analyzed, found, topics, self.registry.entity)
        copies, in_all = self.archive.other_copies(article_id, COPIES_SHOWN)
        return replace(view, copies=tuple(copies), more_copies=in_all - len(copies))

    def entity(self, name_or_id: str, language: str) -> EntityView:
        """The page of one entity, by id or by any of its names. Raises NotFound."""
        entity = self.registry.find(name_or_id)
        topics = self.topic_list
        query = self._newest(
            self._company.articles_of(entity), (*company.KINDS, *STANDS_IN), topics, company.CANDIDATES
        )
        query = replace(query, also_mark=(Named(entity.id),))
        matches = self.engine.search(query)
        indexed, label = self._named(matches, query, topics, language)
        neighbours = self._company.neighbours(entity, matches)
        desks, sources, in_topics = (
            answer.facet_values(matches.facets[name], (), name, label) for name in STANDS_IN
        )
        return EntityView(
            entity, self._company.aliases(entity), matches.total, answer.bars(matches.days), neighbours,
            *self._company.network(entity, matches.total, neighbours), desks, sources, in_topics,
            self._hits(matches, indexed),
        )

    def topic(self, topic_id: str, language: str) -> TopicView:
        """The page of one topic. Raises NotFound."""
        topics = self.topic_list
        topic = next((t for t in topics if t.id == topic_id), None)
        if topic is None:
            raise NotFound(f"The archive has no topic {topic_id!r}. See those it has: kijigura topics list")
        root = self._asker.topic_nodes([topic])[topic_id]
        query = self._newest(root, ("person", "country"), (), NEIGHBOURS_SHOWN)
        matches = self.engine.search(query)
        indexed, label = self._named(matches, query, topics, language)
        return TopicView(
            topic,
            matches.total,
            answer.bars(matches.days),
            answer.facet_values(matches.facets["person"], (), "person", label)[:NEIGHBOURS_SHOWN],
            answer.facet_values(matches.facets["country"], (), "country", label)[:NEIGHBOURS_SHOWN],
            self._hits(matches, indexed),
        )

    def topics(self, language: str) -> tuple[FacetValue, ...]:
        """All topics in their order, with their articles counted."""
        topics = self.topic_list
        counts = self._counts(Everything(), topics).facets["topic"]
        return tuple(FacetValue(t.id, t.label(language), counts.get(t.id, 0)) for t in topics)

    def is_late(self) -> bool:
        """Whether the index lacks changes of the archive, was made by other versions, or `names.toml` is another."""
        return self._outdated or self._behind() > 0 or not is_linked(self.archive)

    def is_relinked(self) -> bool:
        """Whether names have come to mean others since this was opened."""
        return self.archive.names_generation() != self._names_generation

    def _behind(self) -> int:
        return self.archive.count_changes_since(self._info.change)

    def health(self) -> Health:
        """How many articles there are, and whether the index has them all."""
        info = self._info
        return Health(self.archive.count(), info.articles, self._behind(), info.indexed_at, self._notes("en"))

    @property
    def topic_list(self) -> tuple[Topic, ...]:
        """The archive's topics, as they are now."""
        return tuple(self.archive.topics())

    # ---- what the engine is asked ----

    def _newest(self, root: Node, facets: tuple[str, ...], topics: Sequence[Topic], values: int) -> Query:
        """For the page of an entity or topic: its newest articles, and what stands in all of them."""
        return Query(
            root, topics=self._asker.topic_nodes(topics), sort="newest", limit=NEWEST_SHOWN, facets=facets,
            facet_values=values, deadline_ms=DEADLINE_MS,
        )

    def _counts(self, root: Node, topics: Sequence[Topic]) -> Matches:
        """How many articles are in each topic, and nothing else."""
        return self.engine.search(
            Query(
                root, topics=self._asker.topic_nodes(topics), limit=0, facets=("topic",), spans=False, days=False,
                deadline_ms=DEADLINE_MS,
            )
        )

    def _conditions(
        self, request: Request, query: Query, label: answer.Label, started: float, *, count: bool
    ) -> tuple[Condition, ...]:
        """Every condition; with `count`, how many articles there would be without it, while there is time."""
        found = conditions(request, query, label)
        if not count or len(found) < 2:
            return tuple(condition for condition, _ in found)
        return tuple(replace(condition, total_without=self._total(rest, started)) for condition, rest in found)

    def _total(self, query: Query, started: float) -> int | None:
        """The articles that match; None if they cannot be counted before the page is due."""
        left = _time_left(started)
        if left <= 0:
            return None
        try:
            counted = replace(query, offset=0, limit=0, facets=(), spans=False, days=False, deadline_ms=left)
            return self.engine.search(counted).total
        except QueryTooHeavy:
            return None

    # ---- from ids to what is shown ----

    def _named(
        self, matches: Matches, query: Query, topics: Sequence[Topic], language: str
    ) -> tuple[Sequence[IndexedArticle], answer.Label]:
        """The articles of the matches, and what to call a value of a facet; all names are looked up at once."""
        wanted = [(match.article_id, match.version) for match in matches.matches]
        indexed = batches.read(self.archive, wanted, self._info.analysis)
        in_facets = (
            value for facet in NAMED_FACETS
            for value, _ in answer.shown_values(
                matches.facets.get(facet, {}), (*query.filters.get(facet, ()), *query.excluded.get(facet, ())), facet
            )
        )
        in_hits = (i for one in indexed for ids in one.named.values() for i in ids[: answer.NAMES_SHOWN])
        self.registry.look_up((*in_facets, *in_hits))
        called = {topic.id: topic.label(language) for topic in topics}

        def label(facet: str, value: str) -> str:
            if facet in NAMED_FACETS:
                return self.registry.entity(value).label(language)
            if facet == "topic":
                return called.get(value, value)
            if facet == "year" and value == answer.NO_DATE:
                return say("no date", language)
            return value

        return indexed, label

    def _hits(
        self, matches: Matches, indexed: Sequence[IndexedArticle], words: Sequence[str] = (), full: int | None = None
    ) -> tuple[Hit, ...]:
        """words: of the query. full: how many of the matches have all of them; None for every one."""
        hits = [
            answer.hit(match, one, self.registry.entity) for match, one in zip(matches.matches, indexed, strict=True)
        ]
        for place in range(len(hits) if full is None else full, len(hits)):
            told = matches.matches[place].told
            missing = tuple(word for word, is_there in zip(words, told, strict=True) if not is_there)
            hits[place] = replace(hits[place], partial=True, missing=missing)
        copies = self.archive.copies_of(hit.id for hit in hits)
        return tuple(replace(hit, copy_of=copies[hit.id]) if hit.id in copies else hit for hit in hits)

    def _interpreted(self, expanded: Expanded, language: str) -> tuple[Interpretation, ...]:
        return (
            *(self._interpretation(word, entity, language) for word, entity in expanded.entities),
            *(replace(self._interpretation(w, e, language), is_off=True) for w, e in expanded.switched_off),
        )

    def _interpretation(self, word: str, entity: Entity, language: str) -> Interpretation:
        written = self.registry.surfaces(entity.id)
        # 習氏 is found by its mention; 習 alone would look as if every 習 were.
        also = tuple(s for s in written if s != word and len(s) > 1)[:ALSO_SHOWN]
        return Interpretation(word, entity.kind, entity.id, entity.label(language), also)

    def _notes(self, language: str) -> tuple[str, ...]:
        behind = self._behind()
        outdated = (say("outdated", language),) if self._outdated else ()
        return (*outdated, say("behind", language, count=f"{behind:,}")) if behind else outdated


def _time_left(started: float) -> int:
    """Milliseconds before the page is due."""
    return DEADLINE_MS - round((time.perf_counter() - started) * 1000)
