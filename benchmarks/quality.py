"""Quality: what the default search finds on judged sets, each in a throwaway archive of its own.

A set is a directory with corpus.jsonl (_id, title, text, date), queries.jsonl (_id, text) and qrels.tsv
(query-id, corpus-id, score). Nothing is dropped or merged.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.tables import mean, table
from indexer import pipeline, upkeep
from search.archive import Archive
from search.library import Library
from search.query.model import Request

SETS = ("wikinews", "jsquad", "newscope-topics")
DEPTH = 100

Judged = Mapping[str, Mapping[str, int]]
"""Query id -> article id -> gain; articles without a gain are left out."""


def ndcg(ranked: Sequence[str], gains: Mapping[str, int], depth: int) -> float:
    """Gain, discounted by the logarithm of the rank, beside the best order there could be."""
    found = [gains.get(article, 0) for article in ranked[:depth]]
    best = _discounted(sorted(gains.values(), reverse=True)[:depth])
    return _discounted(found) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def recall(ranked: Sequence[str], gains: Mapping[str, int], depth: int) -> float:
    """The share of the relevant articles among the first `depth`."""
    return len(gains.keys() & set(ranked[:depth])) / len(gains) if gains else 0.0


def reciprocal_rank(ranked: Sequence[str], gains: Mapping[str, int], depth: int) -> float:
    """1 / rank of the first relevant article; 0 where the first `depth` have none."""
    return next((1 / rank for rank, article in enumerate(ranked[:depth], 1) if article in gains), 0.0)


def metrics(ranked: Sequence[str], gains: Mapping[str, int]) -> dict[str, float]:
    """The five that a judged set is measured by, of one query."""
    return {
        "nDCG@10": ndcg(ranked, gains, 10),
        "R@10": recall(ranked, gains, 10),
        "R@100": recall(ranked, gains, 100),
        "MRR@10": reciprocal_rank(ranked, gains, 10),
        "P@1": float(bool(ranked) and ranked[0] in gains),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="How well Kijigura finds.")
    parser.add_argument("--queries", type=int, metavar="N", help="a sample of so many of each set; all without it")
    parser.add_argument("--seed", type=int, default=1, help="for the sample [%(default)s]")
    options = parser.parse_args(arguments)
    directory = corpus.collections()
    if directory is None or not (directory / "retrieval").is_dir():
        print(f"Set {corpus.VARIABLE} to a directory that has retrieval/.", file=sys.stderr)
        return 1
    rows = [_measure(directory / "retrieval" / name, options.queries, options.seed) for name in SETS]
    head = ("set", "articles", "queries", *metrics([], {}), "answered")
    print(table(head, rows))
    return 0


def _measure(judged_set: Path, limit: int | None, seed: int) -> list[str]:
    queries = [(row["_id"], row["text"]) for row in _rows(judged_set / "queries.jsonl")]
    judged = _judgements(judged_set / "qrels.tsv")
    queries = [(query, text) for query, text in queries if query in judged]
    if limit is not None and limit < len(queries):
        queries = random.Random(seed).sample(queries, limit)
    with tempfile.TemporaryDirectory(prefix="kijigura-quality-") as temporary:
        archive = Path(temporary) / "archive"
        print(f"{judged_set.name}: indexing …", file=sys.stderr, flush=True)
        articles = _index(judged_set / "corpus.jsonl", archive)
        print(f"{judged_set.name}: {len(queries):,} queries …", file=sys.stderr, flush=True)
        with Library.open(archive) as library:
            found = [
                [hit.id for hit in library.search(Request(text=text, size=DEPTH)).hits] for _, text in queries
            ]
    of_each = [metrics(ranked, judged[query]) for (query, _), ranked in zip(queries, found, strict=True)]
    means = [mean([one[name] for one in of_each]) for name in metrics([], {})]
    answered = sum(map(bool, found)) / len(found)
    return [
        judged_set.name, f"{articles:,}", f"{len(queries):,}", *(f"{value:.3f}" for value in means),
        f"{answered:.0%}",
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _judgements(path: Path) -> Judged:
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, article, gain = line.split("\t")
        if int(gain) > 0:
            judged[query][article] = int(gain)
    return judged


def _index(path: Path, directory: Path) -> int:
    """Add the articles of a set under their own ids. Returns how many there are."""
    rows = _rows(path)
    renamed = directory.parent / "corpus.jsonl"
    with renamed.open("w", encoding="utf-8") as lines:
        for row in rows:
            record = {"id": row.pop("_id"), "body": row.pop("text"), **row}
            print(json.dumps(record, ensure_ascii=False), file=lines)
    with Archive.open(directory, create=True) as archive:
        for number, taken in enumerate(pipeline.take_in(archive, [renamed]), 1):
            if taken.outcome != "added":
                raise ValueError(f"line {number} of {path} was {taken.outcome}: {taken.reason}")
        upkeep.ensure_index(archive, None, say=lambda _: None)
        if archive.count() != len(rows):
            raise ValueError(f"{path} has {len(rows)} articles, but the archive {archive.count()}")
        return len(rows)


if __name__ == "__main__":
    sys.exit(main())
