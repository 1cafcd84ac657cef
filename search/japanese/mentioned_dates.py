"""Dates that a text speaks of: 2024年4月10日, 令和6年4月, and 昨年12月 or 10日 in a newspaper of a known day.

Each gives all that it says as terms of the index: @2024, @2024-04, @2024-04-10. Where a reader might be in doubt it
gives nothing: a missing date is found by its words all the same, a wrong one misleads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from unicodedata import normalize

from search.articles import JST, Published
from search.dates import read_days
from search.japanese.date_patterns import (
    A_DAY,
    DATE,
    JOINED,
    NOT_A_DAY_OF_A_MONTH,
    NOT_A_MONTH,
    NOT_A_YEAR,
    NOT_BEFORE_A_DAY,
    NOT_BEFORE_A_MONTH,
    NUMERAL,
    OF_A_YEAR,
    RELATIVE_DAYS,
    RELATIVE_MONTHS,
    RELATIVE_YEARS,
    REMEMBERED,
    THE_FIRST,
    TODAY,
    TOMORROW,
    date_matches,
)
from search.japanese.eras import ERAS, year_in
from search.japanese.numerals import number_of

FIRST_YEAR, LAST_YEAR = 1500, 2199
"""Other numbers before 年 are mostly spans of time: 1000年の歴史, 3000年間."""

MOST_DAYS_AHEAD = 10
"""A bare day further ahead than that is last month's: 28日 in a newspaper of the 3rd."""

MOST_DAYS_BEHIND = 14
"""Last month's days are 先月20日 when they are further back than that."""

MOST_DAYS_AWAY, MOST_DAYS_AWAY_IN_ANOTHER_YEAR = 120, 31
"""Of 4月10日 without a year. In 200 such dates of Wikinews all that lay farther away were of another year."""

MOST_CHARS_BACK = 500
"""How far to look for what was said before: about a long paragraph."""


class MentionedDate(NamedTuple):
    """start, end: code points in the text. month, day: 0 where none is said."""

    start: int
    end: int
    year: int
    month: int = 0
    day: int = 0

    @property
    def terms(self) -> tuple[str, ...]:
        """All that it says, the most precise last: @2024, @2024-04, @2024-04-10."""
        year, month = f"@{self.year:04}", f"@{self.year:04}-{self.month:02}"
        return (year, month, f"{month}-{self.day:02}") if self.day else (year, month) if self.month else (year,)


IsWord = Callable[[int, int], bool]


def mentioned_dates(
    text: str, published: Published | None, is_word: IsWord = lambda start, end: True
) -> list[MentionedDate]:
    """The dates in a stretch of text, in order.

    published: of the newspaper; what it says to the year or the month alone leaves bare days in doubt.
    is_word: whether words begin and end there, in code points: 三日 in 三日月 is no date.
    """
    reader = _Reader(text, published)
    for match in date_matches(text):
        found = reader.date_of(match)
        if found and is_word(found.start, found.end):
            reader.last = found
            reader.found.append(found)
    return reader.found


class _Reader:
    """Goes through one text and remembers what was said last."""

    def __init__(self, text: str, published: Published | None) -> None:
        self.found: list[MentionedDate] = []
        self.last: MentionedDate | None = None
        self._text = text
        self._year = published.at.year if published else None
        has_month = published is not None and published.precision != "year"
        has_day = published is not None and published.precision in ("day", "minute")
        self._month = published.at.date() if published and has_month else None
        self._day = published.at.date() if published and has_day else None

    def date_of(self, match: re.Match[str]) -> MentionedDate | None:
        """What the match says; None where that is in doubt, or no such day exists."""
        if match["y"]:
            return _checked(match, int(match["y"]), int(match["m"]), int(match["d"]))
        if match["relative_day"]:
            return self._relative_day(match)
        if match["day"]:
            return self._bare_day(match)
        if match["relative_month"] or match["month"] or match["kanji_month"]:
            return self._without_year(match)
        return self._with_year(match)

    # ---- a year is said

    def _with_year(self, match: re.Match[str]) -> MentionedDate | None:
        month, day = _number(match["month_of_year"]), _number(match["day_of_year"])
        if (NOT_A_MONTH if month else NOT_A_YEAR).match(self._text, match.end()) and not day:
            return None
        year = self._short_year(match, month) if match["short_year"] else self._year_of(match)
        return _checked(match, year, month, day) if year else None

    def _year_of(self, match: re.Match[str]) -> int | None:
        if match["era"]:
            count = match["era_year"]
            return year_in(match["era"], count if count == "元" else str(_number(count)))
        if written := match["year"] or match["kanji_year"]:
            return _number(written)
        word = match["relative_year"]
        if word in ("同年", "翌年"):
            last = self._last_in_paragraph(match.start())
            return last.year + (word == "翌年") if last else None
        return self._year + RELATIVE_YEARS[word] if self._year else None

    def _short_year(self, match: re.Match[str], month: int) -> int | None:
        """24年4月, 05年, ’98年, 24年春 and 2023年と24年; any other number of two digits may be a span of years."""
        if self._year is None:
            return None
        digits = _number(match["short_year"])
        before = self._text[max(0, match.start() - 3) : match.start()]
        is_marked = match["apostrophe"] or match["short_year"][0] in "0０"
        last = self._last_in_paragraph(match.start())
        if last and self._joined(last, match.start()):
            year = last.year // 100 * 100 + digits
            return year if year > last.year else None
        if not (is_marked or month or OF_A_YEAR.match(self._text, match.end())):
            return None
        if NOT_BEFORE_A_MONTH.search(before) or NOT_BEFORE_A_DAY.search(before):
            return None
        # Further back or ahead it is a year of an era, or of another century.
        year = 2000 + digits if digits <= self._year % 100 + 1 else 1900 + digits
        return year if 0 <= self._year + 1 - year <= 31 else None

    # ---- no year is said

    def _without_year(self, match: re.Match[str]) -> MentionedDate | None:
        day = _number(match["day_of_month"])
        rest = NOT_A_DAY_OF_A_MONTH if day else NOT_A_MONTH
        if rest.match(self._text, match.end()):
            return None
        if word := match["relative_month"]:
            months = self._relative_month(word, match.start())
            return _checked(match, months // 12, months % 12 + 1, day) if months else None
        month = _number(match["month"] or match["kanji_month"])
        before = self._text[max(0, match.start() - 4) : match.start()]
        # 一月 may be ひとつき.
        if NOT_BEFORE_A_MONTH.search(before) or (match["kanji_month"] == "一" and not day):
            return None
        remembered = REMEMBERED.get((month, day))
        if remembered and re.search(remembered, self._text[max(0, match.start() - 20) : match.end() + 20]):
            return None
        year = self._year_near(match.start(), month, day)
        return _checked(match, year, month, day) if year else None

    def _relative_month(self, word: str, start: int) -> int | None:
        """Counted in months since the year 0."""
        if word == "同月":
            last = self._last_in_paragraph(start)
            return last.year * 12 + last.month - 1 if last and last.month else None
        if self._month is None or self._is_quoted(start):
            return None
        return self._month.year * 12 + self._month.month - 1 + RELATIVE_MONTHS[word]

    def _year_near(self, start: int, month: int, day: int) -> int | None:
        """The year of a bare month or of a bare month and day."""
        last = self._last_in_paragraph(start)
        if last and self._joined(last, start):
            # 12月から3月 runs into the next year, 7月15日から6月5日 does not.
            return last.year + (last.month - month > 6)
        if self._month is None:
            return None
        year = _nearest_year_of_day(self._day, month, day) if day and self._day else _year_of_month(self._month, month)
        return year if year and (last is None or last.year == year) else None

    def _bare_day(self, match: re.Match[str]) -> MentionedDate | None:
        day = _number(match["day"])
        before = self._text[max(0, match.start() - 3) : match.start()]
        follows = (THE_FIRST if day == 1 else A_DAY).match(self._text, match.end()) or len(self._text) == match.end()
        if not follows:
            return None
        last = self._last_in_paragraph(match.start())
        if last and last.day and self._joined(last, match.start()):
            # 30日から2日 runs into the next month.
            months = last.year * 12 + last.month - 1 + (day < last.day)
            return _checked(match, months // 12, months % 12 + 1, day) if day != last.day else None
        if NOT_BEFORE_A_DAY.search(before):
            return None
        near = _nearest_day(self._day, day) if self._day else None
        if near is None or (last and (last.year, last.month or near.month) != (near.year, near.month)):
            return None
        if before.endswith("翌"):
            near = date(last.year, last.month, last.day) + timedelta(1) if last and last.day else None
        return _checked(match, near.year, near.month, day) if near and near.day == day else None

    def _relative_day(self, match: re.Match[str]) -> MentionedDate | None:
        word = match["relative_day"]
        if word == "同日":
            last = self._last_in_paragraph(match.start())
            return _checked(match, last.year, last.month, last.day) if last and last.day else None
        offset = RELATIVE_DAYS[word]
        # 今日 may be こんにち, and 明日 any time to come.
        wanted = TODAY if word in ("今日", "本日") else TOMORROW if offset == 1 else None
        if wanted and not wanted.match(self._text, match.end()):
            return None
        if self._day is None or self._is_quoted(match.start()):
            return None
        day = self._day + timedelta(offset)
        return _checked(match, day.year, day.month, day.day)

    # ---- what stands around

    def _last_in_paragraph(self, start: int) -> MentionedDate | None:
        last = self.last
        if last is None or start - last.end > MOST_CHARS_BACK or "\n" in self._text[last.end : start]:
            return None
        return last

    def _joined(self, last: MentionedDate, start: int) -> bool:
        return start - last.end <= 6 and JOINED.match(self._text[last.end : start]) is not None

    def _is_quoted(self, start: int) -> bool:
        """昨日 in 「…」 is the day before it was said."""
        first = max(0, start - MOST_CHARS_BACK)
        last = {sign: self._text.rfind(sign, first, start) for sign in "「」『』"}
        return last["「"] > last["」"] or last["『"] > last["』"]


def _number(written: str | None) -> int:
    """0 where there is none."""
    return int(number_of(written) or 0) if written else 0


def _checked(match: re.Match[str], year: int, month: int = 0, day: int = 0) -> MentionedDate | None:
    """None where the calendar has no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR or (match["month_of_year"] and not month):
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    # ’98年 begins with a word, and 2005年（平成17年）ends with one.
    start = match.end("apostrophe") if match["apostrophe"] else match.start()
    end = match.start("beside") if match["beside"] and not month else match.end()
    return MentionedDate(start, end, year, month, day)


def _year_of_month(published: date, month: int) -> int | None:
    """Newspapers name the year where it is not their own: 昨年12月. Only in January may 12月 stand for that."""
    ahead = month - published.month
    if ahead == 11:
        return published.year - 1
    return published.year if -8 <= ahead <= 8 else None


def _nearest_year_of_day(published: date, month: int, day: int) -> int | None:
    """The nearest one, unless it is so far away that another year is meant as often: of a match or an election."""
    years = (published.year - 1, published.year, published.year + 1)
    days = [found for year in years if (found := _date(year, month, day))]
    nearest = min(days, key=lambda one: abs(one - published), default=None)
    if nearest is None:
        return None
    ahead = (nearest - published).days
    farthest = MOST_DAYS_AWAY if nearest.year == published.year else MOST_DAYS_AWAY_IN_ANOTHER_YEAR
    return nearest.year if abs(ahead) <= farthest else None


def _nearest_day(published: date, day: int) -> date | None:
    """This month's, or last month's where this month's lies far ahead."""
    if day <= published.day + MOST_DAYS_AHEAD:
        return _date(published.year, published.month, day)
    before = published.replace(day=1) - timedelta(1)
    found = _date(before.year, before.month, day)
    return found if found and (published - found).days <= MOST_DAYS_BEHIND else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# ---- What people type ---------------------------------------------------------------------------

_IN_SHORT = re.compile(
    r"(?P<era>[RHS])(?P<year>\d{1,2})(?:年|[./](?P<month>\d{1,2})(?:[./](?P<day>\d{1,2}))?)", re.IGNORECASE
)
_IN_FIGURES = re.compile(r"(?P<month>\d{1,2})[/・･](?P<day>\d{1,2})")
_HAS_NUMBER = re.compile(rf"\d|{NUMERAL}月|{NUMERAL}{{4}}")
_WITH_YEAR = ("era", "year", "kanji_year", "short_year", "relative_year", "relative_month")
# M7.4 is a magnitude.
_ERAS_IN_SHORT = dict(zip("RHS", (era.name for era in ERAS), strict=False))


def date_terms(text: str, today: date) -> tuple[str, ...]:
    """The most precise term of a typed word that is a date: ("@2024-04",) for 令和6年4月, 2024-04 and R6.4; else ().

    昨年12月 is seen from `today`. A date without a year (4月10日) and a word (昨年) stand for themselves.
    """
    written = normalize("NFKC", text).strip()
    if match := _IN_SHORT.fullmatch(written):
        parts = (match["year"], match["month"], match["day"])
        written = "".join(f"{part}{name}" for part, name in zip(parts, "年月日", strict=True) if part)
        written = _ERAS_IN_SHORT[match["era"].upper()] + written
    if days := read_days(written):
        return () if written.isdecimal() else (_term_of(*days),)
    match = DATE.fullmatch(written)
    if not match or not any(match[name] for name in _WITH_YEAR):
        return ()
    if not match["era"] and not _HAS_NUMBER.search(written):
        return ()
    at = datetime(today.year, today.month, today.day, tzinfo=JST)
    found = mentioned_dates(written, Published(at, "day"))
    return (found[0].terms[-1],) if found and (found[0].start, found[0].end) == (0, len(written)) else ()


def day_in_words(text: str) -> str | None:
    """8月30日 for 8/30 and 8・30; None for what is no day of the year so written."""
    match = _IN_FIGURES.fullmatch(normalize("NFKC", text))
    month, day = (int(match["month"]), int(match["day"])) if match else (0, 0)
    return f"{month}月{day}日" if _date(2000, month, day) else None


def _term_of(first: date, last: date) -> str:
    whole = f"@{first:%Y-%m-%d}"
    if first == last:
        return whole
    return whole[:-3] if (first.year, first.month) == (last.year, last.month) else whole[:-6]
