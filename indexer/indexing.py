"""What changed in the archive -> the index, in the order of changes.

Analysis runs in other processes, some chunks ahead of the writing, and is kept in the archive, so that a rebuild need
not repeat it. All of it can be broken off anywhere and taken up again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field

from indexer.analyzing import Analyzed, analyze_articles, together, without_words
from indexer.copy_groups import group_copies
from search.archive import Archive
from search.archive_schema import Stored
from search.articles import Article
from search.engine import AnalyzedArticle, Engine, IndexWriter, rebuild_engine
from search.japanese.tokens import analysis_version
from search.name_linking import link_names
from search.processes import Workers

CHUNK_ARTICLES = 64
CHUNKS_AHEAD = 8
"""Of articles that are being analyzed: enough for the seconds in which a batch is published; some 30 MB."""

BATCH_ARTICLES = 5_000
"""That are written before anybody can find them, or as many as the index has: each batch costs a merge."""

MOST_BATCH_ARTICLES = 100_000

Progress = Callable[[int, int], None]
"""(articles done, articles in all)."""

Open = Callable[[], AbstractContextManager[IndexWriter]]


def bring_up_to_date(archive: Archive, engine: Engine, workers: Workers, progress: Progress | None = None) -> int:
    """Apply every change the index does not have yet, and those that come meanwhile. Returns how many there were.

    Raises IndexBusy.
    """
    with Indexing(archive, engine, workers) as indexing:
        return indexing.finish(progress)


def rebuild(archive: Archive, engine_url: str, workers: Workers, progress: Progress | None = None) -> int:
    """Make the index anew beside the one in use, and swap it in. Returns the articles written. Raises IndexBusy.

    What changes meanwhile is left to `bring_up_to_date`.
    """
    written = 0
    with rebuild_engine(engine_url, archive) as writer:
        # Once nobody else writes to the index: what others put there is then known here.
        archive.receive()
        last_change = archive.last_change()
        total = archive.count_changes_since(0)
        ahead = _Ahead(archive, workers, 0)
        while chunk := ahead.next(last_change):
            written += _write(writer, chunk)
            archive.deliver(change.stored.article.id for change in chunk)
            if progress:
                progress(written, total)
        link_names(archive)
    return written


class Indexing:
    """Brings an index up to date, also while articles still come in."""

    def __init__(self, archive: Archive, engine: Engine, workers: Workers) -> None:
        self._archive = archive
        self._engine = engine
        self._ahead = _Ahead(archive, workers, engine.info().change, own=True)
        self._batch: _Batch | None = None
        self._in_index = engine.info().articles
        self._written = 0

    def __enter__(self) -> Indexing:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop: what is not published yet comes again next time."""
        if self._batch:
            self._batch.cancel()
            self._batch = None

    def advance(self) -> None:
        """Write what is analyzed, without waiting for anything. Raises IndexBusy."""
        while chunk := self._ahead.next(wait_for_it=False):
            self._put(chunk)

    def finish(self, progress: Progress | None = None) -> int:
        """Write all there is, and publish it. Returns how many changes were written in all. Raises IndexBusy."""
        while True:
            while chunk := self._ahead.next():
                self._put(chunk)
                if progress:
                    progress(self._written, self._written + self._ahead.left())
            self._publish()
            if not self._ahead.left():    # of what was delivered others may have had an id or a version first
                break
        self._archive.deliver_topics()
        self._archive.receive()
        self._archive.note_indexed()
        link_names(self._archive)         # names.toml may have changed
        self._archive.hear_names()        # those that an interrupted run, or a rebuild, left
        group_copies(self._archive)       # those, too
        return self._written

    def _put(self, chunk: list[_Change]) -> None:
        for change in chunk:
            # An engine takes an article once in a batch.
            if self._batch and change.stored.article.id in self._batch.touched:
                self._publish()
            if self._batch is None:
                self._batch = _Batch(self._engine.writer)
            self._batch.touched.add(change.stored.article.id)
            self._written += _write(self._batch.writer, [change])
            if len(self._batch.touched) >= min(max(BATCH_ARTICLES, self._in_index), MOST_BATCH_ARTICLES):
                self._publish()

    def _publish(self) -> None:
        if self._batch is None:
            return
        # Before anybody sees the batch.
        link_names(self._archive)
        self._archive.deliver(self._batch.touched)
        self._batch.commit()
        self._in_index += len(self._batch.touched)
        self._batch = None
        self._archive.hear_names()
        group_copies(self._archive)


class _Batch:
    """An open batch of an engine. touched: ids of the articles in it."""

    def __init__(self, open_writer: Open) -> None:
        self._stack = ExitStack()
        self.writer = self._stack.enter_context(open_writer())
        self.touched: set[str] = set()

    def commit(self) -> None:
        self._stack.close()

    def cancel(self) -> None:
        broken_off = KeyboardInterrupt()
        self._stack.__exit__(KeyboardInterrupt, broken_off, None)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the archive. analyzed: None for an article that was removed."""

    stored: Stored
    analyzed: AnalyzedArticle | None


def _write(writer: IndexWriter, changes: Sequence[_Change]) -> int:
    for one in changes:
        if one.analyzed is None:
            writer.delete(one.stored.article.id, one.stored.change)
        else:
            writer.put(one.analyzed)
    return len(changes)


class _Ahead:
    """The changes of an archive in order, analyzed some chunks ahead."""

    def __init__(self, archive: Archive, workers: Workers, change: int, *, own: bool = False) -> None:
        """own: without those that others have put into the index."""
        self._archive = archive
        self._own = own
        self._workers = workers
        self._change = change
        self._chunks: deque[list[tuple[Stored, _Work | None]]] = deque()

    def left(self) -> int:
        """How many changes were not given out yet."""
        return self._count() + sum(map(len, self._chunks))

    def _count(self) -> int:
        return self._archive.count_changes_since(self._change, own=self._own)

    def next(self, last_change: int | None = None, *, wait_for_it: bool = True) -> list[_Change]:
        """The next chunk; an empty one where there is none, or none that is ready.

        last_change: those after it are not asked for.
        """
        executor = self._workers.executor(self._count)
        while len(self._chunks) < (CHUNKS_AHEAD if executor else 1) and self._start(executor, last_change):
            pass
        if not self._chunks:
            return []
        chunk = self._chunks[0]
        if not wait_for_it and not all(work.is_done() for _, work in chunk if work):
            return []
        self._chunks.popleft()
        return self._finished(chunk)

    def _start(self, executor: Executor | None, last_change: int | None) -> bool:
        """Read a chunk and have it analyzed, but for what was removed or is analyzed already."""
        limit = CHUNK_ARTICLES * (self._workers.count if executor else 1)
        chunk = self._archive.changes_since(self._change, limit=limit, own=self._own)
        chunk = [one for one in chunk if last_change is None or one.change <= last_change]
        if not chunk:
            return False
        self._change = chunk[-1].change
        made_by = analysis_version()
        fresh = [
            one.article for one in chunk
            if not one.removed and not self._archive.has_analysis(one.article.id, one.version, made_by)
        ]
        works: dict[str, _Work] = {}
        for articles in together(fresh, most=-(-len(fresh) // (self._workers.count if executor else 1))):
            work = _Work(articles, self._workers.submit(analyze_articles, articles) if executor else None)
            works |= dict.fromkeys((article.id for article in articles), work)
        self._chunks.append([(one, works.get(one.article.id)) for one in chunk])
        return True

    def _finished(self, chunk: Sequence[tuple[Stored, _Work | None]]) -> list[_Change]:
        made_by = analysis_version()
        # Waited for outside of the transaction, in which nobody else can write.
        fresh = [(stored, work.of(stored.article.id, self._workers)) for stored, work in chunk if work]
        mentions = {}
        if fresh:
            with self._archive.transaction():
                for stored, analyzed in fresh:
                    mentions[stored.article.id] = self._archive.put_analysis(
                        stored.article.id, stored.version, made_by, analyzed.tokens, analyzed.names, analyzed.packed
                    )
        made = {stored.article.id: analyzed.tokens for stored, analyzed in fresh}
        kept = self._archive.analyses(
            (stored.article.id, stored.version) for stored, _ in chunk
            if not stored.removed and stored.article.id not in made
        )
        for (article_id, _), one in kept.items():
            made[article_id], mentions[article_id] = one.tokens, one.mentions
        changes: list[_Change] = []
        for stored, _ in chunk:
            article, analyzed_article = stored.article, None
            if not stored.removed:
                analyzed_article = AnalyzedArticle(
                    article.id, stored.version, stored.change, made[article.id], mentions[article.id],
                    article.published, article.source, article.desk, tuple(part.text for part in article.parts()),
                )
            changes.append(_Change(stored, analyzed_article))
        return changes


@dataclass(slots=True)
class _Work:
    """Articles that are analyzed together. future: by another process; None for this one, once it is asked."""

    articles: Sequence[Article]
    future: Future[list[Analyzed]] | None
    results: dict[str, Analyzed] = field(default_factory=dict)

    def is_done(self) -> bool:
        return self.future is None or self.future.done()

    def of(self, article_id: str, workers: Workers) -> Analyzed:
        if not self.results:
            analyzed = self._result(workers, self.future) if self.future else analyze_articles(self.articles)
            self.results = {article.id: one for article, one in zip(self.articles, analyzed, strict=True)}
        return self.results[article_id]

    def _result(self, workers: Workers, future: Future[list[Analyzed]]) -> list[Analyzed]:
        try:
            return workers.result(future)
        except (BrokenExecutor, CancelledError):
            with suppress(BrokenExecutor, CancelledError):      # another task ended the process that was at it
                return workers.result(workers.submit(analyze_articles, self.articles))
            return [one for article in self.articles for one in _analyzed_alone(article)]


def _analyzed_alone(article: Article) -> list[Analyzed]:
    with Workers(1) as alone:
        try:
            return alone.result(alone.submit(analyze_articles, [article]))
        except BrokenExecutor:
            return [without_words(article, "the process that analyzed it was ended")]
