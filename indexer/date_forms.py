"""The written forms of dates as regular expressions, and what their named parts mean.

All are for text in one width, with figures for kanji numerals (`plain`). None has nested repeats, so the longest
string of digits is looked at in linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from search.articles import JST, Precision, Published
from search.japanese.eras import ERAS, Era
from search.japanese.numerals import number_of

# The first era with Western months, and a bound that only typing errors pass.
FIRST_YEAR, LAST_YEAR = 1868, 2200

# As POSIX has it: '68 is 2068, '69 is 1969.
FIRST_OF_LAST_CENTURY = 69

# Broadcasters write 25時 for one o'clock of the night that belongs to the day before; their day ends at 30.
LAST_HOUR = 29

ERA_LETTERS = dict(zip("RHSTM", ERAS, strict=True))
ERA_NAMES = {**{era.name: era for era in ERAS}, **{era.name[0]: era for era in ERAS}, **ERA_LETTERS}

ZONES = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT"), 0), **dict.fromkeys(("JST", "KST"), 9), "BST": 1, "CET": 1, "CEST": 2,
    # As RFC 822 has them; CST is also China's.
    "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

_KANJI_FIGURES = re.compile("[〇零一二三四五六七八九十百千]{1,10}(?=年|月|日|時|分)")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")

_ERA = rf"(?P<era>{'|'.join(ERA_NAMES)})\s?\.?(?P<era_year>\d{{1,2}}|元)"
_SHORT = r"['’‘](?P<short_year>\d{2})"
YEAR = rf"(?:{_ERA}|(?P<year>\d{{4}})|{_SHORT})"

_ENGLISH_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_HOLIDAY = r"(?:[・･,、/ ]?(?:祝日?|休日?|振休))?"
WEEKDAY = (
    rf"(?:\s?[(\[〈](?:[日月火水木金土](?:曜日?)?{_HOLIDAY}|{_ENGLISH_WEEKDAY})[)\]〉]"
    rf"|\s?[日月火水木金土]曜日?|,?\s?{_ENGLISH_WEEKDAY}(?![a-z]))?"
)
MONTH_NAME = (
    r"(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)

_ZONE_NAMES = "|".join(sorted(ZONES, key=len, reverse=True))
_ZONE = (
    rf"(?:\s?(?P<zone>(?:GMT|UTC)?[+-]\d{{2}}(?::?\d{{2}})?|{_ZONE_NAMES})(?![A-Za-z\d]))?"
    r"(?:\s?\([A-Za-z 日本標準時]{1,40}\))?"
)
CLOCK = (
    r"(?:日本時間)?\s?(?:(?P<half>午前|午後|[ap]\.?m\.?)\s?)?(?:(?P<noon>正午)|(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)(?:\s?(?P<half_after>[ap]\.?m(?:\.|(?![a-z]))))?"
    r"|時(?:(?P<half_past>半)|(?P<minute_ja>\d{1,2})分)?(?:\d{1,2}秒)?))" + _ZONE
)
# 2024年4月10日（水）　午後3時, 2024.04.10 Wed posted at 15:03
THEN_CLOCK = rf"(?:(?P<iso>T)?(?:\s?[,・|])?\s?(?:(?:posted\s)?at\s)?{CLOCK})?"
THEN_CLOCK_APART = rf"(?:(?:(?P<iso>T)|\s?[,・|]\s?|\s)(?:(?:posted\s)?at\s)?{CLOCK})?"

_LABEL = (
    r"(?:(?:最終)?(?:掲載|更新|公開|配信|投稿|作成|発行|発表|発信|登録|記事|放送)(?:日時?|年月日)?|初版|日付|日時"
    r"|(?:first\s|last\s)?(?:published|updated|posted|date|modified)(?:\s(?:on|at))?)"
)
BEFORE = re.compile(rf"{_LABEL}\s?[:;]?\s?", re.IGNORECASE)
# What stands behind a date on a page: 2024年4月10日付 朝刊, 2024/4/10 15:03 更新
AFTER = r"(?:\s?(?:付け?|配信|更新|公開|掲載|発行|発|放送|号|朝刊|夕刊))*"

DAY_FORMS = tuple(
    re.compile(form + AFTER, re.IGNORECASE)
    for form in (
        # 2024-04-10T15:03:00+09:00, 2024-04-10 15:03, 2024-04-10
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?!\d){WEEKDAY}{THEN_CLOCK_APART}",
        # 2024年4月10日（水）午後3時15分, 令和6年5月1日, R6年5月1日
        rf"{YEAR}\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日{WEEKDAY}{THEN_CLOCK}",
        # 2024/4/10 15:03, 2024. 4. 10, R6.5.1, '24/4/10
        rf"{YEAR}\s?(?P<sign>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sign)\s?(?P<day>\d{{1,2}})(?!\d){WEEKDAY}"
        rf"{THEN_CLOCK_APART}",
        # 20240410, 20240410T150300Z, 20140815T090000+0900, 202404101503
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:(?P<iso>T)?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?(?!\d)",
        # April 10, 2024, 3:03 p.m. JST
        rf"(?:{_ENGLISH_WEEKDAY},?\s)?{MONTH_NAME}\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?!\d)"
        rf"{THEN_CLOCK_APART}",
        # Wed, 10 Apr 2024 06:15:00 GMT, 10 April 2024, 10-Apr-24
        rf"(?:{_ENGLISH_WEEKDAY},?\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{MONTH_NAME},?[ -]"
        rf"(?:(?P<year>\d{{4}})|(?P<short_year>\d{{2}}))(?!\d){THEN_CLOCK_APART}",
        # Wed Apr 10 15:03:00 JST 2024
        rf"{_ENGLISH_WEEKDAY}\s{MONTH_NAME}\s(?P<day>\d{{1,2}})\s{CLOCK}\s(?P<year>\d{{4}})(?!\d)",
        # 4/15/2024 and 15/4/2024; 4/10/2024 may be either
        rf"(?P<one>\d{{1,2}})(?P<sign>[/.-])(?P<other>\d{{1,2}})(?P=sign)(?P<year>\d{{4}})(?!\d){THEN_CLOCK_APART}",
    )
)
LONGER_FORMS = tuple(
    re.compile(form + AFTER, re.IGNORECASE)
    for form in (
        # 2024年4月, 令和6年; a letter alone is no era here
        rf"{YEAR}\s?年(?:\s?(?P<month>\d{{1,2}})\s?月)?",
        # 2024-04, 2024/4
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})(?![-/\d])",
        # April 2024
        rf"{MONTH_NAME},?\s(?P<year>\d{{4}})(?!\d)",
        # 2024
        r"(?P<year>\d{4})(?![-/.\d])",
    )
)


def plain(text: str) -> str:
    """Half-width digits and signs, single spaces, figures for kanji numerals before 年, 月, 日, 時 and 分."""
    return _KANJI_FIGURES.sub(_in_figures, " ".join(unicodedata.normalize("NFKC", text).split()))


def _in_figures(match: re.Match[str]) -> str:
    digits = match[0].translate(_DIGITS)
    return digits if digits.isdecimal() else number_of(match[0]) or match[0]


def published(parts: Mapping[str, str | None]) -> Published | None:
    """What the named parts of a form say; None for a day or an hour that does not exist."""
    try:
        month, day = _month_and_day(parts)
        year = _year(parts, month, day)
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        precision: Precision = "day" if day else "month" if month else "year"
        start = datetime(year, month or 1, day or 1, tzinfo=JST)
        return at_clock(start, parts) if has_clock(parts) else Published(start, precision)
    except (ValueError, OverflowError):
        return None


def has_clock(parts: Mapping[str, str | None]) -> bool:
    return bool(parts.get("hour") or parts.get("noon"))


def at_clock(day: datetime, parts: Mapping[str, str | None]) -> Published:
    """The moment of the day that begins at `day`. Raises ValueError, OverflowError."""
    hour = 12 if parts.get("noon") else _hour(parts)
    minute = 30 if parts.get("half_past") else int(parts.get("minute") or parts.get("minute_ja") or 0)
    second = int(parts.get("second") or 0)
    if hour > 23:
        # 24時 and 25時 are Japanese, in Japanese time.
        if hour > LAST_HOUR or parts.get("zone") or parts.get("iso"):
            raise ValueError("no such hour")
        day, hour = day + timedelta(days=1), hour - 24
    moment = day.replace(hour=hour, minute=minute, second=second, tzinfo=_zone(parts.get("zone")))
    return Published(moment.astimezone(JST), "minute")


def _month_and_day(parts: Mapping[str, str | None]) -> tuple[int, int]:
    """0 for what is not said. Raises ValueError where month and day may be meant either way."""
    if parts.get("one"):
        one, other = int(parts["one"] or 0), int(parts["other"] or 0)
        if one <= 12 and other <= 12 and one != other:
            raise ValueError("either may be the month")
        return (one, other) if one <= 12 else (other, one)
    name = parts.get("month_name")
    month = MONTHS.index(name[:3].lower()) + 1 if name else _number(parts, "month")
    return month, _number(parts, "day")


def _number(parts: Mapping[str, str | None], name: str) -> int:
    """0 where that is not said. Raises ValueError for a 0 that is."""
    written = parts.get(name)
    if written is not None and not int(written):
        raise ValueError("there is no such month or day")
    return int(written or 0)


def _year(parts: Mapping[str, str | None], month: int, day: int) -> int | None:
    if short := parts.get("short_year"):
        return int(short) + (1900 if int(short) >= FIRST_OF_LAST_CENTURY else 2000)
    if era := parts.get("era"):
        return _year_of_era(ERA_NAMES[era.upper()], parts.get("era_year") or "", month, day)
    return int(parts.get("year") or 0)


def _year_of_era(era: Era, count: str, month: int, day: int) -> int | None:
    """None before the era and after the year in which it ended.

    The rest of that year is kept: until the new era has a name plans and calendars print 平成31年5月.
    """
    year = era.first.year + (1 if count == "元" else int(count)) - 1
    if year < era.first.year or (era.last and year > era.last.year):
        return None
    is_before = year == era.first.year and month and (month, day or 31) < (era.first.month, era.first.day)
    return None if is_before else year


def _hour(parts: Mapping[str, str | None]) -> int:
    """0 to 29; 午後0時 and 午後12時 are both noon, as newspapers use them. Raises ValueError for 午前13時."""
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or parts.get("half_after") or "").upper()[:2]
    if not half:
        return hour
    is_after_noon = half in ("午後", "PM", "P.")
    if hour > 23 or (hour > 12 and not is_after_noon):
        raise ValueError("no such hour in this half of the day")
    return hour if hour > 12 else hour % 12 + 12 * is_after_noon


def _zone(name: str | None) -> tzinfo:
    """The forms let only known names through. Raises ValueError for an offset of a day and more."""
    if not name:
        return JST
    if name.upper() in ZONES:
        hours = ZONES[name.upper()]
        return JST if hours == 9 else timezone(timedelta(hours=hours)) if hours else UTC
    sign = max(name.find("+"), name.find("-"))
    digits = name[sign + 1 :].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[sign] == "-" else offset)
