"""Measures what it is told to, and prints Markdown."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks import adding, building, commits, corpus, exact, pages, resident, speed
from benchmarks.peers import OFFERS
from benchmarks.setup import Setup, Table

PARTS = ("add", "build", "speed", "exact", "memory", "commits", "pages")
QUERIES = 30
PASSES = 5
ARTICLES = 14_000
TINY_ARTICLES = 200
OF_ONE_SIZE = {
    "build": building.report, "speed": speed.report, "exact": exact.report, "memory": resident.report,
    "commits": commits.report, "pages": pages.report,
}

AFTER_BUILD = ("speed", "exact", "commits")
"""Parts that take the index which `build` has just made, where all are measured."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    options = _options().parse_args(arguments)
    try:
        chosen = corpus.choose()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    sizes = options.articles or [TINY_ARTICLES if chosen.is_tiny else ARTICLES]
    with _work(options.work) as work:
        peers = tuple(options.peers.split(",")) if options.peers is not None else None
        setup = Setup(chosen, work, options.queries, options.seed, options.passes, peers, options.keep)
        tables = list(_tables(setup, options.part, sizes))
    about = _about(chosen, options)
    report = "\n\n".join([about, *(table.markdown() for table in tables)]) + "\n"
    print(report, end="")
    if options.save:
        save(options.save, report, about, tables)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast Kijigura is.")
    parser.add_argument("part", nargs="?", choices=(*PARTS, "all"), default="all", help="what to measure [%(default)s]")
    parser.add_argument(
        "--articles", type=int, nargs="+", metavar="N", help=f"sizes [{ARTICLES}; of seeds/ {TINY_ARTICLES}]"
    )
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each class [%(default)s]")
    parser.add_argument("--passes", type=int, default=PASSES, metavar="N", help="rounds of each query [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="for articles and queries [%(default)s]")
    keys = ",".join(offer.key for offer in OFFERS[1:])
    parser.add_argument("--peers", metavar="KEYS", help=f"some of {keys}; all without it")
    parser.add_argument("--work", type=Path, metavar="DIR", help="for what is built; thrown away without it")
    parser.add_argument("--keep", action="store_true", help="take what an earlier run left in DIR, our index too")
    parser.add_argument("--save", type=Path, metavar="FILE", help="the report; its numbers as JSON beside it")
    return parser


@contextmanager
def _work(directory: Path | None) -> Iterator[Path]:
    if directory:
        directory.mkdir(parents=True, exist_ok=True)
        yield directory
    else:
        with tempfile.TemporaryDirectory(prefix="kijigura-bench-") as temporary:
            yield Path(temporary)


def _tables(setup: Setup, part: str, sizes: Sequence[int]) -> Iterator[Table]:
    if part in ("add", "all"):
        yield adding.report(setup)
    built = replace(setup, keep=True)
    for name, report in OF_ONE_SIZE.items():
        for articles in sizes:
            if part in (name, "all"):
                yield from report(built if part == "all" and name in AFTER_BUILD else setup, articles)
    if part in ("speed", "all"):
        for smaller, larger in pairwise(sizes):
            yield speed.growth(setup, smaller, larger)


def _about(chosen: corpus.Corpus, options: argparse.Namespace) -> str:
    about = (
        f"{chosen.name}, recombined with seed {options.seed}; {options.queries} queries of each class, the least of "
        f"{options.passes} rounds. {date.today().isoformat()}, Python {platform.python_version()}, numpy "
        f"{np.__version__}, {os.cpu_count()} processors."
    )
    if chosen.is_tiny:
        about += (
            f" This is the sample archive, far too small to say anything about speed: "
            f"set {corpus.VARIABLE} to measure."
        )
    return about


def save(path: Path, report: str, about: str, tables: Sequence[Table]) -> None:
    """The report as it was printed, and its numbers under the same name as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report, encoding="utf-8")
    numbers = [
        {"title": one.title, "head": list(one.head), "rows": [list(row) for row in one.rows], "data": one.data}
        for one in tables
    ]
    written = json.dumps({"about": about, "tables": numbers}, ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
