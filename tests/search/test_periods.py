"""One axis of time for several lines of bars, compared with counting day by day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import periods

DAYS = st.dictionaries(st.dates(date(1870, 1, 1), date(2030, 12, 31)), st.integers(1, 99), max_size=12)


@pytest.mark.parametrize(("first", "last", "most", "periods_begin"), [
    ("2024-04-10", "2024-04-12", 24, ["2024-04-10", "2024-04-11", "2024-04-12"]),       # days
    ("2024-04-10", "2024-05-10", 24, ["2024-04-08", "2024-04-15", "2024-04-22", "2024-04-29", "2024-05-06"]),  # weeks
    ("2024-01-31", "2024-11-02", 12, [f"2024-{month:02}-01" for month in range(1, 12)]),
    ("2022-02-24", "2023-05-01", 6, ["2022-01-01", "2022-04-01", "2022-07-01", "2022-10-01", "2023-01-01",
                                     "2023-04-01"]),                                    # quarters
    ("2019-05-01", "2024-01-10", 6, [f"{year}-01-01" for year in range(2019, 2025)]),
    ("1998-05-01", "2024-01-10", 6, ["1995-01-01", "2000-01-01", "2005-01-01", "2010-01-01", "2015-01-01",
                                     "2020-01-01"]),
])
def test_an_axis_has_the_shortest_periods_that_are_not_too_many(
    first: str, last: str, most: int, periods_begin: list[str]
) -> None:
    days = [{date.fromisoformat(first): 1}, {date.fromisoformat(last): 2}]
    axis = periods.axis(days, most)
    assert [start.isoformat() for start, _ in axis] == periods_begin
    assert [end for _, end in axis[:-1]] == [start for start, _ in axis[1:]]
    assert axis[-1][1] > date.fromisoformat(last)


def test_no_days_have_no_axis() -> None:
    assert periods.axis([], 24) == periods.axis([{}, {}], 24) == ()


@pytest.mark.parametrize("days", [
    {date(1, 1, 1): 1, date(9999, 12, 30): 1}, {date(1, 1, 1): 3}, {date(9999, 12, 30): 2},
])
def test_the_ends_of_the_calendar_are_no_trouble(days: dict[date, int]) -> None:
    axis = periods.axis([days], 24)
    assert sum(bar.count for bar in periods.bars(days, axis)) == sum(days.values())


@given(DAYS, DAYS, st.integers(6, 40))
def test_bars_have_the_articles_of_their_days_and_none_is_lost(
    one: dict[date, int], other: dict[date, int], most: int
) -> None:
    axis = periods.axis([one, other], most)
    assert len(axis) <= most
    for days in (one, other):
        bars = periods.bars(days, axis)
        assert [(bar.start, bar.end) for bar in bars] == list(axis)
        for bar in bars:
            assert bar.count == sum(count for day, count in days.items() if bar.start <= day < bar.end)
        assert sum(bar.count for bar in bars) == sum(days.values())
