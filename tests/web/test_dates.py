"""Dates as people write and read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from search.articles import JST, Precision, Published
from search.dates import read_days
from search.japanese.eras import era_year
from web.dates import machine, written


@pytest.mark.parametrize(("day", "era"), [
    (date(2024, 4, 10), "令和6年"),
    (date(2019, 5, 1), "令和元年"),
    (date(2019, 4, 30), "平成31年"),
    (date(1989, 1, 8), "平成元年"),
    (date(1989, 1, 7), "昭和64年"),
    (date(1926, 12, 25), "昭和元年"),
    (date(1926, 12, 24), "大正15年"),
    (date(1912, 7, 30), "大正元年"),
    (date(1912, 7, 29), "明治45年"),
    (date(1868, 1, 24), None),
])
def test_the_era_of_a_day(day: date, era: str | None) -> None:
    assert era_year(day) == era


@pytest.mark.parametrize(("day", "precision", "japanese", "english"), [
    ("2024-04-10", "minute", "2024年（令和6年）4月10日", "10 April 2024"),
    ("2024-04-10", "day", "2024年（令和6年）4月10日", "10 April 2024"),
    ("2024-04-01", "month", "2024年（令和6年）4月", "April 2024"),
    ("2024-01-01", "year", "2024年（令和6年）", "2024"),
    ("2019-01-01", "year", "2019年（平成31年・令和元年）", "2019"),
    ("1989-01-01", "month", "1989年（昭和64年・平成元年）1月", "January 1989"),
    ("1850-07-01", "day", "1850年7月1日", "1 July 1850"),
])
def test_a_date_is_written_as_precisely_as_it_is_known(
    day: str, precision: Precision, japanese: str, english: str
) -> None:
    published = Published(datetime.fromisoformat(day).replace(tzinfo=JST), precision)
    assert written(published, "ja") == japanese
    assert written(published, "en") == english


def test_the_day_is_the_day_in_japan() -> None:
    late = Published(datetime(2024, 4, 9, 23, 30, tzinfo=UTC))
    assert written(late, "ja", time=True) == "2024年（令和6年）4月10日 8時30分"
    assert written(late, "en", time=True) == "10 April 2024, 08:30 JST"
    assert machine(late) == "2024-04-10T08:30:00+09:00"


@pytest.mark.parametrize(("precision", "value"), [("year", "2024"), ("month", "2024-04"), ("day", "2024-04-10")])
def test_machines_are_told_no_more_than_is_known(precision: Precision, value: str) -> None:
    assert machine(Published(datetime(2024, 4, 10, tzinfo=JST), precision)) == value


@pytest.mark.parametrize(("text", "first", "last"), [
    ("2024", "2024-01-01", "2024-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2024-04-10", "2024-04-10", "2024-04-10"),
    ("2024/4/10", "2024-04-10", "2024-04-10"),
    ("2024年4月10日", "2024-04-10", "2024-04-10"),
    ("２０２４年４月", "2024-04-01", "2024-04-30"),
    ("令和6年", "2024-01-01", "2024-12-31"),
    ("令和６年４月１０日", "2024-04-10", "2024-04-10"),
    ("令和元年", "2019-05-01", "2019-12-31"),     # cut to the era
    ("平成31年", "2019-01-01", "2019-04-30"),
    ("昭和64年1月", "1989-01-01", "1989-01-07"),
    ("明治45年", "1912-01-01", "1912-07-29"),
])
def test_a_date_means_its_first_to_its_last_day(text: str, first: str, last: str) -> None:
    assert read_days(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", [
    "", "2024-13", "2024-02-30", "0000", "12", "2024-04-10-1", "きのう",
    "令和", "令和0年", "平成99年", "令和6年13月", "昭和64年2月",
])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_days(text) is None
