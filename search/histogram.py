"""Days and their articles -> bars of a width that can be read."""

from __future__ import annotations

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
        starts = [first + timedelta(n) for n in range((last - first).days + 2)]
    elif (last.year - first.year) * 12 + last.month - first.month < MAX_MONTH_BARS:
        starts = list(_months(first, last))
    else:
        starts = [date(year, 1, 1) for year in range(first.year, last.year + 1)] + [_new_year_after(last)]
    counts = [0] * (len(starts) - 1)
    at = 0
    for day, count in sorted(days.items()):
        while day >= starts[at + 1]:
            at += 1
        counts[at] += count
    return tuple(Bar(start, end, n) for start, end, n in zip(starts, starts[1:], counts, strict=False))


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(31)).replace(day=1)
    yield month


def _new_year_after(day: date) -> date:
    # The calendar ends with the year 9999.
    return date(day.year + 1, 1, 1) if day.year < date.max.year else date.max
