"""The search box: 見出し:停戦, 人物:習近平, 日付:2024-01..2024-03."""

from __future__ import annotations

from datetime import date

import pytest

from search.query.fields import NAMES
from search.query.model import (
    And,
    Chosen,
    Close,
    Exact,
    InTitle,
    Not,
    Or,
    Phrase,
    Published,
    Similar,
    StartsWith,
    Tree,
    Word,
)
from search.query.syntax import read
from search.results import FACETS

TODAY = date(2026, 11, 23)
A, B = Word("停戦"), Word("ロシア")
IN_2024 = Published(date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(("text", "facet"), [
    ("人物:習近平", "person"), ("person:習近平", "person"), ("Person:習近平", "person"),
    ("ＰＥＲＳＯＮ：習近平", "person"),
    ("人物：習近平", "person"), ("国:ロシア", "country"), ("country:Russia", "country"), ("組織:国連", "organization"),
    ("organization:UN", "organization"), ("org:NATO", "organization"), ("地名:北京", "place"), ("場所:北京", "place"),
    ("place:Beijing", "place"), ("話題:ウクライナ和平交渉", "topic"), ("topic:peace", "topic"), ("面:国際", "desk"),
    ("desk:国際", "desk"), ("section:国際", "desk"), ("媒体:見本新聞", "source"), ("source:見本新聞", "source"),
    ("年:2024", "year"),
    ("year:2024", "year"),
])
def test_a_field_has_japanese_and_english_names(text: str, facet: str) -> None:
    value = text.replace("：", ":").partition(":")[2]
    assert read(text).tree == Chosen(facet, value)
    assert read(f"停戦 -{text}").tree == And((A, Not(Chosen(facet, value))))


def test_every_facet_can_be_typed() -> None:
    assert set(FACETS) < set(NAMES)


@pytest.mark.parametrize(("text", "tree"), [
    ('人物:"Xi Jinping"', Chosen("person", "Xi Jinping")),
    ("人物:「習 近平」", Chosen("person", "習 近平")),
    ("人物:「習 近平", Chosen("person", "習 近平")),
    ("人物:ジョー・バイデン", Chosen("person", "ジョー・バイデン")),
    ("人物:習近平、", Chosen("person", "習近平")),
    ("人物:=習近平", Chosen("person", "習近平")),
    ("人物:習\u200b近平", Chosen("person", "習近平")),
    ("面:国際・政治", Chosen("desk", "国際・政治")),
    ("媒体:AT&T", Chosen("source", "AT&T")),
    ("国:OR", Chosen("country", "OR")),
    ("国:-中国", Not(Chosen("country", "中国"))),
    ("--国:中国", Not(Chosen("country", "中国"))),
    ("NOT 国:中国", Not(Chosen("country", "中国"))),
    ("+国:中国", Chosen("country", "中国")),
    ("国:中国 を除く", Not(Chosen("country", "中国"))),
    ("国:ロシア OR 国:中国", Or((Chosen("country", "ロシア"), Chosen("country", "中国")))),
    ("国:(ロシア OR 中国)", Or((Chosen("country", "ロシア"), Chosen("country", "中国")))),
    (
        "国:(ロシア 人物:習近平 「中 国」)",
        And((Chosen("country", "ロシア"), Chosen("person", "習近平"), Chosen("country", "中 国"))),
    ),
    ("(国:ロシア)", Chosen("country", "ロシア")),
    ("国:ロシア停戦", Chosen("country", "ロシア停戦")),
    ("国:ロシア 停戦", And((Chosen("country", "ロシア"), A))),
    ("年:令和6年", Chosen("year", "2024")), ("年:２０２４年", Chosen("year", "2024")),
    ("年:昨年", Chosen("year", "2025")),
    ("年:不明", Chosen("year", "none")), ("year:none", Chosen("year", "none")),
    ("年:2022..2024", Published(date(2022, 1, 1), date(2024, 12, 31))),
    ("年:2024-04", Published(date(2024, 4, 1), date(2024, 4, 30))),
])
def test_the_value_of_a_field(text: str, tree: Tree) -> None:
    assert read(text, TODAY).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("見出し:停戦", InTitle(A)), ("見出し：停戦", InTitle(A)), ("title:停戦", InTitle(A)),
    ("タイトル:停戦", InTitle(A)),
    ("headline:停戦", InTitle(A)), ("-見出し:停戦", Not(InTitle(A))), ("見出し:-停戦", Not(InTitle(A))),
    ("見出し:「停戦 合意」", InTitle(Phrase("停戦 合意"))), ("見出し:=停戦", InTitle(Exact("停戦"))),
    ('見出し:="停戦 合意"', InTitle(Exact("停戦 合意"))), ("見出し:ウクライ*", InTitle(StartsWith("ウクライ"))),
    ("見出し:ラブロブ~", InTitle(Similar("ラブロブ"))), ("見出し:OR", InTitle(Word("OR"))),
    ("見出し:(停戦 ロシア)", InTitle(And((A, B)))), ("見出し:（停戦 OR ロシア）", InTitle(Or((A, B)))),
    ("見出し:(停戦 -ロシア)", InTitle(And((A, Not(B))))), ("見出し:(-停戦)", Not(InTitle(A))),
    ("見出し:(停戦 NEAR/3 ロシア)", InTitle(Close((A, B), 3))), ("見出し:(見出し:停戦 ロシア)", InTitle(And((A, B)))),
    ("見出し:(国:中国)", InTitle(Chosen("country", "中国"))),
    ("見出し:(-人物:習近平)", Not(InTitle(Chosen("person", "習近平")))),
    ("見出し:(面:国際)", Chosen("desk", "国際")),                  # of the whole article, wherever it is asked for
    ("見出し:(日付:2024)", IN_2024),
    ("見出し:停戦、ロシア", InTitle(And((A, B)))),
    ("見出し:国:中国", InTitle(And((Word("国"), Word("中国"))))), ("見出し:停戦 ロシア", And((InTitle(A), B))),
])
def test_words_in_the_title(text: str, tree: Tree) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("日付:2024", IN_2024), ("date:2024", IN_2024), ("日付：令和6年", IN_2024), ("日付:「令和6年」", IN_2024),
    ("期間:2024", IN_2024),
    ("-日付:2024", Not(IN_2024)),
    ("日付:2024-01..2024-03", Published(date(2024, 1, 1), date(2024, 3, 31))),
    ("日付:2024-04-01..", Published(date(2024, 4, 1), None)),
    ("日付:..2023", Published(None, date(2023, 12, 31))),
    ("停戦 日付:2024", And((A, IN_2024))),
    ('date:"last 7 days"', Published(date(2026, 11, 17), date(2026, 11, 23))),
    ("日付:(2023 OR 2024)", Or((Published(date(2023, 1, 1), date(2023, 12, 31)), IN_2024))),
    ("日付:2024-13", IN_2024),
    ("日付:あした 停戦", A), ("日付:あした", None), ("年:いつか 停戦", A),
])
def test_days_of_publication(text: str, tree: Tree | None) -> None:
    assert read(text, TODAY).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("https://example.org/title:x", Word("https://example.org/title:x")),
    ("source://x", And((Word("source"), Word("x")))),
    ("10:30", Word("10:30")), ("C:", Word("C")), ("焦点:日銀", And((Word("焦点"), Word("日銀")))),
    ("text:停戦", And((Word("text"), A))), ("中国:停戦", And((Word("中国"), A))),
    ("対象国:ロシア", And((Word("対象国"), B))),
    ("停戦、国:ロシア", And((A, Word("国"), B))), ("「停戦」国:ロシア", And((Phrase("停戦"), Word("国"), B))),
    ("会談（国:ロシア）", And((Word("会談"), Word("国"), B))), ("国:", Word("国")),
    ("国:  ロシア", And((Word("国"), B))),                # two spaces are no slip
    ("国 : ロシア", And((Word("国"), B))), ("(国:)", Word("国")), (":ロシア", B), ("国;ロシア", And((Word("国"), B))),
    ("x、title:abc", And((Word("x"), Word("title"), Word("abc")))),
])
def test_other_colons_are_text(text: str, tree: Tree) -> None:
    assert read(text).tree == tree
