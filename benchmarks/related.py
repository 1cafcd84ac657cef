"""Related articles: how good they are, on articles that people put in one topic; how fast, on any archive.

    python -m benchmarks.related                    quality, on newscope-topics
    python -m benchmarks.related --archive DIR      speed: DIR is only read

Articles of one topic of newscope-topics are taken for related. An article counts as in its topic only where the search
for the topic finds it among its first hundred, since a third of the topics are mixed bags of a day. Few of an
article's true neighbours are in a topic with it, so the figures are low, and good for comparing only.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks import corpus
from benchmarks.tables import mean, milliseconds, short, table
from indexer import judged
from indexer.judged import JudgedSet, TakenIn
from kijigura.evaluating import answers, indexed
from search.evaluation import measure_each
from search.library import Library
from search.query.model import Request
from search.related import NAMES, WORDS, Finder

SET = "newscope-topics"
FOUND = 10
AMONG = 5
"""As many as one sees at first: of these precision is told."""

WEEK = timedelta(days=7)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.related", description="Related articles.")
    parser.add_argument("--archive", type=Path, metavar="DIR", help="measure the speed on this archive")
    parser.add_argument("--articles", type=int, default=500, metavar="N", help="a sample of so many [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="for the sample [%(default)s]")
    options = parser.parse_args(arguments)
    if options.archive:
        with Library.open(options.archive) as library:
            print(speed(library, options.articles, options.seed))
        return 0
    directory = corpus.collections()
    if directory is None or not (directory / "retrieval" / SET).is_dir():
        print(f"Set {corpus.VARIABLE} to a directory that has retrieval/{SET}.", file=sys.stderr)
        return 1
    found = judged.read(directory / "retrieval" / SET)
    with indexed(found) as (library, taken):
        print(quality(library, neighbours(library, found, taken), options.articles, options.seed))
    return 0


def neighbours(library: Library, found: JudgedSet, taken: TakenIn) -> dict[str, set[str]]:
    """Article -> those in a topic with it; by their numbers in the archive, and only those that have any."""
    number = {article_id: str(place) for place, article_id in enumerate(taken.ids)}
    together: dict[str, set[str]] = defaultdict(set)
    for query_id, ranked in answers(library, taken, found.measured()).items():
        members = {number[article_id] for article_id in found.gains[query_id] if article_id in ranked}
        for member in members:
            together[member] |= members - {member}
    return {member: others for member, others in together.items() if others}


def quality(library: Library, together: Mapping[str, set[str]], count: int, seed: int) -> str:
    """A row for each way to find them."""
    sample = sorted(together)
    sample = random.Random(seed).sample(sample, min(count, len(sample)))
    finders = {
        "words and names": _finder(library, WORDS, NAMES),
        "words alone": _finder(library, WORDS, 0),
        "names alone": _finder(library, 0, NAMES),
    }
    ways: dict[str, Callable[[str], list[str]]] = {
        name: lambda one, finder=finder: _related(library, finder, one)     # type: ignore[misc]
        for name, finder in finders.items()
    }
    ways["any of its week"] = lambda one: _of_its_week(library, one, seed)
    gains = {one: dict.fromkeys(together[one], 1) for one in sample}
    rows = []
    for name, way in ways.items():
        ranked = {one: way(one) for one in sample}
        hits = [mean([float(other in together[one]) for other in _filled(ranked[one][:AMONG])]) for one in sample]
        values = [each["nDCG@10"] for each in measure_each(gains, ranked).values()]
        rows.append([name, f"{mean(hits):.3f}", f"{mean(values):.3f}"])
    most = mean([min(AMONG, len(together[one])) / AMONG for one in sample])
    rows.append(["as good as can be", f"{most:.3f}", "1.000"])
    return table((f"{len(sample)} articles of {SET}", f"P@{AMONG}", "nDCG@10"), rows)


def speed(library: Library, count: int, seed: int) -> str:
    """The same articles twice: a process that just began has to read words and articles from the disk."""
    ids = library.archive.rows("SELECT id FROM articles WHERE NOT removed ORDER BY id")
    sample = random.Random(seed).sample([row[0] for row in ids], min(count, len(ids)))
    finder = _finder(library, WORDS, NAMES)
    rows = []
    for name in ("the first time", "again"):
        seconds = []
        for one in sample:
            stored = library.archive.get(one)
            analyzed = library.archive.analysis(one, stored.version)
            started = time.process_time()
            finder.related(stored.article, analyzed)
            seconds.append(time.process_time() - started)
        rows.append([name, milliseconds(seconds, 50, 95), short(max(seconds) * 1000)])
    return table((f"{len(ids):,} articles", "ms of the processor, mean / p50 / p95", "slowest"), rows)


def _finder(library: Library, words: int, names: int) -> Finder:
    return Finder(library.archive, library.engine, library.registry, words=words, names=names)


def _related(library: Library, finder: Finder, article_id: str) -> list[str]:
    stored = library.archive.get(article_id)
    analyzed = library.archive.analysis(article_id, stored.version)
    return [one.article.id for one in finder.related(stored.article, analyzed, most=FOUND)]


def _of_its_week(library: Library, article_id: str, seed: int) -> list[str]:
    published = library.archive.get(article_id).article.published
    if published is None:
        return []
    day = published.at.date()
    request = Request(since=day - WEEK, until=day + WEEK, size=1_000)
    ids = [hit.id for hit in library.search(request).hits if hit.id != article_id]
    return random.Random(f"{seed} {article_id}").sample(ids, min(FOUND, len(ids)))


def _filled(ids: Sequence[str]) -> list[str]:
    """A place that nothing stands in counts as a miss."""
    return [*ids, *[""] * (AMONG - len(ids))]


if __name__ == "__main__":
    sys.exit(main())
