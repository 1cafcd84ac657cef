"""The search box: what is read out of a text, and that nothing a person types is an error."""

from __future__ import annotations

import pytest

from search.query.model import And, Chosen, Close, Not, Or, Phrase, Together, Tree, Word
from search.query.syntax import read

A, B, C, D = Word("停戦"), Word("ロシア"), Word("中国"), Word("火星")
PEACE = Phrase("和平交渉")


@pytest.mark.parametrize("text", [
    "停戦 ロシア",
    "停戦　ロシア",                # full-width space
    "  停戦 \t ロシア\n",
    "停戦\u00a0ロシア",            # no-break space
    "停戦\u2003ロシア",            # em space
    "停戦 AND ロシア",
    "停戦 ＡＮＤ ロシア",
    "AND 停戦 ロシア AND",
])
def test_a_space_of_any_width_asks_for_both(text: str) -> None:
    assert read(text).tree == And((A, B))


@pytest.mark.parametrize(("text", "tree"), [
    ("ロシア OR 中国", Or((B, C))),
    ("ロシア ＯＲ 中国", Or((B, C))),
    ("ロシア | 中国", Or((B, C))),
    ("ロシア ｜ 中国", Or((B, C))),
    ("停戦 ロシア OR 中国", And((A, Or((B, C))))),
    ("ロシア OR 中国 停戦", And((Or((B, C)), A))),
    ("ロシア OR 中国 OR 火星", Or((B, C, D))),
    ("(停戦 ロシア) OR 中国", Or((And((A, B)), C))),
])
def test_or_binds_closer_than_a_space(text: str, tree: Tree) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize("text", [
    "停戦 -中国", "停戦 －中国", "停戦 −中国", "停戦 NOT 中国", "停戦 ＮＯＴ 中国", "停戦 AND NOT 中国",
    "停戦 -(中国)", "停戦 －（中国）", "停戦 NOT NOT NOT 中国", "停戦 --中国",
])
def test_a_minus_or_not_leaves_a_word_out(text: str) -> None:
    assert read(text).tree == And((A, Not(C)))


@pytest.mark.parametrize(("text", "tree"), [
    ("-中国", Not(C)),
    ("-「和平交渉」", Not(PEACE)),
    ("-(ロシア 中国)", Not(And((B, C)))),
    ("NOT ロシア OR 中国", Or((Not(B), C))),
    ("停戦 OR -中国", Or((A, Not(C)))),
    ("NOT NOT 中国", C),
    ("COVID-19", Word("COVID-19")),             # inside a word it is part of it
    ("停戦 - 中国", And((A, C))),                # on its own it says nothing
    ("停戦 -", A),
    ("-", None),
    ("- - -", None),
])
def test_what_a_minus_belongs_to(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize("text", [
    '"和平交渉"', "「和平交渉」", "『和平交渉』", "“和平交渉”", "＂和平交渉＂", "«和平交渉»",
    "”和平交渉”",                 # what a Japanese keyboard makes of "和平交渉"
    '"和平交渉', "「和平交渉",     # never closed
    "「 和平交渉 」",
])
def test_quotation_marks_of_all_sorts_make_a_phrase(text: str) -> None:
    assert read(text).tree == PEACE


@pytest.mark.parametrize(("text", "tree"), [
    ("「停戦 OR (ロシア」", Phrase("停戦 OR (ロシア")),     # no operators in a phrase
    ('"和平交渉"停戦', And((PEACE, A))),
    ("停戦「和平交渉」ロシア", And((A, PEACE, B))),
    ("「」停戦", A),
    ("「  」", None),
    ("停戦」", A),                # the end of a quotation that never began
    ("停戦』 ロシア」", And((A, B))),
    ("『「和平交渉」』", Phrase("「和平交渉」")),
])
def test_where_a_phrase_begins_and_ends(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("(ロシア OR 中国) 停戦", And((Or((B, C)), A))),
    ("（ロシア OR 中国）停戦", And((Or((B, C)), A))),
    ("(ロシア OR 中国）停戦", And((Or((B, C)), A))),         # one of each width
    ("停戦(ロシア)", And((A, B))),
    ("((停戦))", A),
    ("(ロシア OR (中国 停戦)) 火星", And((Or((B, And((C, A)))), D))),
    ("()", None),
    ("(停戦", A),
    ("停戦)", A),
    (")停戦(", A),
    ("停戦) OR ロシア", Or((A, B))),          # as if it were not there
    ("(停戦 OR) ロシア", And((A, B))),
])
def test_brackets_of_either_width_group_and_may_lack_a_partner(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("OR 停戦", A), ("停戦 OR", A), ("停戦 NOT", A),
    ("停戦 OR OR ロシア", Or((A, B))), ("停戦 AND OR ロシア", And((A, B))), ("NOT OR 停戦", A),
    ("or", Word("or")), ("ロシア or 中国", And((B, Word("or"), C))),     # only capitals are operators
    ("ORACLE", Word("ORACLE")), ("「OR」", Phrase("OR")),
    ('((("「 AND OR -', Phrase("「 AND OR -")),
    ("", None), ("   ", None), ("　", None), ("\0", None), ("\ud800", None),
    ("停戦\0ロシア", And((A, B))), ("停戦\udcffロシア", And((A, B))),
    ("停\u200b戦\ufeff", A), ("\u202e停戦\u202c", A), ("停\u00ad戦", A),       # copied along from a page
])
def test_what_does_not_fit_is_left_out(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("ロシア または 中国", Or((B, C))), ("ロシア 又は 中国", Or((B, C))), ("ロシア もしくは 中国", Or((B, C))),
    ("ロシア あるいは 中国", Or((B, C))), ("ロシア || 中国", Or((B, C))),
    ("停戦 かつ ロシア", And((A, B))), ("停戦 および ロシア", And((A, B))),
    ("停戦 & ロシア", And((A, B))), ("停戦 ＆ ロシア", And((A, B))), ("停戦 +ロシア", And((A, B))),
    ("＋停戦 ＋ロシア", And((A, B))), ("停戦 + ロシア", And((A, B))),
    ("停戦 中国 を除く", And((A, Not(C)))), ("停戦 中国 除く", And((A, Not(C)))),
    ("停戦 (ロシア または 中国) を除く", And((A, Not(Or((B, C)))))),
    ("-中国 除く", Not(C)),
    ("「停戦」または「和平交渉」", Or((Phrase("停戦"), PEACE))),      # quotation marks are as good as spaces
    ("停戦 中国 以外", And((A, C, Word("以外")))),                    # a word that people search for
    ("停戦またはロシア", Word("停戦またはロシア")),
    ("または", Word("または")), ("OR", Word("OR")), ("NOT", Word("NOT")), ("かつ", Word("かつ")),
    ("SAME", Word("SAME")),
    ("除く", Word("除く")), ("同節", Word("同節")), ("NEAR/10", Word("NEAR/10")), ("|", None), ("&", None),
    ("停戦 +OR", And((A, Word("OR")))), ("停戦 +または", And((A, Word("または")))),
    ("-OR 停戦", And((Not(Word("OR")), A))),
])
def test_operators_have_japanese_forms_and_one_that_stands_alone_is_a_word(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("停戦 NEAR/5 ロシア", Close((A, B), 5)),
    ("停戦 ＮＥＡＲ／５ ロシア", Close((A, B), 5)),
    ("停戦 近傍/5 ロシア", Close((A, B), 5)),
    ("停戦 NEAR ロシア", Close((A, B), 10)),
    ("停戦 近傍 ロシア", Close((A, B), 10)),
    ("停戦 NEAR/0 ロシア", Close((A, B), 1)),
    ("停戦 NEAR/1000 ロシア", Close((A, B), 100)),
    ("停戦 NEAR/5 ロシア NEAR/5 中国", Close((A, B, C), 5)),
    ("停戦 NEAR/5 ロシア NEAR/9 中国", And((Close((A, B), 5), Close((B, C), 9)))),
    ("(停戦 NEAR/5 ロシア) NEAR/9 中国", And((Close((A, B, C), 9), Close((A, B), 5)))),
    ("停戦 NEAR (ロシア OR 中国)", Close((A, Or((B, C))), 10)),
    ("停戦 NEAR (ロシア 中国)", Close((A, B, C), 10)),
    ("停戦 NEAR 「和平交渉」 火星", And((Close((A, PEACE), 10), D))),
    ("停戦 NEAR 国:中国", Close((A, Chosen("country", "中国")), 10)),
    ("停戦 NEAR ロシア OR 中国", Or((Close((A, B), 10), C))),
    ("停戦 NEAR -中国", And((A, Not(C)))),                   # what is not there is not near
    ("停戦 NEAR 面:国際", And((A, Chosen("desk", "国際")))),    # nor does a desk stand anywhere
    ("停戦 SAME ロシア", Together((A, B))),
    ("停戦 ＳＡＭＥ ロシア", Together((A, B))),
    ("停戦 同節 ロシア 同節 中国", Together((A, B, C))),
    ("(停戦 ロシア) SAME (中国 OR 火星)", Together((A, B, Or((C, D))))),
    ("停戦 NEAR/5 ロシア SAME 中国", Together((Close((A, B), 5), C))),
    ("停戦 SAME ロシア OR 中国", Or((Together((A, B)), C))),
    ("停戦 SAME -中国", Together((A, Not(C)))),
    ("near SAMEの 近傍に", And((Word("near"), Word("SAMEの"), Word("近傍に")))),
])
def test_words_near_each_other_and_in_one_section(text: str, tree: Tree) -> None:
    assert read(text).tree == tree
