"""How fast every engine answers: each class of questions, with and without facets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import asking, making
from benchmarks.asking import Column
from benchmarks.ours import Kijigura
from benchmarks.peers import OURS, Offer, choose
from benchmarks.peers.peer import Peer
from benchmarks.questions import CLASSES, COMMON_OR, Question
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import mean, milliseconds, percentile, short, times_as_fast
from indexer.topics import read_topics
from search.query import syntax
from search.query.expanded import AsTyped
from search.query.expansion import expand
from search.query.model import Node, Query
from search.results import FACETS, VALUES_SHOWN

ROWS = (*CLASSES, "all", COMMON_OR)
FIRST = "all, first time asked"
SLOW_PASSES = 5
"""An engine that is asked fewer times than this takes so long that the first time is like any other."""

PRODUCT_HITS = 20
WAYS: Mapping[str, Callable[[Peer], Sequence[Column]]] = {
    "The best ten and the total": asking.plain_columns, "The same with two facets": asking.facet_columns,
}


def report(setup: Setup, articles: int) -> list[Table]:
    """Agreement, both speed tables, and what the product itself asks."""
    offers, left_out = choose(setup.peers, articles)
    built = {offer.key: _built(setup, offer, articles) for offer in offers}
    questions = setup.questions(articles)
    directories = {offer.key: Path(setup.job(offer.key, articles).directory) for offer in offers}
    say(f"Asking {len(questions):,} questions over {articles:,} articles …")
    first = {title: _first_times(offers, directories, questions, columns_of) for title, columns_of in WAYS.items()}
    peers = {offer.key: offer.load()(directories[offer.key]) for offer in offers}
    ours = peers[OURS.key]
    agreement = _agreement(articles, ours, [peer for key, peer in peers.items() if key != OURS.key], questions)
    segments = ", ".join(f"{one.name} {one.segments}" for one in built.values() if one.segments is not None)
    notes = [*left_out, f"Segments: {segments}."]
    tables = [agreement]
    for title, columns_of in WAYS.items():
        columns = [column for peer in peers.values() for column in columns_of(peer)]
        asking.in_turns(columns, questions, setup.passes)
        tables.append(_table(f"{title}, {articles:,} articles", columns, questions, first[title], notes))
    assert isinstance(ours, Kijigura)
    tables.append(_product(setup, articles, ours, questions))
    for peer in peers.values():
        peer.close()
    return tables


def growth(setup: Setup, smaller: int, larger: int) -> Table:
    """Our own answers at two sizes, each with its own questions."""
    times: dict[int, list[list[float]]] = {}
    for articles in (smaller, larger):
        making.make(setup.job(OURS.key, articles), keep=True)
        peer = Kijigura(Path(setup.job(OURS.key, articles).directory))
        questions = [question for question in setup.questions(articles) if question.kind in CLASSES]
        columns = [*asking.plain_columns(peer), *asking.facet_columns(peer)]
        asking.in_turns(columns, questions, setup.passes)
        times[articles] = [list(column.seconds.values()) for column in columns]
        peer.close()
    rows = [
        [name, milliseconds(times[smaller][i]), milliseconds(times[larger][i]),
         short(mean(times[larger][i]) / mean(times[smaller][i]))]
        for i, name in enumerate(("without facets", "with two facets"))
    ]
    head = ("ms, mean / p50 / p99", f"{smaller:,}", f"{larger:,}", "times as long")
    return Table(f"Growth from {smaller:,} to {larger:,} articles", head, rows, data={"seconds": times})


def _built(setup: Setup, offer: Offer, articles: int) -> making.Built:
    say(f"Building {offer.key} over {articles:,} articles …")
    # Our own code changes from run to run without another version.
    return making.make(setup.job(offer.key, articles), keep=setup.keep or offer is not OURS)


def _first_times(
    offers: Sequence[Offer], directories: Mapping[str, Path], questions: Sequence[Question],
    columns_of: Callable[[Peer], Sequence[Column]],
) -> list[list[float]]:
    """A list for each column: every question once, to an engine opened just before; none of the slow ones."""
    found: list[list[float]] = []
    for offer in offers:
        kind = offer.load()
        asked = [question for question in questions if question.kind in kind.kinds and question.kind in CLASSES]
        peer = kind(directories[offer.key])
        count = len(columns_of(peer))
        peer.close()
        if kind.passes < SLOW_PASSES:
            found += [[]] * count
            continue
        for number in range(count):
            peer = kind(directories[offer.key])
            found.append(asking.first_time(columns_of(peer)[number], asked))
            peer.close()
    return found


def _agreement(articles: int, ours: Peer, others: Sequence[Peer], questions: Sequence[Question]) -> Table:
    found = {peer.name: asking.same_answers(ours, peer, questions) for peer in others}
    rows = [
        [kind, *(f"{agree[kind][0]} of {agree[kind][1]}" if kind in agree else "–" for agree in found.values())]
        for kind in (*CLASSES, COMMON_OR)
    ]
    note = "How many totals and counts of facets are those of Kijigura."
    return Table(f"Same answers, {articles:,} articles", ("class", *found), rows, [note], {"same": found})


def of_kind(column: Column, questions: Sequence[Question], row: str) -> list[float]:
    """The column's seconds in a row of a table."""
    return [
        seconds for i, seconds in column.seconds.items()
        if questions[i].kind == row or (row == "all" and questions[i].kind in CLASSES)
    ]


def _table(
    title: str, columns: Sequence[Column], questions: Sequence[Question], firsts: Sequence[Sequence[float]],
    notes: Sequence[str],
) -> Table:
    ours, *others = columns
    rows: list[list[str]] = []
    for row in (*ROWS, FIRST):
        theirs = list(firsts) if row == FIRST else [of_kind(column, questions, row) for column in columns]
        if row in ("all", FIRST):       # those that cannot answer every class have no mean over all
            theirs = [
                found if set(CLASSES) <= set(column.peer.kinds) else []
                for found, column in zip(theirs, columns, strict=True)
            ]
        cells = [milliseconds(theirs[0])]
        for found in theirs[1:]:
            cells += [milliseconds(found), times_as_fast(theirs[0], found)]
        rows.append([row, *cells])
    head = ["ms, mean / p50 / p99", ours.label]
    for column in others:
        head += [column.label, "× mean (p99)"]
    data = {column.label: {kind: of_kind(column, questions, kind) for kind in ROWS} for column in columns}
    return Table(title, head, rows, notes, {"seconds": data})


def _product(setup: Setup, articles: int, ours: Kijigura, questions: Sequence[Question]) -> Table:
    """What a page asks the engine for: eight facets, marks, days, twenty articles."""
    topics = _topics(setup.corpus.topics)

    def whole(question: Question) -> Query:
        return Query(
            question.root, filters=question.filters, topics=topics, since=question.since, until=question.until,
            sort=question.sort, limit=PRODUCT_HITS, facets=FACETS, facet_values=VALUES_SHOWN,
        )

    column = Column("all a page asks for", ours, lambda question: ours.ask(whole(question)))
    for question in questions:          # reads the columns, and finds the topics' articles, once
        column.ask(question)
    asking.in_turns([column], questions, setup.passes)
    rows = [[row, milliseconds(of_kind(column, questions, row))] for row in ROWS]
    everything = of_kind(column, questions, "all")
    data = {"seconds": everything, "p99": percentile(everything, 99)}
    notes = [
        f"Eight facets with {VALUES_SHOWN} values of each ({len(topics)} topics), days, {PRODUCT_HITS} articles and "
        "where their words stand.",
    ]
    title = f"What a page asks the engine for, {articles:,} articles"
    return Table(title, ("ms, mean / p50 / p99", ours.name), rows, notes, data)


def _topics(path: Path) -> dict[str, Node]:
    topics = read_topics(path)
    assert isinstance(topics, list)
    trees = {topic.id: syntax.read(topic.query).tree for topic in topics}
    return {
        topic: expand(tree, _Plain()).root for topic, tree in trees.items() if tree is not None
    }


class _Plain(AsTyped):
    """Words that stand for themselves, of no archive."""

    def __init__(self) -> None:
        self.chosen = lambda facet, value: ()
        self.similar = lambda text: ()
