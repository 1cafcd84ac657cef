"""What the page of one person, country, organization or place shows, ready to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.articles import JST, Entity, Kind
from search.dates import days_of
from search.query.model import Exact, Request
from search.query.written import written as query_text
from search.results import FacetValue
from search.views import Alias, EntityView, Neighbour, Seen, Tie
from web import params
from web.dates import machine
from web.drawing import network
from web.drawing.network import Drawing, Point
from web.pages import cards
from web.pages.cards import HistogramCard, HitCard, Link
from web.params import Links
from web.words import _, is_japanese, one_of_kind


@dataclass(frozen=True, slots=True)
class SeenCard:
    """An article in which a form was seen. day: as read. datetime: as machines read it."""

    url: str
    title: str
    day: str
    datetime: str


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A written form. search_url: the search for just these characters."""

    surface: str
    count: int
    first: SeenCard | None
    last: SeenCard | None
    search_url: str


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """url: their own page. together_url: the articles with both. share: of the most frequent one, in percent."""

    label: str
    count: int
    url: str
    together_url: str
    share: float


@dataclass(frozen=True, slots=True)
class TopicLink:
    """url: the topic's page. search_url: the articles of the entity in it."""

    label: str
    count: int
    url: str
    search_url: str


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
class EntityPage:
    view: EntityView
    label: str
    other_name: str | None
    kind: str
    search_url: str
    json_url: str
    histogram: HistogramCard | None
    aliases: tuple[AliasRow, ...]
    network: NetworkCard | None
    neighbours: tuple[tuple[str, tuple[NeighbourRow, ...]], ...]
    desks: tuple[Link, ...]
    sources: tuple[Link, ...]
    topics: tuple[TopicLink, ...]
    newest: tuple[HitCard, ...]


def entity_page(view: EntityView, asked: params.Asked, links: Links) -> EntityPage:
    entity, language = view.entity, asked.request.language
    about = cards.search_for(entity, asked.request)
    label = entity.label(language)
    return EntityPage(
        view=view,
        label=label,
        other_name=next((name for name in (entity.name_en, entity.name) if name and name != label), None),
        kind=one_of_kind(entity.kind),
        search_url=links.search(about),
        json_url=links.entity(entity.id, "json"),
        histogram=cards.histogram_card(view.histogram, links, about),
        aliases=tuple(_alias_row(alias, about, links) for alias in view.aliases),
        network=_network(view, label, links, language),
        neighbours=tuple(
            (cards.kind_name(kind), _neighbour_rows(view.neighbours[kind], about, links))
            for kind in cards.kinds_in_order(view.neighbours) if view.neighbours[kind]
        ),
        desks=_within("desk", view.desks, about, links),
        sources=_within("source", view.sources, about, links),
        topics=tuple(
            TopicLink(t.label, t.count, links.topic(t.value), links.search(params.with_value(about, "topic", t.value)))
            for t in view.topics
        ),
        newest=cards.hit_cards(view.newest, links, about),
    )


def _alias_row(alias: Alias, about: Request, links: Links) -> AliasRow:
    def card(seen: Seen | None) -> SeenCard | None:
        if seen is None:
            return None
        url = links.article(about, seen.article_id)
        days = days_of(seen.published.at.astimezone(JST).date(), whole=seen.published.precision)
        return SeenCard(url, seen.title, cards.span_name(*days, about.language), machine(seen.published))

    just_this = Request(query_text(Exact(alias.surface)), language=about.language)
    return AliasRow(alias.surface, alias.count, card(alias.first), card(alias.last), links.search(just_this))


def _neighbour_rows(neighbours: Sequence[Neighbour], about: Request, links: Links) -> tuple[NeighbourRow, ...]:
    most = max(n.count for n in neighbours)
    return tuple(
        NeighbourRow(
            n.entity.label(about.language), n.count, links.entity(n.entity.id),
            links.search(_with_both(about, n.entity)), round(100 * n.count / most, 1),
        )
        for n in neighbours
    )


def _with_both(about: Request, other: Entity) -> Request:
    """The search for articles that mention another entity, too."""
    facet = cards.FACET_OF_KIND.get(other.kind)
    if facet:
        return params.with_value(about, facet, other.id)
    return replace(about, text=f"{about.text} {other.name}".strip())


def _within(facet: str, values: Iterable[FacetValue], about: Request, links: Links) -> tuple[Link, ...]:
    adding = links.adding(about, facet)
    return tuple(Link(v.label, adding(v.value), v.count) for v in values)


# ---- the network ----------------------------------------------------------------------------------


def _network(view: EntityView, label: str, links: Links, language: str) -> NetworkCard | None:
    number = {n.entity.id: i for i, n in enumerate(view.drawn)}
    drawing = network.draw(
        label,
        [(n.entity.label(language), n.count) for n in view.drawn],
        [(number[tie.one], number[tie.other], tie.count) for tie in view.ties],
    )
    if drawing is None:
        return None
    nodes = tuple(_node(point, view, links, language) for point in drawing.points)
    kinds = cards.kinds_in_order({node.kind for node in nodes})
    return NetworkCard(drawing, nodes, tuple((_outline(kind, 8, 8), cards.kind_name(kind)) for kind in kinds))


def _node(point: Point, view: EntityView, links: Links, language: str) -> Node:
    neighbour = view.drawn[point.number]
    entity = neighbour.entity
    name = f"{entity.label(language)} ({one_of_kind(entity.kind)}){_(': ')}{cards.articles(neighbour.count)}"
    also = _also(entity, view.ties, {n.entity.id: n.entity.label(language) for n in view.drawn})
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


