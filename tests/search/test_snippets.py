"""Text and spans -> the stretch worth reading."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.articles import Entity
from search.results import NameMark, Snippet
from search.snippets import MAX_CHARS, Span, cut, make_snippet, paragraphs

TALKS = (
    "ラブロフ外相の訪問中、ウクライナ紛争も話題となった。同氏は、ウクライナのゼレンスキー大統領が提案した和平案は現実から乖離していると批判した。"
    "ゼレンスキー大統領の公式は、ロシア軍の完全撤退と占領された領土の返還を求めている。"
    "しかし、和平交渉は政治的障害により妨げられている。中国は停戦への支持を改めて表明した。"
)


XI = Entity("xi-jinping", "person", "習近平")


def spans(text: str, *words: str) -> list[Span]:
    """Every place where one of the words stands, ascending."""
    return sorted(
        (at, at + len(word)) for word in words for at in range(len(text)) if text.startswith(word, at)
    )


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.marks]


@pytest.mark.parametrize("words", [("和平案",), ("停戦",), ("ラブロフ",), ("和平", "停戦"), ("ゼレンスキー", "大統領")])
@pytest.mark.parametrize("max_chars", [30, 60, 120])
def test_the_marks_point_at_the_words(words: tuple[str, ...], max_chars: int) -> None:
    snippet = make_snippet(TALKS, spans(TALKS, *words), max_chars=max_chars)
    assert snippet.marks
    assert set(marked(snippet)) <= set(words)
    assert len(snippet.text) <= max_chars


def test_without_a_mark_it_is_the_opening() -> None:
    snippet = make_snippet(TALKS, (), max_chars=60)
    assert TALKS.startswith(snippet.text)
    assert (snippet.marks, snippet.opens, snippet.closes) == ((), True, False)


@pytest.mark.parametrize(("words", "opening"), [
    (("停戦",), "中国は停戦への"),
    (("和平交渉",), "しかし、和平交渉は"),
    (("公式",), "ゼレンスキー大統領の公式は"),
    (("話題",), "ラブロフ外相の"),
])
def test_it_begins_with_the_sentence(words: tuple[str, ...], opening: str) -> None:
    assert make_snippet(TALKS, spans(TALKS, *words), max_chars=60).text.startswith(opening)


def test_it_begins_with_a_clause_where_the_sentence_is_too_long() -> None:
    text = "長" * 100 + "、これが停戦の条件だと述べた。" + "後" * 100
    assert make_snippet(text, spans(text, "停戦"), max_chars=60).text.startswith("これが停戦の条件だ")


def test_it_says_whether_the_text_goes_on_before_and_after() -> None:
    text = "初めの文。" + "中" * 100 + "。停戦した。" + "後" * 100
    snippet = make_snippet(text, spans(text, "停戦"), max_chars=40)
    assert (snippet.opens, snippet.closes) == (False, False)
    assert make_snippet("停戦した。", [(0, 2)]) == Snippet("停戦した。", ((0, 2),), opens=True, closes=True)


def test_it_ends_with_a_sentence_where_one_ends_near_the_limit() -> None:
    text = "停戦した。" + "中" * 28 + "。" + "後" * 40
    assert make_snippet(text, [(0, 2)], max_chars=40).text.endswith("。")


def test_different_words_are_worth_more_than_one_word_often() -> None:
    text = "停戦、停戦、停戦、停戦。" + "間" * 100 + "。停戦と和平。" + "後" * 100
    assert set(marked(make_snippet(text, spans(text, "停戦", "和平"), max_chars=40))) == {"停戦", "和平"}


def test_line_breaks_become_spaces_and_marks_stay_right() -> None:
    text = "一行目\n停戦\n\n和平"
    assert make_snippet(text, spans(text, "停戦", "和平")) == Snippet("一行目 停戦  和平", ((4, 6), (8, 10)))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>停戦", "&lt;b&gt;停戦", "</mark>停戦 & \"…\""])
def test_text_is_never_html(text: str) -> None:
    assert make_snippet(text, spans(text, "停戦")).text == text


@pytest.mark.parametrize(("text", "marks", "max_chars"), [
    ("", (), 120), ("停", [(0, 1)], 1), ("停戦" * 200, [(0, 400)], 20), ("停" * 50 + "戦" * 50, [(50, 100)], 20),
    ("\n\n\n", (), 2), ("。" * 300, [(299, 300)], 120),
])
def test_extremes_stay_within_the_length(text: str, marks: list[Span], max_chars: int) -> None:
    snippet = make_snippet(text, marks, max_chars=max_chars)
    assert len(snippet.text) <= max_chars
    assert bool(snippet.marks) == bool(marks)


# ---- any text and any spans ---------------------------------------------------------------------

LETTERS = st.one_of(st.sampled_from("停戦和平。、\n 　！」<&"), st.characters(exclude_categories=["Cs"]))


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text(LETTERS, max_size=300))
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=20)))
    return text, [(a, b) for a, b in zip(borders[::2], borders[1::2], strict=False)]


@settings(max_examples=150, deadline=None)
@given(marked_texts(), st.integers(4, 150))
@example(("停戦" * 100, [(0, 200)]), 10)
def test_whatever_the_text_marks_lie_on_marked_text(given_: tuple[str, list[Span]], max_chars: int) -> None:
    text, marks = given_
    snippet = make_snippet(text, marks, max_chars=max_chars)
    assert len(snippet.text) <= max_chars
    flat = text.replace("\n", " ")
    assert any(
        flat.startswith(snippet.text, at) and _moved(marks, at, len(snippet.text)) == snippet.marks
        for at in range(len(text) + 1)
    )
    assert bool(snippet.marks) == bool(marks)
    assert "".join(piece for piece, _ in snippet.pieces()) == snippet.text
    assert [piece for piece, is_marked in snippet.pieces() if is_marked] == marked(snippet)


def _moved(marks: list[Span], at: int, length: int) -> tuple[Span, ...]:
    return tuple((max(a - at, 0), min(b - at, length)) for a, b in marks if b > at and a < at + length)


@settings(max_examples=100, deadline=None)
@given(marked_texts(), st.integers(20, 150))
def test_no_other_stretch_of_that_length_has_more_different_words(
    given_: tuple[str, list[Span]], max_chars: int
) -> None:
    text, marks = given_
    marks = [(a, b) for a, b in marks if b - a <= max_chars]
    best = max(
        (len({text[a:b] for a, b in marks if start <= a and b <= start + max_chars}) for start in range(len(text))),
        default=0,
    )
    whole = {text[a:b].replace("\n", " ") for a, b in marks}
    found = [word for word in marked(make_snippet(text, marks, max_chars=max_chars)) if word in whole]
    assert len(set(found)) >= len({word.replace("\n", " ") for word in _some_best(text, marks, max_chars, best)})


def _some_best(text: str, marks: list[Span], max_chars: int, best: int) -> set[str]:
    """The words of the stretch with the fewest of those that have `best` different words."""
    sets = [
        {text[a:b] for a, b in marks if start <= a and b <= start + max_chars} for start in range(len(text))
    ]
    return min((s for s in sets if len(s) == best), key=lambda s: len({w.replace("\n", " ") for w in s}), default=set())


# ---- a whole text -------------------------------------------------------------------------------


def test_paragraphs_are_cut_at_blank_lines_with_their_own_marks() -> None:
    text = "停戦した。\n\n中国は\n停戦を支持した。\n\n終わり。"
    assert paragraphs(text, spans(text, "停戦")) == (
        Snippet("停戦した。", ((0, 2),), opens=True, closes=False),
        Snippet("中国は 停戦を支持した。", ((4, 6),), opens=False, closes=False),
        Snippet("終わり。", (), opens=False, closes=True),
    )


@settings(max_examples=100, deadline=None)
@given(marked_texts())
def test_paragraphs_lose_no_character_but_line_breaks(given_: tuple[str, list[Span]]) -> None:
    text, marks = given_
    found = paragraphs(text, marks)
    assert "".join(p.text for p in found).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert all(p.text for p in found)
    lit = "".join(text[a:b] for a, b in marks)
    assert "".join("".join(marked(p)) for p in found).replace(" ", "") == lit.replace("\n", "").replace(" ", "")


def test_names_stay_with_their_words() -> None:
    text = "習氏は訪ロ。\n\n中国の習氏は帰国。"
    names = [NameMark(start, end, "person", XI, 0.9) for start, end in spans(text, "習")]
    for paragraph in paragraphs(text, (), names):
        assert [paragraph.text[n.start : n.end] for n in paragraph.names] == ["習"]
        assert all((n.entity, n.confidence) == (XI, 0.9) for n in paragraph.names)
    assert cut(text, 1, 5, (), names).names == ()


def test_cut_keeps_what_is_inside_of_a_mark_at_the_border() -> None:
    assert cut("和平交渉", 1, 3, [(0, 2), (2, 4)]) == Snippet("平交", ((0, 1), (1, 2)), opens=False, closes=False)


def test_a_snippet_is_three_lines_of_a_phone() -> None:
    assert MAX_CHARS == 120
