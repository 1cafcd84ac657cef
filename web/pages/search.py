"""What the search page shows, ready to draw: every link made, every word chosen, so that templates stay dumb."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from search.query import steps
from search.query.model import Request
from search.results import FacetValue, ResultPage
from web import params
from web.links import Links, pairs_of
from web.pages import cards, choices, totals, understood
from web.pages.cards import HitCard, Link
from web.pages.choices import Choice
from web.pages.conditions import Chip, as_indexed, chips, other_ways, stuck
from web.pages.facets import FacetGroup, facets
from web.pages.understood import Reading
from web.pages.when import When, when
from web.params import Asked


@dataclass(frozen=True, slots=True)
class SearchPage:
    """start: the number of the first result on the page, partial_start: of the first partial one.

    hits: those with all of the words. partial: the others, which follow; partial_heading: what parts them, "" where
    the heading of the page says it. other_ways: searches that find something where this one does not, such as those
    with a condition less; stuck: that these do not help.
    folding: whether copies are listed with one of them, where there are any on the page.
    hidden: what the form of words keeps of the rest (name, value). kept: what those of facets keep, words too.
    save_url: None on the first page, where there is no search to save.
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
    other_ways: tuple[Link, ...]
    stuck: str
    facets: tuple[FacetGroup, ...]
    when: When
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
    hidden: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    start_over_url: str
    topics: tuple[Link, ...]
    exports: tuple[Link, ...]
    feed_url: str
    save_url: str | None


def search_page(asked: Asked, result: ResultPage, topics: Iterable[FacetValue], links: Links) -> SearchPage:
    request = as_indexed(asked.request, result.conditions)
    request = replace(request, off=understood.live_off(result, request))
    all_chips = chips(result.conditions, request, links.search, result)
    shown = request.text[: params.MAX_SHOWN_CHARS] + ("…" if len(request.text) > params.MAX_SHOWN_CHARS else "")
    last_page = min(result.pages, params.MAX_DEPTH // result.size)
    kept = links.pairs(replace(request, page=1))
    full, partial = ([hit for hit in result.hits if hit.partial == is_partial] for is_partial in (False, True))
    start = (request.page - 1) * result.size + 1
    return SearchPage(
        home=is_home(asked.request),
        query=request.text,
        heading=totals.heading(result),
        title=shown or "、".join(chip.label for chip in all_chips),
        took_ms=result.took_ms,
        start=start,
        partial_start=start + len(full),
        hits=cards.hit_cards(full, links, request),
        partial=cards.hit_cards(partial, links, request),
        partial_heading=totals.divider(result),
        other_ways=other_ways(result, request, all_chips, links),
        stuck="" if result.total else stuck(all_chips),
        facets=facets(result, request, links),
        when=when(result, request, links),
        chips=all_chips,
        reading=understood.reading(result, request, links),
        notes=(
            *(cards.problem_note(problem) for problem in asked.problems), *result.notes,
            *totals.notes(result, request, last_page),
        ),
        did_you_mean=_meant(result.did_you_mean, request, links),
        sorts=choices.sorts(request, links),
        scopes=choices.scopes(request, links),
        sizes=choices.sizes(request, links),
        folding=choices.folding(request, links) if cards.have_copies(full) or cards.have_copies(partial) else (),
        pages=choices.pages(request.page, last_page, lambda number: links.search(replace(request, page=number))),
        previous_url=(
            links.search(replace(request, page=min(request.page - 1, last_page))) if request.page > 1 else None
        ),
        next_url=links.search(replace(request, page=request.page + 1)) if request.page < last_page else None,
        first_url=links.search(replace(request, page=1)),
        past_the_end=totals.past_the_end(result),
        nothing=totals.nothing(result),
        hidden=tuple(pair for pair in kept if pair[0] not in ("q", "by")),
        kept=tuple(kept),
        start_over_url=links.search(steps.bare(request)),
        topics=tuple(Link(topic.label, links.topic(topic.value), topic.count) for topic in topics),
        exports=_exports(request, links),
        feed_url=links.search(replace(request, sort=None, page=1), "atom"),
        save_url=None if is_home(asked.request) else links.save(request),
    )


def _exports(request: Request, links: Links) -> tuple[Link, ...]:
    """The results in forms for other programs. Who saves a search wants all of it, whatever page this is."""
    whole = replace(request, page=1, size=params.SIZES[0])
    names = {"csv": "CSV", "ris": "RIS", "bibtex": "BibTeX", "jsonl": "JSON Lines", "json": "JSON", "atom": "Atom"}
    return tuple(
        Link(name, links.search(whole if form in params.WHOLE_FORMS else request, form))
        for form, name in names.items() if form in params.FORMS and form != "atom"
    )


def is_home(request: Request) -> bool:
    """Whether nothing is asked: the first page that a visitor sees."""
    return not pairs_of(replace(request, size=params.SIZES[0]))


def _meant(text: str | None, request: Request, links: Links) -> Link | None:
    return Link(text, links.search(replace(request, text=text, off=(), page=1))) if text else None
