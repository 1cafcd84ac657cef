"""The command that measures how well the default search answers a judged set."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer import upkeep
from kijigura.command import Config, as_json, common, main, print_json, say, tell
from kijigura.opening import progress_bar, workers_of
from search.archive import Archive
from search.errors import QueryTooHeavy
from search.evaluation import DEPTH, measure
from search.library import Library
from search.query.model import Request

if TYPE_CHECKING:
    from indexer.judged import JudgedQuery, JudgedSet, TakenIn


@main.command()
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--queries", "limit", type=click.IntRange(1), metavar="N", help="Ask a sample of so many. [default: all]")
@click.option("--seed", type=int, default=1, show_default=True, help="Which sample.")
@as_json
@common("workers")
def evaluate(config: Config, directory: Path, limit: int | None, seed: int, as_json: bool) -> None:
    """Measure the default search on a judged set: corpus.jsonl, queries.jsonl and qrels.tsv in DIR."""
    # Imported here, and below: it knows all readers.
    from indexer import judged

    found = judged.read(directory)
    queries = sampled(found.measured(), limit, seed)
    with indexed(found, workers_of(config)) as (library, taken):
        for note in notes(found, taken):
            say(note)
        say(f"Asking {len(queries):,} queries …")
        ranked = answers(library, taken, queries)
    means = measure(found.gains, ranked)
    if as_json:
        print_json({"metrics": {name: round(value, 6) for name, value in means.items()}, "queries": len(queries)})
        return
    for name, value in means.items():
        tell(f"{name:8} {value:.4f}")
    tell(f"queries  {len(queries)}")


def sampled(queries: Sequence[JudgedQuery], limit: int | None, seed: int) -> list[JudgedQuery]:
    """All of them, or `limit` by chance; the same count and seed give the same ones."""
    whole = limit is None or limit >= len(queries)
    return list(queries) if whole else random.Random(seed).sample(queries, limit or 0)


@contextmanager
def indexed(found: JudgedSet, workers: int | None = None) -> Iterator[tuple[Library, TakenIn]]:
    """The articles of a set in an archive of their own, which is gone afterwards. Raises KijiguraError."""
    from indexer import judged

    with tempfile.TemporaryDirectory(prefix="kijigura-evaluate-") as temporary:
        directory = Path(temporary) / "archive"
        with Archive.open(directory, create=True) as archive:
            taken = judged.take_in(found, archive)
            say(f"Indexing {archive.count():,} articles …")
            with progress_bar("Indexing") as progress:
                upkeep.ensure_index(archive, None, workers=workers, progress=progress, say=say)
        with Library.open(directory) as library:
            yield library, taken


def answers(
    library: Library, taken: TakenIn, queries: Sequence[JudgedQuery],
    request: Callable[[JudgedQuery], Request] = lambda query: Request(text=query.text, size=DEPTH),
) -> dict[str, list[str]]:
    """Query id -> ids of the articles found, best first, as a page of DEPTH of them has them.

    What the search gives up as too heavy has found nothing, and is said.
    """
    found: dict[str, list[str]] = {}
    given_up = 0
    with progress_bar("Asking") as progress:
        for number, query in enumerate(queries, 1):
            try:
                hits = library.search(request(query)).hits
            except QueryTooHeavy:
                hits, given_up = (), given_up + 1
            found[query.id] = [taken.ids[int(hit.id)] for hit in hits]
            progress(number, len(queries))
    if given_up:
        say(f"{_counted(given_up, 'query was', 'queries were')} too heavy to answer, and count as nothing found.")
    return found


def notes(found: JudgedSet, taken: TakenIn) -> list[str]:
    """What is odd about a set, in plain sentences."""
    unmeasured = len(found.queries) - len(found.measured())
    nobody = len(found.judged_without_query())
    unknown = taken.unknown(found)
    sentences = (
        (unmeasured, f"{_counted(unmeasured, 'query has', 'queries have')} no article that answers, and cannot be "
                     "measured."),
        (nobody, f"{_counted(nobody, 'query', 'queries')} of qrels.tsv cannot be asked: not in queries.jsonl."),
        (unknown, f"{_counted(unknown, 'judgement is of an article', 'judgements are of articles')} that corpus.jsonl "
                  "does not have, and counts as not found."),
        (len(taken.empty), f"{_counted(len(taken.empty), 'article has', 'articles have')} neither title nor text, and "
                           "cannot be found."),
    )
    return [sentence for count, sentence in sentences if count]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
