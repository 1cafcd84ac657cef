"""What the page of one topic shows, ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.comparing import TOPIC
from search.name_views import Member, TopicView
from search.query.model import Request
from web.links import Links
from web.pages import cards
from web.pages.cards import HitCard
from web.pages.entity import TIMELINE_PX
from web.pages.lines import ChartCard, Line, chart_card
from web.pages.profile import ProfileCard, profile_card
from web.params import Asked

STRONGEST_SHOWN = 4
EVIDENCE_SHOWN = 6
"""Words of the query beside an article."""


@dataclass(frozen=True, slots=True)
class MemberCard:
    """An article of the topic. evidence: (words of the saved query as they stand in it, how often)."""

    hit: HitCard
    evidence: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """strongest: the articles that have most of the saved query. newest: by date, without those."""

    label: str
    other_name: str | None
    query: str
    profile: ProfileCard
    timeline: ChartCard | None
    strongest: tuple[MemberCard, ...]
    newest: tuple[MemberCard, ...]
    json_url: str
    compare_url: str


def topic_page(view: TopicView, asked: Asked, links: Links) -> TopicPage:
    topic, language = view.topic, asked.request.language
    own = Request(filters={"topic": (topic.id,)}, language=language)
    label = topic.label(language)
    subject = f"{TOPIC}{topic.id}"
    strongest = _members(view.strongest, links, own)[:STRONGEST_SHOWN]
    shown = {member.hit.url for member in strongest}
    return TopicPage(
        label=label,
        other_name=next((name for name in (topic.name_en, topic.name) if name and name != label), None),
        query=topic.query,
        profile=profile_card(view.profile, label, subject, own, links),
        timeline=chart_card(
            [Line(label, links.search(own), view.profile.total, view.profile.histogram, links.spanning(own))],
            TIMELINE_PX, language,
        ),
        strongest=strongest,
        newest=tuple(member for member in _members(view.newest, links, own) if member.hit.url not in shown),
        json_url=links.topic(topic.id, "json"),
        compare_url=links.compare([subject]),
    )


def _members(members: Sequence[Member], links: Links, own: Request) -> tuple[MemberCard, ...]:
    """Copies stand on the first of them, with its evidence."""
    evidence = {links.article(own, member.hit.id): member.evidence[:EVIDENCE_SHOWN] for member in members}
    hits = cards.hit_cards((member.hit for member in members), links, own)
    return tuple(MemberCard(hit, evidence[hit.url]) for hit in hits)
