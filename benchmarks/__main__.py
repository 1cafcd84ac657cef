"""Speed: measures everything in one run and prints Markdown."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import asking, building, corpus, questions
from benchmarks.tables import milliseconds, rate, ratio, table
from search.archive import Archive
from search.library import Library

QUERIES = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    options = _options().parse_args(arguments)
    try:
        chosen = corpus.choose()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="kijigura-bench-") as directory:
        print("\n\n".join(_measure(chosen, Path(directory), options)))
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast Kijigura is.")
    parser.add_argument("--articles", type=int, metavar="N", help="a sample of so many articles; all without it")
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each class [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="for the sample and the queries [%(default)s]")
    return parser


def _measure(chosen: corpus.Corpus, directory: Path, options: argparse.Namespace) -> list[str]:
    _say(f"Reading {chosen.name} …")
    articles, read_seconds = building.read(chosen.paths)
    reading = rate(len(articles), read_seconds)
    paths = chosen.paths
    if options.articles:
        sample = directory / "sample.jsonl"
        corpus.sample(articles, options.articles, options.seed, sample)
        paths = (sample,)
        articles = corpus.read(paths)
    _say("Cutting into words …")
    cut = building.cut(articles)
    _say(f"Adding {len(articles):,} articles …")
    built = building.build(paths, chosen.topics, directory / "archive")
    with Archive.open(directory / "archive") as archive:
        analyzed = building.analyzed(archive)
    _say("Building the peer …")
    peer_file = directory / "peer.sqlite"
    peer, peer_seconds = building.build_peer(analyzed, peer_file)
    asked = questions.make(analyzed, options.queries, options.seed)
    _say(f"Asking {len(asked):,} questions …")
    with Library.open(directory / "archive") as library:
        answers = asking.compare(library.engine, peer, asked)
        asking.ask_pages(library, asked, answers)
    peer.close()
    about = (
        f"{built.articles:,} articles of {chosen.name}, {options.queries} queries of each class, "
        f"seed {options.seed}."
    )
    if chosen.is_tiny:
        about += (
            f" This is the sample archive, far too small to say anything about speed: "
            f"set {corpus.VARIABLE} to measure."
        )
    return [
        about,
        _building_table(reading, cut, built, peer_seconds, peer_file.stat().st_size),
        _asking_table(answers),
    ]


def _building_table(
    reading: str, cut: building.Cutting, built: building.Built, peer_seconds: float, peer_bytes: int
) -> str:
    n = built.articles
    rows = [
        ("reading files", reading),
        ("cutting into words, one process", rate(cut.articles, cut.seconds)),
        ("the same in characters", rate(cut.chars, cut.seconds)),
        ("finding names, time beside cutting", f"{cut.names_seconds / cut.seconds:.2f} ×"),
        (f"whole `add`, {built.workers} processes, by the clock", rate(n, built.add_seconds)),
        ("index alone, analyses kept (`rebuild`)", rate(n, built.index_seconds)),
        ("FTS5 index alone, tokens in memory", rate(n, peer_seconds)),
        ("articles.sqlite, bytes an article", f"{built.archive_bytes / n:,.0f}"),
        ("index, bytes an article", f"{built.index_bytes / n:,.0f}"),
        ("FTS5 file, bytes an article", f"{peer_bytes / n:,.0f}"),
    ]
    return table(("building", "articles, or as named"), rows)


def _asking_table(answers: dict[str, asking.Answers]) -> str:
    rows: list[list[str]] = []
    everything = asking.Answers()
    for kind in questions.CLASSES:
        of_kind = answers[kind]
        rows.append(_row(kind, of_kind))
        everything.asked += of_kind.asked
        everything.unequal += of_kind.unequal
        for name in ("ours", "peers", "ours_with_facets", "peers_with_facets", "pages"):
            getattr(everything, name).extend(getattr(of_kind, name))
    rows.append(_row("all", everything))
    three = "mean / p50 / p95"
    head = (
        "ms a query", "same answer", f"Kijigura {three}", f"FTS5 {three}", "ratio",
        f"Kijigura, facets {three}", f"FTS5, facets {three}", "ratio", f"whole page {three}",
    )
    return table(head, rows)


def _row(kind: str, answers: asking.Answers) -> list[str]:
    def three(seconds: list[float]) -> str:
        return " / ".join(milliseconds(seconds))

    return [
        kind,
        f"{answers.asked - answers.unequal} of {answers.asked}",
        three(answers.ours),
        three(answers.peers),
        ratio(answers.ours, answers.peers),
        three(answers.ours_with_facets),
        three(answers.peers_with_facets),
        ratio(answers.ours_with_facets, answers.peers_with_facets),
        three(answers.pages),
    ]


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
