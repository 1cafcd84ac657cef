"""An archive with its index: what the web front and the command line ask their questions to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from itertools import count, islice
from pathlib import Path

from search import answer
from search.archive import Archive
from search.articles import JST, Article, Topic
from search.asking import DEADLINE_MS, NAMED_FACETS, Asker
from search.company import Company
from search.comparing import Comparing, Comparison
from search.engine import Engine, Explanation, Matches, open_engine
from search.errors import IndexMismatch
from search.facet_values import FacetValues, Order
from search.history import History
from search.japanese.synonyms import TABLE_NAME
from search.name_linking import is_linked
from search.name_suggestions import Suggester, Suggestions
from search.name_views import EntityView, TopicView
from search.opening import open_archive
from search.profiles import Profiles, topic_called
from search.query.model import AllOf, AnyOf, Everything, Node, OneArticle, Query, Request
from search.query.saving import Saved, as_query
from search.registry import Registry
from search.related import Finder
from search.result_pages import ResultPages
from search.results import FacetValue, Health, Hit, ResultPage
from search.showing import Showing
from search.texts import say
from search.topic_counts import TopicCount, topic_counts
from search.views import ArticleView

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
        self._showing = Showing(archive, self.registry, self._info.analysis)
        self._pages = ResultPages(engine, self._asker, self._showing)
        company = Company(archive, engine, self.registry)
        self._profiles = Profiles(engine, self._asker, company, self._showing.read)
        self._comparing = Comparing(
            engine, self.registry, self._asker, company, lambda matches: self._showing.read(matches)[1]
        )
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
        archive = open_archive(directory, url)
        outdated = False
        try:
            try:
                engine = open_engine(url, archive)
            except IndexMismatch:
                if not outdated_ok:
                    raise
                engine, outdated = open_engine(url, archive, outdated_ok=True), True
            try:
                # After the index was opened: so all that is found there is known here.
                archive.receive()
                return cls(archive, engine, outdated=outdated)
            except BaseException:
                engine.close()
                raise
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
        return self._pages.page(request, self._notes(request.language))

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
            yield self._showing.read(found)[1]
            if offset + HITS_A_BATCH >= found.total:
                return

    def _current(self, ids: Iterable[str]) -> Iterator[Article]:
        left = iter(ids)
        while some := list(islice(left, HITS_A_BATCH)):
            current = self.archive.current(some)        # without those that were removed since the index was made
            yield from (current[one].article for one in some if one in current)

    def hits(self, request: Request, ids: Sequence[str]) -> tuple[Hit, ...]:
        """Of these articles, a few hundred at most, those that match, newest first, as a page of results shows them."""
        query = self._asker.ask(request).query
        some = AllOf((query.root, AnyOf(tuple(map(OneArticle, ids)))))
        query = replace(
            query, root=some, mark=(query.root,), sort="newest", offset=0, limit=len(ids), facets=(), days=False,
            closeness=None,
        )
        matches = self.engine.search(query)
        return self._showing.hits(matches, self._showing.named(matches, query, (), request.language)[0])

    def as_query(self, request: Request) -> Saved:
        """The request as one query, as a topic keeps it."""
        return as_query(request, self.topic_list, self._plain_name)

    def _plain_name(self, facet: str, value: str) -> str:
        """What people call the value, where that means nobody else; or else its id."""
        entity = self.registry.known(value) if facet in NAMED_FACETS else None
        return self.registry.written(entity) if entity else value

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
        return self._pages.facet_values(request, facet, find, order, page)

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
        """Whether index and archive differ, the index was made by other versions, or `names.toml` is another."""
        is_behind = self._behind() > 0 or self.archive.has_news()
        return self._outdated or is_behind or self.is_ahead() or not is_linked(self.archive)

    def is_ahead(self) -> bool:
        """Whether the index has changes that the archive lacks, since a backup of the archive was put back."""
        return self._info.change > self.archive.last_change()

    def is_relinked(self) -> bool:
        """Whether names have come to mean others since this was opened."""
        return self.archive.names_generation() != self._names_generation

    def _behind(self) -> int:
        return self.archive.count_changes_since(self._info.change, own=True)

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

    def _notes(self, language: str) -> tuple[str, ...]:
        behind = self._behind()
        outdated = (say("outdated", language),) if self._outdated else ()
        return (*outdated, say("behind", language, count=f"{behind:,}")) if behind else outdated


def _stamp_of(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change (ns); None where there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
