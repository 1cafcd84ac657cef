"""What the pages of an entity and of a topic show, and that of several: no engine, no HTML behind these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from search.articles import Entity, Kind, Published, Topic
from search.results import Bar, FacetValue, Hit, hit_json
from search.views import article_json

NEWEST_SHOWN = 10
"""Articles of a list."""

@dataclass(frozen=True, slots=True)
class Seen:
    """The article in which something was seen."""

    article_id: str
    title: str
    published: Published


@dataclass(frozen=True, slots=True)
class Alias:
    """A written form of an entity's name, how often the archive has it, and its first and last dated article."""

    surface: str
    count: int
    first: Seen | None = None
    last: Seen | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who stands in the same articles, and in how many.

    association: how much they belong together. written: what means them alone in a query, where that was asked for.
    """

    entity: Entity
    count: int
    association: float = 0.0
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """How many articles have both of these neighbours (ids), beside the entity or topic whose page it is."""

    one: str
    other: str
    count: int


@dataclass(frozen=True, slots=True)
class Company:
    """Who stands in some articles: by kind, those first that belong to them most.

    drawn: those of them that the network shows, and ties: between these.
    """

    neighbours: Mapping[Kind, tuple[Neighbour, ...]] = field(default_factory=dict)
    drawn: tuple[Neighbour, ...] = ()
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Articles over time, those with one value of a facet. value: None for all that have another one, or none."""

    value: str | None
    label: str
    count: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the pages of an entity and of a topic both show of their articles.

    first, last: the earliest and the newest that has a date. company: who stands in them.
    coverage: facet -> its values in them over time, all on one axis, the most frequent first, then the others.
    """

    total: int
    histogram: tuple[Bar, ...]
    first: Seen | None
    last: Seen | None
    company: Company
    desks: tuple[FacetValue, ...]
    sources: tuple[FacetValue, ...]
    topics: tuple[FacetValue, ...]
    coverage: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What the forms of both have in common."""
        return {
            "total": self.total,
            "first": _seen_json(self.first),
            "last": _seen_json(self.last),
            "histogram": bars_json(self.histogram),
            "neighbours": {
                kind: [
                    {"id": n.entity.id, "name": n.entity.name, "count": n.count, "association": round(n.association, 2)}
                    for n in neighbours
                ]
                for kind, neighbours in self.company.neighbours.items()
            },
            "network": {
                "nodes": [n.entity.id for n in self.company.drawn],
                "ties": [{"between": [tie.one, tie.other], "count": tie.count} for tie in self.company.ties],
            },
            "desks": values_json(self.desks),
            "sources": values_json(self.sources),
            "topics": [{"id": t.value, "name": t.label, "count": t.count} for t in self.topics],
            "coverage": {
                facet: [{"value": s.value, "count": s.count, "histogram": bars_json(s.bars)} for s in series]
                for facet, series in self.coverage.items()
            },
        }


@dataclass(frozen=True, slots=True)
class EntityView:
    """An entity page.

    aliases: as it is written, the most frequent first.
    about_total: articles that are about it, None for a kind of which that is not known. about_histogram: these over
        time, a bar for each of the profile's histogram. about: the newest of them.
    mentioned: the newest of those that only mention it.
    """

    entity: Entity
    aliases: tuple[Alias, ...]
    profile: Profile
    about_total: int | None = None
    about_histogram: tuple[Bar, ...] = ()
    about: tuple[Hit, ...] = ()
    mentioned: tuple[Hit, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form of `entity --json` and of `/entity/ID?format=json`."""
        return {
            "id": self.entity.id,
            "kind": self.entity.kind,
            "name": self.entity.name,
            "name_en": self.entity.name_en,
            "aliases": [
                {"surface": a.surface, "count": a.count, "first": _seen_json(a.first), "last": _seen_json(a.last)}
                for a in self.aliases
            ],
            **self.profile.as_json(),
            "about_total": self.about_total,
            "about_histogram": bars_json(self.about_histogram),
            "about": [hit_json(hit) for hit in self.about],
            "newest": [hit_json(hit) for hit in newest_of(self.about, self.mentioned)],
        }


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a topic, and why it is one: what of the saved query stands in it, as written, and how often."""

    hit: Hit
    evidence: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic page. strongest: the articles that have most of the saved query. newest: by date."""

    topic: Topic
    profile: Profile
    strongest: tuple[Member, ...]
    newest: tuple[Member, ...]

    def as_json(self) -> dict[str, Any]:
        """The form of `/topic/ID?format=json`."""
        topic = self.topic
        return {
            "id": topic.id,
            "kind": "topic",
            "name": topic.name,
            "name_en": topic.name_en,
            "query": topic.query,
            **self.profile.as_json(),
            "strongest": [_member_json(member) for member in self.strongest],
            "newest": [_member_json(member) for member in self.newest],
        }


def newest_of(*several: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The newest of several lists of hits, each of which has its own newest."""
    hits = [hit for hits in several for hit in hits]
    undated = [hit for hit in hits if not hit.published]
    dated = sorted((hit for hit in hits if hit.published), key=_time, reverse=True)
    return (*dated, *undated)[:NEWEST_SHOWN]


def _time(hit: Hit) -> float:
    return hit.published.at.timestamp() if hit.published else 0.0


def bars_json(bars: Iterable[Bar]) -> list[dict[str, Any]]:
    """Bars, as every form has them."""
    return [{"from": b.start.isoformat(), "to": b.end.isoformat(), "count": b.count} for b in bars]


def values_json(values: Iterable[FacetValue]) -> list[dict[str, Any]]:
    """Values of a facet without labels, for those that are read as they are."""
    return [{"value": v.value, "count": v.count} for v in values]


def _member_json(member: Member) -> dict[str, Any]:
    return {**hit_json(member.hit), "evidence": [{"text": text, "count": n} for text, n in member.evidence]}


def _seen_json(seen: Seen | None) -> dict[str, Any] | None:
    return article_json(seen.article_id, seen.title, seen.published) if seen else None
