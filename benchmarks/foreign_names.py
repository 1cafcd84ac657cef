"""Names typed in English or romaji, and English terms: how many find the right one first, and among the first five.

    python -m benchmarks.foreign_names [--archive DIRECTORY]

The pool is every name of an archive; without one, an archive is made of the collections (a few minutes).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import corpus
from benchmarks.tables import table
from indexer import pipeline
from indexer.analyzing import analyze_article
from search.archive import Archive
from search.foreign.glosses import japanese_for
from search.foreign.names_index import NameIndex
from search.japanese.tokens import analysis_version

HERE = Path(__file__).parent
COLLECTIONS = ("wikinews-ja.jsonl", "newscope-intl.jsonl")
FIRST = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foreign_names", description=__doc__)
    parser.add_argument("--archive", type=Path, help="take its names; it is written to where they were not heard yet")
    options = parser.parse_args(arguments)
    directory = corpus.collections()
    if options.archive is None and directory is None:
        print(f"Set {corpus.VARIABLE}, or name an archive: --archive DIRECTORY", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as temporary,
        Archive.open(options.archive or Path(temporary), create=options.archive is None) as archive,
    ):
        if options.archive is None and directory is not None:
            _fill(archive, directory)
        archive.hear_names()
        print(report(archive))
    return 0


def _fill(archive: Archive, directory: Path) -> None:
    """Take the collections in and find the names in them; no index is needed."""
    for _ in pipeline.take_in(archive, [directory / name for name in COLLECTIONS]):
        pass
    for stored in archive.changes_since(0):
        tokens, names, _ = analyze_article(stored.article)
        with archive.transaction():
            archive.put_analysis(stored.article.id, stored.version, analysis_version(), tokens, names)


def report(archive: Archive) -> str:
    """Tables in Markdown: names by part, terms, and what was not found."""
    index = NameIndex(archive)
    index.find("Anyone")      # tables are read by the first look-up

    def named(typed: str) -> list[str]:
        ids = [candidate.entity_id for candidate in index.find(typed, FIRST)]
        own = archive.entities(ids)
        return [own[i].name if i in own else i for i in ids]

    rows = [[part, *_measure(cases, named)] for part, cases in _names().items()]
    rows.append(["terms", *_measure(_cases("foreign_terms.tsv"), lambda t: [f.text for f in japanese_for(t)[:FIRST]])])
    pool = archive.rows("SELECT count(DISTINCT entity_id) FROM aliases")[0][0]
    heads = ["", "cases", "first %", "first five %", "median ms", "95 % ms"]
    return f"{pool:,} entities\n\n{table(heads, rows)}"


def _measure(cases: Sequence[tuple[str, set[str]]], find: Callable[[str], list[str]]) -> list[str]:
    first = five = 0
    times = []
    for typed, wanted in cases:
        began = time.perf_counter()
        found = find(typed)
        times.append(1000 * (time.perf_counter() - began))
        first += found[:1] != [] and found[0] in wanted
        five += not wanted.isdisjoint(found)
        if wanted.isdisjoint(found):
            print(f"missed: {typed} {' '.join(sorted(wanted))}; found {' '.join(found)}", file=sys.stderr)
    times.sort()
    share = [f"{100 * count / len(cases):.1f}" for count in (first, five)]
    return [str(len(cases)), *share, f"{times[len(times) // 2]:.1f}", f"{times[len(times) * 95 // 100]:.1f}"]


def _names() -> dict[str, list[tuple[str, set[str]]]]:
    parts: dict[str, list[tuple[str, set[str]]]] = {}
    for part, typed, names in _lines("foreign_names.tsv"):
        parts.setdefault(part, []).append((typed, set(names.split(" "))))
    return parts


def _cases(name: str) -> list[tuple[str, set[str]]]:
    return [(typed, set(words.split(" "))) for typed, words in _lines(name)]


def _lines(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


if __name__ == "__main__":
    sys.exit(main())
