"""The addresses of pages, made of requests: what `params` reads again. Nothing here knows about Flask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from search.query import steps
from search.query.model import Request
from search.results import FACETS
from web.params import NOT, SIZES

KEPT_CHARS = 64
"""Of a name or a value: what is longer is not kept in memory."""


def pairs_of(
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
        return pairs_of(request, self.lang, form, folds=self.folds)

    def adding(self, request: Request, facet: str) -> Callable[[str], str]:
        """Makes the address of `request` with one more value of `facet`: a page has hundreds of these."""
        return self._with_one_more(self.pairs(steps.with_value(request, facet, "")), facet)

    def excluding(self, request: Request, facet: str) -> Callable[[str], str]:
        """Makes the address of `request` with one more value of `facet` excluded."""
        return self._with_one_more(self.pairs(steps.excluding(request, facet, "")), NOT + facet)

    def _with_one_more(self, found: list[tuple[str, str]], name: str) -> Callable[[str], str]:
        # The new value comes after those that are there already.
        at = max(i for i, pair in enumerate(found) if pair[0] == name)
        before, after = self._around(found[:at], found[at + 1 :])
        return lambda value: f"{before}{name}={_quoted(value)}{after}"

    def spanning(self, request: Request) -> Callable[[date, date], str]:
        """Makes the address of `request` between two days instead of its own."""
        some_day = date(1, 1, 1)
        found = self.pairs(steps.with_span(request, some_day, some_day))
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
