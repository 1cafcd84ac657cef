"""Days as people type them into a form or an option."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.dates import read_days


@pytest.mark.parametrize("text", [
    "2024-04-10", "2024/4/10", "2024.04.10", "2024年4月10日", "2024年04月10", "２０２４年４月１０日",
    "２０２４－０４－１０", " 2024-04-10 ", "2024-4-10", "　2024/04/10",
])
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert read_days(text) == (date(2024, 4, 10), date(2024, 4, 10))


@pytest.mark.parametrize(("text", "first", "last"), [
    ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024年", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-04", date(2024, 4, 1), date(2024, 4, 30)),
    ("2024年4月", date(2024, 4, 1), date(2024, 4, 30)),
    ("2024/12", date(2024, 12, 1), date(2024, 12, 31)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2023年2月", date(2023, 2, 1), date(2023, 2, 28)),
    ("0001", date(1, 1, 1), date(1, 12, 31)),
    ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
])
def test_a_month_or_a_year_means_all_its_days(text: str, first: date, last: date) -> None:
    assert read_days(text) == (first, last)


@pytest.mark.parametrize("text", [
    "", " ", "きのう", "2024-13", "2024-00", "2024-02-30", "2023年2月29日", "0000", "24-04-10", "2024-", "2024-04-",
    "2024-04-10T00:00", "2024-04-10 12:00", "10/4/2024", "2024-4-100", "20240", "-2024",
    "2024–04", "\0", "\ud800", "2024\n04",
])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_days(text) is None


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    days = read_days(text)
    assert days is None or days[0] <= days[1]


@given(st.dates())
def test_the_iso_form_of_every_day_is_read(day: date) -> None:
    assert read_days(day.isoformat()) == (day, day)
