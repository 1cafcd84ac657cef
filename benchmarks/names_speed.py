"""How long names take beside cutting text into words, in one process.

    KIJIGURA_CORPORA=... python -m benchmarks.names_speed [--articles 800]

The articles of each collection, 16 at once: cut into words, then `find_names_in`. Processor time of the second over
that of the first, in three rounds over the same articles: in the first all words are met for the first time, in the
others none is. Before it one article is read, so that what is loaded once is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import corpus
from benchmarks.tables import table
from indexer.mentions import find_names_in
from search.articles import TITLE, Part
from search.japanese.tokens import units

AT_ONCE = 16
ROUNDS = 3

Parts = tuple[Part, ...]


def articles(path: Path, most: int) -> list[Parts]:
    """Title and body of so many, and one more."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for _, line in zip(range(most + 1), lines, strict=False)]
    return [(Part(TITLE, False, record["title"]), Part(0, False, record["body"])) for record in records]


def round_over(read: Sequence[Parts]) -> tuple[float, float]:
    """Seconds of the processor: for words, and for names."""
    for_words = for_names = 0.0
    for first in range(0, len(read), AT_ONCE):
        started = time.process_time()
        cut = [(parts, [units(part.text) for part in parts], None) for parts in read[first:first + AT_ONCE]]
        between = time.process_time()
        find_names_in(cut)
        for_words += between - started
        for_names += time.process_time() - between
    return for_words, for_names


def ratios(path: Path, most: int) -> Iterator[float]:
    """Names to words, round by round."""
    *read, other = articles(path, most)
    round_over([other])
    for _ in range(ROUNDS):
        for_words, for_names = round_over(read)
        yield for_names / for_words


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names_speed", description="Names beside words.")
    parser.add_argument("--articles", type=int, default=800, metavar="N", help="of each collection [800]")
    options = parser.parse_args(arguments)
    directory = corpus.collections()
    if directory is None:
        print(f"Set {corpus.VARIABLE} to the directory of the collections.", file=sys.stderr)
        return 1
    rows = [
        [name, *(f"{ratio:.2f}" for ratio in ratios(directory / name, options.articles))]
        for name in corpus.COLLECTIONS
    ]
    print(table([f"names / words, {options.articles:,} articles", "new words", *["the same again"] * 2], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
