"""Whether a cluster gives the answers of the embedded engine: the same archive, the same questions, both engines.

    python -m benchmarks.parity --cluster opensearch://HOST:PORT/NAME [--archive DIR] [--queries 500]

Without `--archive`, one is made of the collections in KIJIGURA_CORPORA (or of seeds/), with its topics. The index on
the cluster is made anew first. Compared are: how many articles match, which (all ids, in any order), every count of
every facet, the histogram, the snippets of the articles that stand on both pages, and how many of the first ten are
the same.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from benchmarks.corpus import choose
from benchmarks.tables import percentile, table
from indexer import indexing, pipeline, upkeep
from search.archive import Archive
from search.articles import Article
from search.engine import open_engine
from search.errors import QueryTooHeavy
from search.library import Library, default_engine_url
from search.processes import Workers
from search.query.model import Request
from search.results import FACETS, ResultPage

SEED = 8
MOST_SHOWN = 5
"""Differences of each kind that are written out."""


@dataclass(slots=True)
class Tally:
    """What came of the questions of one kind. overlaps: of the first ten, of each question with as many answers."""

    asked: int = 0
    same_total: int = 0
    same_articles: int = 0
    same_counts: int = 0
    of_best: int = 0
    same_of_best: int = 0
    same_notes: int = 0
    snippets: int = 0
    same_snippets: int = 0
    given_up: int = 0
    overlaps: list[float] = field(default_factory=list)


# ---- questions ----------------------------------------------------------------------------------


class Questions:
    """Made of the articles' own words, names and dates, so that most find something. sample: articles."""

    def __init__(self, library: Library, sample: Sequence[Article], chance: random.Random) -> None:
        self._library = library
        self._sample = sample
        self._chance = chance
        everything = library.search(Request())
        self._values = {name: [value.value for value in everything.facets[name]] for name in FACETS}

    def word(self) -> str:
        """Two to four characters of a title."""
        title = self._title()
        length = self._chance.randint(2, 4)
        at = self._chance.randrange(max(1, len(title) - length))
        return title[at : at + length]

    def _title(self) -> str:
        title = self._chance.choice(self._sample).title
        kept = "".join(char for char in title if char.isalnum())
        return kept or "停戦"

    def value(self, facet: str) -> str:
        """One of the most frequent."""
        return self._chance.choice(self._values[facet] or ["none"])

    def of(self, kind: str) -> Request:
        """A question of one of the KINDS."""
        return KINDS[kind](self)

    def span(self) -> Request:
        """Ninety days around an article."""
        dated = [article.published.at.date() for article in self._sample if article.published]
        day = self._chance.choice(dated)
        return Request(self.word(), since=day - timedelta(45), until=day + timedelta(45))


KINDS: dict[str, Callable[[Questions], Request]] = {
    "a word": lambda q: Request(q.word()),
    "two words": lambda q: Request(f"{q.word()} {q.word()}"),
    "OR": lambda q: Request(f"{q.word()} OR {q.word()}"),
    "NOT": lambda q: Request(f"{q.word()} -{q.word()}"),
    "a phrase": lambda q: Request(f"「{q._title()[:8]}」"),
    "exact characters": lambda q: Request(f"={q.word()}"),
    "one character": lambda q: Request(f"={q.word()[0]}"),
    "beginning": lambda q: Request(f"{q.word()[:2]}*"),
    "one letter off": lambda q: Request(f"{q.word()}~"),
    "a headline": lambda q: Request(q._chance.choice(q._sample).title),
    "in headlines": lambda q: Request(f"見出し:{q.word()}"),
    "near": lambda q: Request(f"{q.word()} NEAR/10 {q.word()}"),
    "in one section": lambda q: Request(f"{q.word()[:2]} SAME {q.word()[:2]}"),
    "a person": lambda q: Request(f"人物:{q.value('person')}"),
    "a country and a word": lambda q: Request(f"国:{q.value('country')} {q.word()}"),
    "an organization": lambda q: Request("", {"organization": (q.value("organization"),)}),
    "a topic": lambda q: Request(q.word()[:2], {"topic": (q.value("topic"),)} if q._values["topic"] else {}),
    "desk and source": lambda q: Request(q.word(), {"source": (q.value("source"),), "desk": (q.value("desk"),)}),
    "two countries, one not": lambda q: Request(
        q.word(), {"country": (q.value("country"), q.value("country"))}, {"country": (q.value("country"),)}
    ),
    "what it is about": lambda q: Request(q.word(), {"country": (q.value("country"),)}, about=True),
    "without a person": lambda q: Request(q.word(), excluded={"person": (q.value("person"),)}),
    "ninety days": lambda q: q.span(),
    "newest first": lambda q: Request(q.word(), sort="newest"),
    "oldest first, page 3": lambda q: Request(q.word()[:2], sort="oldest", page=3),
    "as typed": lambda q: Request(q.word(), as_typed=True),
}


# ---- comparing ----------------------------------------------------------------------------------


def compare(
    embedded: Library, cluster: Library, questions: Sequence[tuple[str, Request]],
) -> tuple[dict[str, Tally], list[str]]:
    """(kind -> what came of it, differences in words)."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    differences: list[str] = []
    for kind, request in questions:
        tally = tallies[kind]
        tally.asked += 1
        try:
            ours, theirs = embedded.search(request), cluster.search(request)
            ids = [sorted(library.matching(request)) for library in (embedded, cluster)]
        except QueryTooHeavy:
            tally.given_up += 1
            continue
        told = [*_take(tally, ours, theirs, ids[0] == ids[1])]
        differences += [f"{kind}: {_written(request)}: {one}" for one in told]
    return dict(tallies), differences


def _take(tally: Tally, ours: ResultPage, theirs: ResultPage, has_same_articles: bool) -> Iterator[str]:
    tally.same_articles += has_same_articles
    if not has_same_articles:
        yield "other articles match"
    if (ours.total, ours.partial_total) == (theirs.total, theirs.partial_total):
        tally.same_total += 1
    else:
        yield f"{ours.total} + {ours.partial_total} articles, {theirs.total} + {theirs.partial_total} on the cluster"
    has_same_counts = (ours.facets, ours.facet_sizes, ours.histogram) == (
        theirs.facets, theirs.facet_sizes, theirs.histogram
    )
    # Where no article has all of the words, counts are of the best thousand that have some, by about their scores.
    if ours.total or not ours.partial_total:
        tally.same_counts += has_same_counts
    else:
        tally.of_best += 1
        tally.same_of_best += has_same_counts
    if not has_same_counts:
        yield from _facets_that_differ(ours, theirs)
    said = ("interpreted", "forms", "notes", "conditions", "did_you_mean", "ways_out")
    tally.same_notes += all(getattr(ours, name) == getattr(theirs, name) for name in said)
    yield from (
        f"{name}: {getattr(ours, name)}, {getattr(theirs, name)} on the cluster"
        for name in said if getattr(ours, name) != getattr(theirs, name)
    )
    on_both = {hit.id: hit for hit in theirs.hits}
    for hit in ours.hits:
        if other := on_both.get(hit.id):
            tally.snippets += 1
            tally.same_snippets += replace(hit, score=0.0) == replace(other, score=0.0)
    first = [[hit.id for hit in page.hits[:10]] for page in (ours, theirs)]
    if first[0]:
        overlap = len({*first[0]} & {*first[1]}) / len(first[0])
        tally.overlaps.append(overlap)
        if overlap < 1:
            yield f"first ten: {overlap:.1f}"


def _facets_that_differ(ours: ResultPage, theirs: ResultPage) -> Iterator[str]:
    for name in FACETS:
        if (own := ours.facets[name]) != (other := theirs.facets[name]):
            values = {(one.value, one.count) for one in own} ^ {(one.value, one.count) for one in other}
            yield f"{name} differs in {sorted(values)[:4]}"
        elif ours.facet_sizes[name] != theirs.facet_sizes[name]:
            yield f"{name} has {ours.facet_sizes[name]} values, {theirs.facet_sizes[name]} on the cluster"


def _written(request: Request) -> str:
    chosen = {name: value for name, value in (("+", request.filters), ("-", request.excluded)) if value}
    return f"{request.text!r} {chosen or ''}".strip()


def report(tallies: dict[str, Tally]) -> str:
    """The table: a row a kind, and one of all."""
    rows = [[kind, *_cells([tally])] for kind, tally in tallies.items()]
    head = (
        "questions of the kind", "asked", "same total", "same articles", "same counts", "counts of the best thousand",
        "same notes", "same snippets", "overlap of the first ten, mean / least", "given up",
    )
    return table(head, [*rows, ["**all**", *_cells([*tallies.values()])]])


def _cells(several: Sequence[Tally]) -> list[str]:
    sums = [
        sum(getattr(one, name) for one in several)
        for name in ("asked", "same_total", "same_articles", "same_counts")
    ]
    of_best = f"{sum(one.same_of_best for one in several)} of {sum(one.of_best for one in several)}"
    notes = str(sum(one.same_notes for one in several))
    overlaps = [overlap for one in several for overlap in one.overlaps]
    mean = f"{sum(overlaps) / len(overlaps):.3f} / {percentile(overlaps, 0):.1f}" if overlaps else "–"
    snippets = f"{sum(one.same_snippets for one in several)} of {sum(one.snippets for one in several)}"
    return [*map(str, sums), of_best, notes, snippets, mean, str(sum(one.given_up for one in several))]


# ---- the archive --------------------------------------------------------------------------------


def made_archive(directory: Path) -> None:
    """An archive of the collections, with its embedded index."""
    corpus = choose()
    with Archive.open(directory, create=True) as archive:
        for _ in pipeline.take_in(archive, [*corpus.paths, corpus.topics]):
            pass
        upkeep.ensure_index(archive, None, say=lambda _: None)


def main() -> int:
    """Print the table, and what differs. 1 if anything but the order does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cluster", required=True, metavar="URL")
    parser.add_argument("--archive", type=Path, metavar="DIR")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--as-it-is", action="store_true", help="the cluster has the archive already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = options.archive or Path(scratch)
        if options.archive is None:
            made_archive(directory)
        with Archive.open(directory) as archive, Workers() as workers:
            if not options.as_it_is:
                indexing.rebuild(archive, options.cluster, workers)
            embedded = Library(archive, open_engine(default_engine_url(directory), archive))
            cluster = Library(archive, open_engine(options.cluster, archive))
            chance = random.Random(SEED)
            stored = archive.changes_since(0)
            sample = [one.article for one in chance.sample(stored, min(2_000, len(stored))) if not one.removed]
            made = Questions(embedded, sample, chance)
            kinds = [*KINDS]
            questions = [(kind, made.of(kind)) for kind in (kinds[n % len(kinds)] for n in range(options.queries))]
            tallies, differences = compare(embedded, cluster, questions)
            print(f"{archive.count():,} articles, {len(questions)} questions\n\n{report(tallies)}\n")
            print("\n".join(differences))
            embedded.engine.close()
            cluster.engine.close()
    return int(any(
        one.asked - one.given_up != min(one.same_articles, one.same_counts + one.of_best) for one in tallies.values()
    ))


if __name__ == "__main__":
    sys.exit(main())
