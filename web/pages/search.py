"""What the search page shows, ready to draw: every link made, every word chosen, so that templates stay dumb."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from search.query import syntax
from search.query.model import And, Request, Sort
from search.results import FACETS, VALUES_SHOWN, Condition, FacetValue, ResultPage
from web import params
from web.dates import written_day
from web.markup import said
from web.pages import cards, totals, understood
from web.pages.cards import HistogramCard, HitCard, Link
from web.pages.understood import Reading
from web.params import Asked, Links
from web.words import _, language, ngettext

SHOWN_VALUES = 10
MORE_VALUES = VALUES_SHOWN - SHOWN_VALUES
"""Of a facet: values in view, and behind "more". What is rarer is counted, not listed."""


class FacetLink(NamedTuple):
    """One value of a facet, as the template fills it in: a page has hundreds.

    label: as `markup.said` has it. number, unit: how many articles: 1,234 and 件.
    """

    url: str
    label: str
    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """chosen: their links take them away. beyond: values that are not listed."""

    name: str
    title: str
    chosen: tuple[FacetLink, ...]
    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]
    beyond: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition; its link takes it away. total_without: articles there would be then, where counted."""

    kind: str
    label: str
    url: str
    total_without: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few: sort, size, page. label None stands for pages left out."""

    label: str | None
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """start: the number of the first result on the page, partial_start: of the first partial one.

    hits: those with all of the words. partial: the others, which follow; partial_heading: what parts them, "" where
    the heading of the page says it. fewer: chips to take away, with what that would find, where nothing has all.
    folding: whether copies are listed with one of them, where there are any on the page.
    hidden, date_hidden: what the form of words, and that of dates, keeps of the rest (name, value).
    """

    home: bool
    query: str
    heading: str
    title: str
    took_ms: float
    start: int
    partial_start: int
    hits: tuple[HitCard, ...]
    partial: tuple[HitCard, ...]
    partial_heading: str
    fewer: tuple[Chip, ...]
    facets: tuple[FacetGroup, ...]
    histogram: HistogramCard | None
    chips: tuple[Chip, ...]
    reading: Reading
    notes: tuple[str, ...]
    did_you_mean: Link | None
    sorts: tuple[Choice, ...]
    scopes: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    folding: tuple[Choice, ...]
    pages: tuple[Choice, ...]
    previous_url: str | None
    next_url: str | None
    first_url: str
    past_the_end: str
    nothing: str
    since: str
    until: str
    hidden: tuple[tuple[str, str], ...]
    date_hidden: tuple[tuple[str, str], ...]
    start_over_url: str
    topics: tuple[Link, ...]
    exports: tuple[Link, ...]


def search_page(asked: Asked, result: ResultPage, topics: Iterable[FacetValue], links: Links) -> SearchPage:
    request = _as_indexed(asked.request, result)
    chips = tuple(
        _chip(part, result, request, links) for condition in result.conditions for part in _words(condition, request)
    )
    shown = request.text[: params.MAX_SHOWN_CHARS] + ("…" if len(request.text) > params.MAX_SHOWN_CHARS else "")
    last_page = min(result.pages, params.MAX_DEPTH // result.size)
    kept = links.pairs(replace(request, page=1))
    full, partial = ([hit for hit in result.hits if hit.partial == is_partial] for is_partial in (False, True))
    start = (request.page - 1) * result.size + 1
    return SearchPage(
        home=is_home(asked.request),
        query=request.text,
        heading=totals.heading(result),
        title=shown or "、".join(chip.label for chip in chips),
        took_ms=result.took_ms,
        start=start,
        partial_start=start + len(full),
        hits=cards.hit_cards(full, links, request),
        partial=cards.hit_cards(partial, links, request),
        partial_heading=totals.divider(result),
        fewer=_fewer(result, chips),
        facets=tuple(_facet(name, result, links, request) for name in FACETS if result.facets.get(name)),
        histogram=cards.histogram_card(result.histogram, links, request),
        chips=chips,
        reading=understood.reading(result, request, links),
        notes=(
            *(cards.problem_note(problem) for problem in asked.problems), *result.notes,
            *totals.notes(result, request, last_page),
        ),
        did_you_mean=_meant(result.did_you_mean, request, links),
        sorts=_sorts(request, links),
        scopes=_scopes(request, links),
        sizes=tuple(
            Choice(str(size), links.search(replace(request, size=size, page=1)), size == request.size)
            for size in params.SIZES
        ),
        folding=_folding(request, links) if cards.have_copies(full) or cards.have_copies(partial) else (),
        pages=_pages(request, last_page, links),
        previous_url=(
            links.search(replace(request, page=min(request.page - 1, last_page))) if request.page > 1 else None
        ),
        next_url=links.search(replace(request, page=request.page + 1)) if request.page < last_page else None,
        first_url=links.search(replace(request, page=1)),
        past_the_end=totals.past_the_end(result),
        nothing=totals.nothing(result),
        since=request.since.isoformat() if request.since else "",
        until=request.until.isoformat() if request.until else "",
        hidden=tuple(pair for pair in kept if pair[0] != "q"),
        date_hidden=tuple(pair for pair in kept if pair[0] not in ("from", "to")),
        start_over_url=links.search(params.bare(request)),
        topics=tuple(Link(topic.label, links.topic(topic.value), topic.count) for topic in topics),
        exports=(
            # Who saves a search wants all of it.
            *(
                Link(form.upper(), links.search(replace(request, page=1, size=params.SIZES[0]), form))
                for form in params.WHOLE_FORMS
            ),
            Link("JSON", links.search(request, "json")),
            Link("Atom", links.search(replace(request, sort=None, page=1), "atom")),
        ),
    )


def is_home(request: Request) -> bool:
    """Whether nothing is asked: the first page that a visitor sees."""
    return not params.pairs(replace(request, size=params.SIZES[0]))


def _as_indexed(request: Request, result: ResultPage) -> Request:
    """`request` with the values of facets as the index has them: person=習近平 in an address may be person-17 there.

    What is switched off for words that are no longer asked for is left out.
    """
    filters = {name: chosen for name, values in result.facets.items() if (chosen := _those(values, "selected"))}
    excluded = {name: gone for name, values in result.facets.items() if (gone := _those(values, "excluded"))}
    return replace(request, filters=filters, excluded=excluded, off=understood.live_off(result, request))


def _those(values: Iterable[FacetValue], state: Literal["selected", "excluded"]) -> tuple[str, ...]:
    return tuple(value.value for value in values if getattr(value, state))


def _words(condition: Condition, request: Request) -> Sequence[Condition]:
    """A query of plain words as one condition each; any other in one piece, since its parts lean on each other."""
    words = request.text.split()
    if condition.facet != "q" or condition.value != request.text or len(words) < 2:
        return (condition,)
    tree = syntax.read(request.text).tree
    if not isinstance(tree, And) or [getattr(child, "text", None) for child in tree.children] != words:
        return (condition,)
    return [Condition("q", word, word) for word in dict.fromkeys(words)]


def _chip(condition: Condition, result: ResultPage, request: Request, links: Links) -> Chip:
    label = cards.value_name(condition.facet, condition.value, condition.label)
    if condition.facet == "from" and request.since:
        label = written_day(request.since, request.language)
    elif condition.facet == "to" and request.until:
        label = written_day(request.until, request.language)
    rest = params.without(request, condition.facet, condition.value)
    if condition.facet == "q" and rest.off:
        rest = replace(rest, off=understood.without_word(result, request, condition.value))
    kind = cards.kind_name(condition.facet)
    if condition.excludes:
        kind = _("not %(kind)s", kind=kind)
    return Chip(kind, label, links.search(rest), condition.total_without)


def _fewer(result: ResultPage, chips: Sequence[Chip]) -> tuple[Chip, ...]:
    """Those that tell how many articles there would be without, where there are several conditions and none has all."""
    if result.total or len(chips) < 2:
        return ()
    return tuple(chip for chip in chips if chip.total_without)


def _facet(name: str, result: ResultPage, links: Links, request: Request) -> FacetGroup:
    values = result.facets[name]
    if name == "year":  # in order of time; "none" is after every number turned around
        values = tuple(sorted(values, key=lambda v: (v.value.isdigit(), v.value), reverse=True))

    foreign = language() != "ja"
    one, several = ngettext("article", "articles", 1), ngettext("article", "articles", 2)
    adding = links.adding(request, name)

    def taking_away(value: str) -> str:
        return links.search(params.without_value(request, name, value))

    def link(value: FacetValue) -> FacetLink:
        url = taking_away(value.value) if value.selected else adding(value.value)
        label = cards.value_name(name, value.value, value.label)
        unit = one if value.count == 1 else several
        return FacetLink(url, said(label) if foreign else label, f"{value.count:,}", unit)

    chosen = tuple(link(value) for value in values if value.selected)
    others = [value for value in values if not value.selected]
    shown = max(0, SHOWN_VALUES - len(chosen))
    listed = others[: shown + MORE_VALUES]
    return FacetGroup(
        name, cards.kind_name(name), chosen,
        tuple(link(value) for value in listed[:shown]),
        tuple(link(value) for value in listed[shown:]),
        max(result.facet_sizes.get(name, 0), len(values)) - len(chosen) - len(listed),
    )


def _meant(text: str | None, request: Request, links: Links) -> Link | None:
    return Link(text, links.search(replace(request, text=text, off=(), page=1))) if text else None


def _scopes(request: Request, links: Links) -> tuple[Choice, ...]:
    """Whether facets have all whom articles name, or those whom they are about."""
    return tuple(
        Choice(label, links.search(replace(request, about=about, page=1)), about == request.about)
        for about, label in ((False, _("All that is named")), (True, _("Main subjects")))
    )


def _sorts(request: Request, links: Links) -> tuple[Choice, ...]:
    """Without words there is no relevance to sort by."""
    default: Sort = "relevance" if request.text else "newest"
    offered: list[tuple[Sort, str]] = [("newest", _("Newest first")), ("oldest", _("Oldest first"))]
    if request.text:
        offered.insert(0, ("relevance", _("Best match first")))
    now = request.sort or default
    if now not in dict(offered):
        now = default
    return tuple(
        Choice(label, links.search(replace(request, sort=None if sort == default else sort, page=1)), sort == now)
        for sort, label in offered
    )


def _folding(request: Request, links: Links) -> tuple[Choice, ...]:
    return tuple(
        Choice(label, replace(links, folds=folds).search(request), folds == links.folds)
        for folds, label in ((True, _("Copies together")), (False, _("Each by itself")))
    )


def _pages(request: Request, last: int, links: Links) -> tuple[Choice, ...]:
    """The first page, the last, and those around this one; empty if there is only one."""
    if last <= 1:
        return ()
    wanted = sorted({1, last, *range(max(1, request.page - 2), min(last, request.page + 2) + 1)})
    choices: list[Choice] = []
    for before, number in zip([0, *wanted], wanted, strict=False):
        if number > before + 1:
            choices.append(Choice(None, "", False))
        choices.append(Choice(str(number), links.search(replace(request, page=number)), number == request.page))
    return tuple(choices)
