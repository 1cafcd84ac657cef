"""Compounds, however their okurigana are written, and the noun and verb of one."""

from __future__ import annotations

from importlib.resources import files

import pytest

from search.japanese import okurigana
from search.japanese.okurigana import OTHER_KIND_WEIGHT
from search.japanese.synonyms import forms
from search.query.forms import Form
from search.query.model import Term
from search.query.words import words_in

COMPOUNDS = """
引き上げ 引上げ 引き上 引上
引き下げ 引下げ 引下
取り調べ 取調べ 取調
立ち上げ 立上げ 立上
切り替え 切替え 切替
割り当て 割当て 割当
申し立て 申立て 申立
申し込み 申込み 申込
取り組み 取組み 取組
立ち入り 立入り 立入
呼び掛け 呼掛け 呼びかけ
値上げ 値上 値あげ
値下げ 値下
打ち上げ 打上げ 打上
打ち切り 打切り 打切
話し合い 話合い 話合
話し合う 話合う
引き上げる 引上げる
見送り 見送
取り消し 取消し 取消
受け入れ 受入れ 受入
受け付け 受付け 受付
買い取り 買取り 買取
売り上げ 売上げ 売上
差し押さえ 差押さえ 差押え 差押
差し止め 差止め 差止
締め切り 締切り 締切
繰り上げ 繰上げ 繰上
貸し付け 貸付け 貸付
振り込み 振込み 振込
払い戻し 払戻し 払戻
引き渡し 引渡し 引渡
立ち退き 立退き 立退
取り締まり 取締まり 取締り 取締
手続き 手続
見直し 見直 見なおし
落ち込み 落込み 落込
問い合わせ 問合わせ 問合せ 問合
届け出 届出
支払い 支払
立てこもり 立て籠もり
""".strip().splitlines()


def sought(word: str) -> set[str]:
    """The terms that the word and its forms are looked for by."""
    return {
        leaf.term
        for text in (word, *(form.text for form in forms(word)))
        for one in words_in(text) for leaf in one.leaves if isinstance(leaf, Term)
    }


@pytest.mark.parametrize("spellings", COMPOUNDS)
def test_all_spellings_of_a_compound_look_for_its_terms(spellings: str) -> None:
    words = spellings.split()
    found = [sought(word) for word in words]
    terms = okurigana.terms(words[0])
    assert terms
    assert {okurigana.usual(word) for word in words} <= {okurigana.usual(words[0])}
    assert all(one >= set(terms) for one in found), dict(zip(words, found, strict=True))
    assert all([word.text for word in words_in(one)] == [one] for one in words)


@pytest.mark.parametrize(("noun", "verb"), [
    ("引き上げ", "引き上げる"), ("引上", "引き上げる"), ("取組", "取り組む"), ("見送り", "見送る"),
    ("話合い", "話し合う"), ("申込", "申し込む"), ("届出", "届け出る"), ("立ち入り", "立ち入る"),
    ("差押", "差し押さえる"), ("裏付け", "裏づける"),
])
def test_a_noun_finds_its_verb_and_the_verb_its_noun(noun: str, verb: str) -> None:
    assert Form(verb, "spelling", OTHER_KIND_WEIGHT) in forms(noun)
    assert Form(okurigana.usual(noun), "spelling", OTHER_KIND_WEIGHT) in forms(okurigana.usual(verb))


@pytest.mark.parametrize(("typed", "other"), [
    ("組み合わせ", "組合"), ("組み合わせる", "組合"),       # a union
    ("打ち上げ", "打上"),                               # a surname, but typed it may be the compound
    ("引き上げ", "引き上"),                             # nobody writes so
])
def test_what_is_another_word_is_not_looked_for(typed: str, other: str) -> None:
    assert other not in {form.text for form in forms(typed)}


@pytest.mark.parametrize("typed", ["", "組合", "首相", "上", "引", "話", "停戦", "🍣", "引き上げ" * 99, "12月"])
def test_other_words_are_left_as_they_are(typed: str) -> None:
    assert okurigana.forms(typed) == ()
    assert okurigana.terms(typed) == ()
    assert okurigana.usual(typed) == typed


@pytest.mark.parametrize(("typed", "also_typed"), [
    ("話合", "話し合い"), ("値上", "値上げ"), ("取調", "取り調べ"), ("見なおし", "見直し"),
])
def test_every_spelling_has_the_synonyms_of_the_usual_one(typed: str, also_typed: str) -> None:
    synonyms = {form for form in forms(also_typed) if form.why == "synonym"}
    assert synonyms <= set(forms(typed))


def test_no_entry_stands_in_the_table_twice() -> None:
    lines = (files("search") / "data" / "okurigana.txt").read_text("utf-8").splitlines()
    entries = " ".join(line for line in lines if not line.startswith("#")).split()
    assert len(entries) > 200
    assert len(set(entries)) == len(entries), sorted(one for one in set(entries) if entries.count(one) > 1)
