"""The average lengths that scores rest on may be those of an earlier batch, but never far from the true ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_base import Batch, ContractBase, after
from contract_strategies import histories
from engine_articles import Name, article
from engine_oracle import Oracle
from hypothesis import HealthCheck, given, settings

from search.engine import AnalyzedArticle

NEAR_ENOUGH = 0.05 + 1e-6


class Whoosh(ContractBase):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"


def assert_near_enough(*batches: Batch) -> None:
    with Whoosh().engine(*batches) as engine:
        true = Oracle(after(batches)).average_lengths
        assert dict(engine.average_lengths) == pytest.approx(true, rel=NEAR_ENOUGH)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories())
def test_averages_are_near_the_true_ones_after_any_history(history: list[list[AnalyzedArticle | str]]) -> None:
    assert_near_enough(*history)


def long_one(number: int, words: int) -> AnalyzedArticle:
    return article(f"n{number}", "中国", "停戦 会談 " * words, names=[Name(0, 0, 0, "CN")] * (number % 3))


@pytest.mark.parametrize(
    "batches",
    [
        [[long_one(i, 5)] for i in range(12)],                                      # of one length
        [[long_one(i, i)] for i in range(12)],                                      # longer and longer
        [[long_one(i, 12 - i)] for i in range(12)],
        [[long_one(i, 50) for i in range(40)], *([long_one(40 + i, 1)] for i in range(12))],     # a little at a time
        [[long_one(i, i) for i in range(40)], *([f"n{i}"] for i in range(39, 20, -1))],        # the longest deleted
        [[long_one(i, i) for i in range(9)], *([long_one(i, 90)] for i in range(9))],          # put again, longer
        [[long_one(i, 9) for i in range(9)], [f"n{i}" for i in range(9)]],
        [[], [article("empty")], [long_one(1, 9)]],
    ],
)
def test_averages_are_near_the_true_ones_however_they_move(batches: list[Batch]) -> None:
    for count in range(1, len(batches) + 1):
        assert_near_enough(*batches[:count])
