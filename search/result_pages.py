"""One page of results, and of all values of one facet in them; where nothing is found, what would find something."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations

from search import answer
from search.asking import DEADLINE_MS, Asked, Asker, conditions
from search.engine import Engine, Matches
from search.errors import QueryTooHeavy
from search.facet_values import AllValues, FacetValues, Order
from search.histogram import units
from search.query import steps
from search.query.model import Query, Request
from search.query.ways_out import ways_out
from search.results import Condition, ResultPage, WordForm
from search.showing import Showing

MOST_PAIRED = 6
"""Conditions of which any two are tried: 15 pairs, each a search of its own."""


@dataclass(frozen=True, slots=True)
class ResultPages:
    """Answers for one snapshot of the index. Threads may share it."""

    engine: Engine
    asker: Asker
    showing: Showing

    def page(self, request: Request, notes: Sequence[str]) -> ResultPage:
        """notes: on the index, which come before those on the request. Raises QueryTooHeavy."""
        started = time.perf_counter()
        asked = self.asker.ask(request)
        query, expanded = asked.query, asked.expanded
        full = self.engine.search(query)
        partial = self._partial(asked, full.total, started)
        counted = full if full.total else partial or full
        shown = replace(counted, matches=(*full.matches, *(partial.matches if partial else ())))
        indexed, label = self.showing.named(shown, query, asked.topics, request.language)
        words = [sought.text for sought in expanded.sought]
        named = self._conditions(request, query, label, started, count=full.total == 0)
        page = ResultPage(
            query=request.text,
            total=full.total,
            took_ms=0.0,
            hits=self.showing.hits(shown, indexed, words, len(full.matches)),
            facets=answer.facets(shown.facets, query, label),
            histogram=answer.bars(shown.days, request.by),
            histogram_units=units(shown.days),
            facet_sizes=shown.facet_sizes,
            interpreted=self.showing.interpreted(expanded, request.language),
            forms=tuple(WordForm(one.word, one.form.text, one.form.why, one.is_off) for one in expanded.forms),
            conditions=named,
            notes=(*notes, *asked.notes),
            partial_total=partial.total if partial else 0,
            as_sentence=expanded.is_sentence,
            did_you_mean=self._did_you_mean(request, asked, started) if not full.total else None,
            ways_out=self._ways_out(request, started) if not full.total else {},
            without_two=self._without_two(request, query, named, started),
            page=request.page,
            size=request.size,
        )
        return replace(page, took_ms=(time.perf_counter() - started) * 1000)

    def facet_values(self, request: Request, facet: str, find: str, order: Order, page: int) -> FacetValues:
        """A page of all the values that a facet has in a search, or of those that fit `find`. Raises QueryTooHeavy."""
        started = time.perf_counter()
        asked = self.asker.ask(request)
        matches = self.engine.search(_counting(asked.query, facet))
        partial = asked.partial(0) if not matches.total else None
        if partial is not None:     # the page of the search shows the facets of these
            matches = self.engine.search(_counting(partial, facet))
        label = self.showing.label(asked.topics, request.language)
        values = AllValues(facet, matches.facets[facet], asked.query, self.showing.archive, self.showing.registry)
        named = self._conditions(request, asked.query, label, started, count=False)
        return replace(values.page(find, order, page, label), conditions=named)

    def _partial(self, asked: Asked, total: int, started: float) -> Matches | None:
        """Articles with some of the words, where those with all of them leave room; none if there is no time."""
        query = asked.partial(total)
        left = _time_left(started)
        if query is None or left <= 0:
            return None
        try:
            return self.engine.search(replace(query, deadline_ms=left))
        except QueryTooHeavy:
            return None

    # ---- where nothing is found ----

    def _did_you_mean(self, request: Request, asked: Asked, started: float) -> str | None:
        with suppress(QueryTooHeavy):
            return self.asker.did_you_mean(request, asked, started + DEADLINE_MS / 1000)
        return None

    def _conditions(
        self, request: Request, query: Query, label: answer.Label, started: float, *, count: bool
    ) -> tuple[Condition, ...]:
        """Every condition; with `count`, how many articles there would be without it, while there is time."""
        def query_of(rest: Request) -> Query:
            return self.asker.ask(rest).query if count else query

        found = conditions(request, query, label, query_of)
        if not count or len(found) < 2:
            return tuple(condition for condition, _ in found)
        return tuple(replace(condition, total_without=self._total(rest, started)) for condition, rest in found)

    def _ways_out(self, request: Request, started: float) -> dict[str, int]:
        """Those that find something, while there is time."""
        counts = {name: self._total(self.asker.ask(other).query, started) for name, other in ways_out(request).items()}
        return {name: count for name, count in counts.items() if count}

    def _without_two(
        self, request: Request, query: Query, named: Sequence[Condition], started: float
    ) -> tuple[tuple[int, int, int], ...]:
        """As `ResultPage.without_two` has it, while there is time."""
        if not 3 <= len(named) <= MOST_PAIRED or any(condition.total_without != 0 for condition in named):
            return ()
        whole = replace(request, filters=query.filters, excluded=query.excluded)
        found = []
        for (one, first), (other, second) in combinations(enumerate(named), 2):
            rest = steps.without(steps.without(whole, first.facet, first.value), second.facet, second.value)
            if total := self._total(self.asker.ask(rest).query, started):
                found.append((one, other, total))
        return tuple(sorted(found, key=lambda pair: -pair[-1]))

    def _total(self, query: Query, started: float) -> int | None:
        """The articles that match; None if they cannot be counted before the page is due."""
        left = _time_left(started)
        if left <= 0:
            return None
        try:
            counted = replace(query, offset=0, limit=0, facets=(), spans=False, days=False, deadline_ms=left)
            return self.engine.search(counted).total
        except QueryTooHeavy:
            return None


def _counting(query: Query, facet: str) -> Query:
    """The same question, for every value of one facet and nothing else."""
    return replace(
        query, offset=0, limit=0, facets=(facet,), facet_values=None, spans=False, days=False, tell=(),
    )


def _time_left(started: float) -> int:
    """Milliseconds before the page is due."""
    return DEADLINE_MS - round((time.perf_counter() - started) * 1000)
