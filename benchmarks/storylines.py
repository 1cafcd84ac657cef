"""Whether the storylines that an archive proposes are topics that people judged: python -m benchmarks.storylines.

ARCHIVE: of a judged set, as `kijigura evaluate` makes it or as `add` does. JUDGED: the set, with queries.jsonl (topics,
each with a date) and qrels.tsv.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from search.library import Library
from search.processes import Workers
from search.query.model import Request
from search.storylines.suggesting import suggest

FEWEST, MOST = 2, 12
"""Items of a topic that counts: one item is no storyline, and those with more are round-ups of a region."""

AROUND = timedelta(days=7)
LEAST_JUDGED = 3
"""Articles of a suggestion that anybody judged, for it to count."""


def judged_topics(judged: Path) -> dict[str, frozenset[str]]:
    """Topic -> ids of its items."""
    items: defaultdict[str, set[str]] = defaultdict(set)
    with (judged / "qrels.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                items[row["query-id"]].add(row["corpus-id"])
    return {topic: frozenset(ids) for topic, ids in items.items() if FEWEST <= len(ids) <= MOST}


def days_of(judged: Path) -> tuple[date, date]:
    """First and last day of the topics."""
    with (judged / "queries.jsonl").open(encoding="utf-8") as file:
        days = [date.fromisoformat(json.loads(line)["date"]) for line in file]
    return min(days), max(days)


def report(archive: Path, judged: Path) -> Mapping[str, float]:
    """Suggestions for the days that were judged.

    correspond: share of suggestions with two items or more, and a third, of one topic. purity: of the judged articles
    of a suggestion, the share that is in such a topic with another one of them; the mean. covered: topics half of whose
    items are in one suggestion.
    """
    topics = judged_topics(judged)
    every = frozenset().union(*topics.values())
    first, last = days_of(judged)
    started = time.perf_counter()
    with Library.open(archive) as library, Workers(1) as workers:
        found = [
            frozenset(library.matching(Request(one.query, since=one.first - AROUND, until=one.last + AROUND)))
            for one in suggest(library, workers, since=first - AROUND, until=last)
        ]
    seconds = time.perf_counter() - started
    shares: list[float] = []
    correspond = 0
    for ids in found:
        seen = ids & every
        if len(seen) < LEAST_JUDGED:
            continue
        common = [topic for topic in topics.values() if len(topic & ids) > 1]
        correspond += any(len(topic & ids) * 3 >= len(topic) for topic in common)
        shares.append(len(seen & frozenset().union(*common)) / len(seen))
    return {
        "suggestions": len(found), "judged": len(shares), "correspond": correspond / max(1, len(shares)),
        "purity": sum(shares) / max(1, len(shares)), "topics": len(topics),
        "covered": sum(any(len(topic & ids) * 2 >= len(topic) for ids in found) for topic in topics.values()),
        "seconds": seconds,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("judged", type=Path)
    given = parser.parse_args()
    for name, figure in report(given.archive, given.judged).items():
        print(f"{name:12} {figure:,.3f}".rstrip("0").rstrip("."))


if __name__ == "__main__":
    main()
