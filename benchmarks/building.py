"""How fast every engine builds its index, words cut before, and how large it is."""

from __future__ import annotations

from dataclasses import asdict

from benchmarks import making
from benchmarks.peers import choose
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import megabytes, rate, ratio

YARDSTICK = "tantivy"


def report(setup: Setup, articles: int) -> list[Table]:
    """All that are chosen, each anew in a process of its own, unless `keep`."""
    offers, left_out = choose(setup.peers, articles)
    built: dict[str, making.Built] = {}
    for offer in offers:
        say(f"Building {offer.key} over {articles:,} articles …")
        built[offer.key] = making.make(setup.job(offer.key, articles), keep=setup.keep)
    beside = built.get(YARDSTICK)
    rows = [
        [
            one.name, rate(articles, one.seconds), rate(articles, one.cpu_seconds),
            ratio(beside.seconds if beside else None, one.seconds), megabytes(one.size_bytes),
            f"{one.size_bytes / articles:,.0f}", ratio(one.size_bytes, beside.size_bytes if beside else None),
            "–" if one.segments is None else str(one.segments),
        ]
        for one in built.values()
    ]
    head = (
        "index", "articles by the clock", "articles of processor time", "speed ÷ tantivy", "MB", "bytes an article",
        "size ÷ tantivy", "segments",
    )
    notes = [
        *left_out,
        "Articles are cut, and in the form that each engine takes, before the clock starts. Positions are indexed, "
        "but by bm25s. tantivy writes with 2 threads.",
    ]
    data = {key: asdict(one) for key, one in built.items()}
    return [Table(f"Building, {articles:,} articles", head, rows, notes, data)]
