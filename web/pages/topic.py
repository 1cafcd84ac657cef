"""What the page of one topic shows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass

from search.query.model import Request
from search.views import TopicView
from web.pages import cards
from web.pages.cards import HistogramCard, HitCard, Link
from web.params import Asked, Links


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
