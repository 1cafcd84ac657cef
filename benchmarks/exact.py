"""How fast `=` finds characters exactly as they are stored, and what every field takes in a segment."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import making
from benchmarks.ours import Kijigura
from benchmarks.peers import OURS
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import mean, percentile, short
from search.query.model import Chars, Query
from search.whoosh_engine.engine import WhooshEngine

LENGTHS = range(1, 13)
HITS = 20
FIELDS = ("chars", "text", "names", "id", "spellings", "doc", "part")
"""Of a segment's arrays, by the first part of their names; the rest are facets."""


def report(setup: Setup, articles: int) -> list[Table]:
    """Both tables, over the index that an earlier part may have built."""
    job = setup.job(OURS.key, articles)
    built = making.make(job, keep=setup.keep)
    peer = Kijigura(Path(job.directory))
    assert isinstance(peer.engine, WhooshEngine)
    strings = {length: substrings(setup, articles, length) for length in LENGTHS}
    say(f"Asking for {sum(map(len, strings.values())):,} strings over {articles:,} articles …")
    peer.engine.search(_query("。"))        # what is read once for all: where parts and documents begin
    seconds = {length: _asked(peer.engine, several) for length, several in strings.items()}
    again = {length: _asked(peer.engine, several) for length, several in strings.items()}
    tables = [_speed(articles, seconds, again), _sizes(peer.engine, articles, built.size_bytes)]
    peer.close()
    return tables


def substrings(setup: Setup, articles: int, length: int) -> list[str]:
    """`queries` stretches of so many characters, each from anywhere in any article: so common ones come often."""
    recipe, chance = setup.recipe(articles), random.Random(setup.seed << 8 | length)
    found: list[str] = []
    while len(found) < setup.queries:
        text = chance.choice(recipe.analyzed(chance.randrange(articles)).texts)
        if len(text) >= length:
            first = chance.randrange(len(text) - length + 1)
            found.append(text[first : first + length])
    return found


def _query(text: str) -> Query:
    return Query(Chars(text), limit=HITS, facets=(), days=False)


def _asked(engine: WhooshEngine, strings: Sequence[str]) -> list[float]:
    """Seconds by the clock of each, marks of the first page included."""
    seconds: list[float] = []
    for text in strings:
        started = time.perf_counter()
        engine.search(_query(text))
        seconds.append(time.perf_counter() - started)
    return seconds


def _speed(articles: int, seconds: dict[int, list[float]], again: dict[int, list[float]]) -> Table:
    rows = [_row(str(length), several, again[length]) for length, several in seconds.items()]
    everything = [one for several in seconds.values() for one in several]
    rows.append(_row("all", everything, [one for several in again.values() for one in several]))
    head = ("characters", "first time asked, ms: mean", "p50", "p95", "longest", "asked again, ms: p95")
    data = {"seconds": {str(length): several for length, several in seconds.items()}}
    notes = ["Any stretch of a stored text, in one process, with the marks of the first 20 articles."]
    return Table(f"Characters exactly as they are stored, {articles:,} articles", head, rows, notes, data)


def _row(name: str, seconds: Sequence[float], again: Sequence[float]) -> list[str]:
    numbers = (mean(seconds), percentile(seconds, 50), percentile(seconds, 95), max(seconds), percentile(again, 95))
    return [name, *(short(number * 1_000) for number in numbers)]


def _sizes(engine: WhooshEngine, articles: int, in_all: int) -> Table:
    """Bytes of each field in all segments."""
    sizes: dict[str, int] = {}
    for segment in engine.snapshot.segments:
        for name, size in segment.array_bytes().items():
            field = name.split(".")[0]
            field = field if field in FIELDS else "facets"
            sizes[field] = sizes.get(field, 0) + size
    sizes["checksums and the rest"] = in_all - sum(sizes.values())
    rows = [
        [name, f"{size / 1e6:,.1f}", f"{size / articles:,.0f}", f"{100 * size / in_all:.0f} %"]
        for name, size in sorted(sizes.items(), key=lambda item: -item[1])
    ]
    rows.append(["all", f"{in_all / 1e6:,.1f}", f"{in_all / articles:,.0f}", "100 %"])
    head = ("field", "MB", "bytes an article", "of all")
    return Table(f"Size of the index by field, {articles:,} articles", head, rows, data={"bytes": sizes})
