"""What the page of one person, country, organization or place shows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.name_views import Alias, EntityView
from search.query import steps
from search.query.model import Exact, Request
from search.query.written import written as query_text
from web import params
from web.links import Links
from web.pages import cards
from web.pages.cards import HitCard
from web.pages.lines import ChartCard, Line, chart_card
from web.pages.profile import ProfileCard, SeenCard, profile_card, seen_card
from web.words import one_of_kind

TIMELINE_PX = 64
ABOUT_SHOWN, MENTIONED_SHOWN = 6, 3
"""Articles of each list; where nothing is known of what articles are about, both together."""


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A written form. search_url: the search for just these characters."""

    surface: str
    count: int
    first: SeenCard | None
    last: SeenCard | None
    search_url: str


@dataclass(frozen=True, slots=True)
class TopicLink:
    """url: the topic's page. search_url: the articles of the entity in it."""

    label: str
    count: int
    url: str
    search_url: str


@dataclass(frozen=True, slots=True)
class EntityPage:
    """about_total: articles about it, None where that is not known; about_url: the search for them.

    mentioned: articles that only mention it; where it is not known which do, any.
    """

    label: str
    other_name: str | None
    kind: str
    profile: ProfileCard
    about_total: int | None
    about_url: str
    timeline: ChartCard | None
    about: tuple[HitCard, ...]
    mentioned: tuple[HitCard, ...]
    aliases: tuple[AliasRow, ...]
    topics: tuple[TopicLink, ...]
    json_url: str
    compare_url: str


def entity_page(view: EntityView, asked: params.Asked, links: Links) -> EntityPage:
    entity, language = view.entity, asked.request.language
    own = cards.search_for(entity, asked.request)
    label = entity.label(language)
    mentioned_shown = MENTIONED_SHOWN if view.about else ABOUT_SHOWN + MENTIONED_SHOWN
    return EntityPage(
        label=label,
        other_name=next((name for name in (entity.name_en, entity.name) if name and name != label), None),
        kind=one_of_kind(entity.kind),
        profile=profile_card(view.profile, label, entity.id, own, links),
        about_total=view.about_total,
        about_url=links.search(replace(own, about=True)),
        timeline=chart_card(
            [Line(label, links.search(own), view.profile.total, view.profile.histogram, links.spanning(own))],
            TIMELINE_PX, language, view.about_histogram,
        ),
        about=cards.hit_cards(view.about, links, own)[:ABOUT_SHOWN],
        mentioned=cards.hit_cards(view.mentioned, links, own)[:mentioned_shown],
        aliases=tuple(_alias_row(alias, own, links) for alias in view.aliases),
        topics=tuple(
            TopicLink(t.label, t.count, links.topic(t.value), links.search(steps.with_value(own, "topic", t.value)))
            for t in view.profile.topics
        ),
        json_url=links.entity(entity.id, "json"),
        compare_url=links.compare([entity.id]),
    )


def _alias_row(alias: Alias, own: Request, links: Links) -> AliasRow:
    just_this = Request(query_text(Exact(alias.surface)), language=own.language)
    first, last = (seen_card(seen, own, links) for seen in (alias.first, alias.last))
    return AliasRow(alias.surface, alias.count, first, last, links.search(just_this))
