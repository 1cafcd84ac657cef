"""Words that are spelled otherwise or nearly alike, found in an index as plain Python finds them in a list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from contract_base import Batch, ContractBase, after
from engine_articles import article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import AnalyzedArticle, Engine
from search.japanese.variants import spelling_key

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

# To Sudachi 申し込み and 申込 are one word; these are not.
WORDS = tuple(
    "ラブロフ ラブローフ 渡辺 渡邊 渡邉 斎藤 齋藤 ビル ビール ティーム チーム 停戦 停電 停戦案 ゼレンスキ ゼレンスキー "
    "ゼンレスキー ゼレンスカヤ 関ヶ原 関ケ原 abc abd acb ab 𠮷野家 吉野家 𠮷野屋 国 中国 中国人 中米国".split()
)


class Whoosh(ContractBase):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"


def counts(articles: Sequence[AnalyzedArticle]) -> dict[str, int]:
    """Term -> articles that have it."""
    found: dict[str, int] = {}
    for one in articles:
        for term in {*one.analysis.terms, *(long.term for long in one.analysis.long_terms)} - {""}:
            found[term] = found.get(term, 0) + 1
    return found


def ranked(terms: Sequence[str], of: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(terms, key=lambda term: (-of[term], term)))


def is_alike(one: str, other: str) -> bool:
    """One edit apart; the first character is the same, and two at least."""
    edits = {one[:i] + one[i + 1 :] for i in range(len(one))}
    edits |= {one[:i] + character + one[i:] for i in range(len(one) + 1) for character in other}
    edits |= {one[:i] + character + one[i + 1 :] for i in range(len(one)) for character in other}
    swaps = {one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in range(len(one) - 1)}
    if one == other or not other or one[:1] != other[:1] or other not in edits | swaps:
        return False
    kept = len(one) if other in swaps else len(one) - 1 if len(one) == len(other) else min(len(one), len(other))
    return kept >= 2


def assert_as_listed(engine: Engine, articles: Sequence[AnalyzedArticle]) -> None:
    there = counts(articles)
    for term in WORDS:
        assert engine.frequency(term) == there.get(term, 0)
        same = [one for one in there if one != term and spelling_key(one) == spelling_key(term)]
        assert engine.spellings(term) == ranked(same, there)
        alike = ranked([one for one in there if is_alike(term, one)], there)
        assert engine.terms_like(term, 100) == alike
        assert engine.terms_like(term, 2) == alike[:2]


def batch(number: int) -> st.SearchStrategy[Batch]:
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8, unique=True)
    put = st.tuples(st.sampled_from("abcdef"), words).map(lambda pair: article(pair[0], "", " ".join(pair[1])))
    one = st.one_of(put, st.sampled_from("abcdef")) if number else put
    return st.lists(one, min_size=1, max_size=5, unique_by=lambda done: done if isinstance(done, str) else done.id)


@quick
@given(history=st.integers(1, 6).flatmap(lambda count: st.tuples(*map(batch, range(count)))))
def test_words_are_found_in_any_index_as_in_a_list_of_them(history: tuple[Batch, ...]) -> None:
    with Whoosh().engine(*history) as engine:
        assert_as_listed(engine, after(history))


@pytest.mark.parametrize(
    ("term", "spellings", "alike"),
    [
        ("ラブローフ", "ラブロフ", "ラブロフ"),
        ("渡部", "", ""),
        ("渡邊", "渡辺 渡邉", ""),                          # alike are words with two characters in common
        ("停戦", "", "停戦案"),
        ("ゼレンスキー", "ゼレンスキ", "ゼレンスキ ゼンレスキー"),
        ("ゼレンスカ", "", "ゼレンスカヤ ゼレンスキ"),
        ("𠮷野家", "吉野家", "𠮷野屋"),
        ("中国", "", "中国人 中米国"),
        ("国", "", ""),
        ("火星", "", ""),
        ("", "", ""),
    ],
)
def test_words_that_people_type(term: str, spellings: str, alike: str) -> None:
    there = [article(str(number), "", word) for number, word in enumerate(WORDS)]
    with Whoosh().engine(there[:9], there[9:]) as engine:
        assert set(engine.spellings(term)) == set(spellings.split())
        assert set(engine.terms_like(term, 100)) == set(alike.split())
