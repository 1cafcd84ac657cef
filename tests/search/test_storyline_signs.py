"""The words of a title: as it writes them, and never a half of one."""

from __future__ import annotations

import pytest

from search.storylines.signs import Span, is_common, words_of


def names(title: str, *surfaces: str, person: bool = False) -> list[Span]:
    return [Span(title.index(one), title.index(one) + len(one), person) for one in surfaces]


@pytest.mark.parametrize(("title", "words"), [
    ("ハンタウイルス感染が拡大", {"ハンタ", "ウイルス", "ハンタウイルス", "感染", "ハンタウイルス感染", "拡大"}),
    ("停戦に合意", {"停戦", "合意"}),
    ("首脳会談中に発言", {"首脳", "発言"}),
    ("今年の選挙、昨日発表", {"選挙", "発表"}),                     # when is no story
    ("数千人が避難、3人死亡", {"避難", "死亡"}),                    # nor is how many
    ("雨が降る。", set()),                                     # one character says little
    ("", set()),
])
def test_words_are_nouns_and_their_compounds(title: str, words: set[str]) -> None:
    assert words_of(title) >= words
    assert all(word in title and len(word) > 1 for word in words_of(title))


def test_no_affix_is_parted_from_its_word() -> None:
    assert not {"フーシ", "小売業"} & words_of("フーシ派、小売業者を攻撃")
    assert {"フーシ派", "小売業者"} <= words_of("フーシ派、小売業者を攻撃")


def test_when_and_how_many_are_no_words() -> None:
    assert not {"今年", "昨日", "数千人", "3人", "数千"} & words_of("今年の選挙、昨日発表 数千人が避難、3人死亡")


@pytest.mark.parametrize(("title", "named", "person", "none_of"), [
    ("プーチン大統領が会見", "プーチン", True, {"プーチン", "プーチン大統領"}),
    ("エア・カナダCEOが辞任", "エア・カナダ", False, {"カナダ", "エア", "カナダCEO"}),
    ("カーボベルデが勝利", "カーボベルデ", False, {"カーボ", "ベルデ", "カーボベルデ"}),
])
def test_a_name_is_no_word_nor_is_a_part_of_it(title: str, named: str, person: bool, none_of: set[str]) -> None:
    assert not none_of & words_of(title, names(title, named, person=person))


def test_a_compound_may_have_a_country_in_it() -> None:
    title = "イラン戦争が長引く"
    assert words_of(title, names(title, "イラン")) >= {"イラン戦争", "戦争"}
    assert "イラン" not in words_of(title, names(title, "イラン"))


@pytest.mark.parametrize(("word", "common"), [
    ("地震", True), ("合意", True), ("攻撃", True), ("ハンタウイルス", False), ("核協議", False),
    ("台風ドルフィン", False),
])
def test_a_plain_noun_says_what_but_not_which(word: str, common: bool) -> None:
    assert is_common(word) == common
