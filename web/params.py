"""An address, read: the Request it stands for, and how the page is to be shown. `links` makes addresses of requests.

The address is the whole state of the page, so reading is forgiving: what cannot be used is left out and
named in a Problem, and unknown parameters are ignored. Nothing here knows about Flask.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from search.dates import read_days
from search.query.model import SORTS, Request
from search.results import FACETS, UNITS

LANGUAGES = ("ja", "en")
WHOLE_FORMS = ("csv", "ris", "bibtex", "jsonl")
"""Forms that people save: all articles, however many, unless the address asks for a page of them."""

FORMS = ("html", "json", *WHOLE_FORMS, "atom")

SIZES = (20, 50, 100)
"""The numbers of articles a page that the page offers; an address may ask for any from 1 to the largest."""

MAX_SHOWN_CHARS = 256
"""Code points of a query shown in full; a longer one is searched all the same."""

MAX_ADDRESS_BYTES = 4_096
"""Of the query string, percent-encoded as it is sent."""

NOT = "not_"
"""Before the name of a facet: what articles do not have."""

MAX_DEPTH = 10_000
"""The last article that paging leads to."""

MOST_VERSIONS = 999_999_999

_Word = TypeVar("_Word", bound=str)

_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that could not be used as it stood in the address."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, read.

    form: one of FORMS. lang: the language the address itself asks for, None if it leaves it to the browser.
    names: whether an article is to show who is named where. folds: whether copies are listed with one of them.
    marks: whether an article is to show where the words stand. find: words to mark in it instead of the query's.
    version: of an article, which one to read; None leaves it to the page.
    whole: whether all articles are wanted rather than a page of them.
    """

    request: Request
    form: str = "html"
    lang: str | None = None
    problems: tuple[Problem, ...] = ()
    names: bool = False
    folds: bool = True
    marks: bool = True
    find: str = ""
    version: int | None = None
    whole: bool = False


def read(pairs: Iterable[tuple[str, str]], language: str = "ja") -> Asked:
    """Read the parameters of an address. language: for where the address names none."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        # A facet's value must stay as the index has it; what a person types is tidied.
        given = value if name.removeprefix(NOT) in FACETS and value.strip() else clean(value)
        if given:
            values.setdefault(name, []).append(given)
    problems: list[Problem] = []
    first = {name: given[0] for name, given in values.items()}

    lang = first.get("lang") if first.get("lang") in LANGUAGES else None
    since, until = _day(first, "from", problems), _day(first, "to", problems)
    if since and until and since > until:
        problems.append(Problem("span", f"{since} – {until}"))
    sort, by = _one_of(SORTS, first, "sort", problems), _one_of(UNITS, first, "by", problems)
    form = _one_of(FORMS, first, "format", problems) or "html"
    saved = form in WHOLE_FORMS
    text = " ".join(values.get("q", ()))
    if len(text) > MAX_SHOWN_CHARS:
        problems.append(Problem("q", str(MAX_SHOWN_CHARS)))

    request = Request(
        text=text,
        filters=_by_facet(values, ""),
        excluded=_by_facet(values, NOT),
        since=since,
        until=until,
        sort=sort,
        page=_number(first, "page", 1, 999_999_999, problems),
        size=_number(first, "size", SIZES[0], MAX_DEPTH if saved else SIZES[-1], problems),
        off=tuple(dict.fromkeys(values.get("off", ()))),
        as_typed=first.get("as_typed") == "1",
        about=first.get("about") == "1",
        by=by,
        language=lang or language,
    )
    names, folds = first.get("names") == "1", first.get("fold") != "off"
    version = _number(first, "version", 1, MOST_VERSIONS, problems) if "version" in first else None
    marks, find = first.get("marks") != "off", " ".join(values.get("find", ()))[:MAX_SHOWN_CHARS]
    whole = saved and first.keys().isdisjoint(("page", "size"))
    return Asked(request, form, lang, tuple(problems), names, folds, marks, find, version, whole)


def _by_facet(values: Mapping[str, list[str]], prefix: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(values[prefix + name])) for name in FACETS if prefix + name in values}


def clean(text: str) -> str:
    """One line without control characters and without space at its ends."""
    return _CONTROLS.sub(" ", text).strip()


def _one_of(known: Sequence[_Word], first: dict[str, str], name: str, problems: list[Problem]) -> _Word | None:
    found = next((word for word in known if word == first.get(name)), None)
    if name in first and found is None:
        problems.append(Problem(name, first[name]))
    return found


def _day(first: dict[str, str], name: str, problems: list[Problem]) -> date | None:
    if name not in first:
        return None
    span = read_days(first[name])
    if span is None:
        problems.append(Problem(name, first[name]))
        return None
    return span[0] if name == "from" else span[1]


def _number(first: dict[str, str], name: str, default: int, most: int, problems: list[Problem]) -> int:
    """A number from 1 to `most`; another is brought inside, and anything else becomes `default`."""
    value = first.get(name)
    if value is None:
        return default
    # int() takes time with the square of the digits, and takes digits of every script.
    number = int(value) if re.fullmatch(r"[0-9]{1,12}", value) else 0
    if 1 <= number <= most:
        return number
    problems.append(Problem(name, value))
    return most if number > most else default
