"""From files to a searchable archive, in two steps that can each be broken off and taken up again.

`take_in`: files -> articles in SQLite. An article is acknowledged when it is committed there.
`bring_up_to_date`: what changed in SQLite -> the index. Analysis runs in several processes and is kept in
the archive, so that a rebuild need not repeat it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from indexer import finding, formats
from indexer.formats.jsonlines import KNOWN_KEYS
from indexer.mentions import find_names_in
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide
from indexer.topics import read_topics
from search import processes
from search.archive import Archive
from search.archive_schema import Stored, section_record
from search.articles import Article, FoundName, Published
from search.engine import AnalyzedArticle, Engine, IndexWriter, rebuild_engine
from search.japanese.analysis import Analysis, analyze
from search.japanese.tokens import analysis_version
from search.name_linking import link_names
from search.processes import available_processors

COMMIT_EVERY_ARTICLES = 64
"""Articles to a transaction: a sync to disk costs some milliseconds, so one each would take most of the time."""

CHARS_TOGETHER = 15_000
"""Articles of so many characters have their names found at once: a third less work than one by one."""

CHUNK_ARTICLES = 64
TOPICS = "topics.toml"
INDEX_BATCH_ARTICLES = 5_000
WORTH_A_PROCESS_ARTICLES = 300
"""Starting a process and opening the dictionary in it takes as long as this many articles."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one article. outcome: added, updated, unchanged, removed earlier or rejected."""

    outcome: str
    where: Where
    id: str | None = None
    reason: str | None = None


Analyzed = tuple[Analysis, list[FoundName]]
"""An article's terms and names."""

Progress = Callable[[int, int], None]
"""(articles done, articles in all)."""


def take_in(
    archive: Archive, paths: Sequence[Path], *, source: str | None = None, desk: str | None = None,
    restore: bool = False,
) -> Iterator[Taken]:
    """Put every article under `paths` into the archive; yield each one once it is committed.

    source, desk: for articles that name none. restore: take in what was removed earlier.
    """
    pending: list[RawArticle | Rejection] = [*_take_in_topics(archive, paths)]
    for found in _raw_articles(paths):
        pending.append(found)
        if len(pending) >= COMMIT_EVERY_ARTICLES:
            yield from _commit(archive, pending, source, desk, restore)
            pending = []
    yield from _commit(archive, pending, source, desk, restore)


def _raw_articles(paths: Sequence[Path]) -> Iterator[RawArticle | Rejection]:
    for path in finding.find_files([path for path in paths if path.name != TOPICS]):
        if isinstance(path, Rejection):
            yield path
        else:
            yield from formats.read(path)


def _take_in_topics(archive: Archive, paths: Sequence[Path]) -> Iterator[Rejection]:
    """Topics are defined by any `topics.toml` among `paths` or under them."""
    for path in paths:
        for found in [path] if path.name == TOPICS else sorted(path.rglob(TOPICS)):
            topics = read_topics(found)
            if isinstance(topics, Rejection):
                yield topics
            else:
                with archive.transaction():
                    archive.put_topics(topics)


def _commit(
    archive: Archive, found: Iterable[RawArticle | Rejection], source: str | None, desk: str | None, restore: bool
) -> list[Taken]:
    taken: list[Taken] = []
    with archive.transaction():
        for raw in found:
            if isinstance(raw, RawArticle):
                raw = replace(raw, source=raw.source or source, desk=raw.desk or desk)
            article = divide(raw) if isinstance(raw, RawArticle) else raw
            if isinstance(article, Rejection):
                taken.append(Taken("rejected", article.where, reason=article.why))
            else:
                identity, outcome = archive.put(article, restore=restore)
                reason = "removed by you; take it in again with --restore" if outcome == "removed earlier" else None
                taken.append(Taken(outcome, raw.where, identity, reason))
    return taken


# ---- the index ----------------------------------------------------------------------------------


def bring_up_to_date(
    archive: Archive, engine: Engine, *, workers: int | None = None, progress: Progress | None = None
) -> int:
    """Apply every change the index does not have yet, and those that come meanwhile. Returns how many there were.

    Raises IndexBusy.
    """
    change = engine.info().change
    done = 0
    with _Analyzer(archive, workers or available_processors(), archive.count_changes_since(change)) as analyzer:
        while left := archive.count_changes_since(change):
            with engine.writer() as writer:
                batch, change = _write(
                    archive, writer, analyzer, change, INDEX_BATCH_ARTICLES, done, done + left, progress
                )
                # Before anybody sees the batch.
                link_names(archive)
            done += batch
            archive.hear_names()
    link_names(archive)         # names.toml may have changed
    archive.hear_names()        # those that an interrupted run, or a rebuild, left
    return done


def rebuild(
    archive: Archive, engine_url: str, *, workers: int | None = None, progress: Progress | None = None
) -> int:
    """Make the index anew beside the one in use, and swap it in. Returns the articles written. Raises IndexBusy.

    What changes meanwhile is left to `bring_up_to_date`.
    """
    total = archive.count_changes_since(0)
    with (
        _Analyzer(archive, workers or available_processors(), total) as analyzer,
        rebuild_engine(engine_url) as writer,
    ):
        written, _ = _write(archive, writer, analyzer, 0, total, 0, total, progress)
        link_names(archive)
    return written


def _write(
    archive: Archive, writer: IndexWriter, analyzer: _Analyzer, change: int, limit: int, done: int, total: int,
    progress: Progress | None,
) -> tuple[int, int]:
    """Write up to `limit` changes after `change`. Returns how many, and the last one's number."""
    written = 0
    for stored, analyzed in analyzer.run(change, limit):
        change = stored.change
        if analyzed is None:
            writer.delete(stored.article.id, stored.change)
        else:
            writer.put(analyzed)
        written += 1
        if progress:
            progress(done + written, total)
    return written, change


class _Analyzer:
    """Analyzes articles in several processes, one chunk ahead of the one that is being written."""

    def __init__(self, archive: Archive, workers: int, expected: int) -> None:
        self._archive = archive
        self._workers = workers
        self._pool = processes.workers(workers) if workers > 1 and expected >= WORTH_A_PROCESS_ARTICLES else None

    def __enter__(self) -> _Analyzer:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def run(self, change: int, limit: int) -> Iterator[tuple[Stored, AnalyzedArticle | None]]:
        """Each article changed after `change`, up to `limit` of them; None for one that was removed."""
        ahead: list[tuple[Stored, _Work | None]] = []
        # An article that another process touches from here on would come a second time.
        last_change = self._archive.last_change()
        while limit > 0 or ahead:
            found = self._archive.changes_since(change, limit=min(CHUNK_ARTICLES, limit)) if limit > 0 else []
            chunk = [stored for stored in found if stored.change <= last_change]
            limit = limit - len(chunk) if chunk else 0
            change = chunk[-1].change if chunk else change
            started = self._start(chunk)
            yield from self._finish(ahead)
            ahead = started

    def _start(self, chunk: Sequence[Stored]) -> list[tuple[Stored, _Work | None]]:
        """None where nothing is to be done: the article was removed, or is analyzed already."""
        made_by = analysis_version()
        fresh = [
            stored.article for stored in chunk
            if not stored.removed and not self._archive.analysis(stored.article.id, stored.version, made_by)
        ]
        works: dict[str, _Work] = {}
        for articles in together(fresh, most=-(-len(fresh) // self._workers) if self._pool else CHUNK_ARTICLES):
            work = _Work(articles, self._pool.submit(analyze_articles, articles) if self._pool else None)
            works |= dict.fromkeys((article.id for article in articles), work)
        return [(stored, works.get(stored.article.id) if not stored.removed else None) for stored in chunk]

    def _finish(
        self, chunk: Sequence[tuple[Stored, _Work | None]]
    ) -> Iterator[tuple[Stored, AnalyzedArticle | None]]:
        made_by = analysis_version()
        fresh = [(stored, work.of(stored.article.id)) for stored, work in chunk if work is not None]
        if fresh:
            with self._archive.transaction():
                for stored, (analysis, names) in fresh:
                    self._archive.put_analysis(stored.article.id, stored.version, made_by, analysis, names)
        for stored, _ in chunk:
            yield stored, None if stored.removed else self._analyzed(stored)

    def _analyzed(self, stored: Stored) -> AnalyzedArticle:
        analyzed = self._archive.analysis(stored.article.id, stored.version)
        assert analyzed is not None     # made in `_finish` at the latest
        article = stored.article
        published: Published | None = article.published
        return AnalyzedArticle(
            article.id, stored.version, stored.change, analyzed.tokens, analyzed.mentions, published,
            article.source, article.desk, tuple(part.text for part in article.parts()),
        )


@dataclass(slots=True)
class _Work:
    """Articles that are analyzed together. future: by another process; None for this one, once it is asked."""

    articles: Sequence[Article]
    future: Future[list[Analyzed]] | None
    results: dict[str, Analyzed] = field(default_factory=dict)

    def of(self, article_id: str) -> Analyzed:
        if not self.results:
            analyzed = self.future.result() if self.future else analyze_articles(self.articles)
            self.results = {article.id: one for article, one in zip(self.articles, analyzed, strict=True)}
        return self.results[article_id]


def together(articles: Sequence[Article], most: int) -> Iterator[list[Article]]:
    """The articles in order, as many at once as have `CHARS_TOGETHER`, and at most `most`."""
    group: list[Article] = []
    chars = 0
    for article in articles:
        group.append(article)
        chars += sum(len(part.text) for part in article.parts())
        if chars >= CHARS_TOGETHER or len(group) >= most:
            yield group
            group, chars = [], 0
    if group:
        yield group


def analyze_article(article: Article) -> Analyzed:
    """Terms and names of an article; a pure function of its text and date."""
    return analyze_articles([article])[0]


def analyze_articles(articles: Sequence[Article]) -> list[Analyzed]:
    """The same for several, each by itself."""
    analyzed = [analyze(article) for article in articles]
    names = find_names_in([
        (tuple(article.parts()), units_by_part, article.published)
        for article, (units_by_part, _) in zip(articles, analyzed, strict=True)
    ])
    return [(analysis, found) for (_, analysis), found in zip(analyzed, names, strict=True)]


def as_record(article: Article) -> dict[str, Any]:
    """An article in the form of an export, which `add` reads back to the same article."""
    # What the source called, say, "date" must not be read as the article's date now.
    hidden = {key: value for key, value in article.extra.items() if key in KNOWN_KEYS}
    record: dict[str, Any] = {
        **{key: value for key, value in article.extra.items() if key not in hidden},
        "id": article.id,
        "title": article.title,
        "body": article.body(),
        "published": _written(article.published),
        "source": article.source,
        "desk": article.desk,
        "url": article.url,
        "authors": list(article.authors),
        "sections": [section_record(section) for section in article.sections],
    }
    if article.credits:
        record["credits"] = list(article.credits)
    if article.ruby:
        record["ruby"] = [[r.section, r.is_heading, r.start, r.end, r.reading] for r in article.ruby]
    if article.published and article.published.is_inferred:
        record["published_inferred"] = True
    if hidden:
        record["extra"] = hidden
    if article.title_inferred:
        record["title_inferred"] = True
    return record


def _written(published: Published | None) -> str | None:
    """As precise as the source was: 2024, 2024-04, 2024-04-10 or with the time."""
    if published is None:
        return None
    lengths = {"year": 4, "month": 7, "day": 10}
    return published.at.isoformat()[: lengths.get(published.precision)]
