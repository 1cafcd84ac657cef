"""The measures of a ranking, beside what their definitions say."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

import pytest

from search.evaluation import MEASURES, measure, measure_each


def by_definition(ranked: Sequence[str], gains: Mapping[str, int]) -> list[float]:
    """The same five, word for word."""
    def discounted(values: Sequence[int]) -> float:
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(values, 1))

    best = discounted(sorted(gains.values(), reverse=True)[:10])
    ndcg = discounted([gains.get(article, 0) for article in ranked[:10]]) / best
    recall_10, recall_100 = (len(gains.keys() & set(ranked[:depth])) / len(gains) for depth in (10, 100))
    reciprocal = next((1 / rank for rank, article in enumerate(ranked[:10], 1) if article in gains), 0.0)
    return [ndcg, recall_10, recall_100, reciprocal, float(bool(ranked) and ranked[0] in gains)]


@pytest.mark.parametrize(("ranked", "gains", "expected"), [
    ("ab", {"a": 1}, [1, 1, 1, 1, 1]),
    ("ba", {"a": 1}, [1 / math.log2(3), 1, 1, 1 / 2, 0]),
    ("a", {"a": 1, "b": 1}, [1 / (1 + 1 / math.log2(3)), 0.5, 0.5, 1, 1]),
    ("ba", {"a": 1, "b": 2}, [1, 1, 1, 1, 1]),
    ("xyzvwutsrqa", {"a": 1}, [0, 0, 1, 0, 0]),
    ("", {"a": 1}, [0, 0, 0, 0, 0]),
])
def test_measures(ranked: str, gains: dict[str, int], expected: list[float]) -> None:
    found = measure({"q": gains}, {"q": list(ranked)})
    assert list(found) == list(MEASURES) == ["nDCG@10", "R@10", "R@100", "MRR@10", "P@1"]
    assert list(found.values()) == pytest.approx(expected)
    assert by_definition(ranked, gains) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(20))
def test_any_ranking_is_measured_as_defined(seed: int) -> None:
    chance = random.Random(seed)
    articles = [f"記事 {n}" for n in range(300)]
    gains = {f"q{n}": {one: chance.randint(1, 3) for one in chance.sample(articles, chance.randint(1, 40))}
             for n in range(10)}
    ranked = {query: chance.sample(articles, chance.randint(0, 200)) for query in gains}
    each = measure_each(gains, ranked)
    assert list(each) == list(ranked)
    for query, values in each.items():
        assert list(values.values()) == pytest.approx(by_definition(ranked[query], gains[query]))
    means = [sum(column) / len(ranked) for column in zip(*(one.values() for one in each.values()), strict=True)]
    assert list(measure(gains, ranked).values()) == pytest.approx(means)


def test_no_query_is_no_failure() -> None:
    assert measure({}, {}) == dict.fromkeys(MEASURES, 0.0)
    assert measure_each({"q": {"a": 1}}, {}) == {}
