"""Dates as newspapers write them, in Japanese time.

A date is never guessed: what is not wholly understood gives None, and no part is filled in from today.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from search.articles import JST, Precision, Published
from search.japanese.eras import ERA_YEAR, year_in

# The first era with Western months, and a bound that only typing errors pass.
FIRST_YEAR, LAST_YEAR = 1868, 2200

YEAR = rf"(?:{ERA_YEAR}|(?P<year>\d{{4}}))"
WEEKDAY = r"(?:\s*[(\[][日月火水木金土](?:曜日?)?(?:[・,]?祝)?[)\]])?"
CLOCK = (
    r"(?:(?P<half>午前|午後|AM|PM)?\s*(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"|時(?:(?P<minute_ja>\d{1,2})分)?(?:\d{1,2}秒)?)"
    r"\s*(?P<zone>Z|UTC|GMT|JST|[+-]\d{2}(?::?\d{2})?)?)"
)
# What stands around a date on a page: 2024年4月10日付 朝刊, 2024/4/10 15:03 更新
SUFFIX = r"(?:\s*(?:付け?|配信|更新|公開|掲載|発行|朝刊|夕刊))*"

# After NFKC, so digits, colons and brackets are half-width.
FORMS = tuple(
    re.compile(form + SUFFIX, re.IGNORECASE)
    for form in (
        # 2024-04-10T15:03:00+09:00, 2024-04-10 15:03, 2024-04-10
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){WEEKDAY}(?:(?:T|\s+){CLOCK})?",
        # 2024年4月10日（水）午後3時15分, 令和6年5月1日, 2024年4月, 2024年
        rf"{YEAR}\s*年(?:\s*(?P<month>\d{{1,2}})\s*月"
        rf"(?:\s*(?P<day>\d{{1,2}})\s*日{WEEKDAY}(?:\s*{CLOCK})?)?)?",
        # 2024/4/10 15:03, 2024.4.10
        r"(?P<year>\d{4})(?P<sign>[/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
        rf"{WEEKDAY}(?:\s+{CLOCK})?",
        # 20240410, 20240410T150300Z
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?:\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?(?!\d)",
        # 2024-04, 2024/4
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})(?![-/\d])",
        # 2024
        r"(?P<year>\d{4})(?![-/.\d])",
    )
)


def parse_date(text: str | None) -> Published | None:
    """The moment that `text` names and nothing besides it; None where it names none, or an impossible one.

    A time without a zone is Japanese. A date without a time stands at 00:00 JST with precision "day",
    a month or a year at its first day.
    """
    if not text:
        return None
    normal = _normal(text)
    for form in FORMS:
        match = form.fullmatch(normal)
        if match:
            return _published(match.groupdict())
    return _parse_rfc_822(normal)


def split_date(line: str) -> tuple[str, str] | None:
    """Cut a line that begins with a full date in two: the date as written, and the rest.

    `2022年2月25日 見本新聞 国際面` gives `2022年2月25日` and `見本新聞 国際面`. None where no possible date
    of day precision leads the line, or where the rest grows out of it (`2022年2月25日の朝`).
    """
    normal = _normal(line)
    for form in FORMS[:4]:
        match = form.match(normal)
        if match and match["day"] and _published(match.groupdict()):
            rest = normal[match.end() :]
            if not rest or rest[0].isspace():
                return match.group(), rest.strip()
    return None


def _normal(text: str) -> str:
    """Half-width digits and signs, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _published(parts: dict[str, str | None]) -> Published | None:
    """What the named groups of a form say; None for a day or an hour that does not exist."""
    year = _year(parts)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    month, day = parts.get("month"), parts.get("day")
    precision: Precision = "day" if day else "month" if month else "year"
    zone: tzinfo = JST
    hour = minute = second = 0
    try:
        if parts.get("hour"):
            precision, zone = "minute", _zone(parts.get("zone"))
            hour = _hour(parts)
            minute = int(parts.get("minute") or parts.get("minute_ja") or 0)
            second = int(parts.get("second") or 0)
        at = datetime(year, int(month or 1), int(day or 1), hour, minute, second, tzinfo=zone)
        return Published(at.astimezone(JST), precision)
    except (ValueError, OverflowError):
        return None


def _year(parts: dict[str, str | None]) -> int | None:
    era, era_year = parts.get("era"), parts.get("era_year")
    if not era or not era_year:
        return int(parts.get("year") or 0)
    return year_in(era, era_year)


def _hour(parts: dict[str, str | None]) -> int:
    """0 to 23; 午後0時 and 午後12時 are both noon, as newspapers use them. More than 23 is left to fail."""
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").upper()
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half in ("午後", "PM") else 0)


def _zone(name: str | None) -> tzinfo:
    """The forms let only these names through. Raises ValueError for an offset of a day and more."""
    if not name or name.upper() == "JST":
        return JST
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = name[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)


def _parse_rfc_822(text: str) -> Published | None:
    """`Wed, 10 Apr 2024 06:15:00 GMT`, as mails and feeds have it."""
    # parsedate_to_datetime makes a date of nearly anything; only an English month says that it is one.
    if not re.search(r"\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", text, re.IGNORECASE):
        return None
    precision: Precision = "minute" if ":" in text else "day"
    try:
        at = parsedate_to_datetime(text if precision == "minute" else f"{text} 00:00:00")
        if at.tzinfo is None:
            # RFC 5322 writes -0000 for UTC of an unknown place; no zone at all is Japanese.
            at = at.replace(tzinfo=UTC if text.endswith("-0000") else JST)
        return Published(at.astimezone(JST), precision) if FIRST_YEAR <= at.year <= LAST_YEAR else None
    except (ValueError, OverflowError):
        return None
