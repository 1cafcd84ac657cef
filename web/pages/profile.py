"""What the pages of an entity and of a topic have in common, ready to draw: company, coverage, first and last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.articles import JST, Entity, Kind
from search.dates import days_of
from search.name_views import Company, Neighbour, Profile, Seen, Series, Tie
from search.query import steps
from search.query.model import Chosen, Request
from search.query.written import written as query_text
from search.results import FacetValue
from web.dates import machine
from web.drawing import network
from web.drawing.network import Drawing, Point
from web.links import Links
from web.pages import cards
from web.pages.cards import FACET_OF_KIND, Link, span_name
from web.pages.lines import ChartCard, Line, chart_card
from web.words import _, is_japanese, one_of_kind

COVERAGE_PX = 26
OFFERED = 4
"""Neighbours to be compared with."""


@dataclass(frozen=True, slots=True)
class SeenCard:
    """An article in which something was seen. day: as read. datetime: as machines read it."""

    url: str
    title: str
    day: str
    datetime: str


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """url: their own page. together_url: the articles with both."""

    label: str
    count: int
    url: str
    together_url: str


@dataclass(frozen=True, slots=True)
class Node:
    """A neighbour as it is drawn. name: what a screen reader says, and whoever points at it reads.

    outline: of its point, by kind: round, square or a diamond.
    """

    point: Point
    url: str
    name: str
    kind: Kind
    outline: str
    is_japanese: bool


@dataclass(frozen=True, slots=True)
class NetworkCard:
    """legend: outline and name of each kind that is drawn."""

    drawing: Drawing
    nodes: tuple[Node, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """total: articles; search_url: all of them, oldest_url: from the first on.

    coverage: (title, lines) for each facet. compare: (label, address) of comparisons with those closest.
    """

    label: str
    total: int
    search_url: str
    oldest_url: str
    feed_url: str
    first: SeenCard | None
    last: SeenCard | None
    network: NetworkCard | None
    neighbours: tuple[tuple[str, tuple[NeighbourRow, ...]], ...]
    desks: tuple[Link, ...]
    sources: tuple[Link, ...]
    coverage: tuple[tuple[str, ChartCard], ...]
    compare: tuple[Link, ...]


def profile_card(profile: Profile, label: str, subject: str, own: Request, links: Links) -> ProfileCard:
    """own: the search for its articles. subject: what the page of comparisons calls it."""
    company, language = profile.company, own.language
    neighbours = tuple(
        (cards.kind_name(kind), neighbour_rows(company.neighbours[kind], own, links))
        for kind in cards.kinds_in_order(company.neighbours) if company.neighbours[kind]
    )
    coverage = ((cards.kind_name(facet), _coverage(facet, series, own, links))
                for facet, series in profile.coverage.items())
    return ProfileCard(
        label=label,
        total=profile.total,
        search_url=links.search(own),
        oldest_url=links.search(replace(own, sort="oldest")),
        feed_url=links.search(replace(own, sort="newest"), "atom"),
        first=seen_card(profile.first, own, links),
        last=seen_card(profile.last, own, links),
        network=_network(company, label, links, language),
        neighbours=neighbours,
        desks=_within("desk", profile.desks, own, links),
        sources=_within("source", profile.sources, own, links),
        coverage=tuple((title, chart) for title, chart in coverage if chart),
        compare=tuple(
            Link(n.entity.label(language), links.compare([subject, n.entity.id])) for n in company.drawn[:OFFERED]
        ),
    )


def seen_card(seen: Seen | None, own: Request, links: Links) -> SeenCard | None:
    """The article with its day."""
    if seen is None:
        return None
    days = days_of(seen.published.at.astimezone(JST).date(), whole=seen.published.precision)
    day = span_name(*days, own.language)
    return SeenCard(links.article(own, seen.article_id), seen.title, day, machine(seen.published))


def neighbour_rows(neighbours: Sequence[Neighbour], own: Request, links: Links) -> tuple[NeighbourRow, ...]:
    return tuple(
        NeighbourRow(
            n.entity.label(own.language), n.count, links.entity(n.entity.id),
            links.search(with_one_more(own, FACET_OF_KIND.get(n.entity.kind), n.entity.id, n.written or n.entity.id)),
        )
        for n in neighbours
    )


def with_one_more(own: Request, facet: str | None, value: str, written: str) -> Request:
    """The search for those of its articles that have one value more.

    Of several values in one facet a search takes those articles that have any: so the second stands in its text.
    facet: None for what is no facet. written: what means the value in a query.
    """
    if facet and not own.filters.get(facet):
        return steps.with_value(own, facet, value)
    more = query_text(Chosen(facet, written)) if facet else written
    return replace(own, text=f"{own.text} {more}".strip())


def _within(facet: str, values: Iterable[FacetValue], own: Request, links: Links) -> tuple[Link, ...]:
    adding = links.adding(own, facet)
    return tuple(Link(v.label, adding(v.value), v.count) for v in values)


def _coverage(facet: str, series: Sequence[Series], own: Request, links: Links) -> ChartCard | None:
    def line(one: Series) -> Line:
        if one.value is None:
            return Line(_("Others"), None, one.count, one.bars, None)
        narrowed = steps.with_value(own, facet, one.value)
        return Line(one.label, links.search(narrowed), one.count, one.bars, links.spanning(narrowed))

    return chart_card([line(one) for one in series], COVERAGE_PX, own.language, by_pointer=True) if series else None


# ---- the network ----------------------------------------------------------------------------------


def _network(company: Company, label: str, links: Links, language: str) -> NetworkCard | None:
    number = {n.entity.id: i for i, n in enumerate(company.drawn)}
    drawing = network.draw(
        label,
        [(n.entity.label(language), n.count) for n in company.drawn],
        [(number[tie.one], number[tie.other], tie.count) for tie in company.ties],
    )
    if drawing is None:
        return None
    nodes = tuple(_node(point, company, links, language) for point in drawing.points)
    kinds = cards.kinds_in_order({node.kind for node in nodes})
    return NetworkCard(drawing, nodes, tuple((_outline(kind, 8, 8), cards.kind_name(kind)) for kind in kinds))


def _node(point: Point, company: Company, links: Links, language: str) -> Node:
    neighbour = company.drawn[point.number]
    entity = neighbour.entity
    name = f"{entity.label(language)} ({one_of_kind(entity.kind)}){_(': ')}{cards.articles(neighbour.count)}"
    also = _also(entity, company.ties, {n.entity.id: n.entity.label(language) for n in company.drawn})
    if also:
        name = _("%(name)s; also with %(others)s", name=name, others=also)
    return Node(
        point, links.entity(entity.id), name, entity.kind, _outline(entity.kind, point.x, point.y),
        is_japanese(point.label),
    )


def _also(entity: Entity, ties: Iterable[Tie], labels: dict[str, str]) -> str:
    """The others that it is tied to, with articles counted, most first."""
    found = [
        (tie.count, labels[tie.other if tie.one == entity.id else tie.one])
        for tie in ties if entity.id in (tie.one, tie.other)
    ]
    return _(", ").join(f"{label} {count:,}" for count, label in sorted(found, key=lambda one: (-one[0], one[1])))


def _outline(kind: Kind, x: float, y: float) -> str:
    """The path of a point: kinds differ in shape, not in colour alone."""
    if kind == "person":
        return f"M{x - 6} {y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"
    if kind == "country":
        return f"M{x} {y - 7.5}l7.5 7.5l-7.5 7.5l-7.5 -7.5z"
    return f"M{x - 5.5} {y - 5.5}h11v11h-11z"
