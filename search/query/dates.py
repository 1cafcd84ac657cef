"""What is typed after 日付: or 年: -> days. 2024-04, 令和6年, 2024-01..2024-03, 4月1日から, 昨年12月, 過去7日."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from search.dates import days_of, read_days

Days = tuple[date, date]

_MAX_CHARS = 40     # 令和元年十二月三十一日から令和元年十二月三十一日まで has 26

_KANJI_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
_KANJI_NUMBER = re.compile("[〇零一二三四五六七八九十]+(?=[年月日週か箇ヶケカヵ日上中下])")
_ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
_ERA_LETTER = re.compile(r"([RHSTM])(\d{1,2})(?:[./年-](?:(\d{1,2})(?:[./月-](?:(\d{1,2})日?)?)?)?)?\Z", re.IGNORECASE)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?\Z")

_DAY_WORDS = {
    "今日": 0, "本日": 0, "きょう": 0, "today": 0, "昨日": 1, "きのう": 1, "前日": 1, "yesterday": 1,
    "一昨日": 2, "おととい": 2,
}
_WEEK_WORDS = {"今週": 0, "thisweek": 0, "先週": 1, "前週": 1, "lastweek": 1, "先々週": 2}
_MONTH_WORDS = {"今月": 0, "thismonth": 0, "先月": 1, "前月": 1, "lastmonth": 1, "先々月": 2}
_YEAR_WORDS = {
    "今年": 0, "本年": 0, "ことし": 0, "thisyear": 0, "昨年": 1, "去年": 1, "前年": 1, "lastyear": 1,
    "一昨年": 2, "おととし": 2,
}
_UNITS = {
    "日": "day", "日間": "day", "days": "day", "day": "day", "d": "day",
    "週": "week", "週間": "week", "weeks": "week", "week": "week", "w": "week",
    "か月": "month", "ヶ月": "month", "ケ月": "month", "カ月": "month", "ヵ月": "month", "箇月": "month",
    "か月間": "month",
    "months": "month", "month": "month", "m": "month",
    "年": "year", "年間": "year", "years": "year", "year": "year", "y": "year",
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PAST = re.compile(
    rf"(?:(?:過去|直近|最近|ここ|この|last|past)(?P<a>\d{{1,4}})(?P<a_unit>{_UNIT})"
    rf"|(?P<b>\d{{1,4}})(?P<b_unit>{_UNIT})以内|(?P<c>\d{{1,4}})(?P<c_unit>[dwmy]))\Z"
)
_AGO = re.compile(rf"(?P<number>\d{{1,4}})(?P<unit>{_UNIT})前\Z")
_NO_YEAR = re.compile(r"(?:(?P<month>\d{1,2})[/.月-])?(?:(?P<day>\d{1,2})日?)?\Z")
_PART_OF_YEAR = re.compile(r"(?P<year>.+年)(?P<part>度|上半期|下半期|前半|後半|上期|下期|初め|末)\Z")
_PART_OF_MONTH = re.compile(r"(?P<month>.+月)(?P<part>上旬|中旬|下旬|初め|末)\Z")
_DECADE = re.compile(r"(\d{3})0(?:年代|s)\Z")

# A hyphen parts days only where it cannot be inside of one: 2022-2024, 2024/4/1-2024/4/10, 2024年1-3月.
_BETWEEN = re.compile(
    r"\.{2,}|‥|…|~|〜|から|–|—|―"
    r"|(?<=\d{4})-(?=\d{4}(?:\D|\Z))|(?<=[/日月年])-|(?<=/\d)-|(?<=/\d\d)-|-(?=\d{1,2}月)"
)
_SINCE = re.compile(r"(?:>=|since:?)(?P<a>.+)|(?P<b>.+?)(?:以降|以後|から|より|\.{2,}|‥|…|~|〜|-)")
_UNTIL = re.compile(r"(?:<=|until:?)(?P<a>.+)|(?P<b>.+?)(?:以前|まで)|(?:\.{2,}|‥|…|~|〜)(?P<c>.+)")


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both included, None for open; one of them is set. as_typed: False where a slip was mended."""

    since: date | None
    until: date | None
    as_typed: bool = True

    def written(self) -> str:
        """As it can be typed after 日付: again: 2024, 2024-04, 2024-04-10, 2024-01..2024-03, 2024.., ..2023-05-01."""
        if self.since and self.until:
            for form, whole in (("%Y", "year"), ("%Y-%m", "month"), ("%Y-%m-%d", "day")):
                first, last = days_of(self.since, whole=whole)[0], days_of(self.until, whole=whole)[1]
                if (first, last) == (self.since, self.until):
                    start, end = _strftime(self.since, form), _strftime(self.until, form)
                    return start if start == end else f"{start}..{end}"
        since = _strftime(self.since, "%Y-%m-%d") if self.since else ""
        until = _strftime(self.until, "%Y-%m-%d") if self.until else ""
        return f"{since}..{until}"


def read_span(text: str, today: date) -> Span | None:
    """The days that `text` means; those of an impossible date as far as it is possible. None if it is no date.

    today: what 昨年, 先月 and 4月 (the latest that has begun) count from.
    """
    plain = _plain(text)
    if not plain or len(plain) > _MAX_CHARS:
        return None
    span = _span(plain, today)
    if span:
        return span
    # 2024-13 is 2024, 2024-02-30 is February 2024, 2024年春 is 2024.
    for end in range(len(plain) - 1, 3, -1):
        within_number = plain[end].isdigit() and plain[end - 1].isdigit()
        if not within_number and (span := _span(plain[:end].rstrip("-/.") or "?", today)):
            return Span(span.since, span.until, as_typed=False)
    return None


def _plain(text: str) -> str:
    """In one width, with numbers in digits and no spaces."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    plain = re.sub("[‐‑−]", "-", plain.replace("元年", "1年"))
    return _KANJI_NUMBER.sub(lambda match: str(_number(match.group())), plain)


def _number(kanji: str) -> int:
    """十二 is 12, 二十 is 20, 二〇二四 is 2024."""
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in kanji))
    return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)


def _span(plain: str, today: date) -> Span | None:
    if days := _days(plain, today):
        return Span(*days)
    for between in _BETWEEN.finditer(plain):
        first = _days(plain[: between.start()], today)
        last = _days(plain[between.end() :].removesuffix("まで"), today, after=first[0]) if first else None
        if first and last:
            return Span(min(first[0], last[0]), max(first[1], last[1]))
    if (match := _SINCE.fullmatch(plain)) and (first := _days(match["a"] or match["b"], today)):
        return Span(first[0], None)
    if (match := _UNTIL.fullmatch(plain)) and (last := _days(match["a"] or match["b"] or match["c"], today)):
        return Span(None, last[1])
    return None


def _days(plain: str, today: date, *, after: date | None = None) -> Days | None:
    """First and last day of one point in time. after: what the end of a range leaves unsaid is as in its beginning."""
    if found := read_days(plain):
        return found
    try:
        return (
            (after and _later(plain, after)) or _short(plain) or _relative(plain, today) or _part(plain, today)
            or _this_year(plain, today)
        )
    except (ValueError, OverflowError):     # 30 February, 9,999 years ago
        return None


def _short(plain: str) -> Days | None:
    """R6.4.1, 20240410, 202404, 1990年代."""
    if match := _ERA_LETTER.match(plain):
        era, year, month, day = match.groups()
        written = f"{_ERA_LETTERS[era.upper()]}{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
        return read_days(written)
    if match := _DIGITS.match(plain):
        return read_days("-".join(filter(None, match.groups())))
    if match := _DECADE.match(plain):
        first = int(match[1]) * 10
        return date(first, 1, 1), date(first + 9, 12, 31)
    return None


def _relative(plain: str, today: date) -> Days | None:
    """昨日, 先週, 先月10日, 昨年12月, 過去7日, 3日前."""
    if plain in _DAY_WORDS:
        day = today - timedelta(_DAY_WORDS[plain])
        return day, day
    if plain in _WEEK_WORDS:
        monday = today - timedelta(today.weekday() + 7 * _WEEK_WORDS[plain])
        return monday, monday + timedelta(6)
    for words, whole in ((_YEAR_WORDS, "year"), (_MONTH_WORDS, "month")):
        for word, back in words.items():
            if plain.startswith(word):
                base = days_of(_back(today, back, whole), whole=whole)
                rest = plain.removeprefix(word)
                return _in_year(base[0].year, rest) if whole == "year" and rest else _in_month(base, rest)
    if match := _PAST.match(plain):
        number, unit = next((int(match[name]), match[f"{name}_unit"]) for name in "abc" if match[name])
        return (_back(today, number, _UNITS[unit]) + timedelta(1), today) if number else None
    if match := _AGO.match(plain):
        unit = _UNITS[match["unit"]]
        day = _back(today, int(match["number"]), unit)
        return days_of(day, whole="day" if unit == "week" else unit)
    return None


def _in_year(year: int, rest: str) -> Days | None:
    """12月, 12月10日, 末."""
    if rest == "度":
        return date(year, 4, 1), date(year + 1, 3, 31)
    return read_days(f"{year}年{rest}") or _part(f"{year}年{rest}", date(year, 12, 31))


def _in_month(month: Days, rest: str) -> Days | None:
    """10日, 上旬, or the whole."""
    written = f"{month[0].year}年{month[0].month}月{rest}"
    return month if not rest else read_days(written) or _part(written, month[1])


def _part(plain: str, today: date) -> Days | None:
    """2024年度, 2024年上半期, 4月上旬."""
    if match := _PART_OF_YEAR.match(plain):
        year = read_days(match["year"]) or _relative(match["year"], today)
        if not year:
            return None
        first = year[1].year
        if match["part"] == "度":
            return date(first, 4, 1), date(first + 1, 3, 31)
        start, end = {"上": (1, 6), "前": (1, 6), "初": (1, 1), "末": (12, 12)}.get(match["part"][0], (7, 12))
        return date(first, start, 1), days_of(date(first, end, 1), whole="month")[1]
    if (match := _PART_OF_MONTH.match(plain)) and (month := _days(match["month"], today)):
        start, end = {"上": (1, 10), "初": (1, 10), "中": (11, 20)}.get(match["part"][0], (21, month[1].day))
        return month[0].replace(day=start), month[0].replace(day=end)
    return None


def _this_year(plain: str, today: date) -> Days | None:
    """4月, 4月10日, 4/10: the latest that has begun."""
    match = _NO_YEAR.match(plain)
    if not match or not match["month"]:
        return None
    for year in (today.year, today.year - 1):
        days = read_days(f"{year}-{match['month']}" + (f"-{match['day']}" if match["day"] else ""))
        if days and days[0] <= today:
            return days
    return None


def _later(plain: str, after: date) -> Days | None:
    """The end of a range: 2024年4月〜6月, 4月1日〜10日."""
    match = _NO_YEAR.match(plain)
    if not match or not (match["month"] or match["day"]):
        return None
    month = match["month"] or after.month
    for year in (after.year, after.year + 1):
        days = read_days(f"{year}-{month}" + (f"-{match['day']}" if match["day"] else ""))
        if days and days[1] >= after:
            return days
    return None


def _back(day: date, number: int, unit: str) -> date:
    """So many days, weeks, months or years before; the last of the month where it has no such day."""
    if unit in ("day", "week"):
        return day - timedelta(number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _strftime(day: date, form: str) -> str:
    # %Y has no leading zeros before the year 1000 on some systems, and read_days wants four digits.
    return day.strftime(form.replace("%Y", f"{day.year:04}"))
