"""Days as people type them into a form or an option."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date

from search.japanese.eras import ERA_YEAR, Era, era_of, year_in

_DAYS = re.compile(r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?|月?)|年?)\Z")
_IN_ERA = re.compile(ERA_YEAR + r"(?:年(?:(?P<month>\d{1,2})(?:月(?:(?P<day>\d{1,2})日?)?)?)?)?\Z")


def read_days(text: str) -> tuple[date, date] | None:
    """The first and the last day that `text` means: 2024, 2024-04, 2024-04-10, 2024年4月, 令和6年, in any width.

    A year of an era has the days of that era only: 令和元年 begins on 1 May 2019. None if it is no date.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if match := _DAYS.match(written):
        return _days(int(match["year"]), match["month"], match["day"])
    if match := _IN_ERA.match(written):
        year = year_in(match["era"], match["era_year"])
        days = _days(year, match["month"], match["day"]) if year else None
        return _within(days, era_of(match["era"])) if days else None
    return None


def days_of(day: date, *, whole: str) -> tuple[date, date]:
    """The first and last day of the "year", the "month" or the "day" that `day` is in."""
    if whole == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if whole == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return day, day


def _days(year: int, month: str | None, day: str | None) -> tuple[date, date] | None:
    try:
        first = date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None
    return days_of(first, whole="day" if day else "month" if month else "year")


def _within(days: tuple[date, date], era: Era) -> tuple[date, date] | None:
    first = max(days[0], era.first)
    last = min(days[1], era.last) if era.last else days[1]
    return (first, last) if first <= last else None
