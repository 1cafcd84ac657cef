"""Dates that are counted from the moment a page was fetched or written: 昨日, 3時間前, 4月10日 without a year.

A reader who knows "3時間前" knows the day, within an hour around midnight, and not the minute, so hours have the
precision "day". Minutes are exact. Weeks and months are rounded, so they say the month, and years the year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta

from indexer.date_forms import AFTER, FIRST_YEAR, LAST_YEAR, THEN_CLOCK, WEEKDAY, at_clock, has_clock
from search.articles import JST, Precision, Published

# How far ahead of its time a page may date itself: the morning edition of tomorrow.
DAYS_AHEAD = 1
# A 29 February without a year is at most eight years back (1900 was no leap year).
MOST_YEARS_BACK = 8
# 日 is at most two months back: of 31日 in a month of 30 and one before it that has 28.
MOST_MONTHS_BACK = 3

DAYS = {
    **dict.fromkeys(("今日", "本日", "きょう", "today"), 0),
    **dict.fromkeys(("昨日", "きのう", "前日", "yesterday"), 1),
    **dict.fromkeys(("一昨日", "おととい", "おとつい"), 2),
}
MONTHS_BACK = {"今月": 0, "先月": 1, "先々月": 2}
YEARS_BACK = {"今年": 0, "本年": 0, "昨年": 1, "去年": 1, "一昨年": 2, "おととし": 2}

_AGO = (
    (r"(?:たった)?今|ただ今|just now|now|\d{1,2}\s?秒前|\d{1,2}\s?sec(?:ond)?s? ago", "now"),
    (r"(?P<count>\d{1,3})\s?分(?:ほど)?前|(?P<count_en>\d{1,3}|a) min(?:ute)?s? ago", "minutes"),
    (r"(?P<count>\d{1,3})\s?時間(?:ほど)?前|(?P<count_en>\d{1,3}|an) (?:hours?|hrs?) ago", "hours"),
    (r"(?P<count>\d{1,3})\s?日前|(?P<count_en>\d{1,3}|a) days? ago", "days"),
    (r"(?P<count>\d{1,3})\s?週間?前|(?P<count_en>\d{1,3}|a) weeks? ago", "weeks"),
    (r"(?P<count>\d{1,3})\s?[かヶケカヵ箇]月前|(?P<count_en>\d{1,3}|a) months? ago", "months"),
    (r"(?P<count>\d{1,3})\s?年前|(?P<count_en>\d{1,3}|a) years? ago", "years"),
)
AGO = tuple((re.compile(f"(?:{pattern}){AFTER}", re.IGNORECASE), unit) for pattern, unit in _AGO)

NAMED_DAY = re.compile(rf"(?P<named>{'|'.join(DAYS)}){WEEKDAY}{THEN_CLOCK}{AFTER}", re.IGNORECASE)
OF_NAMED_MONTH = re.compile(rf"(?P<of>{'|'.join(MONTHS_BACK)})(?:(?P<day>\d{{1,2}})日{WEEKDAY}{THEN_CLOCK})?{AFTER}")
OF_NAMED_YEAR = re.compile(
    rf"(?P<of>{'|'.join(YEARS_BACK)})(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日{WEEKDAY}{THEN_CLOCK})?)?{AFTER}"
)
WITHOUT_YEAR = re.compile(
    rf"(?P<month>\d{{1,2}})(?:月\s?(?P<day>\d{{1,2}})日|/(?P<day_after_sign>\d{{1,2}})(?![/\d])){WEEKDAY}{THEN_CLOCK}{AFTER}"
)
DAY_ALONE = re.compile(rf"(?P<day>\d{{1,2}})日{WEEKDAY}{THEN_CLOCK}{AFTER}")


def relative_date(text: str, as_of: datetime) -> Published | None:
    """What `text`, as `date_forms.plain` gives it, means at that moment (without a zone: in Japan)."""
    try:
        now = as_of.replace(tzinfo=JST) if as_of.tzinfo is None else as_of.astimezone(JST)
        found = _ago(text, now) or _named(text, now) or _nearest(text, now)
    except (ValueError, OverflowError):
        return None
    return found if found and FIRST_YEAR <= found.at.year <= LAST_YEAR else None


def _ago(text: str, now: datetime) -> Published | None:
    for form, unit in AGO:
        match = form.fullmatch(text)
        if not match:
            continue
        if unit == "now":
            return Published(now.replace(second=0, microsecond=0), "minute")
        written = match["count"] or match["count_en"]
        return _back(now, unit, int(written) if written.isdecimal() else 1)
    return None


def _back(now: datetime, unit: str, count: int) -> Published:
    """Raises ValueError, OverflowError."""
    if unit == "minutes":
        return Published((now - timedelta(minutes=count)).replace(second=0, microsecond=0), "minute")
    if unit == "hours":
        return Published(_midnight(now - timedelta(hours=count)), "day")
    if unit == "days":
        return Published(_midnight(now - timedelta(days=count)), "day")
    if unit == "weeks":
        return Published(_midnight(now - timedelta(weeks=count)).replace(day=1), "month")
    if unit == "months":
        return Published(_month_back(now, count), "month")
    return Published(_midnight(now).replace(year=now.year - count, month=1, day=1), "year")


def _named(text: str, now: datetime) -> Published | None:
    """昨日15:03, 先月5日, 昨年12月."""
    if match := NAMED_DAY.fullmatch(text):
        return _at(_midnight(now) - timedelta(days=DAYS[match["named"].lower()]), match)
    if match := OF_NAMED_MONTH.fullmatch(text):
        month = _month_back(now, MONTHS_BACK[match["of"]])
        return _at(month.replace(day=int(match["day"])), match) if match["day"] else Published(month, "month")
    if match := OF_NAMED_YEAR.fullmatch(text):
        start = _midnight(now).replace(year=now.year - YEARS_BACK[match["of"]], month=int(match["month"] or 1), day=1)
        if match["day"]:
            return _at(start.replace(day=int(match["day"])), match)
        precision: Precision = "month" if match["month"] else "year"
        return Published(start, precision)
    return None


def _nearest(text: str, now: datetime) -> Published | None:
    """The last such day that is not after tomorrow."""
    latest = _midnight(now) + timedelta(days=DAYS_AHEAD)
    if match := WITHOUT_YEAR.fullmatch(text):
        month, day = int(match["month"]), int(match["day"] or match["day_after_sign"])
        places = ((latest.year - back, month) for back in range(MOST_YEARS_BACK + 1))
    elif match := DAY_ALONE.fullmatch(text):
        day = int(match["day"])
        months = (_month_back(latest, back) for back in range(MOST_MONTHS_BACK + 1))
        places = ((one.year, one.month) for one in months)
    else:
        return None
    for year, month in places:
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            found = datetime(year, month, day, tzinfo=JST)
            if found <= latest:
                return _at(found, match)
    return None


def _at(day: datetime, match: re.Match[str]) -> Published:
    """Raises ValueError for an hour that does not exist."""
    parts = match.groupdict()
    return at_clock(day, parts) if has_clock(parts) else Published(day, "day")


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _month_back(moment: datetime, count: int) -> datetime:
    """The first of the month so many months before."""
    months = moment.year * 12 + moment.month - 1 - count
    return _midnight(moment).replace(year=months // 12, month=months % 12 + 1, day=1)
