"""An archive with its index: what the web front and the command line ask their questions to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from itertools import count
from pathlib import Path

from search import answer, batches
from search.archive import Archive
from search.articles import JST, Article, Entity, Topic
from search.asking import DEADLINE_MS, NAMED_FACETS, Asked, Asker, conditions
from search.batches import IndexedArticle
from search.company import Company
from search.comparing import Comparing, Comparison
from search.engine import Engine, Explanation, Matches, open_engine
from search.errors import IndexMismatch, NotFound, QueryTooHeavy
from search.facet_values import AllValues, FacetValues, Order
from search.histogram import units
from search.history import History
from search.japanese.synonyms import TABLE_NAME
from search.name_linking import is_linked
from search.name_suggestions import Suggester, Suggestions
from search.name_views import EntityView, TopicView
from search.profiles import Profiles, topic_called
from search.query.expanded import Expanded
from search.query.model import AllOf, AnyOf, Everything, Node, OneArticle, Query, Request
from search.query.saving import Saved, as_query
from search.query.ways_out import ways_out
from search.registry import Registry
from search.related import Finder
from search.results import Condition, FacetValue, Health, Hit, Interpretation, ResultPage, WordForm
from search.texts import say
from search.topic_counts import TopicCount, topic_counts
from search.views import ArticleView

ALSO_SHOWN = 6
"""Other spellings shown beside a word that was taken for a name."""

COPIES_SHOWN = 20

HITS_A_BATCH = 500
"""Of all that match: some 5 MB with their text, and a fifth of a second."""


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
        self._opened_as = (version("kijigura"), _stamp_of(archive.directory / TABLE_NAME))
        self.registry = Registry(archive, engine)
        self._asker = Asker(archive, engine, self.registry)
        self._finder = Finder(archive, engine, self.registry)
        company = Company(archive, engine, self.registry)
        self._profiles = Profiles(engine, self._asker, company, self._read)
        self._comparing = Comparing(engine, self.registry, self._asker, company, lambda matches: self._read(matches)[1])
        self._suggester = Suggester(
            archive, engine, self.registry, lambda topics: self._counts(Everything(), topics).facets["topic"]
        )

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
            histogram=answer.bars(shown.days, request.by),
            histogram_units=units(shown.days),
            facet_sizes=shown.facet_sizes,
            interpreted=self._interpreted(expanded, request.language),
            forms=tuple(WordForm(one.word, one.form.text, one.form.why, one.is_off) for one in expanded.forms),
            conditions=self._conditions(request, query, label, started, count=full.total == 0),
            notes=(*self._notes(request.language), *asked.notes),
            partial_total=partial.total if partial else 0,
            as_sentence=expanded.is_sentence,
            total_is_bound=full.total_is_bound,
            did_you_mean=self._did_you_mean(request, asked, started) if not full.total else None,
            ways_out=self._ways_out(request, started) if not full.total else {},
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
        return self._current(list(self.matching(request)))

    def matching(self, request: Request) -> Iterator[str]:
        """The id of every article that matches, in the query's order; no page, no partial matches."""
        return self.engine.matching(self._asker.ask(request).query)

    def all_hits(self, request: Request) -> Iterator[tuple[Hit, ...]]:
        """Every article that has all of the words, in the query's order, HITS_A_BATCH at a time, however many.

        Nothing of a batch is kept once the next is asked for. Raises QueryTooHeavy, at any batch.
        """
        query = replace(self._asker.ask(request).query, facets=(), days=False, limit=HITS_A_BATCH)
        for offset in count(0, HITS_A_BATCH):
            found = self.engine.search(replace(query, offset=offset))
            yield self._read(found)[1]
            if offset + HITS_A_BATCH >= found.total:
                return

    def _current(self, ids: Iterable[str]) -> Iterator[Article]:
        for article_id in ids:
            with suppress(NotFound):        # removed since the index was made
                yield self.archive.get(article_id).article

    def hits(self, request: Request, ids: Sequence[str]) -> tuple[Hit, ...]:
        """Of these articles those that match, newest first, as a page of the search shows them; a few hundred at most."""
        query = self._asker.ask(request).query
        some = AllOf((query.root, AnyOf(tuple(map(OneArticle, ids)))))
        query = replace(
            query, root=some, mark=(query.root,), sort="newest", offset=0, limit=len(ids), facets=(), days=False,
            closeness=None,
        )
        matches = self.engine.search(query)
        return self._hits(matches, self._named(matches, query, (), request.language)[0])

    def as_query(self, request: Request) -> Saved:
        """The request as one query, as a topic keeps it."""
        return as_query(request, self.topic_list, self._plain_name)

    def _plain_name(self, facet: str, value: str) -> str:
        """What people call the value, where that means nobody else; or else its id."""
        entity = self.registry.known(value) if facet in NAMED_FACETS else None
        return entity.name if entity and self.registry.ids(facet, entity.name) == [entity.id] else value

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
        related = self._finder.related(stored.article, analyzed, topics, asked.query.topics)
        return replace(
            view, copies=tuple(copies), more_copies=in_all - len(copies), related=related, version=stored.version
        )

    def history(self, article_id: str) -> History:
        """Every version of an article that is there. Raises NotFound."""
        return History.of(self.archive.get(article_id), self.archive.history(article_id))

    def entity(self, name_or_id: str, language: str) -> EntityView:
        """The page of one entity, by id or by any of its names. Raises NotFound."""
        return self._profiles.entity(self.registry.find(name_or_id), self.topic_list, language)

    def topic(self, topic_id: str, language: str) -> TopicView:
        """The page of one topic. Raises NotFound."""
        return self._profiles.topic(topic_called(self.topic_list, topic_id), language)

    def compare(self, names: Sequence[str], since: date | None = None, until: date | None = None) -> Comparison:
        """Several entities and topics beside one another; see `Comparing.compare`."""
        return self._comparing.compare(names, self.topic_list, since, until)

    def facet_values(
        self, request: Request, facet: str, *, find: str = "", order: Order = "count", page: int = 1
    ) -> FacetValues:
        """A page of all the values that a facet has in a search, or of those that fit `find`. Raises QueryTooHeavy."""
        asked = self._asker.ask(request)
        matches = self.engine.search(_counting(asked.query, facet))
        partial = asked.partial(0) if not matches.total else None
        if partial is not None:     # the page of the search shows the facets of these
            matches = self.engine.search(_counting(partial, facet))
        label = self._label(asked.topics, request.language)
        values = AllValues(facet, matches.facets[facet], asked.query, self.archive, self.registry)
        named = self._conditions(request, asked.query, label, time.perf_counter(), count=False)
        return replace(values.page(find, order, page, label), conditions=named)

    def topics(self, language: str) -> tuple[FacetValue, ...]:
        """All topics in their order, with their articles counted."""
        topics = self.topic_list
        counts = self._counts(Everything(), topics).facets["topic"]
        return tuple(FacetValue(t.id, t.label(language), counts.get(t.id, 0)) for t in topics)

    def topic_counts(self) -> tuple[TopicCount, ...]:
        """All topics in their order, with their articles counted by day. Raises QueryTooHeavy."""
        topics = self.topic_list
        return topic_counts(self.engine, topics, self._asker.topic_nodes(topics), DEADLINE_MS)

    def suggest(self, text: str, language: str) -> Suggestions:
        """Names and topics that the end of a query may become while it is typed."""
        return self._suggester.suggest(text, language)

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
    def change(self) -> int:
        """The archive's last change that the index has."""
        return self._info.change

    def state(self) -> str:
        """Differs wherever the same search may have another answer, to the letter.

        That hangs on index, archive, names, topics, synonyms and program, and on the day, which 昨年 is counted from.
        """
        info = self._info
        of = (
            info.change, info.indexed_at, info.analysis, self.archive.last_change(), self._names_generation,
            self._opened_as, self.topic_list, datetime.now(JST).date(),
        )
        return sha256(repr(of).encode()).hexdigest()[:20]

    @property
    def topic_list(self) -> tuple[Topic, ...]:
        """The archive's topics, as they are now."""
        return tuple(self.archive.topics())

    # ---- what the engine is asked ----

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
        def query_of(rest: Request) -> Query:
            return self._asker.ask(rest).query if count else query

        found = conditions(request, query, label, query_of)
        if not count or len(found) < 2:
            return tuple(condition for condition, _ in found)
        return tuple(replace(condition, total_without=self._total(rest, started)) for condition, rest in found)

    def _ways_out(self, request: Request, started: float) -> dict[str, int]:
        """Those that find something, while there is time."""
        counts = {name: self._total(self._asker.ask(other).query, started) for name, other in ways_out(request).items()}
        return {name: count for name, count in counts.items() if count}

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
        return indexed, self._label(topics, language)

    def _label(self, topics: Sequence[Topic], language: str) -> answer.Label:
        """What to call a value of a facet."""
        called = {topic.id: topic.label(language) for topic in topics}

        def label(facet: str, value: str) -> str:
            if facet in NAMED_FACETS:
                return self.registry.entity(value).label(language)
            if facet == "topic":
                return called.get(value, value)
            if facet == "year" and value == answer.NO_DATE:
                return say("no date", language)
            return value

        return label

    def _read(self, matches: Matches) -> tuple[Sequence[IndexedArticle], tuple[Hit, ...]]:
        """The articles of matches without facets, as they were indexed and as they are shown."""
        indexed, _ = self._named(matches, Query(Everything()), (), "ja")
        return indexed, self._hits(matches, indexed)

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


def _counting(query: Query, facet: str) -> Query:
    """The same question, for every value of one facet and nothing else."""
    return replace(
        query, offset=0, limit=0, facets=(facet,), facet_values=None, spans=False, days=False, tell=(),
    )


def _stamp_of(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change (ns); None where there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _time_left(started: float) -> int:
    """Milliseconds before the page is due."""
    return DEADLINE_MS - round((time.perf_counter() - started) * 1000)
