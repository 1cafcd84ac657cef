"""The best of many are those that sorting all would put first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.whoosh_engine.ranking import best


def expected(keys: list[float], count: int) -> list[int]:
    """Every place whose key is at least the count-th largest."""
    limit = sorted(keys, reverse=True)[:count]
    return [place for place, key in enumerate(keys) if limit and key >= limit[-1]]


@settings(max_examples=200, deadline=None)
@given(keys=st.lists(st.integers(-5, 5), max_size=40), count=st.integers(0, 50))
def test_the_best_of_few_are_those_of_a_sort(keys: list[float], count: int) -> None:
    assert sorted(best(np.array(keys, np.int64), count).tolist()) == expected(keys, count)


@pytest.mark.parametrize("size", [4_095, 4_096, 5_000, 6_401, 70_000])
@pytest.mark.parametrize("count", [0, 1, 10, 15, 16, 17, 1_000, 4_999, 100_000])
@pytest.mark.parametrize("kinds", [1, 3, 50, 1 << 20])
def test_the_best_of_many_are_those_of_a_sort(size: int, count: int, kinds: int) -> None:
    chance = np.random.default_rng(size + count)
    for keys in (chance.integers(0, kinds, size), chance.integers(0, kinds, size).astype(np.float32) / 7):
        assert sorted(best(keys, count).tolist()) == expected(keys.tolist(), count)


@pytest.mark.parametrize("order", [1, -1])
def test_keys_that_are_sorted_already_are_no_exception(order: int) -> None:
    keys = np.arange(10_000)[::order].copy()
    assert sorted(best(keys, 10).tolist()) == expected(keys.tolist(), 10)
