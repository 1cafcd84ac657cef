"""What the pages of one article, one entity and one topic show, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from search.query.model import Request
from search.results import ArticleView, EntityView, TopicView
from web import cards, params
from web.addresses import web_address
from web.cards import HistogramCard, HitCard, Link
from web.dates import machine, written
from web.params import Asked, Links


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """original: the article's own address, None unless it is on the web. contents: (number, heading)."""

    view: ArticleView
    day: str | None
    datetime: str
    original: str | None
    original_host: str
    contents: tuple[tuple[int, str], ...]
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    topics: tuple[Link, ...]
    back_url: str | None


def article_page(view: ArticleView, asked: Asked, links: Links) -> ArticlePage:
    article, language = view.article, asked.request.language
    headings = tuple((s.number, s.heading.text) for s in view.sections if s.heading)
    original = web_address(article.url)
    return ArticlePage(
        view=view,
        day=written(article.published, language, time=True) if article.published else None,
        datetime=machine(article.published) if article.published else "",
        original=original,
        original_host=urlsplit(original).hostname or "" if original else "",
        contents=headings if len(headings) >= 3 else (),
        groups=tuple(
            (cards.kind_name(kind), tuple(
                Link(found.entity.label(language), links.entity(found.entity.id), found.count)
                for found in view.entities[kind]
            ))
            for kind in cards.kinds_in_order(view.entities) if view.entities[kind]
        ),
        topics=tuple(Link(topic.label(language), links.topic(topic.id)) for topic in view.topics),
        back_url=links.search(asked.request) if params.pairs(asked.request) else None,
    )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """url: their own page. together_url: the articles with both. share: of the most frequent one, in percent."""

    label: str
    count: int
    url: str
    together_url: str
    share: float


@dataclass(frozen=True, slots=True)
class EntityPage:
    view: EntityView
    label: str
    other_name: str | None
    kind: str
    search_url: str
    histogram: HistogramCard | None
    neighbours: tuple[tuple[str, tuple[Neighbour, ...]], ...]
    topics: tuple[Link, ...]
    newest: tuple[HitCard, ...]


def entity_page(view: EntityView, asked: Asked, links: Links) -> EntityPage:
    entity, language = view.entity, asked.request.language
    about = cards.search_for(entity, asked.request)
    label = entity.label(language)
    neighbours = []
    for kind in cards.kinds_in_order(view.neighbours):
        most = max((n.count for n in view.neighbours[kind]), default=1)
        found = []
        for n in view.neighbours[kind]:
            facet = cards.FACET_OF_KIND.get(n.entity.kind)
            both = (
                params.with_value(about, facet, n.entity.id) if facet
                else replace(about, text=f"{about.text} {n.entity.name}".strip())
            )
            found.append(Neighbour(
                n.entity.label(language), n.count, links.entity(n.entity.id), links.search(both),
                round(100 * n.count / most, 1),
            ))
        if found:
            neighbours.append((cards.kind_name(kind), tuple(found)))
    return EntityPage(
        view=view,
        label=label,
        other_name=next((name for name in (entity.name_en, entity.name) if name and name != label), None),
        kind=cards.one_of_kind(entity.kind),
        search_url=links.search(about),
        histogram=cards.histogram_card(view.histogram, links, about),
        neighbours=tuple(neighbours),
        topics=tuple(Link(t.label, links.topic(t.value), t.count) for t in view.topics),
        newest=cards.hit_cards(view.newest, links, about),
    )


@dataclass(frozen=True, slots=True)
class TopicPage:
    view: TopicView
    label: str
    other_name: str | None
    search_url: str
    histogram: HistogramCard | None
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    newest: tuple[HitCard, ...]
    feed_url: str


def topic_page(view: TopicView, asked: Asked, links: Links) -> TopicPage:
    topic, language = view.topic, asked.request.language
    about = Request(filters={"topic": (topic.id,)}, language=language)
    label = topic.label(language)
    groups = [(cards.kind_name("person"), view.people), (cards.kind_name("country"), view.countries)]
    return TopicPage(
        view=view,
        label=label,
        other_name=next((name for name in (topic.name_en, topic.name) if name and name != label), None),
        search_url=links.search(about),
        histogram=cards.histogram_card(view.histogram, links, about),
        groups=tuple(
            (title, tuple(Link(v.label, links.entity(v.value), v.count) for v in values))
            for title, values in groups if values
        ),
        newest=cards.hit_cards(view.newest, links, about),
        feed_url=links.search(about, "atom"),
    )
