"""Which words there are in what was typed without a space, and what each looks for in the index."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.japanese.tokens import units
from search.query.model import Chars, Sequence, Simple, Term
from search.query.words import phrase_leaf, words_in


def long(term: str, *shorts: str) -> tuple[Simple, ...]:
    """A long unit: as a whole, or as its parts side by side."""
    return (Term(term), Sequence(shorts))


@pytest.mark.parametrize(("typed", "leaves"), [
    ("首相", (Term("首相"),)),
    ("知事選", long("知事選", "知事", "選")),
    ("米大統領", long("米大統領", "米", "大統領")),
    ("新型コロナ", long("新型コロナ", "新型", "コロナ")),
    ("和平案", (Sequence(("和平", "案")),)),                      # a single character belongs to its neighbour
    ("習主席", (Sequence(("習", "主席")),)),
    ("ラヴロフ氏", (Sequence(("ラブロフ", "氏")), Term("ラブロフ"))),  # an affix, ヴ as ブ; an honorific says little
    ("ジョー・バイデン", (Sequence(("ジョー", "バイデン")),)),       # a name in two parts
    ("高市早苗", (Sequence(("高市", "早苗")),)),
    ("第2次", (Sequence(("第", "2", "次")), Sequence(("第", "#2", "次")))),
    ("3月", (Sequence(("3", "月")), Sequence(("#3", "月")))),       # 3月 and 三月, 03月
    ("2万", (Term("20000"), Term("#20000"))),
    ("10:30", (*(Sequence(row) for row in (("10", "30"), ("#10", "#30"), ("#10", "30"), ("10", "#30"))),)),
    ("12月期", (Sequence(("12", "月", "期")), Sequence(("#12", "月", "期")))),
    ("38度線", (Sequence(("38", "度", "線")), Sequence(("#38", "度", "線")))),
    ("2国家", (Sequence(("2", "国家")), Sequence(("#2", "国家")))),
    ("平成20年度", (Sequence(("平成", "20", "年度")), Sequence(("平成", "#20", "年度")))),
    ("0・5%", (Sequence(("0", "5", "%")), Sequence(("0.5", "%")), Sequence(("#0.5", "%")))),
    ("一・五倍", (Sequence(("1", "5", "倍")), Sequence(("1.5", "倍")), Sequence(("#1.5", "倍")))),
    ("¥5000", (Chars("¥5000"),)),                               # 5000 alone is also people
    ("話合う", (Sequence(("話", "合う")), Term("話し合う"))),
    ("iPhone", (Term("iphone"),)),
    ("ＮＡＴＯ", (Term("nato"),)),
])
def test_what_makes_one_word_stays_together(typed: str, leaves: tuple[Simple, ...]) -> None:
    (word,) = words_in(typed)
    assert word.text == typed
    assert word.leaves == leaves


@pytest.mark.parametrize(("typed", "words"), [
    ("国連安全保障理事会", ["国連", "安全保障理事会"]),
    ("日本の首相", ["日本", "首相"]),                       # also 首相は日本で…
    ("ウクライナ侵攻", ["ウクライナ", "侵攻"]),
    ("米中首脳会談", ["米中", "首脳", "会談"]),
    ("岸田文雄首相", ["岸田文雄", "首相"]),
    ("停戦に合意", ["停戦", "合意"]),
    ("停戦、合意", ["停戦", "合意"]),
    ("8/30の選挙", ["8/30", "選挙"]),                       # one number, of a day or a time
    ("COVID-19", ["COVID", "19"]),
    ("2006年ワールドカップ", ["2006年", "ワールドカップ"]),   # a number with its counter, and what follows
    ("2008年北京五輪", ["2008年", "北京", "五輪"]),
    ("2026年W杯", ["2026年", "W杯"]),
    ("2026年夏", ["2026年", "夏"]),
    ("2024年米大統領選", ["2024年", "米大統領選"]),
    ("2026年3位", ["2026年", "3位"]),
    ("5月開催", ["5月", "開催"]),
    ("1億円寄付", ["1億円", "寄付"]),
    ("10億寄付", ["10億", "寄付"]),
    ("12月期決算", ["12月期", "決算"]),
    ("20代男性", ["20代", "男性"]),
    ("第96回アカデミー賞", ["第96回", "アカデミー賞"]),
    ("第2次世界大戦", ["第2次", "世界", "大戦"]),
    ("福島第1原発", ["福島", "第1", "原発"]),               # which 福島第一原発 has as well
    ("東京電力福島第一原発", ["東京電力", "福島", "第一", "原発"]),
    ("台風第12号", ["台風", "第12号"]),
    ("G7首脳会議", ["G7", "首脳", "会議"]),
    ("4K放送", ["4K", "放送"]),
    ("令和6年4月10日施行", ["令和6年4月10日", "施行"]),
    ("平成20年度予算", ["平成20年度", "予算"]),
    ("停戦停戦", ["停戦"]),                                # none of them twice
    ("停戦合意した", ["停戦", "合意"]),                      # する beside a word that carries the meaning
    ("する", ["する"]),                                   # alone, it is what was asked for
    ("これ", ["これ"]),
    ("!!!", []),
    ("の", []),
    ("😀", []),
    ("", []),
])
def test_the_words_in_what_was_typed_may_stand_apart(typed: str, words: list[str]) -> None:
    assert [word.text for word in words_in(typed)] == words


@pytest.mark.parametrize(("typed", "also_typed"), [
    ("ﾛｼｱ", "ロシア"), ("ラブロフ", "ラヴロフ"), ("ＥＵ", "EU"), ("eu", "EU"), ("㈱", "(株)"), ("引越し", "引っ越し"),
    ("食べた", "食べる"), ("附属", "付属"), ("申込", "申し込み"), ("申込み", "申し込み"), ("取組", "取り組み"),
    ("二万", "20,000"), ("２万", "2万"), ("コンピュータ", "コンピューター"), ("國", "国"), ("ヴェトナム", "ベトナム"),
])
def test_spellings_that_sudachi_knows_look_for_the_same(typed: str, also_typed: str) -> None:
    assert [word.leaves for word in words_in(typed)] == [word.leaves for word in words_in(also_typed)]


@pytest.mark.parametrize(("typed", "importance"), [
    ("停戦", 1.0), ("ゼレンスキー", 1.0), ("急ぐ", 0.7), ("美しい", 0.8), ("これ", 0.3),
])
def test_nouns_say_more_than_verbs(typed: str, importance: float) -> None:
    assert [word.importance for word in words_in(typed)] == [importance]


@pytest.mark.parametrize(("typed", "leaf"), [
    ("外交的孤立", Sequence(("外交", "的", "孤立"))),
    ("停戦に合意", Sequence(("停戦", "に", "合意"))),          # in a phrase a particle counts
    ("停戦、合意", Sequence(("停戦", "合意"))),                # a comma has no position
    ("安全保障理事会", Sequence(("安全", "保障", "理事", "会"))),
    ("首相", Term("首相")),
    ("の", Term("の")),
    ("!!!", None),
    ("", None),
])
def test_a_phrase_is_its_short_words_side_by_side(typed: str, leaf: Simple | None) -> None:
    assert phrase_leaf(typed) == leaf


@pytest.mark.parametrize("typed", ["和平交渉" * 16_384, "a" * 65_536, "9" * 65_536, "!" * 65_536, "の" * 65_536])
def test_64_kilobytes_without_a_space_are_read(typed: str) -> None:
    words_in(typed)
    phrase_leaf(typed)


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("和平交渉のにラヴロ氏・!") | st.characters(exclude_categories=["Cs", "N"]), max_size=40))
@example("ﷺ" * 40)
def test_every_term_that_is_looked_for_is_one_that_indexing_makes(typed: str) -> None:
    indexed = {short.term for unit in units(typed) for short in unit.shorts} | {unit.term for unit in units(typed)}
    leaves = [leaf for word in words_in(typed) for leaf in word.leaves]
    phrase = phrase_leaf(typed)
    for leaf in (*leaves, *([phrase] if phrase else [])):
        assert {term for term in _terms(leaf) if not term.startswith("#") and not term.isdecimal()} <= indexed - {""}


def _terms(leaf: Simple) -> set[str]:
    match leaf:
        case Term(term):
            return {term}
        case Sequence(terms):
            return set(terms)
        case _:
            assert isinstance(leaf, Chars)      # of so many short units that it is a list rather than a word
            return set()
