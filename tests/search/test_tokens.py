"""Text to terms: what is written alike is found alike, and every offset leads back to its characters."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.articles import JST, Article, Published, Section
from search.japanese.analysis import SECTION_GAP, Analysis, LongTerm, PartSpan, Places, analyze, analyze_parts
from search.japanese.tokens import analysis_version, units


def terms(text: str) -> list[str]:
    return [short.term for unit in units(text) for short in unit.shorts if short.term]


def analyzed(title: str, *sections: Section) -> Analysis:
    return analyze(Article("a", title, sections or (Section(None, ""),)))[1]


@pytest.mark.parametrize(
    ("written", "also_written"),
    [
        ("ﾃﾞｰﾀｾﾝﾀｰ", "データセンター"),      # half width
        ("ＮＡＴＯ", "NATO"),               # full width
        ("nato", "NATO"),                 # case
        ("２０２４年", "2024年"),
        ("ラヴロフ", "ラブロフ"),            # ヴ / ブ in a name that no dictionary has
        ("ヴォロディミル", "ボロディミル"),
        ("附属", "付属"),                  # old character
        ("打ち合せ", "打ち合わせ"),          # okurigana
        ("二〇二四年", "2024年"),
        ("㌦", "ドル"),                   # a square of several characters
        ("㈱", "(株)"),
        ("か\u3099", "が"),               # a combining mark
    ],
)
def test_spelling_variants_give_the_same_terms(written: str, also_written: str) -> None:
    assert terms(written) == terms(also_written) != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("安全保障理事会", ["安全", "保障", "理事", "会"]),
        ("日本の首相。", ["日本", "の", "首相"]),
        ("停戦、合意！", ["停戦", "合意"]),
        ("", []),
        ("。、「」…―？！", []),
        (" 　\n\t", []),
        ("\n\n\n", []),
    ],
)
def test_short_units_are_the_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize("text", ["𠮷", "𩸽", "한국", "العربية", "ไทย", "Привет", "ñandú"])
def test_letters_that_no_dictionary_has_are_a_term(text: str) -> None:
    assert terms(f"「{text}」") == [text.casefold()]


@pytest.mark.parametrize("text", ["★", "🇺🇦", "♪", "→", "゛", "\u3000", "々", "\U000e0101"])
def test_symbols_are_none(text: str) -> None:
    assert terms(text) == []


def test_a_word_in_one_square_is_found_as_a_whole() -> None:
    (unit,) = units("㍿")
    assert [(short.start, short.end, short.term) for short in unit.shorts] == [(0, 1, "株式会社")]
    assert "株式会社" in [long.term for long in analyzed("株式会社").long_terms]


def test_a_long_unit_is_a_term_too_at_the_position_of_its_first_short_one() -> None:
    analysis = analyzed("国連の安全保障理事会")
    (long,) = [long for long in analysis.long_terms if long.term == "安全保障理事会"]
    assert analysis.terms[long.token] == "安全"


def test_numbers_and_dates_are_terms_beside_the_words_and_move_no_position() -> None:
    at = Published(datetime(2024, 4, 11, tzinfo=JST))
    analysis = analyze(Article("a", "題", (Section(None, "10日、弐万人の安全保障理事会"),), published=at))[1]
    assert analysis.terms == ("題", "10", "日", "二", "万", "人", "の", "安全", "保障", "理事", "会")
    assert analysis.long_terms == (
        (1, "@2024"), (1, "@2024-04"), (1, "@2024-04-10"), (4, "#20000"), (7, "安全保障理事会"),
    )


def test_a_term_never_holds_a_line_break_or_space_at_its_ends() -> None:
    for text in ("a\x0bb\x0cc\x85d\u2028e", "\ra\r", "　国　", "a\u3000b"):
        assert all(term == term.strip() and "\n" not in term for term in terms(text))


TEXTS = [
    "習近平国家主席は10日、ロシアのラヴロフ外相と会談した。",
    "🇺🇦ウクライナ👨‍👩‍👧‍👦の家族😀、𠮷野家と髙市氏と﨑山氏",
    "がぎぐげご、パリ",
    "㍿見本と㍻と㌔と①②③とﷺとﬁ",
    "ﷺ" * 2_000,
    "ｶﾞｷﾞｸﾞ" * 700,
    "あ" * 5_000,
    "A" * 5_000,
    "1" * 4_000 + "．" + "2" * 4_000,
    "★☆♪※→",
    "\x00\x01\x7f",
    "。" * 3_000,
    "\n" * 3_000,
    "…………「……」",
    "a\u200bb\ufeffc\u00add",
    "",
    " ",
    "e\u0301" * 2_000,
    "\U0001f468\u200d" * 1_500,
    "\U000e0001\U0010ffff\ue000",
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:8]))
def test_units_stand_where_they_say_whatever_the_text(text: str) -> None:
    check(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_units_stand_where_they_say_in_any_text(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("中国ラヴﾗﾌ゙゙ﷺ㍿。\n！．.1年 　🇺🇦A…「」\u0301\u200d"), max_size=60))
def test_units_stand_where_they_say_in_text_of_odd_characters(text: str) -> None:
    check(text)


@pytest.mark.parametrize(("text", "units_of"), [
    ("葛\U000e0101城市の", ["葛城市", "の"]),                # a selector of the shape of 葛
    ("停\u200b戦に\u00ad合意\ufeff", ["停戦", "に", "合意"]),   # what comes along when words are copied from a page
])
def test_what_nobody_sees_parts_no_word(text: str, units_of: list[str]) -> None:
    found = units(text)
    assert [unit.surface for unit in found] == units_of
    assert "".join(text[unit.start : unit.end] for unit in found) == text


UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def check(text: str) -> None:
    found = units(text)
    last = 0
    for unit in found:
        assert unit.surface == UNSEEN.sub("", text[unit.start : unit.end])
        assert last <= unit.start < unit.end <= len(text)
        last = unit.end
        assert unit.shorts
        assert (unit.shorts[0].start, unit.shorts[-1].end) == (unit.start, unit.end)
        for one, other in zip(unit.shorts, unit.shorts[1:], strict=False):
            assert one.start < one.end <= other.start
    seen = UNSEEN.sub("", text)
    assert not seen.strip() or sum(len(unit.surface) for unit in found) == len(seen)


def test_a_megabyte_on_one_line_is_cut_like_any_text() -> None:
    sentence = "中国の習近平国家主席はロシアのラヴロフ外相と会談した、"
    text = sentence * (350_000 // len(sentence))
    assert len(text.encode()) > 1_000_000
    found = units(text)
    assert found[-1].end == len(text)
    assert sum(unit.end - unit.start for unit in found) == len(text)
    assert sum(unit.surface == "中国" for unit in found) > 0.98 * len(text) / len(sentence)     # a cut may hit a word


def test_lone_surrogates_are_no_crash() -> None:
    """A query may hold them: a terminal passes on bytes that are no UTF-8."""
    found = units("中国\udc8bロシア")
    assert [unit.surface for unit in found if unit.surface in ("中国", "ロシア")] == ["中国", "ロシア"]
    assert found[-1].end == 6


# ---- the space of positions ---------------------------------------------------------------------

ARTICLE = (
    "停戦合意🇺🇦",
    Section(None, "中国は、ロシアと会談した。日本も「参加」した。"),
    Section("国連の安全保障理事会", "習近平国家主席。\n\n𠮷野家！"),
    Section(None, ""),
)


def test_parts_lie_a_gap_apart() -> None:
    analysis = analyzed(*ARTICLE)
    assert [(part.section, part.is_heading) for part in analysis.parts] == [
        (-1, False), (0, False), (1, True), (1, False), (2, False)
    ]
    assert analysis.parts[0].first_position == 0
    for part, following in zip(analysis.parts, analysis.parts[1:], strict=False):
        assert following.first_position == part.first_position + part.tokens + SECTION_GAP
        assert following.first_token == part.first_token + part.tokens
    assert analysis.parts[-1].tokens == 0


def test_a_full_stop_and_a_paragraph_hold_a_position_and_a_comma_does_not() -> None:
    assert analyzed("停戦。合意、会談").terms == ("停戦", "", "合意", "会談")
    assert analyzed("停戦！合意").terms == ("停戦", "", "合意")
    assert analyzed("", Section(None, "停戦\n\n合意")).terms == ("停戦", "", "", "合意")
    assert analyzed("ジョー・バイデン").terms == ("ジョー", "バイデン")


@pytest.mark.parametrize(
    ("part", "words"),
    [(0, "停戦合意"), (1, "中国は、ロシア"), (1, "会談"), (2, "安全保障理事会"), (3, "習近平"), (3, "𠮷野家")],
)
def test_positions_and_characters_lead_to_each_other(part: int, words: str) -> None:
    article = Article("a", ARTICLE[0], ARTICLE[1:])
    analysis = analyze(article)[1]
    text = tuple(article.parts())[part].text
    start = text.index(words)
    positions = analysis.covering(part, start, start + len(words))
    assert analysis.offsets(positions.start, positions.stop) == (part, start, start + len(words))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from("中国と安全保障理事会。！\n、🇺🇦ﷺ1A "), max_size=20), min_size=1, max_size=4))
def test_every_position_leads_back_to_itself(texts: list[str]) -> None:
    article = Article("a", texts[0], tuple(Section(None, text) for text in texts[1:]))
    analysis = analyze(article)[1]
    for index, part in enumerate(analysis.parts):
        for position in range(part.first_position, part.first_position + part.tokens):
            found, start, end = analysis.offsets(position, position + 1)
            assert found == index
            assert analysis.covering(index, start, end) == range(position, position + 1)
        text = tuple(article.parts())[index].text
        assert len(analysis.covering(index, 0, len(text))) == part.tokens
        assert len(analysis.covering(index, 0, 0)) == 0


def test_a_position_between_the_parts_is_nowhere() -> None:
    analysis = analyzed(*ARTICLE)
    with pytest.raises(ValueError, match="no part"):
        analysis.offsets(analysis.parts[0].tokens + 1, analysis.parts[0].tokens + 2)


def test_a_span_that_runs_over_the_end_of_its_part_ends_with_it() -> None:
    analysis = analyzed("停戦合意", Section(None, "中国"))
    assert analysis.offsets(1, 500) == (0, 2, 4)


def test_part_of_a_word_is_covered_by_the_whole_word() -> None:
    analysis = analyzed("ロシアと中国")
    assert analysis.offsets(*_ends(analysis.covering(0, 1, 2))) == (0, 0, 3)


@pytest.mark.parametrize("texts", [("",), ("停戦",), ("", "。"), ("🇺🇦ﷺ", "安全保障\n\n理事会", ""), ("★",)])
def test_an_analysis_unpacks_as_it_was_packed(texts: tuple[str, ...]) -> None:
    analysis = analyzed(texts[0], *[Section(None, text) for text in texts[1:]])
    again = Analysis.unpack(analysis.pack())
    assert (again.parts, again.terms, again.long_terms) == (analysis.parts, analysis.terms, analysis.long_terms)
    for one, other in ((again.starts, analysis.starts), (again.ends, analysis.ends)):
        assert one.dtype == other.dtype == np.uint32
        assert one.tolist() == other.tolist()
    places = Places.unpack(analysis.pack())
    assert places.parts == analysis.parts
    assert (places.starts.tolist(), places.ends.tolist()) == (analysis.starts.tolist(), analysis.ends.tolist())


def test_an_analysis_that_an_archive_has_kept_since_version_0_1_unpacks() -> None:
    # 停戦に合意した。 in 題, as `pack` wrote it then.
    kept = bytes.fromhex(
        "78019b3a69eaff430c8c0c53190e31b29d657e7953f1e5c21eaea78d739e752ce37adcb89aebe9848e672dfd5ccf9b763d6e"
        "ea068acce73a22c300054c409a19885981980d88d981f8880c2390c426c301149f0000192e1c9a"
    )
    analysis = analyzed("題", Section(None, "停戦に合意した。"))
    assert Analysis.unpack(kept).terms == analysis.terms
    assert Places.unpack(kept).offsets(1_001, 1_003) == analysis.offsets(1_001, 1_003) == (1, 0, 3)


def test_a_packed_analysis_is_read_by_later_versions() -> None:
    # 停戦に合意した。 in 題, as `pack` writes it since every term is there once.
    kept = bytes.fromhex(
        "78019b3e69eaff430c8c0c53190e31b29d657e795391ebe5c21eaea78d739e752ce37adcb89aebe9848e672dfd5ccf9b763d"
        "6eea068acc3f22c300054c409a19885981980d88d981f8880c2390c426c30192e5636462666105290683230c471800336d1e"
        "7b"
    )
    analysis = analyzed("題", Section(None, "停戦に合意した。"))
    again = Analysis.unpack(kept)
    assert (again.parts, again.terms, again.long_terms) == (analysis.parts, analysis.terms, analysis.long_terms)
    assert Places.unpack(kept).offsets(1_001, 1_003) == analysis.offsets(1_001, 1_003) == (1, 0, 3)


TERMS = st.lists(st.text(st.sampled_from("安全ab"), max_size=2), max_size=30)


@given(terms=TERMS, long_terms=TERMS)
def test_every_term_is_kept_once(terms: list[str], long_terms: list[str]) -> None:
    long = [LongTerm(token, term) for token, term in enumerate(long_terms) if token < len(terms) and term]
    places = np.arange(len(terms), dtype=np.uint32)
    analysis = Analysis.of([PartSpan(0, False, 0, len(terms), 0)], terms, places, places + np.uint32(1), long)
    words = analysis.words.split("\n")
    assert words[0] == ""
    assert len(words) == len(set(words)) == len({"", *terms, *(term for _, term in long)})
    for one in (analysis, Analysis.unpack(analysis.pack())):
        assert (one.terms, one.long_terms) == (tuple(terms), tuple(long))


@pytest.mark.parametrize("count", [65_535, 65_536, 70_000])
def test_an_article_may_have_any_number_of_different_terms(count: int) -> None:
    terms = [str(number) for number in range(count)]
    places = np.arange(count, dtype=np.uint32)
    analysis = Analysis.of([PartSpan(0, False, 0, count, 0)], terms, places, places + np.uint32(1), [LongTerm(9, "x")])
    assert analysis.terms == Analysis.unpack(analysis.pack()).terms == tuple(terms)
    assert Analysis.unpack(analysis.pack()).long_terms == (LongTerm(9, "x"),)


def test_an_article_without_parts_has_an_empty_analysis() -> None:
    empty = analyze_parts([], [])
    assert (empty.parts, empty.terms) == ((), ())
    assert Analysis.unpack(empty.pack()).terms == ()


def test_an_inferred_title_is_not_analyzed_twice() -> None:
    article = Article("a", "停戦合意", (Section(None, "停戦合意。"),), title_inferred=True)
    assert analyze(article)[1].terms == ("停戦", "合意", "")


def test_the_version_names_all_that_terms_depend_on() -> None:
    assert all(name in analysis_version() for name in ("kijigura ", "sudachipy 0.", "sudachidict-core 20"))


def test_threads_may_cut_text_at_the_same_time() -> None:
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"中国の首相は{i}日に会談した。" * 20 for i in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(terms, texts)) == [terms(text) for text in texts]


def _ends(positions: range) -> tuple[int, int]:
    return positions.start, positions.stop
