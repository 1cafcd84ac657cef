"""The search box: limits, that nothing typed is an error, and that a tree can be written down and read again."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.query import composing, dates, fields, scanning, syntax, typed_words
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
    Together,
    Tree,
    Word,
)
from search.query.syntax import MAX_DEPTH, MAX_WORDS, Note, read
from search.query.written import written

TODAY = date(2026, 11, 23)



@pytest.mark.parametrize(("typed", "left_out"), [(1, 0), (MAX_WORDS, 0), (MAX_WORDS + 1, 1), (10_000, 10_000 - 32)])
def test_words_past_the_limit_are_left_out_and_counted(typed: int, left_out: int) -> None:
    reading = read(" ".join(f"語{n}" for n in range(typed)))
    assert _words(reading.tree) == min(typed, MAX_WORDS) == min(typed, 32)
    assert reading.words_left_out == left_out


def test_a_phrase_counts_as_one_word() -> None:
    reading = read("「停戦 と 和平」 " * 40)
    assert (_words(reading.tree), reading.words_left_out) == (32, 8)


@pytest.mark.parametrize("depth", [1, 2, MAX_DEPTH])
def test_eight_brackets_may_lie_inside_each_other(depth: int) -> None:
    reading = read("-(" * depth + "中国" + ")" * depth)
    assert MAX_DEPTH == 8
    assert (_words(reading.tree), reading.words_left_out) == (1, 0)


def test_what_lies_deeper_is_left_out_and_counted_rather_than_read_as_something_else() -> None:
    # Without its bracket, 中国 would be asked for where it was to be left out.
    too_deep = "(" * MAX_DEPTH + "停戦 -(中国 OR (ロシア)) 火星" + ")" * MAX_DEPTH
    reading = read(too_deep)
    assert reading.tree == And((Word("停戦"), Word("火星")))
    assert reading.words_left_out == 2
    assert reading.notes == (Note("words left out", {"count": 2, "limit": MAX_WORDS, "depth": MAX_DEPTH}),)


def _words(tree: Tree | None) -> int:
    match tree:
        case None:
            return 0
        case Not(child) | InTitle(child):
            return _words(child)
        case And(children) | Or(children) | Close(children) | Together(children):
            return sum(map(_words, children))
        case _:
            return 1


# ---- anything -----------------------------------------------------------------------------------

ODD = [
    "(" * 1_000, ")" * 1_000, "(" * 1_000 + "中国" + ")" * 1_000, "-(" * 1_000, "（" * 500 + "）" * 500,
    "「" * 65_536, '"' * 65_535, "-" * 65_536, "－" * 65_536, "OR " * 20_000, "NOT " * 16_000 + "中国",
    "(=)" * 21_000, "=「" * 30_000, "5\"" * 32_000, "中«" * 32_000, "ー/" * 32_000, "title:" * 10_000,
    "日付:x " * 10_000,
    "*" * 65_535 + "中", "～" * 65_536, "中~1~" * 16_000, "NEAR/99999999999 " * 3_000, "(見出し:" * 9_000,
    "和平交渉" * 16_384, "「" + "和平" * 32_000, "中 " * 32_768, "(中 OR " * 9_000, "\0" * 65_536,
    "\x01\x02\x1b[31m停戦\x7f", "\ud800", "停戦\udfff", "\u202e停戦", "e\u0301" * 100, "👨‍👩‍👧‍👦 🇯🇵",
    "'; DROP TABLE articles; --", "<script>alert(1)</script>", "text:停戦", "停戦*", "停戦~2", "[a TO b]",
    "../../etc", "%",
]


SIGNS = "()（）\"「」“” 　-－=＝*~〜+|:：NEAR/5 AND OR NOT中国停戦日付見出し\0\u200b"


@pytest.mark.parametrize("text", ODD, ids=lambda text: f"{text[:8]!a} x{len(text)}")
def test_nothing_typed_is_an_error(text: str) -> None:
    _check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=200))
@example('((("「 AND OR -')
def test_no_text_at_all_is_an_error(text: str) -> None:
    _check(text)


def _check(text: str) -> None:
    reading = read(text)
    assert _words(reading.tree) <= MAX_WORDS
    assert reading.words_left_out >= 0
    assert _depth(reading.tree) <= 4 * (MAX_DEPTH + 1)
    _check_leaves(reading.tree)


def _depth(tree: Tree | None) -> int:
    match tree:
        case Not(child) | InTitle(child):
            return 1 + _depth(child)
        case And(children) | Or(children) | Close(children) | Together(children):
            return 1 + max(map(_depth, children))
        case _:
            return 0


def _check_leaves(tree: Tree | None) -> None:
    """Every leaf holds text that Sudachi and SQLite take; every AND and OR joins two things or more."""
    match tree:
        case Word(text) | Phrase(text) | StartsWith(text) | Similar(text) | Chosen(_, text):
            assert text
            assert text == text.strip()
            _check_text(text)
        case Exact(text):
            assert text
            _check_text(text)
        case Published(since, until):
            assert since or until
            assert not (since and until) or since <= until
        case Not(child):
            assert not isinstance(child, Not)
            _check_leaves(child)
        case InTitle(child):
            _check_leaves(child)
        case And(children) | Or(children) | Close(children) | Together(children):
            assert len(children) > 1
            assert not any(isinstance(child, type(tree)) for child in children)
            for child in children:
                _check_leaves(child)


def _check_text(text: str) -> None:
    text.encode()
    assert "\0" not in text


@pytest.mark.parametrize("unit", [
    "(", ")", "「", "\"", "-", "OR ", "NOT ", "中国 ", "(中国 OR ", "-「中」", "中国", "(=)", "=「", "(=中",
    "=\"a b\"中", "停*", "*停", "~", "ー/", "中/", "5\"", "中“", "中«", "日付:x ", "日付:2024..", "国:(", "見出し:-",
    "title:",
    "中 NEAR ", "SAME ", "中 除く ", "+", "\u200b", "…", "・", "'", "-9", "NEAR/99999999 ", "人物:\"中",
])
def test_the_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    short, long = _steps(unit * 500), _steps(unit * 4_000)
    assert long <= 9 * short


def _steps(text: str) -> int:
    """Lines of ours that run while `text` is read: what a clock would say, without the noise."""
    steps = 0
    ours = {module.__file__ for module in (syntax, scanning, typed_words, composing, dates, fields)}

    def count(frame: object, event: str, _: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count if frame.f_code.co_filename in ours else None  # type: ignore[attr-defined]

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        read(text)
    finally:
        sys.settrace(before)
    return steps


# ---- writing down -------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "canonical"), [
    ("停戦　ロシア AND 中国", "停戦 ロシア 中国"),
    ("(停戦 (ロシア または 中国))", "停戦 ロシア OR 中国"),
    ("停戦 OR (ロシア 中国)", "停戦 OR (ロシア 中国)"),
    ("停戦 NOT 中国", "停戦 -中国"),
    ("中国 を除く", "-中国"),
    ("-(ロシア OR 中国)", "-(ロシア OR 中国)"),
    ("NOT 5%", "NOT 5%"),                                   # -5% is below zero
    ("『和平交渉』", '"和平交渉"'),
    ("「\"和平\"交渉」", "「\"和平\"交渉」"),
    ("＝停戦", "=停戦"),
    ("=停戦(仮)", '="停戦(仮)"'),
    ("=「停戦 合意」", '="停戦 合意"'),
    ("停戦 ＮＥＡＲ／１０ 合意", "停戦 NEAR 合意"),
    ("停戦 近傍/3 (合意 OR 成立)", "停戦 NEAR/3 (合意 OR 成立)"),
    ("停戦 同節 合意", "停戦 SAME 合意"),
    ("ウクライ＊ ゼレンスキ～", "ウクライ* ゼレンスキ~"),
    ("title:停戦", "見出し:停戦"),
    ("headline:(停戦 合意)", "見出し:(停戦 合意)"),
    ("-person:「Xi Jinping」", '-人物:"Xi Jinping"'),
    ("country：ロシア 場所:クレムリン", "国:ロシア 地名:クレムリン"),
    ("国:(ロシア OR 中国)", "国:ロシア OR 国:中国"),
    ("year:令和6年", "年:2024"),
    ("日付:令和6年4月", "日付:2024-04"),
    ("日付:昨年", "日付:2025"),
    ("日付:2024年4月1日〜10日", "日付:2024-04-01..2024-04-10"),
    ("日付:2024年以降", "日付:2024-01-01.."),
    ("OR", "+OR"),
    ("【速報】停戦案、露が拒否=写真", "速報 停戦案 露が拒否 写真"),
])
def test_a_tree_is_written_in_one_form(text: str, canonical: str) -> None:
    tree = read(text, TODAY).tree
    assert tree is not None
    assert written(tree) == canonical


PIECES = [
    "停戦", "ロシア", "中国", " ", " ", "　", "(", ")", "（", "）", '"', "“", "”", "「", "」", "『", "=", "＝", "-",
    "－", "ー", "+", "|",
    "OR", " OR ", " AND ", " NOT ", " NEAR/5 ", " NEAR ", " NEAR/30 ", " SAME ", " 除く ", " または ", "*", "＊", "~",
    "～", "〜",
    "見出し:", "title:", "国:", "年：", "日付:", "人物:", "2024", "..", "2024-04", "13", "、", "。", "…", "・", "!",
    "Yahoo!", ".",
    "/", "//", ":", "#", "'", "\u200b", "\ufe00", "【", "】", "5", "a", "abc", "<", "か", "\0", "\ud800", "\n", "★",
    "×", "«", "»",
    "＂", "〝", "｢", "%", "%度",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("停戦 NEAR/5 ロシア NEAR/9 中国 OR -見出し:(停戦 、、合意)")
@example('(a SAME (b NEAR/5 -(="(x)" OR ー//ロシア))) 中 除く')
@example("-5% +OR 、title:abc")
def test_what_is_written_reads_as_the_same_tree(text: str) -> None:
    reading = read(text, TODAY)
    _check(text)
    # What is left out cannot be written; and a word that was cut at 、 may need one more pair of brackets.
    if reading.tree is None or reading.words_left_out or text.count("(") + text.count("（") >= MAX_DEPTH:
        return
    again = read(written(reading.tree), TODAY)
    assert again.tree == reading.tree
    assert again.notes == ()


@pytest.mark.parametrize("text", [
    "停戦", " 停戦", "　", "\n", "停戦\n合意", '"', "「停戦」", "「停戦", "停戦」", "『「\"", "(仮", "仮)", "=",
    "==停戦", "-停戦", "*", "停戦*", "~",
    "OR", "国:ロシア", "、", "停戦、", "\u200b", "葛\U000e0101城", "e\u0301", "<b>", "\\", "'", "…", "+", "－", "//",
    "\u3000停戦 ",
])
def test_any_string_can_be_asked_for_to_the_character(text: str) -> None:
    assert read(written(Exact(text))).tree == Exact(text)
    assert read(f"停戦 (中国 OR -{written(Exact(text))}) ロシア").tree == And((
        Word("停戦"), Or((Word("中国"), Not(Exact(text)))), Word("ロシア"),
    ))


# ---- notes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "key", "values"), [
    ("(停戦 OR 合意", "brackets unbalanced", {}),
    ("停戦) OR 合意", "brackets unbalanced", {}),
    ("「停戦 合意", "quotation unclosed", {}),
    ('="停戦 合意', "quotation unclosed", {}),
    ("停戦 OR", "operator alone", {"operator": "OR"}),
    ("または 停戦", "operator alone", {"operator": "または"}),
    ("停戦 NEAR/5", "operator alone", {"operator": "NEAR/5"}),
    ("停戦 NOT", "operator alone", {"operator": "NOT"}),
    ("を除く 停戦", "operator alone", {"operator": "を除く"}),
    ("停戦 NEAR/500 合意", "distance", {"limit": 100}),
    ("停*", "star too early", {"word": "停*"}),
    ("ウ*ライナ", "star inside", {"word": "ウ*ライナ"}),
    ("*ライナ", "star inside", {"word": "*ライナ"}),
    ("日本~", "typo too short", {"word": "日本~"}),
    ("国:  ロシア", "field without value", {"field": "国:"}),
    ('人物:""', "field without value", {"field": "人物:"}),
    ("日付:あした", "no such date", {"value": "あした"}),
    ("日付:2024-13", "date corrected", {"value": "2024-13", "taken": "2024"}),
    ("日付:2024-02-30", "date corrected", {"value": "2024-02-30", "taken": "2024-02"}),
    ("中 " * 33, "words left out", {"count": 1, "limit": 32, "depth": 8}),
    ("中" * 65_537, "text cut", {"limit": 65_536}),
])
def test_a_note_says_what_was_read_otherwise(text: str, key: str, values: dict[str, object]) -> None:
    assert read(text, TODAY).notes == (Note(key, values),)


@pytest.mark.parametrize("text", [
    '5"ディスプレイ', "停戦 - 中国", "停戦合意 | 見本新聞", "(停戦 合意", "停戦)", "「停戦", "停戦」",
    "露が拒否」「米は再提案", "停戦、",
    "がんばれ〜", "**停戦**", "f***", "焦点:日銀", "https://example.org/?a=b:c", "10:30", "C:", "〈独自〉停戦…",
    "AND 停戦", "-", "＝",
    "2024:", "停戦 AND", "R&D", "Q&A（上）", "「」停戦", "停戦 & 合意 &",
])
def test_no_note_where_the_reading_is_plain(text: str) -> None:
    assert read(text, TODAY).notes == ()


def test_notes_are_few_and_none_is_said_twice() -> None:
    assert len(read(" ".join(f"日付:x{n}" for n in range(30)), TODAY).notes) == 5
    assert len(read("日付:x " * 30, TODAY).notes) == 1


def test_a_note_quotes_only_the_beginning_of_a_long_word() -> None:
    assert read("中" * 9_000 + "*国", TODAY).notes == (Note("star inside", {"word": "中" * 40 + "…"}),)
