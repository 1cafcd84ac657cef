"""Are copies of an article found, and is nothing else taken for one? Prints Markdown.

`KIJIGURA_CORPORA=… python -m benchmarks.copies`. Copies are made of real articles by cutting, editing and
re-crediting them (`copies_made.py`); beside them stand bulletins in one form, later versions of stories and items
above one long notice. Thresholds were chosen on every second article (`--choosing`); this reports on the others.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

from benchmarks import corpus
from benchmarks.copies_lookalikes import TEMPLATES, filled, update_of, with_notice
from benchmarks.copies_made import COPIES, with_text
from benchmarks.tables import table
from indexer.copy_groups import group_copies
from indexer.duplicates import SHORTEST_CHARS, signature
from search.archive import Archive
from search.articles import JST, Article, Published, Section

COPIES_AN_ARTICLE = 2
BULLETINS = 300
BULLETIN_DAYS = 20
UPDATED_OF = 4
"""Of every fourth article there is a later version."""
ITEMS = 100


@dataclass(frozen=True, slots=True)
class Made:
    """An article of the benchmark. origin: those with the same one are copies of one another."""

    article: Article
    kind: str
    origin: str


def make(articles: Sequence[Article], half: str) -> Iterator[Made]:
    """Real articles, copies of each in two ways, and what only looks like copies."""
    rng = Random(f"copies {half}")
    kinds = list(COPIES)
    for number, article in enumerate(articles):
        yield Made(article, "real", article.id)
        for turn in range(COPIES_AN_ARTICLE):
            kind = kinds[(number + turn * (1 + number // len(kinds))) % len(kinds)]
            copy = with_text(article, COPIES[kind](article, rng), rng, f"copy-{turn}")
            if len(copy.body()) >= SHORTEST_CHARS:
                yield Made(copy, kind, article.id)
        if number % UPDATED_OF == 0:
            update = with_text(article, update_of(article, rng), rng, "update")
            yield Made(update, "later version", update.id)
    for article in articles[:ITEMS]:
        item = with_text(article, with_notice(article, rng), rng, "item")
        item = replace(item, published=Published(datetime(2004, 1, 1, tzinfo=JST)))
        yield Made(item, "items above one notice", item.id)
    for kind, template in TEMPLATES[half].items():
        for number in range(BULLETINS):
            day = datetime(2004, 1, 1, 9, tzinfo=JST) + timedelta(days=rng.randrange(BULLETIN_DAYS))
            identity = f"{kind.replace(' ', '-')}-{number}"
            bulletin = Article(identity, kind, (Section(None, filled(template, rng)),), Published(day))
            yield Made(bulletin, f"bulletins: {kind}", identity)


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--choosing", action="store_true", help="the half that thresholds were chosen on")
    half = "choosing" if parser.parse_args().choosing else "reporting"
    directory = corpus.collections()
    if directory is None:
        print(f"Set {corpus.VARIABLE} to the directory of the collections.", file=sys.stderr)
        return 2
    articles = [one for one in corpus.read((directory / corpus.COLLECTIONS[0],)) if len(one.body()) >= SHORTEST_CHARS]
    made = list(make(articles[half == "reporting" :: 2], half))
    Random(1).shuffle(made)
    with tempfile.TemporaryDirectory() as place, Archive.open(Path(place), create=True) as archive:
        with archive.transaction():
            for one in made:
                archive.put(one.article)
        memory = _peak_megabytes()
        started = time.perf_counter(), time.process_time()
        group_copies(archive)
        wall, processor = time.perf_counter() - started[0], time.process_time() - started[1]
        memory = _peak_megabytes() - memory
        group_of = {row[0]: row[1] or row[0] for row in archive.rows("SELECT id, copy_of FROM copies")}
    started = time.perf_counter(), time.process_time()
    for one in made:
        signature(one.article)
    signing = time.process_time() - started[1]
    print(_found(made, group_of))
    print()
    print(table(
        ("per 10,000 articles", ""),
        [["all of it, by the clock", f"{wall / len(made) * 1e4:.1f} s"],
         ["all of it, processor", f"{processor / len(made) * 1e4:.1f} s"],
         ["signatures alone", f"{signing / len(made) * 1e4:.1f} s"],
         [f"memory that it takes (for {len(made):,})", f"{memory:.0f} MB"]],
    ))
    return 0


def _found(made: Sequence[Made], group_of: dict[str, str]) -> str:
    """Pairs of a copy and its original by kind, then all pairs of articles, then what is wrongly in a group."""
    members: dict[str, list[Made]] = defaultdict(list)
    origins: dict[str, list[Made]] = defaultdict(list)
    for one in made:
        members[group_of.get(one.article.id, one.article.id)].append(one)
        origins[one.origin].append(one)
    total, found, wrong = Counter[str](), Counter[str](), Counter[str]()
    pairs = right = 0
    for several in members.values():
        for one, other in combinations(several, 2):
            pairs += 1
            right += one.origin == other.origin
        for one in several:
            wrong[one.kind] += any(other.origin != one.origin for other in several)
    for one in made:
        total[one.kind] += 1
        found[one.kind] += group_of.get(one.article.id) == group_of.get(one.origin, "")
    wanted = sum(len(several) * (len(several) - 1) // 2 for several in origins.values())
    copies = [[kind, f"{total[kind]:,}", f"{found[kind] / total[kind]:.3f}", f"{wrong[kind]:,}"] for kind in COPIES]
    others = [[kind, f"{total[kind]:,}", "", f"{wrong[kind]:,}"] for kind in sorted(total) if kind not in COPIES]
    every = ["all pairs of articles", f"{wanted:,}", f"{right / wanted:.3f}", f"{pairs - right:,}"]
    return "\n\n".join((
        table(("", "articles", "with the original", "beside what is none"), [*copies, *others, every]),
        f"Of {pairs:,} pairs of articles found, {right:,} are right: precision {right / max(1, pairs):.4f}, "
        f"recall {right / wanted:.4f}.",
    ))


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    sys.exit(main())
