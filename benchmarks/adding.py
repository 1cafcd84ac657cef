"""What it costs to make an archive of real articles: reading, cutting, finding names, the whole `add`, and space."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks import corpus
from benchmarks.peers.peer import directory_bytes
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import rate
from indexer import pipeline, upkeep
from indexer.mentions import find_names
from search.archive import Archive
from search.articles import Article
from search.japanese.analysis import analyze
from search.processes import Workers, available_processors

CUT_ARTICLES = 2_000
"""As many are cut and searched for names on their own; more only take longer."""

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns, and the processor's seconds that this process spent on it."""
    started = time.process_time()
    done = work()
    return done, time.process_time() - started


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


def report(setup: Setup) -> Table:
    """Of the real articles as they are, not recombined."""
    say("Reading, cutting and adding the real articles …")
    articles, read_seconds = read(setup.corpus.paths)
    cutting = cut(articles)
    with tempfile.TemporaryDirectory(prefix="add-", dir=setup.work) as directory:
        built = build(setup.corpus.paths, setup.corpus.topics, Path(directory) / "archive")
    n = built.articles
    rows = [
        ("reading files", rate(len(articles), read_seconds)),
        ("cutting into words, one process", rate(cutting.articles, cutting.seconds)),
        ("the same in characters", rate(cutting.chars, cutting.seconds)),
        ("finding names, time beside cutting", f"{cutting.names_seconds / cutting.seconds:.2f} ×"),
        (f"whole `add`, {built.workers} processes, by the clock", rate(n, built.add_seconds)),
        ("index alone, analyses kept (`rebuild`)", rate(n, built.index_seconds)),
        ("articles.sqlite, bytes an article", f"{built.archive_bytes / n:,.0f}"),
        ("index, bytes an article", f"{built.index_bytes / n:,.0f}"),
    ]
    data = {"cutting": asdict(cutting), "built": asdict(built)}
    return Table(f"Adding {n:,} real articles", ("what", "articles, or as named"), rows, data=data)


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
        with Workers() as workers, upkeep.Growing(archive, None, workers, lambda _: None) as growing:
            for taken in pipeline.take_in(archive, [*paths, topics], workers=workers):
                if taken.outcome == "rejected":
                    raise ValueError(f"{taken.where} was rejected: {taken.reason}")
                growing.advance()
            growing.finish()
        add_seconds = time.perf_counter() - started
        _, index_seconds = timed(lambda: upkeep.rebuild_index(archive, None))
        articles = archive.count()
    whole = directory_bytes(directory)
    archive_bytes = sum(path.stat().st_size for path in directory.glob("articles.sqlite*"))
    return Built(
        articles, add_seconds, index_seconds, available_processors(), archive_bytes, whole - archive_bytes
    )


def read(paths: tuple[Path, ...]) -> tuple[list[Article], float]:
    """The articles, and how long reading them took."""
    corpus.read(paths[:1]) if paths[0].is_dir() else None       # imports what HTML needs
    return timed(lambda: corpus.read(paths))
