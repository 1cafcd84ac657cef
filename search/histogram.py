"""Days and their articles -> bars of a width that can be read."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from search.results import Bar

# About as many bars as fit on a page: two months of days, six years of months.
MAX_DAY_BARS = 62
MAX_MONTH_BARS = 72


@dataclass(frozen=True, slots=True, eq=False)
class DayCounts(Mapping[date, int]):
    """Day -> articles, without the days that have none, in order of time; it stays an array until it is read.

    first: proleptic ordinal of the day of counts[0]. counts: articles of that day and of those after it, int64.
    """

    first: int
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, days: Mapping[date, int]) -> DayCounts:
        """The same counts from any mapping."""
        if isinstance(days, cls):
            return days
        ordinals = {day.toordinal(): count for day, count in days.items()}
        first = min(ordinals, default=1)
        counts = np.zeros(max(ordinals, default=0) - first + 1, np.int64)
        for ordinal, count in ordinals.items():
            counts[ordinal - first] = count
        return cls(first, counts)

    def __getitem__(self, day: date) -> int:
        at = day.toordinal() - self.first if isinstance(day, date) else -1
        if not 0 <= at < len(self.counts) or not self.counts[at]:
            raise KeyError(day)
        return int(self.counts[at])

    def __iter__(self) -> Iterator[date]:
        return (date.fromordinal(self.first + at) for at in np.flatnonzero(self.counts).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self.counts))


def bars(days: Mapping[date, int]) -> tuple[Bar, ...]:
    """Bars by day, month or year without a hole between the first and the last; empty for no days."""
    found = DayCounts.of(days)
    filled = np.flatnonzero(found.counts)
    if not len(filled):
        return ()
    first = date.fromordinal(found.first + int(filled[0]))
    last = date.fromordinal(found.first + int(filled[-1]))
    starts, end = _widths(first, last)
    # The days before `first` and after `last` are empty, so it does not matter into which bar they would fall.
    borders = np.array([day.toordinal() for day in starts]) - found.first
    counts = np.add.reduceat(found.counts, np.maximum(borders, 0))
    return tuple(map(Bar, starts, [*starts[1:], end], counts.tolist()))


def _widths(first: date, last: date) -> tuple[list[date], date]:
    """The first day of every bar, and the day after the last one."""
    if (last - first).days < MAX_DAY_BARS:
        return [first + timedelta(n) for n in range((last - first).days + 1)], _later(last, 1)
    if (last.year - first.year) * 12 + last.month - first.month < MAX_MONTH_BARS:
        starts = list(_months(first, last))
        return starts, _later(starts[-1], monthrange(last.year, last.month)[1])
    return [date(year, 1, 1) for year in range(first.year, last.year + 1)], _later(date(last.year, 12, 31), 1)


def _months(first: date, last: date) -> Iterator[date]:
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(month // 12, month % 12 + 1, 1)


def _later(day: date, days: int) -> date:
    # The calendar ends with the year 9999.
    return day + timedelta(min(days, (date.max - day).days))
