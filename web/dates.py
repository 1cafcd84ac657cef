"""Dates as people write and read them: 2024年（令和6年）4月10日, and 10 April 2024.

A day is a day in Japan. Nothing here knows about the web.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

from search.articles import JST, Precision, Published
from search.dates import read_days

# First day of each era, newest first. Meiji began by the old calendar; articles do not reach back that far.
ERAS: tuple[tuple[str, date], ...] = (
    ("令和", date(2019, 5, 1)),
    ("平成", date(1989, 1, 8)),
    ("昭和", date(1926, 12, 25)),
    ("大正", date(1912, 7, 30)),
    ("明治", date(1868, 1, 25)),
)

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)

_IN_ERA = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治)(?P<year>\d{1,2}|元)年?"
    r"(?:(?<=年)(?P<month>\d{1,2})月?(?:(?<=月)(?P<day>\d{1,2})日?)?)?"
)


def era_year(day: date) -> str | None:
    """The year of `day` in its era, 令和6年; the first year is 元年. None before Meiji."""
    for name, start in ERAS:
        if day >= start:
            count = day.year - start.year + 1
            return f"{name}{'元' if count == 1 else count}年"
    return None


def written_day(day: date, language: str, precision: Precision = "day") -> str:
    """A day (or only its month or year) as it is read, in `language` "ja" or "en"."""
    month = _MONTHS[day.month - 1]
    if language == "en":
        return {"year": f"{day.year}", "month": f"{month} {day.year}"}.get(precision, f"{day.day} {month} {day.year}")
    first, last = _bounds(day, precision)
    # A year or month in which the era changed has two names: 2019年（平成31年・令和元年）.
    eras = dict.fromkeys(era for era in (era_year(first), era_year(last)) if era)
    year = f"{day.year}年（{'・'.join(eras)}）" if eras else f"{day.year}年"
    if precision == "year":
        return year
    return f"{year}{day.month}月" if precision == "month" else f"{year}{day.month}月{day.day}日"


def written(published: Published, language: str, *, time: bool = False) -> str:
    """When an article appeared, as precisely as its source said it. time: with hours and minutes, where known."""
    at = published.at.astimezone(JST)
    text = written_day(at.date(), language, published.precision)
    if not time or published.precision != "minute":
        return text
    return f"{text}, {at:%H:%M} JST" if language == "en" else f"{text} {at.hour}時{at:%M}分"


def machine(published: Published) -> str:
    """The value of a `<time datetime>` attribute: no more precise than the source was."""
    at = published.at.astimezone(JST)
    return {"year": f"{at:%Y}", "month": f"{at:%Y-%m}", "day": f"{at:%Y-%m-%d}"}.get(
        published.precision, at.isoformat()
    )


def parse_span(text: str) -> tuple[date, date] | None:
    """The first and the last day of what `text` says, 令和6年4月 included; None if it is no date."""
    return read_days(text) or _days_in_era(text)


def _days_in_era(text: str) -> tuple[date, date] | None:
    """Cut to the days of the era: 令和元年 begins on 1 May 2019."""
    found = _IN_ERA.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    index = next(i for i, (name, _) in enumerate(ERAS) if name == found["era"])
    start = ERAS[index][1]
    year = start.year + (0 if found["year"] == "元" else int(found["year"]) - 1)
    precision: Precision = "day" if found["day"] else "month" if found["month"] else "year"
    try:
        first, last = _bounds(date(year, int(found["month"] or 1), int(found["day"] or 1)), precision)
    except ValueError:  # 31 April, month 13
        return None
    first = max(first, start)
    if index > 0:
        last = min(last, ERAS[index - 1][1] - timedelta(days=1))
    return (first, last) if first <= last else None


def _bounds(day: date, precision: Precision) -> tuple[date, date]:
    if precision == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if precision == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return day, day
