"""Dates in a text: what a newspaper of a known day means by 昨年12月 and 10日, and what only looks like a date."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.articles import JST, Article, Precision, Published, Section
from search.japanese.analysis import Analysis, analyze
from search.japanese.date_patterns import DATE, date_matches
from search.japanese.mentioned_dates import date_terms, day_in_words, mentioned_dates


def published(day: str, precision: Precision = "day") -> Published:
    return Published(datetime.fromisoformat(day).replace(tzinfo=JST), precision)


def analyzed(text: str, day: str | None, precision: Precision = "day") -> Analysis:
    at = published(day, precision) if day else None
    return analyze(Article("a", "題", (Section(None, text),), published=at))[1]


def said(text: str, day: str | None) -> list[str]:
    """The most precise term of each date in the text, as the index has them."""
    terms = [long.term for long in analyzed(text, day).long_terms if long.term[0] == "@"]
    return [one for one, following in zip(terms, [*terms[1:], ""], strict=False) if not following.startswith(f"{one}-")]


# published, text, what it says
DATES = """
2024-04-11 | 2024年4月10日、停戦に合意した | @2024-04-10
2024-04-11 | ２０２４年４月に発効した | @2024-04
2024-04-11 | 令和6年4月10日に閣議決定 | @2024-04-10
2024-04-11 | 令和元年に始まった | @2019
2024-04-11 | 平成二十三年三月十一日の震災 | @2011-03-11
2024-04-11 | 昭和64年1月7日 | @1989-01-07
2024-04-11 | 二〇二四年四月に始まる | @2024-04
2024-04-11 | 2005年（平成17年）4月25日に脱線した | @2005-04-25
2024-04-11 | 令和6年(2024年)の春 | @2024
2024-04-11 | 2024/4/10に更新した | @2024-04-10
2024-04-11 | 昨年12月に発表した | @2023-12
2024-04-11 | 昨年の12月に発表した | @2023-12
2024-04-11 | 去年の大会と一昨年の大会 | @2023 @2022
2024-04-11 | 今年4月に就任した | @2024-04
2024-04-11 | 来年の選挙と再来年の改正 | @2025 @2026
2024-04-11 | 先月に決めた | @2024-03
2024-04-11 | 今月20日に会談する | @2024-04-20
2024-04-11 | 来月3日に開幕する | @2024-05-03
2024-01-11 | 先月と先々月の統計 | @2023-12 @2023-11
2024-04-11 | きのうの会談 | @2024-04-10
2024-04-11 | 昨日、会談した | @2024-04-10
2024-04-11 | あす開幕する | @2024-04-12
2024-04-11 | きょう午前に会談した | @2024-04-11
2024-04-11 | 10日、会談した | @2024-04-10
2024-04-11 | 首相は10日の記者会見で述べた | @2024-04-10
2024-04-11 | １０日午後に会談した | @2024-04-10
2024-04-11 | 15日に会談する | @2024-04-15
2024-04-03 | 28日に会談した | @2024-03-28
2024-01-03 | 31日に死去した | @2023-12-31
2024-04-11 | 8日から10日に開く | @2024-04-08 @2024-04-10
2024-04-11 | 4月8日から10日までの訪問 | @2024-04-08 @2024-04-10
2024-04-28 | 4月30日から2日まで休む | @2024-04-30 @2024-05-02
2024-04-11 | 4月に発表した | @2024-04
2024-04-11 | 6月末までに終える | @2024-06
2024-01-11 | 12月の物価は | @2023-12
2024-04-11 | 3月30日に会談した | @2024-03-30
2024-01-03 | 12月30日に会談した | @2023-12-30
2023-12-28 | 1月5日に会談する | @2024-01-05
2024-04-11 | 2001年9月11日に起き、同年10月に攻撃した | @2001-09-11 @2001-10
2024-04-11 | 2003年12月から翌年1月まで | @2003-12 @2004-01
2024-04-11 | 2003年12月から3月まで | @2003-12 @2004-03
2024-04-11 | 10日に会談し、同日夜に帰国した | @2024-04-10 @2024-04-10
2024-04-11 | 4月10日に会談し、翌11日の朝に帰国した | @2024-04-10 @2024-04-11
2024-04-11 | 24年4月から適用する | @2024-04
2024-04-11 | 98年6月に設立した | @1998-06
2024-04-11 | 2023年と24年に優勝した | @2023 @2024
2024-04-11 | ’98年の長野五輪 | @1998
2024-04-11 | 07年に設立した | @2007
2024-04-11 | 20年夏の大会 | @2020
none | 1995年1月17日に起きた | @1995-01-17
none | 平成7年に起き、同年3月に終えた | @1995 @1995-03
"""

# What only looks like a date, or leaves a reader in doubt.
NO_DATES = """
2024-04-11 | 2024年度の予算
2024-04-11 | 今年度と来年度
2024-04-11 | 1990年代に
2024-04-11 | 20年間続いた
2024-04-11 | 20年ぶりに
2024-04-11 | 20年の刑を受けた
2024-04-11 | 24年の歴史がある
2024-04-11 | 過去24年で最多
2024-04-11 | 懲役3年6月の判決
2024-04-11 | 懲役24年4月の判決
2024-04-11 | 2000年の歴史がある
2024-04-11 | 1000年の都
2024-04-11 | 3000年までに
2024-04-11 | 2000年前の遺跡
2024-04-11 | 3カ月続いた
2024-04-11 | 3か月ぶり
2024-04-11 | ４ヶ月後
2024-04-11 | 4月号に載る
2024-04-11 | 3月期決算
2024-04-11 | 毎年4月に開く
2024-04-11 | 例年4月に開く
2024-04-11 | 平年（4月2日）より早い
2024-10-11 | 来春3月の開港
2024-04-11 | 一月も続いた
2024-04-11 | 三日月が見えた
2024-04-11 | 五月雨式に
2024-04-11 | 四日市で
2024-04-11 | 十日町で
2024-04-11 | 10日間続いた
2024-04-11 | 5日ぶりに
2024-04-11 | 3日目に
2024-04-11 | 3日前に
2024-04-11 | 3日後に
2024-04-11 | 10日以内に
2024-04-11 | 3日連続で
2024-04-11 | 1日3回飲む
2024-04-11 | 1日に3回飲む
2024-04-11 | 1日の歩数
2024-04-11 | 1日あたり300人
2024-04-11 | 第3日の競技
2024-04-11 | 約10日、待った
2024-04-11 | 事故から10日、
2024-04-11 | 最長10日の延長
2024-04-11 | わずか3日の滞在
2024-04-11 | 10日の停戦に応じる
2024-04-11 | 30日停戦案
2024-04-11 | 10日にわたる交渉
2024-04-11 | 10日で完売した
2024-04-11 | 30日の猶予
2024-04-11 | 99日の闘争
2024-04-11 | 2024年13月
2024-04-11 | 2024年2月30日
2024-04-11 | 平成40年まで
2024-04-11 | 今日の社会では
2024-04-11 | 明日の日本を担う
2024-04-11 | 「昨日会った」と述べた
2024-04-11 | 昨年比で増えた
2024-04-11 | 今年の漢字は「税」
2024-04-11 | 今日子さん
2024-04-11 | 日本年金機構
2024-04-11 | 同年齢の子
2024-04-11 | 同年に生まれた
2024-04-11 | 同日に行われた
2024-04-11 | 9月11日の同時多発テロから
2024-04-11 | 10月7日のハマスの奇襲
2024-04-11 | 11月30日に開幕する
2024-04-11 | 翌28日に死去した
2024-03-11 | 12月に予定する
2024-12-11 | 1月に就任する
2024-04-11 | 電話は2024-04-1011
2024-04-11 | 2003-04シーズン
2024-04-11 | 比率は4/10
2024-04-11 | 第2024年
none | 昨年12月に
none | 4月10日に
none | 10日に
none | 昨日、
none | 24年4月に
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("day", "text", "expected"), rows(DATES))
def test_what_a_newspaper_of_that_day_says(day: str, text: str, expected: str) -> None:
    assert said(text, None if day == "none" else day) == expected.split()


@pytest.mark.parametrize(("day", "text"), rows(NO_DATES))
def test_what_only_looks_like_a_date(day: str, text: str) -> None:
    assert said(text, None if day == "none" else day) == []


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(rows(NO_DATES)) >= 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Is 5月 of the year that was said last, or the newspaper's own?
        ("2004年に始まった。5月には終わった。", ["@2004"]),
        ("2004年に始まった。\n\n5月には終わる。", ["@2004", "@2024-05"]),
        ("2024年4月に始まった。5月には終わる。", ["@2024-04", "@2024-05"]),
        ("3月8日に始まった。10日に終わった。", ["@2024-03-08"]),
        ("3月8日に始まった。\n\n10日に終わった。", ["@2024-03-08", "@2024-04-10"]),
    ],
)
def test_another_date_nearby_leaves_a_bare_one_in_doubt(text: str, expected: list[str]) -> None:
    assert said(text, "2024-04-11") == expected


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("minute", ["@2023", "@2024-03", "@2024-04-10", "@2024-05"]),
        ("day", ["@2023", "@2024-03", "@2024-04-10", "@2024-05"]),
        ("month", ["@2023", "@2024-03", "@2024-05"]),
        ("year", ["@2023"]),
    ],
)
def test_a_newspaper_known_to_the_year_leaves_days_in_doubt(precision: Precision, expected: list[str]) -> None:
    found = analyzed("昨年、先月、昨日の会談。\n\n5月に", "2024-04-11", precision).long_terms
    most_precise = [long.term for long in found if long.term[0] == "@"]
    assert [term for term in most_precise if term in expected] == expected
    assert max(map(len, most_precise)) == max(map(len, expected))


def test_a_date_stands_at_its_first_word_with_all_that_it_says() -> None:
    analysis = analyzed("停戦は2024年4月10日だった", "2024-04-11")
    found = [(long.token, long.term) for long in analysis.long_terms]
    token = analysis.terms.index("2024")
    assert found == [(token, "@2024"), (token, "@2024-04"), (token, "@2024-04-10")]


DATE_LIKE = st.text(
    st.sampled_from("令和平成昭大正012９０一二三十元〇年月日（）()、。\n昨今来先々再同翌去本明後きのょうあさしすおとい'’/.-から度間前"),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(DATE_LIKE)
def test_dates_stand_where_they_say_in_any_text(text: str) -> None:
    last = 0
    for one in mentioned_dates(text, published("2024-04-11")):
        assert last <= one.start < one.end <= len(text)
        date(one.year, one.month or 1, one.day or 1)
        assert one.terms[0] == f"@{one.year}"
        last = one.end


@settings(max_examples=100, deadline=None)
@given(DATE_LIKE)
def test_dates_begin_and_end_with_words_in_any_text(text: str) -> None:
    analysis = analyzed(text, "2024-04-11")
    tokens = [token for token, _ in analysis.long_terms]
    assert tokens == sorted(tokens)
    assert all(token < len(analysis.terms) for token in tokens)
    assert len(set(analysis.long_terms)) == len(analysis.long_terms)


@settings(max_examples=300, deadline=None)
@given(DATE_LIKE)
def test_trying_only_where_a_date_may_begin_overlooks_none(text: str) -> None:
    assert [match.span() for match in date_matches(text)] == [match.span() for match in DATE.finditer(text)]


def test_a_page_of_digits_is_no_burden() -> None:
    for text in ("9" * 65_536, "1月" * 20_000, "令和" * 20_000, "2024年" * 10_000, "「昨日" * 3_000, "一" * 65_536):
        mentioned_dates(text, published("2024-04-11"))


# ---- what people type ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("令和6年4月", "@2024-04"),
        ("令和六年四月", "@2024-04"),
        ("令和6年4月10日", "@2024-04-10"),
        ("2024年4月10日", "@2024-04-10"),
        ("２０２４年４月", "@2024-04"),
        ("二〇二四年四月", "@2024-04"),
        ("2024-04", "@2024-04"),
        ("2024/4", "@2024-04"),
        ("2024/4/10", "@2024-04-10"),
        ("2024.4.10", "@2024-04-10"),
        ("2024年", "@2024"),
        ("平成31年", "@2019"),
        ("令和元年", "@2019"),
        ("R6.4", "@2024-04"),
        ("r6.4.10", "@2024-04-10"),
        ("H31年", "@2019"),
        ("昨年12月", "@2025-12"),
        ("昨年の12月", "@2025-12"),
        ("先月10日", "@2026-09-10"),
        ("24年4月", "@2024-04"),
        ("平成二十年", "@2008"),
        ("令和六年四月十日", "@2024-04-10"),
    ],
)
def test_a_typed_date_has_one_term(typed: str, expected: str) -> None:
    assert date_terms(typed, date(2026, 10, 8)) == (expected,)


@pytest.mark.parametrize(("typed", "expected"), [
    ("8/30", "8月30日"), ("８／３０", "8月30日"), ("9・11", "9月11日"), ("2/29", "2月29日"),
    ("8/32", None), ("13/1", None), ("1/100", None), ("8/30/1", None), ("8.30", None), ("", None),
])
def test_a_typed_day_in_figures_is_that_day_in_words(typed: str, expected: str | None) -> None:
    assert day_in_words(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "", "3月", "10日", "4月10日", "昨年", "今月", "昨日", "同年", "同年4月", "2024", "20240410", "2024年度",
        "2024年13月", "2024年4月停戦", "停戦2024年", "M7.4", "S3", "3.11", "20年間", "24年",
        "第2024年", "9" * 65_536, "年" * 65_536,
    ],
)
def test_what_is_typed_as_a_word(typed: str) -> None:
    assert date_terms(typed, date(2026, 10, 8)) == ()


def test_a_typed_month_finds_what_newspapers_call_last_month() -> None:
    (term,) = date_terms("令和6年4月", date(2026, 10, 8))
    for text, day in (("先月に決めた", "2024-05-02"), ("4月に決めた", "2024-05-02"), ("10日に決めた", "2024-04-11")):
        assert term in [long.term for long in analyzed(text, day).long_terms]
