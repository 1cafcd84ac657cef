"""Dates as people write and read them: 2024年（令和6年）4月10日, and 10 April 2024.

A day is a day in Japan. Nothing here knows about the web.
"""

from __future__ import annotations

from datetime import date

from search.articles import JST, Precision, Published
from search.dates import days_of
from search.japanese.eras import era_year

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)


def written_day(day: date, language: str, precision: Precision = "day") -> str:
    """A day (or only its month or year) as it is read, in `language` "ja" or "en"."""
    if language == "en":
        month = MONTHS[day.month - 1]
        return {"year": f"{day.year}", "month": f"{month} {day.year}"}.get(precision, f"{day.day} {month} {day.year}")
    first, last = days_of(day, whole=precision)
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
    at = published.at.astimezone(JST).isoformat()
    length = {"year": 4, "month": 7, "day": 10}.get(published.precision, len(at))
    return at[:length]
