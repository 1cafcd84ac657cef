"""What all parts of the contract stand on: how an engine is built, and how its answers are compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from engine_oracle import Oracle

from search.engine import AnalyzedArticle, Engine, IndexWriter, Match, open_engine, rebuild_engine
from search.query.model import Everything, Query

ALL = Query(Everything(), limit=1_000)

Batch = Iterable[AnalyzedArticle | str]
"""Articles to put, and ids to delete."""


class ContractBase:
    """Subclass it, and say where an index goes."""

    def url_in(self, directory: Path) -> str:
        raise NotImplementedError

    def averages(self, engine: Engine) -> Mapping[str, float] | None:
        """The average lengths that scores of this engine rest on: text, names and chars; None: the exact ones."""
        return None

    def oracle(self, engine: Engine, articles: Iterable[AnalyzedArticle]) -> Oracle:
        return Oracle(articles, self.averages(engine))

    def same(self, engine: Engine, articles: Iterable[AnalyzedArticle], *queries: Query) -> None:
        """The engine, in which these articles are, answers as the oracle does."""
        oracle = self.oracle(engine, articles)
        for query in queries:
            assert_same(engine, oracle, query)

    @contextmanager
    def engine(self, *batches: Batch) -> Iterator[Engine]:
        """An engine opened after these batches, the first of which makes the index."""
        with tempfile.TemporaryDirectory() as directory:
            url = self.url_in(Path(directory))
            self.build(url, *batches)
            with self.opened(url) as engine:
                yield engine

    @contextmanager
    def opened(self, url: str) -> Iterator[Engine]:
        engine = open_engine(url)
        try:
            yield engine
        finally:
            engine.close()

    def build(self, url: str, *batches: Batch) -> None:
        for number, batch in enumerate(batches or [()]):
            if number == 0:
                with rebuild_engine(url) as writer:
                    write(writer, batch)
            else:
                self.append(url, batch)

    def append(self, url: str, batch: Batch) -> None:
        with self.opened(url) as engine, engine.writer() as writer:
            write(writer, batch)


def write(writer: IndexWriter, batch: Batch) -> None:
    """Put the articles, and delete the ids."""
    for one in batch:
        if isinstance(one, str):
            writer.delete(one, 1_000)
        else:
            writer.put(one)


def write_and_fail(writer: IndexWriter, batch: Batch) -> None:
    write(writer, batch)
    raise ZeroDivisionError


def after(history: Iterable[Batch]) -> list[AnalyzedArticle]:
    """The articles that are there after these batches."""
    there: dict[str, AnalyzedArticle] = {}
    for batch in history:
        for one in batch:
            if isinstance(one, str):
                there.pop(one, None)
            else:
                there[one.id] = one
    return list(there.values())


# ---- comparing ----------------------------------------------------------------------------------


def about(score: float) -> object:
    """What an engine may say for this score: it may count in single precision."""
    return pytest.approx(score, rel=1e-5, abs=1e-9)


def assert_same(engine: Engine, oracle: Oracle, query: Query) -> None:
    """The engine answers as the oracle does, in every respect."""
    assert_same_answer(engine, oracle, query)
    for article_id in oracle.articles:
        located = engine.locate(replace(query, spans=True), article_id)
        assert located is not None
        assert located.version == oracle.articles[article_id].version
        assert positions(located) == sorted(oracle.positions(query, article_id))
        assert characters(located) == sorted(oracle.marked_characters(query, article_id))
        assert located.told == tuple(oracle.holds(node, article_id) for node in query.tell)
        assert_same_explanation(engine, oracle, query, article_id)


def assert_same_answer(engine: Engine, oracle: Oracle, query: Query) -> None:
    """The matches are those of the oracle, with their scores and marks, in its order; and so are all counts."""
    found = engine.search(query)
    ids = [match.article_id for match in found.matches]
    assert sorted(ids) == sorted(oracle.ids(query))
    assert found.total == len(ids)
    assert list(engine.matching(query)) == ids
    assert_same_order(ids, oracle, query)
    assert {name: list(counts.items()) for name, counts in found.facets.items()} == {
        name: list(counts.items()) for name, counts in oracle.facets(query).items()
    }
    assert dict(found.facet_sizes) == oracle.facet_sizes(query)
    assert dict(found.days) == oracle.days(query)
    for match in found.matches:
        assert match.version == oracle.articles[match.article_id].version
        assert match.score == about(oracle.score(query.root, match.article_id))
        assert positions(match) == (sorted(oracle.positions(query, match.article_id)) if query.spans else [])
        marked = oracle.marked_characters(query, match.article_id)
        assert characters(match) == (sorted(marked) if query.spans else [])
        assert match.told == tuple(oracle.holds(node, match.article_id) for node in query.tell)


def assert_same_order(ids: list[str], oracle: Oracle, query: Query) -> None:
    """By date it is exact. By relevance, scores that are nearly equal may come either way; equal ones may not."""
    if query.sort != "relevance":
        assert ids == oracle.order(query)
        return
    scores = {i: oracle.rounded_score(query, i) for i in ids}
    for one, other in pairwise(ids):
        assert scores[one] >= scores[other] or scores[one] == about(scores[other]), (one, other)
    for _, equal in groupby(sorted(ids, key=scores.__getitem__), scores.__getitem__):
        in_order = list(equal)
        assert in_order == sorted(in_order, key=oracle.newest_first)


def assert_same_explanation(engine: Engine, oracle: Oracle, query: Query, article_id: str) -> None:
    why = engine.explain(query, article_id)
    assert why.matches == oracle.holds(query.root, article_id)
    assert why.score == about(oracle.score(query.root, article_id))
    expected = oracle.explanation(query, article_id)
    assert [times for _, _, times in why.leaves[: len(expected)]] == [times for _, _, times in expected]
    assert [score for _, score, _ in why.leaves[: len(expected)]] == [about(score) for _, score, _ in expected]
    # Then come the leaves under a NOT, which begin with a minus.
    assert all(leaf.startswith("-") and score == 0 for leaf, score, _ in why.leaves[len(expected) :])


def characters(match: Match) -> list[tuple[int, int]]:
    """(index of the part, code point) of all that are marked for themselves, in the order of their spans."""
    return [(part, at) for part, first, end in match.char_spans for at in range(first, end)]


def positions(match: Match) -> list[int]:
    """In the order of the spans, so that one that overlaps or goes back is noticed."""
    return [position for first, end in match.spans for position in range(first, end)]
