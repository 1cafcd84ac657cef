"""The address of a page and the Request it stands for: each can be made from the other.

The address is the whole state of the page, so reading is forgiving: what cannot be used is left out and
named in a Problem, and unknown parameters are ignored. Nothing here knows about Flask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from search.dates import read_days
from search.query.model import SORTS, Request
from search.query.parts import parts
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

KEPT_CHARS = 64
"""Of a name or a value: what is longer is not kept in memory."""

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
    sort = next((sort for sort in SORTS if sort == first.get("sort")), None)
    if "sort" in first and sort is None:
        problems.append(Problem("sort", first["sort"]))
    by = next((unit for unit in UNITS if unit == first.get("by")), None)
    if "by" in first and by is None:
        problems.append(Problem("by", first["by"]))
    form = first.get("format", "html")
    if form not in FORMS:
        problems.append(Problem("format", form))
        form = "html"
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


def pairs(
    request: Request, lang: str | None = None, form: str | None = None, *, folds: bool = True
) -> list[tuple[str, str]]:
    """The parameters of the address of `request`, in a fixed order, without what goes without saying."""
    found = [("q", request.text)] if request.text else []
    found += [(name, value) for name in FACETS for value in request.filters.get(name, ())]
    found += [(NOT + name, value) for name in FACETS for value in request.excluded.get(name, ())]
    if request.since:
        found.append(("from", request.since.isoformat()))
    if request.until:
        found.append(("to", request.until.isoformat()))
    if request.sort:
        found.append(("sort", request.sort))
    if request.page != 1:
        found.append(("page", str(request.page)))
    if request.size != SIZES[0]:
        found.append(("size", str(request.size)))
    if request.by:
        found.append(("by", request.by))
    found += [("off", word) for word in request.off]
    if request.as_typed:
        found.append(("as_typed", "1"))
    if request.about:
        found.append(("about", "1"))
    if not folds:
        found.append(("fold", "off"))
    if lang:
        found.append(("lang", lang))
    if form:
        found.append(("format", form))
    return found


def shown_pairs(names: bool, marks: bool, find: str) -> list[tuple[str, str]]:
    """The parameters of an article's address that say how it is shown."""
    shown = [("names", "1")] if names else []
    shown += [] if marks else [("marks", "off")]
    return [*shown, ("find", find)] if find else shown


def query_string(parameters: Iterable[tuple[str, str]]) -> str:
    """Percent-encoded, a space as %20: `+` would be a plus sign to some programs."""
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in parameters])


def quote_path(path: str) -> str:
    """A path as it stands in an address; its slashes part it."""
    return quote(path)


def _quoted(value: str) -> str:
    """As it stands in an address."""
    return _kept(value) if len(value) <= KEPT_CHARS else quote(value, safe="")


@lru_cache(maxsize=1 << 14)
def _kept(value: str) -> str:
    """The same few ids and values stand on most pages, and a page's own words in all of its links."""
    return quote(value, safe="")


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the addresses of pages, in the language that the present address asks for.

    root: what stands before every path, without a slash at its end ("" at the top of a host).
    folds: whether copies are listed with one of them.
    """

    root: str = ""
    lang: str | None = None
    folds: bool = True

    def search(self, request: Request, form: str | None = None) -> str:
        return self._to("/", self.pairs(request, form))

    def pairs(self, request: Request, form: str | None = None) -> list[tuple[str, str]]:
        """The parameters of a search's address."""
        return pairs(request, self.lang, form, folds=self.folds)

    def adding(self, request: Request, facet: str) -> Callable[[str], str]:
        """Makes the address of `request` with one more value of `facet`: a page has hundreds of these."""
        return self._with_one_more(self.pairs(with_value(request, facet, "")), facet)

    def excluding(self, request: Request, facet: str) -> Callable[[str], str]:
        """Makes the address of `request` with one more value of `facet` excluded."""
        return self._with_one_more(self.pairs(excluding(request, facet, "")), NOT + facet)

    def _with_one_more(self, found: list[tuple[str, str]], name: str) -> Callable[[str], str]:
        # The new value comes after those that are there already.
        at = max(i for i, pair in enumerate(found) if pair[0] == name)
        before, after = self._around(found[:at], found[at + 1 :])
        return lambda value: f"{before}{name}={_quoted(value)}{after}"

    def spanning(self, request: Request) -> Callable[[date, date], str]:
        """Makes the address of `request` between two days instead of its own."""
        some_day = date(1, 1, 1)
        found = self.pairs(with_span(request, some_day, some_day))
        at = [name for name, _ in found].index("from")
        before, after = self._around(found[:at], found[at + 2 :])
        return lambda since, until: f"{before}from={since.isoformat()}&to={until.isoformat()}{after}"

    def _around(self, before: list[tuple[str, str]], after: list[tuple[str, str]]) -> tuple[str, str]:
        """A search's address up to where a parameter is to be put in, and from there on."""
        return (
            f"{self.root}/?" + (f"{query_string(before)}&" if before else ""),
            f"&{query_string(after)}" if after else "",
        )

    def values(
        self, request: Request, facet: str, *, find: str = "", order: str = "count", page: int = 1, form: str = ""
    ) -> str:
        """The address of all values of a facet in a search, or of those that fit `find`."""
        own = [("find", find)] if find else []
        own += [("order", order)] if order != "count" else []
        own += [("p", str(page))] if page != 1 else []
        return self._to(f"/values/{_quoted(facet)}", [*own, *self.pairs(replace(request, page=1), form or None)])

    def values_path(self, facet: str) -> str:
        """Where a form asks for the values of a facet that fit what is typed into it as `find`."""
        return f"{self.root}/values/{_quoted(facet)}"

    def save(self, request: Request) -> str:
        """The address of the page that saves a search as a topic."""
        return self._to("/save", self.pairs(replace(request, page=1)))

    def articles(self, request: Request) -> Callable[[str, int | None], str]:
        """Makes the addresses of articles, and of their sections, by id and number.

        request: what to mark in the article, and to come back to; a page number is left behind.
        """
        asked = self._to("", self.pairs(replace(request, page=1))).removeprefix(self.root)

        def article(article_id: str, section: int | None) -> str:
            anchor = "" if section is None else f"#s{section}"
            return f"{self.root}/article/{_quoted(article_id)}{asked}{anchor}"

        return article

    def article(
        self, request: Request, article_id: str, *, names: bool = False, marks: bool = True, find: str = ""
    ) -> str:
        """The address of one article: with its names marked or not, and with other words marked than the query's."""
        found = self.pairs(replace(request, page=1))
        return self._to(self._of_article(article_id), [*found, *shown_pairs(names, marks, find)])

    def article_path(self, article_id: str) -> str:
        """Where a form of an article's page is sent."""
        return f"{self.root}{self._of_article(article_id)}"

    def article_form(self, article_id: str, form: str) -> str:
        """An article for another program."""
        return self._to(self._of_article(article_id), [*self._plain, ("format", form)])

    def _of_article(self, article_id: str) -> str:
        return f"/article/{_quoted(article_id)}"

    def history(self, article_id: str, version: int | None = None) -> str:
        """The versions of an article, or the text of one of them."""
        chosen = [("version", str(version))] if version is not None else []
        return self._to(f"/history/{_quoted(article_id)}", [*self._plain, *chosen])

    def entity(self, entity_id: str, form: str | None = None) -> str:
        return self._to(f"/entity/{_quoted(entity_id)}", [*self._plain, ("format", form)] if form else self._plain)

    def topics(self, form: str | None = None) -> str:
        """The address of the page of all topics."""
        return self._to("/topics", [*self._plain, ("format", form)] if form else self._plain)

    def saving(self) -> str:
        """Where the form goes that names a topic; the search is in its fields."""
        return f"{self.root}/save"

    def topic(self, topic_id: str, form: str | None = None) -> str:
        return self._to(f"/topic/{_quoted(topic_id)}", [*self._plain, ("format", form)] if form else self._plain)

    def compare(
        self, names: Iterable[str], since: date | None = None, until: date | None = None, form: str | None = None
    ) -> str:
        """The address of several names and topics side by side, between two days."""
        days = [(name, day.isoformat()) for name, day in (("from", since), ("to", until)) if day]
        forms = [("format", form)] if form else []
        return self._to("/compare", [*(("of", name) for name in names), *days, *self._plain, *forms])

    def help(self) -> str:
        return self._to("/help", self._plain)

    @property
    def _plain(self) -> list[tuple[str, str]]:
        """The parameters of a page that shows no search."""
        return [("lang", self.lang)] if self.lang else []

    def _to(self, path: str, parameters: list[tuple[str, str]]) -> str:
        return f"{self.root}{path}" + (f"?{query_string(parameters)}" if parameters else "")


# ---- One step from a request to the next: each begins again at page 1 ------------------------------


def with_value(request: Request, facet: str, value: str) -> Request:
    """Choose one more value of a facet."""
    chosen = _plus(request.filters, facet, value)
    return replace(request, filters=chosen, excluded=_minus(request.excluded, facet, value), page=1)


def excluding(request: Request, facet: str, value: str) -> Request:
    """Exclude one more value of a facet."""
    excluded = _plus(request.excluded, facet, value)
    return replace(request, filters=_minus(request.filters, facet, value), excluded=excluded, page=1)


def without_value(request: Request, facet: str, value: str) -> Request:
    """Neither choose the value nor exclude it."""
    filters, excluded = (_minus(values, facet, value) for values in (request.filters, request.excluded))
    return replace(request, filters=filters, excluded=excluded, page=1)


def _plus(values: Mapping[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    return {**values, facet: (*(v for v in values.get(facet, ()) if v != value), value)}


def _minus(values: Mapping[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    left = {**values, facet: tuple(v for v in values.get(facet, ()) if v != value)}
    return {name: several for name, several in left.items() if several}


def without_part(request: Request, text: str) -> Request:
    """Take one part out of the query, as `query.parts` has it; all of the query if it has no such part.

    What is switched off stays so while there are words: which forms are whose is not known here.
    """
    rest = next((part.rest for part in parts(request.text) if part.text == text), "")
    off = tuple(value for value in request.off if rest and value != text)
    return replace(request, text=rest, off=off, sort=request.sort if rest else None, page=1)


def without(request: Request, facet: str, value: str) -> Request:
    """Take away one condition, named as `search.results.Condition` names it."""
    if facet == "q":
        return without_part(request, value)
    if facet == "from":
        return replace(request, since=None, page=1)
    if facet == "to":
        return replace(request, until=None, page=1)
    return without_value(request, facet, value)


def with_span(request: Request, since: date | None, until: date | None) -> Request:
    """Between two days; what the bars of the histogram span is no longer said, since there are fewer or more of them.
    """
    return replace(request, since=since, until=until, by=None, page=1)


def bare(request: Request) -> Request:
    """No condition at all; how the page is shown stays."""
    return Request(size=request.size, language=request.language)
