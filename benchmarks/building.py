"""What it costs to make an archive: reading, cutting into words, finding names, the whole `add`, and space."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks import corpus
from benchmarks.peer import Peer
from indexer import pipeline, upkeep
from indexer.mentions import find_names
from search.archive import Archive
from search.articles import Article
from search.engine import AnalyzedArticle
from search.japanese.tokens import analyze

CUT_ARTICLES = 2_000
"""As many are cut and searched for names on their own; more only take longer."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cutting:
    """One process. seconds: to cut `articles` articles of `chars` code points. names_seconds: to find their names."""

    articles: int
    chars: int
    seconds: float
    names_seconds: float


@dataclass(frozen=True, slots=True)
class Built:
    """An archive that was made, and how long that took.

    add_seconds: by the clock, since several processes share the work.
    """

    articles: int
    add_seconds: float
    index_seconds: float
    workers: int
    archive_bytes: int
    index_bytes: int


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns, and the processor's seconds that this process spent on it.

    By the clock, whatever else the machine does would be measured too.
    """
    started = time.process_time()
    done = work()
    return done, time.process_time() - started


def cut(articles: list[Article]) -> Cutting:
    """Cut the articles, every nth of them if there are many."""
    chosen = articles[:: max(1, len(articles) // CUT_ARTICLES)]
    analyze(chosen[0])                  # opens the dictionary
    units, seconds = timed(lambda: [analyze(article)[0] for article in chosen])
    parts = [tuple(article.parts()) for article in chosen]
    find_names(parts[0], units[0])      # loads the bundled names
    _, names_seconds = timed(lambda: [find_names(*one) for one in zip(parts, units, strict=True)])
    chars = sum(len(part.text) for of_article in parts for part in of_article)
    return Cutting(len(chosen), chars, seconds, names_seconds)


def build(paths: tuple[Path, ...], topics: Path, directory: Path) -> Built:
    """Do what `kijigura add` does, then what `kijigura rebuild` does with every analysis kept."""
    with Archive.open(directory, create=True) as archive:
        started = time.perf_counter()
        for taken in pipeline.take_in(archive, [*paths, topics]):
            if taken.outcome == "rejected":
                raise ValueError(f"{taken.where} was rejected: {taken.reason}")
        upkeep.ensure_index(archive, None, say=lambda _: None)
        add_seconds = time.perf_counter() - started
        _, index_seconds = timed(lambda: upkeep.rebuild_index(archive, None))
        articles = archive.count()
    sizes = {path.name: path.stat().st_size for path in directory.rglob("*") if path.is_file()}
    archive_bytes = sum(size for name, size in sizes.items() if name.startswith("articles.sqlite"))
    return Built(
        articles, add_seconds, index_seconds, pipeline.default_workers(), archive_bytes,
        sum(sizes.values()) - archive_bytes,
    )


def analyzed(archive: Archive) -> list[AnalyzedArticle]:
    """Every article as the index was given it."""
    found: list[AnalyzedArticle] = []
    for stored in archive.changes_since(0):
        article = stored.article
        kept = archive.analysis(article.id, stored.version)
        if kept is not None and not stored.removed:
            found.append(
                AnalyzedArticle(
                    article.id, stored.version, stored.change, kept.tokens, kept.mentions, article.published,
                    article.source, article.desk,
                )
            )
    return found


def build_peer(articles: list[AnalyzedArticle], path: Path) -> tuple[Peer, float]:
    """The peer over the same articles, and how long it took; the tokens are in memory already."""
    peer = Peer(path)
    _, seconds = timed(lambda: peer.build(articles))
    return peer, seconds


def read(paths: tuple[Path, ...]) -> tuple[list[Article], float]:
    """The articles, and how long reading them took."""
    corpus.read(paths[:1]) if paths[0].is_dir() else None       # imports what HTML needs
    return timed(lambda: corpus.read(paths))
