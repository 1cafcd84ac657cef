"""The parts that several pages share, ready to draw: links, results, histograms, notes.

Every text here is plain, for templates to escape, or Markup. Called within a request, for the language of its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from search.articles import KINDS, Entity, Kind, Published
from search.dates import days_of
from search.query.model import Request
from search.results import NO_DATE, Bar, Hit, ResultPage, SectionHit, Snippet
from web import params
from web.dates import machine, written, written_day
from web.drawing import histogram
from web.links import Links
from web.markup import said
from web.params import Problem
from web.words import _, ngettext

FACET_OF_KIND: dict[str, str] = {name: name for name in ("person", "country", "organization", "place")}
"""The kinds of entity that a search can be narrowed by."""

ArticleUrl = Callable[[str, int | None], str]
"""The address of an article, or of one of its sections, by id and number."""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class SectionCard:
    """heading: None where the section has none; then `name` says which it is."""

    url: str
    heading: Snippet | None
    name: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class CopyCard:
    """Another article with the same text. day, datetime: as in `HitCard`."""

    title: str
    url: str
    day: str | None
    datetime: str
    source: str | None


@dataclass(frozen=True, slots=True)
class HitCard:
    """One article in a list. day: as read, None without a date. datetime: as machines read it.

    partial: whether it lacks words of the query, or has them too far down. missing: those that it lacks.
    copies: articles of the same list with the same text, which stand only here.
    is_day_inferred: the date is from the article's address or the name of its file.
    """

    title: Snippet
    url: str
    inferred: bool
    day: str | None
    datetime: str
    source: str | None
    desk: str | None
    sections: tuple[SectionCard, ...]
    more: str | None
    people: tuple[Link, ...]
    countries: tuple[Link, ...]
    partial: bool = False
    missing: tuple[str, ...] = ()
    copies: tuple[CopyCard, ...] = ()
    is_day_inferred: bool = False

    @property
    def named(self) -> list[tuple[str, str]]:
        """People and countries, as the template fills them in: address, label."""
        return [(link.url, said(link.label)) for link in (*self.people, *self.countries)]


@dataclass(frozen=True, slots=True)
class BarCard:
    """name: what a screen reader says: the days and how many articles."""

    shape: histogram.DrawnBar
    name: str


@dataclass(frozen=True, slots=True)
class HistogramCard:
    """ticks: (label, x in percent, no room for it on a narrow screen, ends at x). height: of the bars, in px."""

    bars: tuple[BarCard, ...]
    ticks: tuple[tuple[str, float, bool, bool], ...]
    height: int

    @property
    def drawn(self) -> list[list[str]]:
        """The bars that are not empty, as the template fills them in: where each leads, its name twice, its shape."""
        return [
            [s.url, bar.name, bar.name, *map(str, (s.slot_x, s.slot_width, s.x, s.y, s.width, s.height))]
            for bar in self.bars if (s := bar.shape).count
        ]


_KIND_NAMES: dict[str, Callable[[], str]] = {
    "person": lambda: _("People"), "country": lambda: _("Countries"), "organization": lambda: _("Organizations"),
    "place": lambda: _("Places"), "facility": lambda: _("Buildings and sites"), "product": lambda: _("Products"),
    "event": lambda: _("Events"), "topic": lambda: _("Topics"), "desk": lambda: _("Desk"),
    "source": lambda: _("Source"), "year": lambda: _("Year"), "q": lambda: _("Word"), "from": lambda: _("From"),
    "to": lambda: _("To"),
}


def kind_name(kind: str) -> str:
    """What a facet or a kind of entity is called."""
    return _KIND_NAMES[kind]() if kind in _KIND_NAMES else kind


def articles(count: int) -> str:
    """12 articles, 12件."""
    return ngettext("%(count)s article", "%(count)s articles", count, count=f"{count:,}")


def total(result: ResultPage) -> str:
    """The articles that have all that was asked for."""
    return articles(result.total)


def value_name(facet: str, value: str, label: str) -> str:
    """What to call one value of a facet, where its label alone would not do."""
    if facet == "year":
        return _("No date") if value == NO_DATE else _("%(year)s", year=label)
    return label


def entity_links(entities: Iterable[Entity], links: Links, language: str) -> tuple[Link, ...]:
    return tuple(Link(entity.label(language), links.entity(entity.id)) for entity in entities)


def hit_cards(hits: Iterable[Hit], links: Links, request: Request) -> tuple[HitCard, ...]:
    """Of copies the first has a card, and the others stand on it, unless the address says otherwise."""
    article_url = links.articles(request)
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.copy_of or hit.id) if links.folds else hit.id, []).append(hit)
    return tuple(_hit_card(first, copies, links, article_url, request.language) for first, *copies in groups.values())


def have_copies(hits: Iterable[Hit]) -> bool:
    """Whether any two of them have the same text."""
    groups = [hit.copy_of or hit.id for hit in hits]
    return len(set(groups)) < len(groups)


def copy_card(title: str, published: Published | None, source: str | None, url: str, language: str) -> CopyCard:
    day = written(published, language) if published else None
    return CopyCard(title, url, day, machine(published) if published else "", source)


def _hit_card(
    hit: Hit, copies: Sequence[Hit], links: Links, article_url: ArticleUrl, language: str
) -> HitCard:
    more = ngettext("%(num)d other place", "%(num)d other places", hit.more_sections) if hit.more_sections else None
    return HitCard(
        title=hit.title,
        url=article_url(hit.id, None),
        inferred=hit.title_inferred,
        day=written(hit.published, language) if hit.published else None,
        is_day_inferred=hit.published is not None and hit.published.is_inferred,
        datetime=machine(hit.published) if hit.published else "",
        source=hit.source,
        desk=hit.desk,
        sections=tuple(_section_card(hit.id, section, article_url) for section in hit.sections),
        more=more,
        people=entity_links(hit.people, links, language),
        countries=entity_links(hit.countries, links, language),
        partial=hit.partial,
        missing=hit.missing,
        copies=tuple(
            copy_card(copy.title.text, copy.published, copy.source, article_url(copy.id, None), language)
            for copy in copies
        ),
    )


def _section_card(article_id: str, section: SectionHit, article_url: ArticleUrl) -> SectionCard:
    name = ""
    if section.heading is None:
        name = _("Section %(number)s", number=section.number) if section.number else _("Opening")
    return SectionCard(article_url(article_id, section.number), section.heading, name, section.snippet)


def histogram_card(bars: Sequence[Bar], links: Links, request: Request) -> HistogramCard | None:
    """Each bar leads to `request`, narrowed to its days."""
    drawn = histogram.draw(bars, links.spanning(request))
    if drawn is None:
        return None
    language = request.language

    def named(bar: histogram.DrawnBar) -> BarCard:
        return BarCard(bar, f"{span_name(bar.start, bar.last, language)}: {articles(bar.count)}")

    return HistogramCard(
        tuple(named(bar) for bar in drawn.bars),
        tuple((tick_name(tick.day, drawn.unit, language), tick.x, tick.late, tick.ends) for tick in drawn.ticks),
        drawn.height,
    )


def span_name(first: date, last: date, language: str) -> str:
    """The shortest exact name of some days: a year, a month, a day, or from – to."""
    if days_of(first, whole="year") == (first, last):
        return f"{first.year}" if language == "en" else f"{first.year}年"
    if days_of(first, whole="month") == (first, last):
        return written_day(first, "en", "month") if language == "en" else f"{first.year}年{first.month}月"
    names = [
        written_day(day, "en") if language == "en" else f"{day.year}年{day.month}月{day.day}日"
        for day in (first, last)
    ]
    return names[0] if first == last else " – ".join(names)


def tick_name(day: date, unit: str, language: str) -> str:
    """What stands under an axis of time. unit: that a bar spans, "year", "month" or "day"."""
    if unit == "year":
        return f"{day.year}" if language == "en" else f"{day.year}年"
    if unit == "month":
        month = written_day(day, "en", "month")[:3]
        return f"{month} {day.year}" if language == "en" else f"{day.year}年{day.month}月"
    return f"{day.day} {written_day(day, 'en', 'month')[:3]}" if language == "en" else f"{day.month}月{day.day}日"


def problem_note(problem: Problem) -> str:
    """A plain sentence about a parameter that could not be used."""
    value = problem.value if len(problem.value) <= 60 else f"{problem.value[:60]}…"
    match problem.name:
        case "from" | "to":
            return _(
                "“%(value)s” is not a date, so it was left out. Write 2024, 2024-04, 2024-04-10 or 令和6年4月10日.",
                value=value,
            )
        case "span":
            return _("The first day is after the last (%(value)s), so no article can match.", value=value)
        case "page":
            return _("“%(value)s” is not the number of a page, so this is the nearest one.", value=value)
        case "size":
            return _(
                "“%(value)s” articles do not fit on a page; it holds from 1 to %(most)s.",
                value=value, most=params.SIZES[-1],
            )
        case "q":
            return _("The query is long: its first %(most)s characters are shown, and all of it is searched.",
                     most=problem.value)
        case _:
            return _("“%(value)s” is not known here, so it was left out.", value=value)


def search_for(entity: Entity, request: Request) -> Request:
    """The search for the articles that mention `entity`."""
    facet = FACET_OF_KIND.get(entity.kind)
    if facet:
        return Request(filters={facet: (entity.id,)}, language=request.language)
    return Request(entity.name, language=request.language)


def kinds_in_order(kinds: Iterable[Kind]) -> list[Kind]:
    """The given kinds, the most asked-for first."""
    order: list[Kind] = ["person", "country", "organization", "place"]
    order += [kind for kind in KINDS if kind not in order]
    return [kind for kind in order if kind in set(kinds)]
