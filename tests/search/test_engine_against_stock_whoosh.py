"""Our engine finds what stock Whoosh finds, on any corpus and for any query that Whoosh can be asked."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from contract_base import Batch, ContractBase, after
from contract_strategies import having, histories, trees, word_nodes
from engine_articles import PEACE
from engine_oracle import Oracle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.peers.stock_whoosh import StockWhoosh
from search.query.model import AllOf, Node, Prefix, Query, Sequence, Term, Without

questions = trees(having(word_nodes), sections=False)


class Whoosh(ContractBase):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"


def found_by_ours(history: list[Batch], roots: list[Node]) -> list[set[str]]:
    with Whoosh().engine(*history) as engine:
        return [set(engine.matching(Query(root))) for root in roots]


def found_by_stock(history: list[Batch], roots: list[Node]) -> list[set[str]]:
    with tempfile.TemporaryDirectory() as folder, StockWhoosh(Path(folder) / "index") as whoosh:
        for batch in history:
            whoosh.delete(one for one in batch if isinstance(one, str))
            whoosh.build(one for one in batch if not isinstance(one, str))
        return [whoosh.matching(root) for root in roots]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), roots=st.lists(questions, min_size=8, max_size=8))
def test_any_query_finds_the_articles_that_stock_whoosh_finds(history: list[Batch], roots: list[Node]) -> None:
    assert found_by_ours(history, roots) == found_by_stock(history, roots)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), roots=st.lists(questions, min_size=8, max_size=8))
def test_the_oracle_of_the_contract_finds_what_stock_whoosh_finds(history: list[Batch], roots: list[Node]) -> None:
    oracle = Oracle(after(history))
    assert [oracle.ids(Query(root)) for root in roots] == found_by_stock(history, roots)


@pytest.mark.parametrize(
    "root",
    [
        Term("安全保障"), Prefix("安"), Prefix("会"), Sequence(("ロシア", "中国")), Sequence(("会", "停戦")),
        Sequence(("会", "停戦"), 1), Sequence(("停戦", "合意", "停戦")), Sequence(("安全保障", "理事会"), 1),
        AllOf((Term("停戦"), Without(Term("首相")))), Without(Prefix("中")),
    ],
)
def test_a_query_finds_the_articles_that_stock_whoosh_finds(root: Node) -> None:
    history: list[Batch] = [PEACE[:2], PEACE[1:]]
    assert found_by_ours(history, [root]) == found_by_stock(history, [root]) == [Oracle(PEACE).ids(Query(root))]
