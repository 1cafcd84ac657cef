"""The whole pipeline beside cutting text alone, with the same processes in one run; and where the time goes.

    KIJIGURA_CORPORA=... python -m benchmarks.ingest [--articles N] [--workers W]

Rates are by the clock, of JSON Lines (without the variable, of the sample archive). "Sudachi alone" asks it for what
the indexer needs of every word: long units, the short ones in them, normalized form, part of speech. "Cutting" is
`tokens.units`, which makes terms of that. The stages are measured in one process, one after another, in its processor
time; all of them but the last are also in the whole.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from sudachipy import SplitMode

from benchmarks import corpus
from benchmarks.tables import table
from indexer import pipeline, upkeep
from indexer.analyzing import together
from indexer.copy_groups import group_copies
from indexer.formats import jsonlines
from indexer.mentions import find_names_in
from indexer.raw import Where
from indexer.records import as_record
from indexer.sections import divide
from search.archive import Archive
from search.articles import Article
from search.engine import AnalyzedArticle, open_engine, rebuild_engine
from search.japanese.analysis import analyze_parts
from search.japanese.tokens import dictionary, units
from search.library import default_engine_url
from search.name_linking import link_names
from search.processes import Workers, available_processors

TEXTS_AT_ONCE = 64
PIECE_CHARS = 1_500
"""What Sudachi takes of any text: see `tokens.MAX_CHUNK_CHARS`."""


def sudachi_alone(texts: Sequence[str]) -> int:
    """Ask for all that the indexer needs. Returns the words there are."""
    tokenizer = dictionary().tokenizer(mode=SplitMode.C)
    words = 0
    for text in texts:
        for line in filter(None, text.split("\n")):
            for first in range(0, len(line), PIECE_CHARS):
                for word in tokenizer.tokenize(line[first : first + PIECE_CHARS]):
                    words += 1
                    _ask(word)
                    for short in word.split(SplitMode.A):
                        _ask(short)
    return words


def _ask(word: object) -> None:
    word.surface(), word.normalized_form(), word.part_of_speech_id(), word.begin(), word.end()  # type: ignore[attr-defined]


def cutting(texts: Sequence[str]) -> int:
    """Cut as the indexer does."""
    return sum(len(units(text)) for text in texts)


def seconds_in_processes(work: Callable[[Sequence[str]], int], texts: Sequence[str], workers: int) -> float:
    """By the clock, the processes being there already."""
    groups = [texts[first : first + TEXTS_AT_ONCE] for first in range(0, len(texts), TEXTS_AT_ONCE)]
    with Workers(workers) as processes:
        pool = processes.start()
        for waiting in [pool.submit(work, texts[:1]) for _ in range(workers * 4)]:
            waiting.result()
        started = time.perf_counter()
        for done in [pool.submit(work, group) for group in groups]:
            done.result()
        return time.perf_counter() - started


def seconds_of_adding(file: Path, directory: Path, workers: int) -> float:
    """What `kijigura add` does with a file, by the clock, with the start of its processes."""
    started = time.perf_counter()
    with (
        Archive.open(directory, create=True) as archive,
        Workers(workers) as processes,
        upkeep.Growing(archive, None, processes, lambda _: None) as growing,
    ):
        for taken in pipeline.take_in(archive, [file], workers=processes):
            if taken.outcome == "rejected":
                raise ValueError(f"{taken.where} was rejected: {taken.reason}")
            growing.advance()
        growing.finish()
    return time.perf_counter() - started


def stages(lines: Sequence[str], directory: Path) -> Iterator[tuple[str, float]]:
    """(stage, milliseconds of the processor an article), one after another."""

    def timed(name: str, work: Callable[[], object]) -> tuple[str, float]:
        started = time.process_time()
        work()
        return name, (time.process_time() - started) * 1000 / len(lines)

    articles: list[Article] = []
    yield timed("read, divide", lambda: articles.extend(map(_article, lines)))
    parts = [tuple(article.parts()) for article in articles]
    cut: list[list[list]] = []          # type: ignore[type-arg]
    cutting([part.text for part in parts[0]])
    yield timed("cut", lambda: cut.extend([units(part.text) for part in of_one] for of_one in parts))
    laid: list = []                     # type: ignore[type-arg]
    yield timed("lay out, dates, numbers", lambda: laid.extend(
        analyze_parts(of_one, of_units, article.published)
        for of_one, of_units, article in zip(parts, cut, articles, strict=True)
    ))
    names: list = []                    # type: ignore[type-arg]
    find_names_in([(parts[0], cut[0], None)])
    yield timed("find names", lambda: names.extend(_names(articles, parts, cut)))
    packed: list[bytes] = []
    yield timed("pack", lambda: packed.extend(one.pack() for one in laid))
    with Archive.open(directory, create=True) as archive:
        with rebuild_engine(default_engine_url(directory)):
            pass

        def store() -> None:
            with archive.transaction():
                for article in articles:
                    archive.put(article)

        yield timed("store articles", store)
        stored = archive.changes_since(0)
        mentions: list = []             # type: ignore[type-arg]

        def keep() -> None:
            with archive.transaction():
                mentions.extend(
                    archive.put_analysis(one.article.id, one.version, "v", tokens, found, data)
                    for one, tokens, found, data in zip(stored, laid, names, packed, strict=True)
                )

        yield timed("store words and names", keep)
        yield timed("link names", lambda: link_names(archive))
        yield timed("hear names", archive.hear_names)
        yield timed("group copies", lambda: group_copies(archive))

        def write() -> None:
            engine = open_engine(default_engine_url(directory))
            with engine.writer() as writer:
                for one, tokens, found in zip(stored, laid, mentions, strict=True):
                    article = one.article
                    writer.put(AnalyzedArticle(
                        article.id, one.version, one.change, tokens, found, article.published, article.source,
                        article.desk, tuple(part.text for part in article.parts()),
                    ))
            engine.close()

        yield timed("write the index (this process's part)", write)


def _article(line: str) -> Article:
    article = divide(jsonlines.parse(json.loads(line), Where("in.jsonl")))
    assert isinstance(article, Article)
    return article


def _names(articles: Sequence[Article], parts: Sequence[object], cut: Sequence[object]) -> Iterator[object]:
    place = {article.id: number for number, article in enumerate(articles)}
    for group in together(articles, TEXTS_AT_ONCE):
        numbers = [place[article.id] for article in group]
        yield from find_names_in([(parts[n], cut[n], articles[n].published) for n in numbers])  # type: ignore[misc]


def read_lines(most: int) -> list[str]:
    """Every so many of the articles there are, as lines of an export."""
    articles = {article.id: article for article in corpus.read(corpus.choose().paths)}
    chosen = list(articles.values())[:: max(1, len(articles) // most)]
    return [json.dumps(as_record(article), ensure_ascii=False) for article in chosen]


def report(lines: Sequence[str], workers: int, directory: Path) -> Iterable[str]:
    """The tables."""
    texts = [part.text for line in lines for part in _article(line).parts()]
    file = directory / "in.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    seconds = {
        "Sudachi alone": seconds_in_processes(sudachi_alone, texts, workers),
        "cutting": seconds_in_processes(cutting, texts, workers),
        "the whole pipeline": seconds_of_adding(file, directory / "archive", workers),
    }
    whole = seconds["the whole pipeline"]
    rows = [
        [name, f"{len(lines) / took:,.0f}", f"{sum(map(len, texts)) / took:,.0f}", f"{took / whole:.2f}"]
        for name, took in seconds.items()
    ]
    head = [f"{len(lines):,} articles, {workers} processes", "articles/s", "characters/s", "the whole beside it"]
    yield table(head, rows)
    by_stage = list(stages(lines, directory / "stages"))
    in_all = sum(took for _, took in by_stage)
    rows = [[name, f"{took:.2f}", f"{took / in_all:.0%}"] for name, took in by_stage]
    yield table(["stage, one process", "ms an article", "of all"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description="The pipeline beside cutting.")
    parser.add_argument("--articles", type=int, default=4_000, metavar="N", help="about so many [4000]")
    parser.add_argument("--workers", type=int, default=available_processors(), metavar="W", help="processes")
    options = parser.parse_args(arguments)
    lines = read_lines(options.articles)
    with tempfile.TemporaryDirectory(prefix="ingest-") as directory:
        print("\n\n".join(report(lines, options.workers, Path(directory))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
