"""What is typed after 日付: as days, on 23 November 2026, a Monday."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.dates import Span, read_span

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(("text", "days"), [
    ("2024", "2024"), ("2024年", "2024"), ("２０２４", "2024"), ("2024-04", "2024-04"), ("2024/4/1", "2024-04-01"),
    ("2024.4", "2024-04"), ("2024年4月10日", "2024-04-10"), ("２０２４−０４", "2024-04"), ("202404", "2024-04"),
    ("20240410", "2024-04-10"), ("二〇二四年四月", "2024-04"),
    ("令和6年", "2024"), ("令和六年四月十日", "2024-04-10"), ("令和元年", "2019-05..2019-12"),
    ("平成31年", "2019-01..2019-04"),
    ("昭和64年", "1989-01-01..1989-01-07"), ("R6.4.1", "2024-04-01"), ("r6", "2024"), ("S64", "1989-01-01..1989-01-07"),
    ("1990年代", "1990..1999"), ("2024年度", "2024-04..2025-03"), ("令和6年度", "2024-04..2025-03"),
    ("2024年上半期", "2024-01..2024-06"), ("2024年後半", "2024-07..2024-12"), ("2024年末", "2024-12"),
    ("2024年4月下旬", "2024-04-21..2024-04-30"), ("4月上旬", "2026-04-01..2026-04-10"),
])
def test_a_year_a_month_a_day_and_parts_of_them(text: str, days: str) -> None:
    span = read_span(text, TODAY)
    assert span
    assert (span.written(), span.as_typed) == (days, True)


@pytest.mark.parametrize(("text", "days"), [
    ("今日", "2026-11-23"), ("昨日", "2026-11-22"), ("おととい", "2026-11-21"), ("today", "2026-11-23"),
    ("今週", "2026-11-23..2026-11-29"), ("先週", "2026-11-16..2026-11-22"), ("last week", "2026-11-16..2026-11-22"),
    ("今月", "2026-11"), ("先月", "2026-10"), ("先々月", "2026-09"), ("先月10日", "2026-10-10"),
    ("先月上旬", "2026-10-01..2026-10-10"),
    ("今年", "2026"), ("昨年", "2025"), ("去年", "2025"), ("一昨年", "2024"), ("昨年12月", "2025-12"),
    ("去年4月10日", "2025-04-10"),
    ("昨年末", "2025-12"), ("今年度", "2026-04..2027-03"), ("昨年度", "2025-04..2026-03"),
    ("昨年後半", "2025-07..2025-12"),
    ("過去7日", "2026-11-17..2026-11-23"), ("過去７日間", "2026-11-17..2026-11-23"), ("7d", "2026-11-17..2026-11-23"),
    ("直近2週間", "2026-11-10..2026-11-23"), ("過去3か月", "2026-08-24..2026-11-23"),
    ("過去三ヶ月", "2026-08-24..2026-11-23"),
    ("過去1年", "2025-11-24..2026-11-23"), ("3日以内", "2026-11-21..2026-11-23"),
    ("last 7 days", "2026-11-17..2026-11-23"),
    ("3日前", "2026-11-20"), ("2か月前", "2026-09"), ("1年前", "2025"),
    # Without a year, the latest that has begun.
    ("4月", "2026-04"), ("12月", "2025-12"), ("4月10日", "2026-04-10"), ("12/24", "2025-12-24"),
])
def test_days_told_from_today(text: str, days: str) -> None:
    span = read_span(text, TODAY)
    assert span
    assert (span.written(), span.as_typed) == (days, True)


@pytest.mark.parametrize(("text", "days"), [
    ("2024-01..2024-03", "2024-01..2024-03"), ("2024-01...2024-03", "2024-01..2024-03"),
    ("2024-01…2024-03", "2024-01..2024-03"),
    ("2024年4月1日〜2024年4月10日", "2024-04-01..2024-04-10"), ("2024/4/1-2024/4/10", "2024-04-01..2024-04-10"),
    ("2022-2024", "2022..2024"), ("2024年4月〜6月", "2024-04..2024-06"), ("2024年4-6月", "2024-04..2024-06"),
    ("2024年11月〜2月", "2024-11..2025-02"), ("4月1日〜10日", "2026-04-01..2026-04-10"),
    ("2024年4月1日から10日まで", "2024-04-01..2024-04-10"), ("平成30年～令和2年", "2018..2020"),
    ("昨年12月〜今年2月", "2025-12..2026-02"), ("2024..2022", "2022..2024"),
    ("2024-04..", "2024-04-01.."), ("..2024-04", "..2024-04-30"), ("2024年以降", "2024-01-01.."),
    ("2024年から", "2024-01-01.."),
    ("2024年〜", "2024-01-01.."), ("〜2024年", "..2024-12-31"), ("2024年以前", "..2024-12-31"),
    ("2024年まで", "..2024-12-31"),
    (">=2024-04", "2024-04-01.."), ("<=2024-04", "..2024-04-30"), ("先月から", "2026-10-01.."),
])
def test_from_one_day_to_another(text: str, days: str) -> None:
    span = read_span(text, TODAY)
    assert span
    assert (span.written(), span.as_typed) == (days, True)


@pytest.mark.parametrize(("text", "days"), [
    ("2024-13", "2024"), ("2024-02-30", "2024-02"), ("2024年春", "2024"), ("2024-04ごろ", "2024-04"),
    ("2024年13月", "2024"),
])
def test_an_impossible_date_is_read_as_far_as_it_goes(text: str, days: str) -> None:
    span = read_span(text, TODAY)
    assert span
    assert (span.written(), span.as_typed) == (days, False)


@pytest.mark.parametrize("text", [
    "", "あした", "abc", "..", "年", "月", "13", "10日", "過去9999年", "過去999999日", "0000", "いつか", "2024" * 40,
    "0年代",
])
def test_what_is_no_date(text: str) -> None:
    assert read_span(text, TODAY) is None


def test_the_last_day_of_a_month_has_a_day_before_in_every_month() -> None:
    assert read_span("過去1か月", date(2024, 3, 31)) == Span(date(2024, 3, 1), date(2024, 3, 31))
    assert read_span("先月", date(2024, 3, 31)) == Span(date(2024, 2, 1), date(2024, 2, 29))


@given(st.dates(), st.dates(), st.sampled_from(["both", "since", "until"]))
def test_written_days_read_as_the_same(one: date, other: date, ends: str) -> None:
    since, until = sorted((one, other))
    span = Span(None if ends == "until" else since, None if ends == "since" else until)
    assert read_span(span.written(), TODAY) == span


@given(st.text(st.sampled_from("0123456789-/.〜年月日令和元昨先今過去前後から〇十 :..Rrd"), max_size=48), st.dates())
def test_no_text_is_an_error(text: str, today: date) -> None:
    span = read_span(text, today)
    if span:
        assert span.since or span.until
        assert not (span.since and span.until) or span.since <= span.until
