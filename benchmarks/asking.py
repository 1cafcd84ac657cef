"""The same questions to every engine, turn by turn, in one process."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from benchmarks.peers.peer import Answer, Peer
from benchmarks.questions import COUNTED, COUNTED_VALUES, Question


@dataclass(slots=True)
class Column:
    """One way to ask one engine, and what it took.

    seconds: number of a question -> the least time of the processor that it took in any round.
    """

    label: str
    peer: Peer
    ask: Callable[[Question], Answer]
    seconds: dict[int, float] = field(default_factory=dict)


def plain_columns(peer: Peer) -> list[Column]:
    """The best ten and the total."""
    return [Column(peer.name, peer, partial(_search, peer, "search", ()))]


def facet_columns(peer: Peer) -> list[Column]:
    """The same with the counts of two facets, in every way there is."""
    return [
        Column(f"{peer.name}, {way}" if way else peer.name, peer, partial(_search, peer, method, COUNTED))
        for way, method in peer.facet_ways.items()
    ]


def _search(peer: Peer, method: str, facets: Sequence[str], question: Question) -> Answer:
    answer: Answer = getattr(peer, method)(question, facets)
    return answer


def in_turns(columns: Sequence[Column], questions: Sequence[Question], passes: int) -> None:
    """Ask every column every question, in every round; whoever was first is last the next time.

    Whoever comes second finds the processor's cache as the first left it.
    """
    gc.collect()
    gc.freeze()
    for number in range(passes):
        for i, question in enumerate(questions):
            start = (i + number) % len(columns)
            for column in (*columns[start:], *columns[:start]):
                if number < column.peer.passes and question.kind in column.peer.kinds:
                    took = timed(partial(column.ask, question), column.peer.cpu_seconds)
                    column.seconds[i] = min(took, column.seconds.get(i, took))
    gc.unfreeze()


def timed(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds that `work` takes, by that clock: the processor's unless told otherwise."""
    started = clock()
    work()
    return clock() - started


def first_time(column: Column, questions: Sequence[Question]) -> list[float]:
    """Every question once; for an engine that was only just opened."""
    return [timed(partial(column.ask, question), column.peer.cpu_seconds) for question in questions]


def same_answers(ours: Peer, other: Peer, questions: Sequence[Question]) -> dict[str, tuple[int, int]]:
    """Class -> (how many answers agree, of how many): totals, and the most frequent values' counts of two facets.

    Values with equal counts may change places, so counts alone are compared. A peer without facets is compared by
    totals, one without totals not at all.
    """
    found: dict[str, tuple[int, int]] = {}
    for question in questions:
        if question.kind not in other.kinds:
            continue
        facets = COUNTED if other.facet_ways else ()
        theirs = other.search(question, facets)
        if theirs.total is not None:
            agree, of = found.get(question.kind, (0, 0))
            found[question.kind] = agree + same(ours.search(question, facets), theirs), of + 1
    return found


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers count the same."""
    return one.total == other.total and all(
        _highest(one.counts[facet]) == _highest(other.counts[facet]) for facet in one.counts
    )


def _highest(counts: Mapping[str, int]) -> list[int]:
    return sorted(counts.values(), reverse=True)[:COUNTED_VALUES]
