"""What one typed word looks for in the index."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.japanese.tokens import units
from search.query.model import AllOf, AnyOf, Node, Sequence, Term
from search.query.words import phrase_node, word_node


def long(term: str, *shorts: str) -> AnyOf:
    """A long unit, as a whole or as its parts side by side."""
    return AnyOf((Term(term), Sequence(shorts)))


@pytest.mark.parametrize(("typed", "node"), [
    ("首相", Term("首相")),
    ("知事選", long("知事選", "知事", "選")),
    ("米大統領", long("米大統領", "米", "大統領")),
    ("新型コロナ", long("新型コロナ", "新型", "コロナ")),
    ("和平案", Sequence(("和平", "案"))),                         # a single character belongs to its neighbour
    ("習主席", Sequence(("習", "主席"))),
    ("ラヴロフ氏", Sequence(("ラブロフ", "氏"))),                  # an affix, and ヴ as ブ
    ("ジョー・バイデン", Sequence(("ジョー", "バイデン"))),          # a name in two parts
    ("高市早苗", Sequence(("高市", "早苗"))),
    ("2024年4月10日", Sequence(("2024", "年", "4", "月", "10", "日"))),
    ("２０２４年４月１０日", Sequence(("2024", "年", "4", "月", "10", "日"))),
    ("令和6年", Sequence(("令和", "6", "年"))),
    ("第2次", Sequence(("第", "2", "次"))),
    ("10%", Sequence(("10", "%"))),
    ("G7", Sequence(("g", "7"))),
    ("iPhone", Term("iphone")),
    ("ＮＡＴＯ", Term("nato")),
])
def test_what_makes_one_word_stays_together(typed: str, node: Node) -> None:
    assert word_node(typed) == node


@pytest.mark.parametrize(("typed", "node"), [
    ("国連安全保障理事会", AllOf((Term("国連"), long("安全保障理事会", "安全", "保障", "理事", "会")))),
    ("日本の首相", AllOf((Term("日本"), Term("首相")))),              # also 首相は日本で…
    ("ウクライナ侵攻", AllOf((Term("ウクライナ"), Term("侵攻")))),
    ("米中首脳会談", AllOf((Term("米中"), Term("首脳"), Term("会談")))),
    ("岸田文雄首相", AllOf((Sequence(("岸田", "文雄")), Term("首相")))),
    ("停戦に合意", AllOf((Term("停戦"), Term("合意")))),
    ("停戦、合意", AllOf((Term("停戦"), Term("合意")))),
    ("停戦停戦", Term("停戦")),
])
def test_the_words_in_what_was_typed_may_stand_apart(typed: str, node: Node) -> None:
    found = word_node(typed)
    assert found == node or found == AllOf((node,))


@pytest.mark.parametrize(("typed", "node"), [
    ("停戦合意した", AllOf((Term("停戦"), Term("合意")))),     # する beside a word that carries the meaning
    ("する", Term("為る")),                                  # alone, it is what was asked for
    ("これ", Term("此れ")),
    ("こと", Term("こと")),
])
def test_a_word_without_meaning_of_its_own_counts_only_where_it_is_alone(typed: str, node: Node) -> None:
    assert word_node(typed) == node


@pytest.mark.parametrize(("typed", "also_typed"), [
    ("ﾛｼｱ", "ロシア"), ("ラブロフ", "ラヴロフ"), ("ＥＵ", "EU"), ("eu", "EU"), ("㈱", "(株)"), ("引越し", "引っ越し"),
    ("食べた", "食べる"), ("附属", "付属"),
])
def test_spellings_of_one_word_look_for_the_same(typed: str, also_typed: str) -> None:
    assert word_node(typed) == word_node(also_typed)


@pytest.mark.parametrize("typed", [
    "!!!", "。", "…", "、、、", "・", "の", "は", "😀", "👨‍👩‍👧‍👦", "♪", "\x01\x1b", "★", "――", "",
])
def test_where_there_is_no_word_nothing_is_looked_for(typed: str) -> None:
    assert word_node(typed) is None


@pytest.mark.parametrize(("typed", "node"), [
    ("外交的孤立", Sequence(("外交", "的", "孤立"))),
    ("停戦に合意", Sequence(("停戦", "に", "合意"))),          # in a phrase a particle counts
    ("停戦、合意", Sequence(("停戦", "合意"))),                # a comma has no position
    ("安全保障理事会", Sequence(("安全", "保障", "理事", "会"))),
    ("首相", Term("首相")),
    ("ジョー・バイデン", Sequence(("ジョー", "バイデン"))),
    ("の", Term("の")),
    ("!!!", None),
    ("", None),
])
def test_a_phrase_is_its_short_words_side_by_side(typed: str, node: Node | None) -> None:
    assert phrase_node(typed) == node


@pytest.mark.parametrize("typed", ["和平交渉" * 16_384, "a" * 65_536, "9" * 65_536, "!" * 65_536, "の" * 65_536])
def test_64_kilobytes_without_a_space_are_read(typed: str) -> None:
    word_node(typed)
    phrase_node(typed)


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("和平交渉のにラヴロフ氏・!12 ") | st.characters(exclude_categories=["Cs"]), max_size=40))
@example("ﷺ" * 40)
def test_every_term_that_is_looked_for_is_one_that_indexing_makes(typed: str) -> None:
    indexed = {short.term for unit in units(typed) for short in unit.shorts} | {unit.term for unit in units(typed)}
    for node in (word_node(typed), phrase_node(typed)):
        assert _terms(node) <= indexed - {""}


def _terms(node: Node | None) -> set[str]:
    match node:
        case Term(term):
            return {term}
        case Sequence(terms):
            assert len(terms) > 1
            return set(terms)
        case AllOf(children) | AnyOf(children):
            return set().union(*map(_terms, children))
        case _:
            return set()
