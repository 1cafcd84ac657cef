"""Dates: what each form means in Japanese time, and what is no date."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.address_dates import date_in_address, date_in_path
from indexer.dates import date_of_timestamp, parse_date, split_date
from search.articles import JST

# A Wednesday, in the afternoon.
AS_OF = datetime(2024, 4, 10, 15, 3, tzinfo=JST)


def said(published):
    """What is known and no more: 2024, 2024-04, 2024-04-10, 2024-04-10T15:03."""
    if published is None:
        return None
    assert published.at.utcoffset() == timedelta(hours=9)
    return published.at.isoformat()[: {"year": 4, "month": 7, "day": 10, "minute": 16}[published.precision]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # ISO 8601
        ("2024-04-10T15:03:00+09:00", "2024-04-10T15:03"),
        ("2024-04-10T23:30:00Z", "2024-04-11T08:30"),              # the next day in Japan
        ("2025-12-15T15:42:34.000Z", "2025-12-16T00:42"),
        ("2025-12-15T15:42:34.123456789Z", "2025-12-16T00:42"),
        ("2024-04-10T23:30+0000", "2024-04-11T08:30"),
        ("2024-04-10T10:00:00-05:00", "2024-04-11T00:00"),
        ("2024-04-10T15:03", "2024-04-10T15:03"),                  # without a zone: Japanese
        ("2024-04-10 15:03", "2024-04-10T15:03"),
        ("2024-04-10 15:03 JST", "2024-04-10T15:03"),
        ("2024-04-10 15:03:00 +0900 (JST)", "2024-04-10T15:03"),
        ("2014-08-15", "2014-08-15"),
        ("20140815", "2014-08-15"),
        ("20240410T233000Z", "2024-04-11T08:30"),
        ("20140815T090000+0900", "2014-08-15T09:00"),
        ("202404101503", "2024-04-10T15:03"),
        ("20240410150300", "2024-04-10T15:03"),
        # figures and signs
        ("2024/4/10", "2024-04-10"),
        ("2024/04/10 15:03 更新", "2024-04-10T15:03"),
        ("2024/04/10(水) 05:00", "2024-04-10T05:00"),
        ("2024/04/10 (水・祝) 5:00 配信", "2024-04-10T05:00"),
        ("2024.4.10", "2024-04-10"),
        ("2024. 4. 10", "2024-04-10"),
        ("2024.04.10 Wed posted at 15:03 JST", "2024-04-10T15:03"),
        ("2024.04.10 Wed", "2024-04-10"),
        ("2024/04/10 3:03 PM", "2024-04-10T15:03"),
        ("２０２４／４／１０　１５：０３", "2024-04-10T15:03"),
        ("'24/4/10", "2024-04-10"),
        ("’24年4月10日", "2024-04-10"),
        ("'98.2.7", "1998-02-07"),
        # Japanese
        ("2024年4月10日", "2024-04-10"),
        ("2024年 4月10日", "2024-04-10"),
        ("2024年4月10日（水）", "2024-04-10"),
        ("2024年4月10日 水曜日", "2024-04-10"),
        ("2024年4月10日(Wed)", "2024-04-10"),
        ("2024年4月29日（月・祝）", "2024-04-29"),
        ("2024年4月29日(月祝)", "2024-04-29"),
        ("2024年4月10日(水) 5:00 配信", "2024-04-10T05:00"),
        ("2024年4月10日 午後3時15分", "2024-04-10T15:15"),
        ("2024年4月10日午後３時１５分", "2024-04-10T15:15"),
        ("2024年4月10日午後三時十五分", "2024-04-10T15:15"),
        ("2024年4月10日午前0時5分", "2024-04-10T00:05"),
        ("2024年4月10日午前零時", "2024-04-10T00:00"),
        ("2024年4月10日 午後0時", "2024-04-10T12:00"),
        ("2024年4月10日 午後12時30分", "2024-04-10T12:30"),
        ("2024年4月10日午前12時", "2024-04-10T00:00"),
        ("2024年4月10日正午", "2024-04-10T12:00"),
        ("2024年4月10日 午後3時半", "2024-04-10T15:30"),
        ("2024年4月10日（水曜日）15時", "2024-04-10T15:00"),
        ("2024年4月10日 15時03分20秒", "2024-04-10T15:03"),
        ("2024年4月10日 日本時間午後3時", "2024-04-10T15:00"),
        ("2024年4月10日24時", "2024-04-11T00:00"),
        ("2024年4月10日25時", "2024-04-11T01:00"),                  # of a broadcaster's day
        ("2024年4月10日（水）25:30", "2024-04-11T01:30"),
        ("2024年12月31日 24:00", "2025-01-01T00:00"),
        ("2024年4月10日付 朝刊", "2024-04-10"),
        ("2024年4月10日付け夕刊", "2024-04-10"),
        ("2024年4月10日 発行", "2024-04-10"),
        ("２０２４年４月１０日", "2024-04-10"),
        # kanji numerals
        ("二〇二四年四月十日", "2024-04-10"),
        ("二千二十四年四月十日", "2024-04-10"),
        ("二〇二四年十二月二十五日", "2024-12-25"),
        ("二零二四年一月一日", "2024-01-01"),
        ("一九四五年八月一五日", "1945-08-15"),
        ("昭和二十年八月十五日", "1945-08-15"),
        ("明治三十七年二月十日", "1904-02-10"),
        ("大正一二年九月一日", "1923-09-01"),
        ("令和元年五月一日", "2019-05-01"),
        # eras
        ("令和6年5月1日", "2024-05-01"),
        ("令和 6 年 5 月 1 日", "2024-05-01"),
        ("令和元年５月１日", "2019-05-01"),
        ("令和元年", "2019"),
        ("令６.５.１", "2024-05-01"),
        ("令6年5月1日", "2024-05-01"),
        ("令和6.5.1", "2024-05-01"),
        ("令和6/05/01", "2024-05-01"),
        ("R6.5.1", "2024-05-01"),
        ("R6.5.1 15:03", "2024-05-01T15:03"),
        ("Ｒ６．５．１", "2024-05-01"),
        ("r6.5.1", "2024-05-01"),
        ("R06/05/01", "2024-05-01"),
        ("R6年5月1日", "2024-05-01"),
        ("R元.5.1", "2019-05-01"),
        ("H31.4.30", "2019-04-30"),
        ("S64.1.7", "1989-01-07"),
        ("T12.9.1", "1923-09-01"),
        ("M37.2.10", "1904-02-10"),
        ("㋿6年5月1日", "2024-05-01"),
        ("㍻31年4月30日", "2019-04-30"),
        ("㍼64年1月7日", "1989-01-07"),
        ("平成31年4月30日", "2019-04-30"),
        ("平成31年4月", "2019-04"),
        ("平成31年5月1日", "2019-05-01"),                            # printed before the new era had a name
        ("昭和64年1月7日", "1989-01-07"),
        ("大正12年9月1日", "1923-09-01"),
        ("令和6年5月1日付朝刊", "2024-05-01"),
        ("令和6年5月1日（水）午後3時", "2024-05-01T15:00"),
        # without a day
        ("2024-04", "2024-04"),
        ("2024/4", "2024-04"),
        ("2024年5月", "2024-05"),                                    # never today's day
        ("2024年5月号", "2024-05"),
        ("April 2024", "2024-04"),
        ("2024", "2024"),
        ("令和6年", "2024"),
        ("二〇二四年", "2024"),
        # English
        ("April 10, 2024", "2024-04-10"),
        ("Apr. 10, 2024 3:03 p.m. JST", "2024-04-10T15:03"),
        ("Apr 10 2024 at 12:05 a.m.", "2024-04-10T00:05"),
        ("Wednesday, April 10, 2024", "2024-04-10"),
        ("April 10th, 2024", "2024-04-10"),
        ("Sept. 1, 1923", "1923-09-01"),
        ("10 April 2024", "2024-04-10"),
        ("10-Apr-2024", "2024-04-10"),
        ("10 Apr 2024", "2024-04-10"),
        ("Apr 10, 2024 10:00 EDT", "2024-04-10T23:00"),
        ("4/15/2024", "2024-04-15"),
        ("15/4/2024", "2024-04-15"),
        ("4/4/2024", "2024-04-04"),
        # RFC 822 and what programs print
        ("Wed, 10 Apr 2024 23:30:00 GMT", "2024-04-11T08:30"),
        ("Wed, 10 Apr 2024 23:30:00 +0900", "2024-04-10T23:30"),
        ("Wed, 10 Apr 2024 23:30:00 +0900 (JST)", "2024-04-10T23:30"),
        ("Wed, 10 Apr 2024 23:30:00 -0000", "2024-04-11T08:30"),
        ("Wed, 10 Apr 24 23:30:00 EST", "2024-04-11T13:30"),
        ("10 Apr 98 10:00 PDT", "1998-04-11T02:00"),
        ("Wed Apr 10 15:03:00 JST 2024", "2024-04-10T15:03"),
        ("Wed Apr 10 2024 15:03:00 GMT+0900 (日本標準時)", "2024-04-10T15:03"),
        # labels and brackets
        ("掲載日：2024-04-10", "2024-04-10"),
        ("[2024/04/10 05:00]", "2024-04-10T05:00"),
        ("（2024年4月10日）", "2024-04-10"),
        ("【2024年4月10日】", "2024-04-10"),
        ("更新日時 2024年4月10日 15時3分", "2024-04-10T15:03"),
        ("最終更新：2024/4/10(水) 15:03", "2024-04-10T15:03"),
        ("公開日: 令和6年5月1日", "2024-05-01"),
        ("配信 2024年4月10日", "2024-04-10"),
        ("Published: April 10, 2024", "2024-04-10"),
        ("Updated on 2024-04-10 15:03", "2024-04-10T15:03"),
    ],
)
def test_a_date_is_read_in_japanese_time(written, meant):
    assert said(parse_date(written)) == meant


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "　",
        "昨日",
        "3時間前",
        "午後3時",
        "正午",
        "4月10日",                        # no year, and it is not filled in
        "10日",
        "24/4/10",                        # of which year, or in which order
        "4/10/2024",
        "2024-02-30",
        "2023年2月29日",
        "2024年13月",
        "2024年0月1日",
        "2024年4月0日",
        "2024-00-10",
        "2024-04-10T25:00:00Z",
        "2024-04-10T10:00:00+99:00",
        "2024年4月10日30時",
        "2024年4月10日午前13時",
        "2024年4月10日15時60分",
        "2024年4月10日夜",
        "平成35年1月1日",                  # that era ended with its 31st year
        "昭和65年",
        "令和0年1月1日",
        "令和元年4月30日",                 # a day before the era began
        "昭和元年12月24日",
        "昭和元年11月",
        "X6.5.1",
        "R6",
        "1700年1月1日",
        "2201年1月1日",
        "9999-01-01",
        "2024年4月10日、首相は辞任した。",
        "2024年問題",
        "二千年の歴史",
        "1712707200",
        "20240410123456789",
        "03-1234-5678",
        "192.168.10.24",
        "Mon, 99 Apr 2024 00:00:00 GMT",
        "May",
        "Foo 10, 2024",
        "更新",
    ],
)
def test_what_is_no_possible_date_is_none(written):
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("今日", "2024-04-10"),
        ("本日", "2024-04-10"),
        ("きょう午前9時", "2024-04-10T09:00"),
        ("昨日", "2024-04-09"),
        ("きのう", "2024-04-09"),
        ("昨日 23:30", "2024-04-09T23:30"),
        ("一昨日", "2024-04-08"),
        ("おととい", "2024-04-08"),
        ("yesterday", "2024-04-09"),
        ("Today 9:00", "2024-04-10T09:00"),
        ("たった今", "2024-04-10T15:03"),
        ("just now", "2024-04-10T15:03"),
        ("10分前", "2024-04-10T14:53"),
        ("１０分前", "2024-04-10T14:53"),
        ("10 minutes ago", "2024-04-10T14:53"),
        ("3時間前", "2024-04-10"),                                   # the day is known, the minute is not
        ("三時間前", "2024-04-10"),
        ("16時間前", "2024-04-09"),
        ("3 hours ago", "2024-04-10"),
        ("an hour ago", "2024-04-10"),
        ("2日前", "2024-04-08"),
        ("2 days ago", "2024-04-08"),
        ("3日前 更新", "2024-04-07"),
        ("1週間前", "2024-04"),                                      # rounded
        ("3週間前", "2024-03"),
        ("1か月前", "2024-03"),
        ("4ヶ月前", "2023-12"),
        ("2年前", "2022"),
        ("昨年12月", "2023-12"),
        ("去年12月10日", "2023-12-10"),
        ("昨年", "2023"),
        ("今年4月1日", "2024-04-01"),
        ("先月5日", "2024-03-05"),
        ("先月", "2024-03"),
        ("4月10日", "2024-04-10"),
        ("4月11日", "2024-04-11"),                                   # the paper of tomorrow
        ("4月12日", "2023-04-12"),
        ("12月25日（月）", "2023-12-25"),
        ("2月29日", "2024-02-29"),
        ("四月九日", "2024-04-09"),
        ("4月10日 15時", "2024-04-10T15:00"),
        ("4/10 15:03", "2024-04-10T15:03"),
        ("4/9(火) 5:00 配信", "2024-04-09T05:00"),
        ("10日", "2024-04-10"),
        ("10日付朝刊", "2024-04-10"),
        ("31日", "2024-03-31"),
        ("12日", "2024-03-12"),
        ("更新 3月5日", "2024-03-05"),
        ("2024年4月10日", "2024-04-10"),
        ("13月1日", None),
        ("2月30日", None),
        ("32日", None),
        ("0日", None),
        ("先月31日", "2024-03-31"),
        ("今月31日", None),
        ("三日月", None),
        ("999年前", None),
        ("今日の天気", None),
        ("15:03", None),
    ],
)
def test_what_is_counted_from_another_day_needs_that_day(written, meant):
    assert said(parse_date(written, as_of=AS_OF)) == meant


def test_days_are_counted_in_japan():
    """At 23:30 in London it is the next day in Tokyo."""
    assert said(parse_date("今日", as_of=datetime(2024, 4, 9, 23, 30, tzinfo=UTC))) == "2024-04-10"
    assert said(parse_date("今日", as_of=datetime(2024, 4, 10, 1, 0))) == "2024-04-10"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("2022年2月25日 見本新聞 国際面", ("2022年2月25日", "見本新聞 国際面")),
        ("２０２２年２月２５日　見本新聞", ("2022年2月25日", "見本新聞")),
        ("2014-08-15", ("2014-08-15", "")),
        ("令和6年5月1日付朝刊 見本新聞", ("令和6年5月1日付朝刊", "見本新聞")),
        ("R6.5.1 見本新聞", ("R6.5.1", "見本新聞")),
        ("二〇二四年四月十日　見本新聞", ("2024年4月10日", "見本新聞")),
        ("2024年4月10日（水） 5:00 見本新聞", ("2024年4月10日(水) 5:00", "見本新聞")),
        ("2022年2月25日の朝、首都で爆発音が聞こえた。", None),
        ("2022年", None),
        ("2022年2月30日 見本新聞", None),
        ("見本新聞 2022年2月25日", None),
        ("192.168.10.24 見本", None),
    ],
)
def test_a_line_that_begins_with_a_date_is_cut_behind_it(line, parts):
    assert split_date(line) == parts


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1712707200", "2024-04-10T09:00"),
        (1712707200, "2024-04-10T09:00"),
        (1712707200.5, "2024-04-10T09:00"),
        ("1712707200000", "2024-04-10T09:00"),
        ("20240410", None),
        ("-712707200", None),
        ("17127072001", None),
        ("9999999999", None),
    ],
)
def test_a_timestamp_is_read_where_it_is_said_to_be_one(written, meant):
    assert said(date_of_timestamp(written)) == meant


# --- addresses and names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://a.example/2024/04/10/", "2024-04-10"),
        ("https://a.example/2024/4/9/first.html", "2024-04-09"),
        ("https://a.example/news/20240410/k10014418161000.html", "2024-04-10"),
        ("https://a.example/2024/0410/1.html", "2024-04-10"),
        ("https://a.example/202404/10/1.html", "2024-04-10"),
        ("https://a.example/a?date=20240410", "2024-04-10"),
        ("https://a.example/2024/a?date=2024-04-10", "2024-04-10"),
        ("https://a.example/articles/2024-04-10-first", "2024-04-10"),
        ("https://a.example/2024/04/summit.html", "2024-04"),
        ("https://a.example/2024/summit.html", "2024"),
        ("https://a.example/%E4%BB%A4%E5%92%8C6%E5%B9%B45%E6%9C%881%E6%97%A5.html", "2024-05-01"),
        ("https://a.example/2023/01/01/20240410.html", "2024-04-10"),
        ("https://a.example/articles/ASS4B3V2SS4BUTFK00XM.html", None),
        ("https://a.example/article/DGXZQOUA1000B0Q4A410C2000000/", None),
        ("https://a.example/html/k10014418161000.html", None),
        ("https://a.example/?id=20240410", None),
        ("https://a.example/20240230/", None),
        ("https://a.example/2024/13/45/", "2024"),
        ("https://a.example/12345678/", None),
        ("https://a.example/20240410123456789", None),
        ("https://a.example/tel/03-1234-5678", None),
        ("https://a.example/2099/01/01/", None),
        ("https://a.example/0410/2024", None),
        ("https://a.example/20240401-20240430/", None),
        ("https://20240410.example/", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_the_date_in_an_address(url, meant):
    found = date_in_address(url, latest_year=2027)
    assert said(found) == meant
    assert found is None or found.is_inferred


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("2024/04/10/朝刊/01.txt", "2024-04-10"),
        ("20240410.txt", "2024-04-10"),
        ("2024-04-10-first.md", "2024-04-10"),
        ("2024_04_10.html.gz", "2024-04-10"),
        ("令和6年/5月/1日.txt", "2024-05-01"),
        ("令和六年/五月/一日.txt", "2024-05-01"),
        ("R060501.txt", "2024-05-01"),
        ("S640107.txt", "1989-01-07"),
        ("2024年04月/10日朝刊.html", "2024-04-10"),
        ("2024年4月10日付朝刊.txt", "2024-04-10"),
        ("archive/2024/04/01.txt", "2024-04"),                       # the first article, or of the first
        ("archive/2024年4月/a.txt", "2024-04"),
        ("archive/2024/a.txt", "2024"),
        ("昭和20年/a.txt", "1945"),
        ("archive\\2024\\04\\10\\a.txt", "2024-04-10"),
        ("20230101/20240410.txt", "2024-04-10"),
        ("2024.txt", None),
        ("2011年3月11日の記憶.txt", None),
        ("2024年問題.txt", None),
        ("R650501.txt", None),
        ("S650101.txt", None),
        ("X060501.txt", None),
        ("IMG20240410.txt", None),
        ("20241301.txt", None),
        ("20240410-20240416.txt", None),
        ("090-2024-0410.txt", None),
        ("1200/a.txt", None),
        ("記事.txt", None),
    ],
)
def test_the_date_in_a_path(path, meant):
    assert said(date_in_path(path, latest_year=2027)) == meant


def test_a_year_after_the_next_one_is_no_date_in_an_address():
    after_next = datetime.now(JST).year + 2
    assert date_in_path(f"{after_next}/01/01/a.txt") is None
    assert said(date_in_path(f"{after_next - 1}/01/01/a.txt")) == f"{after_next - 1}-01-01"


# --- any date, any text ---------------------------------------------------------------------------------

KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def in_kanji(number):
    """二十五 for 25."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else str(tens).translate(KANJI)) + "十" if tens else "") + (
        str(ones).translate(KANJI) if ones else ""
    )


FORMS = {
    "iso": lambda day: day.isoformat(),
    "compact": lambda day: f"{day:%Y%m%d}",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "japanese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "weekday": lambda day: f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）",
    "kanji": lambda day: f"{str(day.year).translate(KANJI)}年{in_kanji(day.month)}月{in_kanji(day.day)}日",
    "english": lambda day: f"{ENGLISH[day.month - 1]}. {day.day}, {day.year}",
    "british": lambda day: f"{day.day} {ENGLISH[day.month - 1]} {day.year}",
    "mail": lambda day: f"{day.day:02} {ENGLISH[day.month - 1]} {day.year} 00:00:00 +0900",
}


@pytest.mark.parametrize("form", FORMS)
@given(day=st.dates(date(1868, 1, 1), date(2200, 12, 31)))
def test_any_day_comes_back_from_any_form(form, day):
    assert said(parse_date(FORMS[form](day)))[:10] == day.isoformat()


@given(day=st.dates(date(2019, 5, 1), date(2099, 12, 31)))
def test_any_day_of_an_era_comes_back(day):
    count = day.year - 2018
    for written in (
        f"令和{count}年{day.month}月{day.day}日",
        f"R{count}.{day.month}.{day.day}",
        f"R{count:02}/{day.month:02}/{day.day:02}",
        f"令和{in_kanji(count)}年{in_kanji(day.month)}月{in_kanji(day.day)}日",
    ):
        assert said(parse_date(written)) == day.isoformat()


@given(day=st.dates(date(1868, 1, 1), date(2027, 12, 31)))
def test_any_day_comes_back_from_an_address_and_a_path(day):
    for path in (f"{day:%Y/%m/%d}/a.txt", f"{day:%Y%m%d}.txt", f"{day:%Y/%m%d}/a.txt", f"{day:%Y-%m-%d}-a.md"):
        assert said(date_in_path(path, 2027)) == day.isoformat()
        assert said(date_in_address(f"https://a.example/{path}", 2027)) == day.isoformat()


@given(days=st.integers(-1, 360))
def test_a_day_without_its_year_is_the_last_one(days):
    day = AS_OF.date() - timedelta(days)
    assert said(parse_date(f"{day.month}月{day.day}日", as_of=AS_OF)) == day.isoformat()


DATE_CHARS = "0123456789/.-:年月日時分午前後前昨今令和平成元RHST('一二十〇百千 　TZ+agoApr"
LIKE_DATES = st.text(alphabet=DATE_CHARS, max_size=40)


@given(text=st.one_of(st.text(), LIKE_DATES))
@settings(max_examples=500)
def test_no_text_is_too_strange(text):
    for as_of in (None, AS_OF, datetime(1, 1, 1), datetime(9999, 12, 31, 23, tzinfo=UTC)):
        parse_date(text, as_of=as_of)
    split_date(text)
    date_in_address(text)
    date_in_path(text)
    date_of_timestamp(text)


@pytest.mark.parametrize(
    "filler", ["1", "2024", "2024年", " ", "更新", "一", "千", "2024/04/", "'24", "Apr ", "-", "R6."]
)
def test_a_long_text_takes_no_long_time(filler):
    text = filler * (200_000 // len(filler))
    started = time.perf_counter()
    parse_date(text, as_of=AS_OF)
    parse_date(text[:100], as_of=AS_OF)
    split_date(text)
    date_in_address(text)
    date_in_path(text[:2000])
    assert time.perf_counter() - started < 1
