"""Quality: what the default search finds on judged sets, as `kijigura evaluate` does; and without each technique.

newscope-topics has a second row. Whoever judged its articles looked at those of a few days before each query only, so
that right ones of other months count as wrong; that row asks for the WEEK_DAYS days up to the query's `date`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks import corpus
from benchmarks.tables import mean, short, table
from benchmarks.techniques import DEFAULT, WITHOUT, Variant
from indexer import judged
from indexer.judged import JudgedQuery, JudgedSet, TakenIn
from kijigura.evaluating import answers, indexed, notes, sampled
from search.evaluation import DEPTH, MEASURES, measure
from search.library import Library
from search.query.model import Request

SETS = ("wikinews", "jsquad", "newscope-topics")
DATED_SET = "newscope-topics"
WEEK_DAYS = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="How well Kijigura finds.")
    parser.add_argument("--queries", type=int, metavar="N", help="a sample of so many of each set; all without it")
    parser.add_argument("--seed", type=int, default=1, help="for the sample [%(default)s]")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="which sets [all]")
    parser.add_argument("--without", action="store_true", help="also with each technique switched off in turn")
    options = parser.parse_args(arguments)
    directory = corpus.collections()
    if directory is None or not (directory / "retrieval").is_dir():
        print(f"Set {corpus.VARIABLE} to a directory that has retrieval/.", file=sys.stderr)
        return 1
    variants = (DEFAULT, *(WITHOUT if options.without else ()))
    runs = [
        run for name in options.sets
        for run in measured(directory / "retrieval" / name, variants, options.queries, options.seed)
    ]
    head = ("set", "articles", "queries", *MEASURES, "answered", "ms a query")
    print(table(head, [run.row() for run in runs if run.variant == DEFAULT.name]))
    if options.without:
        print("\n" + _beside(runs))
    return 0


@dataclass(frozen=True, slots=True)
class Run:
    """One way to ask, on one set. answered: the share of queries with any hit. seconds: of the processor, a query."""

    name: str
    variant: str
    articles: int
    queries: int
    means: dict[str, float]
    answered: float
    seconds: float

    def row(self) -> list[str]:
        """For the table."""
        return [
            self.name, f"{self.articles:,}", f"{self.queries:,}", *(f"{value:.3f}" for value in self.means.values()),
            f"{self.answered:.0%}", short(self.seconds * 1000),
        ]


def _beside(runs: Sequence[Run]) -> str:
    """nDCG@10 of each variant, and how much it is above or below the default."""
    names = list(dict.fromkeys(run.name for run in runs))
    of = {(run.variant, run.name): run.means["nDCG@10"] for run in runs}
    rows: list[list[str]] = []
    for variant in dict.fromkeys(run.variant for run in runs):
        gained = "" if variant == DEFAULT.name else " ({:+.3f})"
        rows.append([variant, *(
            f"{of[variant, name]:.3f}" + gained.format(of[variant, name] - of[DEFAULT.name, name]) for name in names
        )])
    return table(("nDCG@10 without", *names), rows)


def measured(directory: Path, variants: Sequence[Variant], limit: int | None, seed: int) -> list[Run]:
    """Every variant on the set in `directory`, in the order of the table. Raises KijiguraError."""
    found = judged.read(directory)
    queries = sampled(found.measured(), limit, seed)
    print(f"{directory.name}:", file=sys.stderr)
    with indexed(found) as (library, taken):
        for note in notes(found, taken):
            print(note, file=sys.stderr)
        return [
            _run(name, variant, found, taken, library, queries, request)
            for variant in variants
            for name, request in _rows(directory.name)
        ]


def _rows(name: str) -> list[tuple[str, Callable[[JudgedQuery], Request]]]:
    """The rows of a set, with how a person would ask its queries there."""
    rows: list[tuple[str, Callable[[JudgedQuery], Request]]] = [(name, _as_is)]
    if name == DATED_SET:
        rows.append((f"{name}, one week", _of_week))
    return rows


def _as_is(query: JudgedQuery) -> Request:
    return Request(text=query.text, size=DEPTH)


def _of_week(query: JudgedQuery) -> Request:
    last = date.fromisoformat(query.fields["date"])
    return replace(_as_is(query), since=last - timedelta(days=WEEK_DAYS), until=last)


def _run(
    name: str, variant: Variant, found: JudgedSet, taken: TakenIn, library: Library, queries: Sequence[JudgedQuery],
    request: Callable[[JudgedQuery], Request],
) -> Run:
    print(f"{name}, {variant.name}: {len(queries):,} queries …", file=sys.stderr, flush=True)
    # A library of its own, which has no forms of words in its caches yet.
    with variant.during(), Library.open(library.archive.directory) as fresh:
        started = time.process_time()
        ranked = answers(fresh, taken, queries, lambda query: variant.asked(request(query)))
        seconds = time.process_time() - started
    return Run(
        name, variant.name, len(taken.ids), len(queries), measure(found.gains, ranked),
        mean([float(bool(hits)) for hits in ranked.values()]), seconds / max(1, len(queries)),
    )


if __name__ == "__main__":
    sys.exit(main())
