"""Days and their articles -> one axis of time for several lines of bars, which can then be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import numpy as np

from search.histogram import DayCounts
from search.results import Bar

Period = tuple[date, date]
"""The first day, and the day after the last one."""

MONTHS_TOGETHER = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Lengths of a period, in months: from a month to a century. Before these come a day and a week."""

LAST_MONTH = 9999 * 12 + 11
"""The calendar ends with the year 9999."""


def axis(several: Iterable[Mapping[date, int]], most: int) -> tuple[Period, ...]:
    """The shortest periods of one length that cover all of these days, at most `most` of them; () for no days.

    Weeks begin on Monday, quarters with January, decades with a year that ends in 0.
    """
    ends = [end for days in several for end in _ends(days)]
    if not ends:
        return ()
    first, last = min(ends), max(ends)
    if (last - first).days < most:
        return _until_next([first + timedelta(n) for n in range((last - first).days + 1)], 1)
    # The first week of the calendar begins with its first day, a Monday.
    monday = first - timedelta(first.weekday())
    if (last - monday).days < 7 * most:
        return _until_next([monday + timedelta(n) for n in range(0, (last - monday).days + 1, 7)], 7)
    starts: list[date] = []
    for months in MONTHS_TOGETHER:
        starts = list(_months(first, last, months))
        if len(starts) <= most:
            break
    return tuple(zip(starts, [*starts[1:], _month(_number(starts[-1]) + months)], strict=True))


def bars(days: Mapping[date, int], periods: Iterable[Period]) -> tuple[Bar, ...]:
    """The articles of each period."""
    found = DayCounts.of(days)
    # Sums up to each day: what lies between two days is one subtraction.
    up_to = np.concatenate(([0], np.cumsum(found.counts)))

    def before(day: date) -> int:
        return int(up_to[min(max(day.toordinal() - found.first, 0), len(found.counts))])

    return tuple(Bar(start, end, before(end) - before(start)) for start, end in periods)


def _ends(days: Mapping[date, int]) -> tuple[date, ...]:
    """The first and the last day; () for none."""
    found = DayCounts.of(days)
    filled = np.flatnonzero(found.counts)
    return tuple(date.fromordinal(found.first + int(at)) for at in filled[[0, -1]]) if len(filled) else ()


def _until_next(starts: list[date], days: int) -> tuple[Period, ...]:
    after = starts[-1] + timedelta(min(days, (date.max - starts[-1]).days))
    return tuple(zip(starts, [*starts[1:], after], strict=True))


def _months(first: date, last: date, together: int) -> Iterator[date]:
    start = _number(first) // together * together
    return (_month(number) for number in range(start, _number(last) + 1, together))


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> date:
    number = max(number, 12)        # there is no year 0
    return date(number // 12, number % 12 + 1, 1) if number <= LAST_MONTH else date.max
