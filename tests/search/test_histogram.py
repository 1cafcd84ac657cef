"""Days and their articles -> bars."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.histogram import MAX_DAY_BARS, MAX_MONTH_BARS, DayCounts, bars, units
from search.results import Bar, Unit


def test_no_days_give_no_bars() -> None:
    assert bars({}) == ()


def test_a_few_weeks_are_shown_by_day_with_the_empty_days() -> None:
    assert bars({date(2024, 2, 28): 2, date(2024, 3, 1): 1}) == (
        Bar(date(2024, 2, 28), date(2024, 2, 29), 2),
        Bar(date(2024, 2, 29), date(2024, 3, 1), 0),
        Bar(date(2024, 3, 1), date(2024, 3, 2), 1),
    )


def test_some_years_are_shown_by_month() -> None:
    found = bars({date(2023, 12, 31): 1, date(2024, 2, 29): 2, date(2024, 2, 1): 3, date(2024, 3, 15): 4})
    assert found == (
        Bar(date(2023, 12, 1), date(2024, 1, 1), 1),
        Bar(date(2024, 1, 1), date(2024, 2, 1), 0),
        Bar(date(2024, 2, 1), date(2024, 3, 1), 5),
        Bar(date(2024, 3, 1), date(2024, 4, 1), 4),
    )


def test_decades_are_shown_by_year() -> None:
    found = bars({date(1995, 1, 17): 1, date(2011, 3, 11): 2})
    assert (found[0], found[-1]) == (
        Bar(date(1995, 1, 1), date(1996, 1, 1), 1), Bar(date(2011, 1, 1), date(2012, 1, 1), 2)
    )
    assert len(found) == 17


@pytest.mark.parametrize(("first", "last", "count"), [
    (date(2024, 4, 10), date(2024, 4, 10), 1),
    (date(2024, 1, 1), date(2024, 1, 1) + timedelta(MAX_DAY_BARS - 1), MAX_DAY_BARS),
    (date(2024, 1, 1), date(2024, 1, 1) + timedelta(MAX_DAY_BARS), 3),      # January to March
    (date(2018, 1, 31), date(2023, 12, 1), MAX_MONTH_BARS),
    (date(2018, 1, 31), date(2024, 1, 1), 7),
    (date(1, 1, 1), date(1, 1, 1), 1),
    (date(9999, 12, 31), date(9999, 12, 31), 1),
    (date(9999, 12, 1), date(9999, 12, 31), 31),
    (date(9999, 1, 1), date(9999, 12, 31), 12),
    (date(1, 1, 1), date(9999, 12, 31), 9999),
])
def test_the_width_keeps_the_number_of_bars_readable(first: date, last: date, count: int) -> None:
    found = bars({first: 1, last: 1})
    assert len(found) == count
    assert sum(bar.count for bar in found) == len({first, last})


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.dates() | st.dates(date(2023, 1, 1), date(2025, 1, 1)), st.integers(1, 50), max_size=8))
@example({date.max: 1})
@example({date.max: 1, date(9999, 1, 1): 1})
@example({date.min: 2, date.max: 3})
def test_every_day_lies_in_one_bar_and_every_article_is_counted(days: dict[date, int]) -> None:
    found = bars(days)
    assert sum(bar.count for bar in found) == sum(days.values())
    assert [bar.end for bar in found[:-1]] == [bar.start for bar in found[1:]]
    assert all(bar.start < bar.end or bar.end == date.max for bar in found)
    for bar in found:
        # The calendar ends with the year 9999, so the last bar's end is its last day.
        inside = [n for day, n in days.items() if bar.start <= day < bar.end or (day == date.max == bar.end)]
        if bar is found[-1] or bar.end < date.max:
            assert bar.count == sum(inside)


# ---- counts of days as an array -------------------------------------------------------------------

SOME_DAYS = st.dictionaries(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(1, 1 << 40), max_size=20
)


@settings(deadline=None)
@given(SOME_DAYS, st.integers(0, 40))
def test_counts_of_days_are_a_mapping_in_order_of_time(days: dict[date, int], empty: int) -> None:
    found = DayCounts.of(days)
    assert dict(found) == days == found
    assert list(found) == sorted(days)
    assert len(found) == len(days)
    # An engine's array may begin and end with days on which nothing was found.
    wider = DayCounts(found.first - empty, np.concatenate([np.zeros(empty, int), found.counts, np.zeros(empty, int)]))
    assert wider == found
    assert bars(wider) == bars(found) == bars(days)


def test_a_day_without_articles_is_not_in_the_counts() -> None:
    found = DayCounts(date(2024, 4, 10).toordinal(), np.array([2, 0, 1]))
    assert dict(found) == {date(2024, 4, 10): 2, date(2024, 4, 12): 1}
    for day in (date(2024, 4, 9), date(2024, 4, 11), date(2024, 4, 13)):
        assert day not in found
        with pytest.raises(KeyError):
            found[day]


# ---- units that somebody chose ----------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last", "possible"), [
    ("2024-04-10", "2024-04-10", ("day",)),
    ("2024-04-10", "2024-04-20", ("day",)),
    ("2024-04-10", "2024-05-20", ("month", "day")),
    ("2023-12-31", "2024-01-01", ("year", "month", "day")),
    ("2024-01-01", "2024-04-09", ("month", "day")),         # 100 days
    ("2024-01-01", "2024-04-10", ("month",)),               # 101
    ("2020-01-01", "2024-04-10", ("year", "month")),
    ("2016-01-01", "2024-04-10", ("year", "month")),        # 100 months
    ("2016-01-01", "2024-05-10", ("year",)),
    ("1800-01-01", "2024-05-10", ("year",)),
])
def test_bars_may_span_what_makes_two_to_a_hundred_of_them(first: str, last: str, possible: tuple[Unit, ...]) -> None:
    days = {date.fromisoformat(first): 1, date.fromisoformat(last): 2}
    assert units(days) == possible
    for unit in possible:
        drawn = bars(days, unit)
        assert sum(bar.count for bar in drawn) == sum(days.values())
        assert all(one.end == other.start for one, other in pairwise(drawn))


def test_a_unit_that_makes_too_many_bars_is_as_if_none_were_asked_for() -> None:
    days = {date(1990, 1, 1): 1, date(2024, 5, 10): 2}
    assert bars(days, "day") == bars(days, "month") == bars(days)
    assert bars({}, "day") == units({}) == ()
