"""The oracle that engines are compared with says what a person finds with pencil and paper."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from contract_strategies import corpora, near_nodes, nodes, sequences, texts
from engine_articles import PEACE, Name, article
from engine_oracle import Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine import AnalyzedArticle
from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Everything,
    Named,
    Near,
    Node,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)


def bm25(idf: float, weight: int, length: int, average: float) -> float:
    return idf * 2.2 * weight / (weight + 1.2 * (0.25 + 0.75 * length / average))


# ln(1 + (4 - df + ½) / (df + ½)): what a word says that this many of the four articles have
IDF = {1: 1.2039728, 2: 0.6931472, 3: 0.3566749, 4: 0.1053605}


def test_the_length_of_an_article_is_its_short_and_long_units_its_mentions_and_its_characters() -> None:
    # a1: 停戦 合意 / ロシア 中国 首相 会談 / 安全 保障 安全保障 理事 会 理事会 / 中国 首相 停戦
    # a2: 2 + 3. a3: 理事 会 理事会 / six of 安全保障 理事会, and 停戦. a4: 2
    assert Oracle(PEACE).average_lengths == {
        "text": (15 + 5 + 10 + 2) / 4, "names": (2 + 1 + 1) / 4, "chars": (28 + 10 + 13 + 4) / 4,
    }
    assert Oracle(()).average_lengths == {"text": 0, "names": 0, "chars": 0}


@pytest.mark.parametrize(
    ("root", "article_id", "expected"),
    [
        (Term("停戦"), "a1", bm25(IDF[4], 3 + 1, 15, 8)),                    # title and text
        (Term("停戦"), "a2", bm25(IDF[4], 1 + 1, 5, 8)),
        (Term("保障"), "a1", bm25(IDF[2], 2, 15, 8)),                        # a heading
        (Term("火星"), "a1", 0),
        (Sequence(("合意", "停戦")), "a2", bm25(IDF[2], 1, 5, 8)),            # in two articles
        (Sequence(("停戦", "停戦"), 1), "a2", bm25(IDF[1], 1, 5, 8)),
        (Prefix("会"), "a1", bm25(IDF[3], 1 + 2, 15, 8)),                    # 会談, and 会 in the heading
        (Prefix("安"), "a1", bm25(IDF[2], 2 + 2, 15, 8)),                    # 安全 and 安全保障 of one heading
        (Named("CN"), "a1", bm25(IDF[1], 1, 2, 1)),
        (Named("person-1"), "a2", bm25(IDF[1], 3, 1, 1)),                   # two words, one mention
        (Boosted(Term("停戦"), 3.0), "a2", 3 * bm25(IDF[4], 2, 5, 8)),
        (AllOf((Term("停戦"), Named("CN"))), "a1", bm25(IDF[4], 4, 15, 8) + bm25(IDF[1], 1, 2, 1)),
        (AllOf((Term("停戦"), Named("CN"))), "a2", 0),
        (AnyOf((Term("停戦"), Named("CN"))), "a2", bm25(IDF[4], 2, 5, 8)),
        (AnyOf((Term("停戦"), Term("停戦"))), "a2", 2 * bm25(IDF[4], 2, 5, 8)),
        (AnyOf((Term("停戦"), AllOf((Term("合意"), Term("火星"))))), "a2", bm25(IDF[4], 2, 5, 8)),
        (Near((Term("中国"), Term("首相")), 1), "a1", bm25(IDF[1], 2, 15, 8) + bm25(IDF[2], 2, 15, 8)),
        (Near((Term("首相"), Term("停戦")), 9), "a2", 0),
        (SameSection(AllOf((Term("中国"), Term("停戦")))), "a1", bm25(IDF[1], 2, 15, 8) + bm25(IDF[4], 4, 15, 8)),
        (SameSection(AllOf((Term("中国"), Without(Term("停戦"))))), "a1", bm25(IDF[1], 2, 15, 8)),
        (Without(Term("火星")), "a1", 0),
        (Everything(), "a1", 0),
    ],
)
def test_a_score_is_what_the_formula_says(root: Node, article_id: str, expected: float) -> None:
    assert Oracle(PEACE).score(root, article_id) == pytest.approx(expected, rel=1e-6)


def test_a_score_rests_on_the_average_lengths_that_are_given() -> None:
    oracle = Oracle(PEACE, {"text": 10.0, "names": 2.0})
    assert oracle.score(Term("停戦"), "a1") == pytest.approx(bm25(IDF[4], 4, 15, 10), rel=1e-6)
    assert oracle.score(Named("CN"), "a1") == pytest.approx(bm25(IDF[1], 1, 2, 2), rel=1e-6)


def test_equal_scores_rank_by_date_and_then_by_id() -> None:
    oracle = Oracle([
        article("b", "", "停戦 中国"), article("a", "", "中国 停戦"), article("best", "停戦 会談"),
        *(article(day, "", "停戦 会談", published=day) for day in ("2023-01-01", "2024-01-01")),
    ])
    assert oracle.ranking(Query(Term("停戦"))) == ["best", "2024-01-01", "2023-01-01", "a", "b"]


def test_an_explanation_counts_names_that_touch_once() -> None:
    one = article("x", "", "中国 首相 会談 中国", names=[Name(1, 0, 0, "CN"), Name(1, 1, 1, "CN"), Name(1, 3, 3, "CN")])
    ((_, score, times),) = Oracle([one, *PEACE]).explanation(Query(Named("CN")), "x")
    assert times == 2
    assert score == pytest.approx(bm25(0.8754687, 3, 3, 7 / 5), rel=1e-6)       # ln(1 + 3.5 / 2.5)


# ---- the same, said in another way --------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(articles=corpora(), sequence=sequences)
def test_a_sequence_is_a_choice_of_a_position_for_each_word(
    articles: list[AnalyzedArticle], sequence: Sequence
) -> None:
    oracle = Oracle(articles)
    for one in oracle.articles:
        where = [[places.start for places in oracle.places(Term(word), one)] for word in sequence.terms]
        chains = [
            chain for chain in product(*where)
            if all(before < at <= before + sequence.slop + 1 for before, at in pairwise(chain))
        ]
        shortest = {chain[0]: min(other[-1] for other in chains if other[0] == chain[0]) for chain in chains}
        assert oracle.places(sequence, one) == [range(first, shortest[first] + 1) for first in sorted(shortest)]


@settings(max_examples=150, deadline=None)
@given(articles=corpora(), near=near_nodes)
def test_leaves_are_near_if_a_window_has_them_all(articles: list[AnalyzedArticle], near: Near) -> None:
    oracle = Oracle(articles)
    for one in oracle.articles:
        firsts = [{places.start for places in oracle.places(leaf, one)} for leaf in near.leaves]
        # A window of twelve words never reaches over a border, where a thousand positions are empty.
        windows = [range(at, at + near.distance + 1) for at in set().union(*firsts)]
        assert oracle.holds(near, one) == any(all(some & set(window) for some in firsts) for window in windows)


@settings(max_examples=150, deadline=None)
@given(titles=st.lists(texts, max_size=5), node=nodes)
def test_what_holds_of_an_article_of_one_section_holds_of_that_section(titles: list[str], node: Node) -> None:
    oracle = Oracle(article(f"a{number}", title) for number, title in enumerate(titles))
    for one in oracle.articles:
        assert oracle.holds(SameSection(node), one) == oracle.holds(node, one)


@settings(max_examples=150, deadline=None)
@given(articles=corpora(), node=nodes)
def test_what_does_not_match_scores_nothing_and_what_is_doubled_scores_double(
    articles: list[AnalyzedArticle], node: Node
) -> None:
    oracle = Oracle(articles)
    for one in oracle.articles:
        score = oracle.score(node, one)
        assert score >= 0
        assert score == 0 or oracle.holds(node, one)
        assert oracle.score(AnyOf((node, node)), one) == oracle.score(Boosted(node, 2.0), one)
