"""Days and their articles -> bars of a width that can be read."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from search.results import Bar

# About as many bars as fit on a page: two months of days, six years of months.
MAX_DAY_BARS = 62
MAX_MONTH_BARS = 72


def bars(days: Mapping[date, int]) -> tuple[Bar, ...]:
    """Bars by day, month or year without a hole between the first and the last; empty for no days."""
    if not days:
        return ()
    first, last = min(days), max(days)
    if (last - first).days < MAX_DAY_BARS:
        starts = [first + timedelta(n) for n in range((last - first).days + 1)]
        end = _later(last, 1)
    elif (last.year - first.year) * 12 + last.month - first.month < MAX_MONTH_BARS:
        starts = list(_months(first, last))
        end = _later(starts[-1], monthrange(last.year, last.month)[1])
    else:
        starts = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
        end = _later(date(last.year, 12, 31), 1)
    counts = [0] * len(starts)
    for day, count in days.items():
        counts[bisect_right(starts, day) - 1] += count
    return tuple(Bar(*bar) for bar in zip(starts, [*starts[1:], end], counts, strict=True))


def _months(first: date, last: date) -> Iterator[date]:
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(month // 12, month % 12 + 1, 1)


def _later(day: date, days: int) -> date:
    # The calendar ends with the year 9999.
    return day + timedelta(min(days, (date.max - day).days))
