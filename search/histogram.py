"""Days and their articles -> bars of a width that can be read."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from search.results import UNITS, Bar, Unit

# About as many bars as are easily read: two months of days, six years of months.
MAX_DAY_BARS = 62
MAX_MONTH_BARS = 72

MAX_BARS = 100
"""As many as fit on a page, if somebody wants them."""


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


def units(days: Mapping[date, int]) -> tuple[Unit, ...]:
    """What bars may span so that there are from 2 to MAX_BARS; the unit that `bars` chooses is always there."""
    found = DayCounts.of(days)
    ends = _ends(found)
    if ends is None:
        return ()
    chosen = _usual(*ends)
    return tuple(unit for unit in UNITS if unit == chosen or 2 <= len(_starts(*ends, unit)) <= MAX_BARS)


def bars(days: Mapping[date, int], by: Unit | None = None) -> tuple[Bar, ...]:
    """Bars by day, month or year without a hole between the first and the last; empty for no days.

    by: one of `units`; any other, and None, leaves it to the days there are.
    """
    found = DayCounts.of(days)
    ends = _ends(found)
    if ends is None:
        return ()
    unit = by if by is not None and by in units(found) else _usual(*ends)
    starts = _starts(*ends, unit)
    end = _end(starts[-1], unit)
    # The days before `first` and after `last` are empty, so it does not matter into which bar they would fall.
    borders = np.array([day.toordinal() for day in starts]) - found.first
    counts = np.add.reduceat(found.counts, np.maximum(borders, 0))
    return tuple(map(Bar, starts, [*starts[1:], end], counts.tolist()))


def _ends(found: DayCounts) -> tuple[date, date] | None:
    """The first and the last day that have articles."""
    filled = np.flatnonzero(found.counts)
    if not len(filled):
        return None
    return date.fromordinal(found.first + int(filled[0])), date.fromordinal(found.first + int(filled[-1]))


def _usual(first: date, last: date) -> Unit:
    """What bars over these days span if nobody says."""
    if (last - first).days < MAX_DAY_BARS:
        return "day"
    return "month" if _number(last) - _number(first) < MAX_MONTH_BARS else "year"


def _starts(first: date, last: date, unit: Unit) -> list[date]:
    """The first day of every bar."""
    if unit == "day":
        return [first + timedelta(n) for n in range(min((last - first).days, MAX_BARS) + 1)]
    if unit == "month":
        return list(_months(first, last))
    return [date(year, 1, 1) for year in range(first.year, last.year + 1)]


def _end(start: date, unit: Unit) -> date:
    """The day after the bar that begins there."""
    if unit == "day":
        return _later(start, 1)
    if unit == "month":
        return _later(start, monthrange(start.year, start.month)[1])
    return _later(date(start.year, 12, 31), 1)


def _number(day: date) -> int:
    """Of its month, counted on over the years."""
    return day.year * 12 + day.month - 1


def _months(first: date, last: date) -> Iterator[date]:
    for month in range(_number(first), _number(last) + 1):
        yield date(month // 12, month % 12 + 1, 1)


def _later(day: date, days: int) -> date:
    # The calendar ends with the year 9999.
    return day + timedelta(min(days, (date.max - day).days))
