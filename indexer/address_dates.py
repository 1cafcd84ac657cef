"""Dates in the address of a page and in the name of a file: the last resort where the text has none.

They are inferred, so they are conservative: what may be a number of something else is no date. The file's name wins
over its directories, and a directory over those above it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.date_forms import ERA_LETTERS, ERA_NAMES, plain, published
from search.articles import JST, Published

# Longer ones are no names that people gave.
MAX_ADDRESS_CHARS = 2_000

# Parameters that name a day; in any other eight digits are a number.
DAY_PARAMETERS = frozenset("date day ymd dt pubdate published".split())

_YEAR = r"(?P<year>\d{4})"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_ALONE, _ALONE_TOO = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_ERA = rf"(?:(?P<era>{'|'.join(ERA_NAMES)})(?P<era_year>\d{{1,2}}|元)|{_YEAR})"
# In Japanese 2011年3月11日の記憶 is a title; what a date is followed by in a name is this.
_ENDS = r"(?=\Z|[\s/_.,(\[-]|付|朝刊|夕刊|号|版|分)"

# In one part of a path, the most specific first.
IN_NAME = tuple(
    re.compile(form)
    for form in (
        # 20240410, 2024-04-10-first, 2024_04_10, 2024.04.10
        rf"{_ALONE}{_YEAR}(?P<sign>[-_.]?){_MONTH}(?P=sign){_DAY}{_ALONE_TOO}(?![-_.]?\d{{2}}(?!\d))",
        # R060501
        rf"{_ALONE}(?P<era>[{''.join(ERA_LETTERS)}])(?P<era_year>\d{{2}}){_MONTH}{_DAY}{_ALONE_TOO}",
    )
)
# Over several parts, 令和6年/5月/1日, and 2024年4月10日朝刊 in one.
IN_JAPANESE = tuple(
    re.compile(rf"(?<![\d.]){_ERA}年{rest}")
    for rest in (
        rf"/?(?P<month>\d{{1,2}})月/?(?P<day>\d{{1,2}})日{_ENDS}",
        rf"/?(?P<month>\d{{1,2}})月{_ENDS}",
        r"(?=/|\Z)",
    )
)
# Directories: 2024/04/10, 2024/0410, 202404/10; then 2024/04, 2024-04; then 2024.
IN_DIRECTORIES = tuple(
    re.compile(form)
    for form in (
        rf"(?<=/){_YEAR}/(?P<month>0?[1-9]|1[0-2])/(?P<day>0?[1-9]|[12]\d|3[01])(?=/)",
        rf"(?<=/){_YEAR}/{_MONTH}{_DAY}(?=/)",
        rf"(?<=/){_YEAR}{_MONTH}/{_DAY}(?=/)",
        rf"(?<=/){_YEAR}[/_-]{_MONTH}(?=/)",
        rf"(?<=/){_YEAR}(?=/)",
    )
)


def date_in_address(url: str, latest_year: int | None = None) -> Published | None:
    """The day, month or year that an address names, marked as inferred; None where that is in doubt.

    latest_year: no later one is believed; next year where it is not given.
    """
    try:
        address = urlsplit(url[:MAX_ADDRESS_CHARS].strip())
        found = date_in_path(unquote(address.path), latest_year)
        if found and found.precision == "day":
            return found
        stated = [value for name, value in parse_qsl(address.query) if name.lower() in DAY_PARAMETERS]
    except ValueError:
        return None
    days = {day for value in stated if (day := _in_name(value.strip(), latest_year))}
    return days.pop() if len(days) == 1 else found


def date_in_path(path: str, latest_year: int | None = None) -> Published | None:
    """The same for the path of a file."""
    if len(path) > MAX_ADDRESS_CHARS:
        return None
    *directories, name = plain(path.replace("\\", "/")).split("/")
    stem = re.sub(r"(?:\.[A-Za-z][A-Za-z\d]{0,7}){1,2}\Z", "", name)
    for part in (stem, *reversed(directories)):
        if _has_several(part, latest_year):
            return None
        if found := _in_name(part, latest_year):
            return found
    above = f"/{'/'.join(directories)}/"
    return _last(IN_JAPANESE, f"{above}{stem}", latest_year) or _last(IN_DIRECTORIES, above, latest_year)


def _days_in(name: str, latest_year: int | None) -> set[Published]:
    matches = (match for form in (*IN_NAME, IN_JAPANESE[0]) for match in form.finditer(name))
    return {found for match in matches if (found := _inferred(match, latest_year))}


def _in_name(name: str, latest_year: int | None) -> Published | None:
    """The only day that is named in one part."""
    days = _days_in(name, latest_year)
    return days.pop() if len(days) == 1 else None


def _has_several(name: str, latest_year: int | None) -> bool:
    """20240401-20240430 is no day, and neither are the directories above it."""
    return len(_days_in(name, latest_year)) > 1


def _last(forms: tuple[re.Pattern[str], ...], path: str, latest_year: int | None) -> Published | None:
    """What the first of the forms that fits says in its last place."""
    for form in forms:
        found = [day for match in form.finditer(path) if (day := _inferred(match, latest_year))]
        if found:
            return found[-1]
    return None


def _inferred(match: re.Match[str], latest_year: int | None) -> Published | None:
    found = published({name: part for name, part in match.groupdict().items() if name != "sign"})
    latest = latest_year or datetime.now(JST).year + 1
    return replace(found, is_inferred=True) if found and found.at.year <= latest else None
