"""Small batches on a large index: how long each takes until it is on disk, and what they do to answers."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from benchmarks import asking, making
from benchmarks.ours import Kijigura
from benchmarks.peers import OURS
from benchmarks.questions import CLASSES
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import mean, milliseconds, percentile, ratio, short
from search.engine import open_engine

COMMITS = 60
ARTICLES = 10


def report(setup: Setup, articles: int) -> list[Table]:
    """On a copy, so that the index can be asked beside it as it was."""
    job = setup.job(OURS.key, articles)
    making.make(job, keep=setup.keep)
    before = Path(job.directory)
    after = before.with_name(f"{OURS.key}-after-commits")
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(before, after)
    say(f"Committing {COMMITS} batches of {ARTICLES} articles to {articles:,} …")
    seconds = commit(setup, articles, after)
    peers = [Kijigura(before), Kijigura(after)]
    questions = [question for question in setup.questions(articles) if question.kind in CLASSES]
    compared = {
        "queries": [column for peer in peers for column in asking.plain_columns(peer)],
        "queries with two facets": [column for peer in peers for column in asking.facet_columns(peer)],
    }
    rows = [
        ["batches, by the clock, with fsync", f"{milliseconds(seconds)} ms (mean / p50 / p99)"],
        ["all of them", f"{sum(seconds):.2f} s"],
        ["segments before and after", " → ".join(str(peer.segments) for peer in peers)],
    ]
    data: dict[str, object] = {"seconds": seconds, "segments": [peer.segments for peer in peers]}
    for name, columns in compared.items():
        asking.in_turns(columns, questions, setup.passes)
        times = [list(column.seconds.values()) for column in columns]
        at_99 = [percentile(one, 99) for one in times]
        rows.append([
            f"{name}, after / before",
            f"{short(mean(times[1]) / mean(times[0]))} (mean), {ratio(at_99[1], at_99[0])} (p99)",
        ])
        data[name] = times
    for peer in peers:
        peer.close()
    shutil.rmtree(after)
    return [Table(f"{COMMITS} batches of {ARTICLES} articles on {articles:,}", ("what", "took"), rows, data=data)]


def commit(setup: Setup, articles: int, directory: Path) -> list[float]:
    """Seconds by the clock of each batch: from its opening until it is on disk, for readers to find."""
    recipe = setup.recipe(articles)
    url = f"whoosh:{directory}"
    seconds: list[float] = []
    for batch in range(COMMITS):
        first = articles + batch * ARTICLES
        fresh = [recipe.analyzed(number) for number in range(first, first + ARTICLES)]
        engine = open_engine(url)
        started = time.perf_counter()
        with engine.writer() as writer:
            for article in fresh:
                writer.put(article)
        seconds.append(time.perf_counter() - started)
        engine.close()
    return seconds
