"""The same questions to our engine and to the peer, turn by turn, in one process."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from benchmarks.building import timed
from benchmarks.peer import Peer
from benchmarks.questions import Question
from search.engine import Engine
from search.library import Library
from search.query.model import Request


@dataclass(slots=True)
class Answers:
    """What one class of questions took. unequal: how many totals or facet counts differed from the peer's."""

    asked: int = 0
    unequal: int = 0
    ours: list[float] = field(default_factory=list)
    peers: list[float] = field(default_factory=list)
    ours_with_facets: list[float] = field(default_factory=list)
    peers_with_facets: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)


def compare(engine: Engine, peer: Peer, questions: Sequence[Question]) -> dict[str, Answers]:
    """By class. A first round, not timed, compares what is found and warms both sides.

    Questions whose answers differ are counted and not timed: then the two did not do the same work.
    """
    answers: dict[str, Answers] = defaultdict(Answers)
    same: list[Question] = []
    for question in questions:
        answers[question.kind].asked += 1
        matches = engine.search(question.query(facets=True))
        counts = {name: dict(found) for name, found in matches.facets.items() if found}
        if (matches.total, counts) == peer.search(question, facets=True):
            same.append(question)
        else:
            answers[question.kind].unequal += 1
    gc.collect()
    for number, question in enumerate(same):
        of_kind = answers[question.kind]
        for facets, ours, peers in (
            (False, of_kind.ours, of_kind.peers),
            (True, of_kind.ours_with_facets, of_kind.peers_with_facets),
        ):
            asks: list[tuple[list[float], Callable[[], object]]] = [
                (ours, partial(engine.search, question.query(facets=facets))),
                (peers, partial(peer.search, question, facets=facets)),
            ]
            # Whoever comes second finds the processor's cache as the first left it: take turns.
            for seconds, ask in asks if number % 2 else reversed(asks):
                seconds.append(timed(ask)[1])
    return answers


def ask_pages(library: Library, questions: Sequence[Question], answers: dict[str, Answers]) -> None:
    """The whole page of each question as a person would type it: names, all facets, snippets, twenty articles."""
    requests = [
        (question.kind, Request(question.text, since=question.since, until=question.until, sort=question.sort))
        for question in questions
    ]
    library.search(requests[0][1])          # reads the columns and the topics once
    for kind, request in requests:
        answers[kind].pages.append(timed(partial(library.search, request))[1])
