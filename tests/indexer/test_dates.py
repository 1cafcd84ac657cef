"""Dates: what each form means in Japanese time, and what is no date."""

import pytest

from indexer.dates import parse_date, split_date


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2024-04-10T15:03:00+09:00", "2024-04-10T15:03", "minute"),
        ("2024-04-10T23:30:00Z", "2024-04-11T08:30", "minute"),          # the next day in Japan
        ("2025-12-15T15:42:34.000Z", "2025-12-16T00:42", "minute"),
        ("2024-04-10T23:30+0000", "2024-04-11T08:30", "minute"),
        ("2024-04-10T10:00:00-05:00", "2024-04-11T00:00", "minute"),
        ("2024-04-10 15:03", "2024-04-10T15:03", "minute"),              # without a zone: Japanese
        ("2024-04-10 15:03 JST", "2024-04-10T15:03", "minute"),
        ("2014-08-15", "2014-08-15T00:00", "day"),
        ("20140815", "2014-08-15T00:00", "day"),
        ("20240410T233000Z", "2024-04-11T08:30", "minute"),
        ("2024/4/10", "2024-04-10T00:00", "day"),
        ("2024/04/10 15:03 更新", "2024-04-10T15:03", "minute"),
        ("2024.4.10", "2024-04-10T00:00", "day"),
        ("2024年4月10日", "2024-04-10T00:00", "day"),
        ("2024年4月10日（水）", "2024-04-10T00:00", "day"),
        ("2024年4月10日 午後3時15分", "2024-04-10T15:15", "minute"),
        ("2024年4月10日午前0時5分", "2024-04-10T00:05", "minute"),
        ("2024年4月10日 午後0時", "2024-04-10T12:00", "minute"),
        ("2024年4月10日（水曜日）15時", "2024-04-10T15:00", "minute"),
        ("2024年4月10日付 朝刊", "2024-04-10T00:00", "day"),
        ("２０２４年４月１０日", "2024-04-10T00:00", "day"),
        ("２０２４／４／１０　１５：０３", "2024-04-10T15:03", "minute"),
        ("令和6年5月1日", "2024-05-01T00:00", "day"),
        ("令和元年５月１日", "2019-05-01T00:00", "day"),
        ("平成31年4月30日", "2019-04-30T00:00", "day"),
        ("昭和64年1月7日", "1989-01-07T00:00", "day"),
        ("大正12年9月1日", "1923-09-01T00:00", "day"),
        ("2024-04", "2024-04-01T00:00", "month"),
        ("2024年5月", "2024-05-01T00:00", "month"),                      # never today's day
        ("2024", "2024-01-01T00:00", "year"),
        ("令和6年", "2024-01-01T00:00", "year"),
        ("Wed, 10 Apr 2024 23:30:00 GMT", "2024-04-11T08:30", "minute"),
        ("Wed, 10 Apr 2024 23:30:00 +0900", "2024-04-10T23:30", "minute"),
        ("Wed, 10 Apr 2024 23:30:00 -0000", "2024-04-11T08:30", "minute"),
        ("10 Apr 2024", "2024-04-10T00:00", "day"),
    ],
)
def test_a_date_is_read_in_japanese_time(written, at, precision):
    published = parse_date(written)
    assert published is not None
    assert published.at.isoformat()[:16] == at
    assert published.at.utcoffset().total_seconds() == 9 * 3600
    assert published.precision == precision


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "　",
        "昨日",
        "午後3時",
        "4月10日",                        # no year, and it is not filled in
        "2024-02-30",
        "2023年2月29日",
        "2024年13月",
        "2024-04-10T25:00:00Z",
        "2024-04-10T10:00:00+99:00",
        "平成35年1月1日",                  # that era ended with its 31st year
        "令和0年1月1日",
        "1700年1月1日",
        "9999-01-01",
        "2024年4月10日、首相は辞任した。",
        "1712707200",
        "Mon, 99 Apr 2024 00:00:00 GMT",
    ],
)
def test_what_is_no_possible_date_is_none(written):
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("2022年2月25日 見本新聞 国際面", ("2022年2月25日", "見本新聞 国際面")),
        ("２０２２年２月２５日　見本新聞", ("2022年2月25日", "見本新聞")),
        ("2014-08-15", ("2014-08-15", "")),
        ("2022年2月25日の朝、首都で爆発音が聞こえた。", None),
        ("2022年", None),
        ("2022年2月30日 見本新聞", None),
        ("見本新聞 2022年2月25日", None),
    ],
)
def test_a_line_that_begins_with_a_date_is_cut_behind_it(line, parts):
    assert split_date(line) == parts
