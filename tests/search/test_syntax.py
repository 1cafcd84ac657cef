"""The search box: what is read out of a text, and that nothing a person types is an error."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.query import syntax
from search.query.model import And, Not, Or, Phrase, Tree, Word
from search.query.syntax import MAX_DEPTH, MAX_WORDS, read

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
    ("停戦) OR ロシア", And((A, B))),
    ("(停戦 OR) ロシア", And((A, B))),
])
def test_brackets_of_either_width_group_and_may_lack_a_partner(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("OR", None), ("AND", None), ("NOT", None), ("OR 停戦", A), ("停戦 OR", A), ("停戦 NOT", A),
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


# ---- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "left_out"), [(1, 0), (MAX_WORDS, 0), (MAX_WORDS + 1, 1), (20_000, 20_000 - 32)])
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
    assert read(too_deep) == syntax.Reading(And((A, D)), words_left_out=2)


def _words(tree: Tree | None) -> int:
    match tree:
        case None:
            return 0
        case Word() | Phrase():
            return 1
        case Not(child):
            return _words(child)
        case And(children) | Or(children):
            return sum(map(_words, children))


# ---- anything -----------------------------------------------------------------------------------

ODD = [
    "(" * 1_000, ")" * 1_000, "(" * 1_000 + "中国" + ")" * 1_000, "-(" * 1_000, "（" * 500 + "）" * 500,
    "「" * 65_536, '"' * 65_535, "-" * 65_536, "－" * 65_536, "OR " * 20_000, "NOT " * 16_000 + "中国",
    "和平交渉" * 16_384, "「" + "和平" * 32_000, "中 " * 32_768, "(中 OR " * 9_000, "\0" * 65_536,
    "\x01\x02\x1b[31m停戦\x7f", "\ud800", "停戦\udfff", "\u202e停戦", "e\u0301" * 100, "👨‍👩‍👧‍👦 🇯🇵",
    "'; DROP TABLE articles; --", "<script>alert(1)</script>", "text:停戦", "停戦*", "停戦~2", "[a TO b]",
    "../../etc", "%",
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: f"{text[:8]!a} x{len(text)}")
def test_nothing_typed_is_an_error(text: str) -> None:
    _check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.sampled_from("()（）\"「」“” 　-－|AND OR NOT中国停戦\0"), st.characters()), max_size=200))
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
        case Not(child):
            return 1 + _depth(child)
        case And(children) | Or(children):
            return 1 + max(map(_depth, children))
        case _:
            return 0


def _check_leaves(tree: Tree | None) -> None:
    """Every leaf holds text that Sudachi and SQLite take; every AND and OR joins two things or more."""
    match tree:
        case Word(text) | Phrase(text):
            assert text
            assert text == text.strip()
            text.encode()
            assert "\0" not in text
        case Not(child):
            assert not isinstance(child, Not)
            _check_leaves(child)
        case And(children) | Or(children):
            assert len(children) > 1
            for child in children:
                _check_leaves(child)


@pytest.mark.parametrize("unit", ["(", ")", "「", "\"", "-", "OR ", "NOT ", "中国 ", "(中国 OR ", "-「中」", "中国"])
def test_the_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    short, long = _steps(unit * 500), _steps(unit * 4_000)
    assert long <= 8 * short + 200


def _steps(text: str) -> int:
    """Lines of `syntax` that run while `text` is read: what a clock would say, without the noise."""
    steps = 0

    def count(frame: object, event: str, _: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count if frame.f_code.co_filename == syntax.__file__ else None  # type: ignore[attr-defined]

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        read(text)
    finally:
        sys.settrace(before)
    return steps
