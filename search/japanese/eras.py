"""Japanese eras: 令和6年 is 2024."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """One era. first: its first day. last: its last day, None while it goes on."""

    name: str
    first: date
    last: date | None = None


# Newest first. Meiji began by the old calendar; its days before 1873 are given in the new one.
ERAS = (
    Era("令和", date(2019, 5, 1)),
    Era("平成", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", date(1912, 7, 30), date(1926, 12, 24)),
    Era("明治", date(1868, 1, 25), date(1912, 7, 29)),
)

ERA_YEAR = rf"(?P<era>{'|'.join(era.name for era in ERAS)})\s*(?P<era_year>\d{{1,2}}|元)"
"""A year of an era as it is written, without 年, in ASCII digits."""

_FISCAL_YEAR = re.compile(rf"(?:{ERA_YEAR}|(?P<year>\d{{4}}))年度")


def era_of(name: str) -> Era:
    """The era called that. Raises KeyError."""
    return {era.name: era for era in ERAS}[name]


def year_in(name: str, count: str) -> int | None:
    """The year that is the `count`th ("元" or digits) of the era; None if the era had no such year."""
    era = era_of(name)
    year = era.first.year + (1 if count == "元" else int(count)) - 1
    if year < era.first.year or (era.last and year > era.last.year):
        return None
    return year


def fiscal_years(text: str) -> tuple[str, ...]:
    """Other names of a fiscal year in ASCII digits: 2008年度 for 平成20年度, 平成31年度 and 令和元年度 for 2019年度."""
    match = _FISCAL_YEAR.fullmatch(text)
    if not match:
        return ()
    if match["era"]:
        year = year_in(match["era"], match["era_year"])
        return (f"{year}年度",) if year else ()
    year = int(match["year"])
    counts = ((era.name, year - era.first.year + 1) for era in ERAS if year <= (era.last or date.max).year)
    return tuple(f"{name}{'元' if count == 1 else count}年度" for name, count in counts if count > 0)


def era_year(day: date) -> str | None:
    """The year of `day` in its era, 令和6年; the first year is 元年. None before Meiji."""
    for era in ERAS:
        if day >= era.first:
            count = day.year - era.first.year + 1
            return f"{era.name}{'元' if count == 1 else count}年"
    return None
