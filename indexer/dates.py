"""Dates as newspapers write them, in Japanese time.

A date is never guessed: what is not wholly understood gives None, and no part is filled in from today.
`indexer.date_forms` has the forms, `indexer.relative_dates` those that count from another day, and
`indexer.address_dates` finds dates in addresses and names of files.

The library dateparser is not asked where these fail. Of the 135 forms in this module's tests it reads 56, gets
4 wrong (T12.9.1 is 2012 to it), and gives a date to 11 of 45 that are none (2024年13月 is March).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from indexer.date_forms import BEFORE, DAY_FORMS, FIRST_YEAR, LAST_YEAR, LONGER_FORMS, plain, published
from indexer.relative_dates import relative_date
from search.articles import JST, Published

# The longest form with a label and a zone in words has about 70 characters.
MAX_DATE_CHARS = 100

# Seconds since 1970 have ten digits from 2001 to 2286, and milliseconds thirteen.
SECONDS_DIGITS, MILLISECONDS_DIGITS = 10, 13

IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]|\(([^()]*)\)|【([^【】]*)】|〔([^〔〕]*)〕")


def parse_date(text: str | None, as_of: datetime | None = None) -> Published | None:
    """The moment that `text` names and nothing besides it; None where it names none, or an impossible one.

    A time without a zone is Japanese. A date without a time stands at 00:00 JST with precision "day",
    a month or a year at its first day.
    as_of: what 昨日 and 4月10日 are counted from; without it they are None.
    """
    if not text or len(text) > MAX_DATE_CHARS:
        return None
    written = _bare(plain(text))
    for form in (*DAY_FORMS, *LONGER_FORMS):
        match = form.fullmatch(written)
        if match:
            return published(match.groupdict())
    return relative_date(written, as_of) if as_of else None


def split_date(line: str) -> tuple[str, str] | None:
    """Cut a line that begins with a full date in two: the date as written, and the rest.

    `2022年2月25日 見本新聞 国際面` gives `2022年2月25日` and `見本新聞 国際面`. None where no possible date
    of day precision leads the line, or where the rest grows out of it (`2022年2月25日の朝`).
    """
    normal = plain(line)
    for form in DAY_FORMS:
        match = form.match(normal)
        if match and published(match.groupdict()):
            rest = normal[match.end() :]
            if not rest or rest[0].isspace():
                return match.group(), rest.strip()
    return None


def date_of_timestamp(written: str | float) -> Published | None:
    """Unix time, in seconds of ten digits or milliseconds of thirteen. Only for keys that say that it is one."""
    digits = str(written).strip().partition(".")[0]
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in (SECONDS_DIGITS, MILLISECONDS_DIGITS):
        return None
    seconds = int(digits) // (1000 if len(digits) == MILLISECONDS_DIGITS else 1)
    at = datetime.fromtimestamp(seconds, UTC).astimezone(JST)
    return Published(at, "minute") if FIRST_YEAR <= at.year <= LAST_YEAR else None


def _bare(written: str) -> str:
    """Without brackets around it and labels before it: [公開日：2024/04/10]."""
    brackets = IN_BRACKETS.fullmatch(written)
    if brackets:
        written = (brackets[brackets.lastindex or 0] or "").strip()
    label = BEFORE.match(written)
    return written[label.end() :] if label else written
