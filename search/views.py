"""What the pages of one article, one entity and one topic show, ready to draw: no engine, no HTML behind these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.articles import Article, Entity, Kind, Part, Published, Topic
from search.results import Bar, FacetValue, Hit, NameMark, Snippet, hit_json


@dataclass(frozen=True, slots=True)
class EntityCount:
    """An entity and in how many articles, or how often, it stands."""

    entity: Entity
    count: int


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as the article page draws it: paragraphs in order, each with its marks, names and readings."""

    number: int
    heading: Snippet | None
    paragraphs: tuple[Snippet, ...]
    is_captions: bool = False


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article page: the article, its marked text, who and where (with mentions counted), its topics.

    names: in the text of each part that has any, ascending; one may lie over another, unlike in title and sections.
    copies: other articles with the same text, the earliest first; more_copies: how many are not among them.
    """

    article: Article
    title: Snippet
    sections: tuple[SectionView, ...]
    entities: dict[Kind, tuple[EntityCount, ...]]
    topics: tuple[Topic, ...]
    names: tuple[tuple[Part, tuple[NameMark, ...]], ...] = ()
    copies: tuple[Article, ...] = ()
    more_copies: int = 0

    def as_json(self, language: str) -> dict[str, Any]:
        """The form of `/article/ID?format=json`: `start` and `end` count code points in the text that `in` says."""
        article = self.article
        return {
            **_article_json(article.id, article.title, article.published),
            "title_inferred": article.title_inferred,
            "source": article.source,
            "desk": article.desk,
            "url": article.url,
            "authors": list(article.authors),
            "published_precision": article.published.precision if article.published else None,
            "published_inferred": bool(article.published and article.published.is_inferred),
            "credits": list(article.credits),
            "sections": [
                {"number": n, "heading": s.heading, "text": s.text, "captions": s.is_captions}
                for n, s in enumerate(article.sections)
            ],
            "ruby": [
                {"section": None if r.section < 0 else r.section, "in": _place(r.section, r.is_heading),
                 "start": r.start, "end": r.end, "reading": r.reading}
                for r in article.ruby
            ],
            "names": [
                {
                    "section": None if part.section < 0 else part.section,
                    "in": _place(part.section, part.is_heading),
                    "start": name.start, "end": name.end, "surface": part.text[name.start : name.end],
                    "kind": name.kind, "entity": name.entity.id, "name": name.entity.label(language),
                    "confidence": round(name.confidence, 3),
                }
                for part, names in self.names for name in names
            ],
            "entities": {
                kind: [{"id": e.entity.id, "name": e.entity.label(language), "count": e.count} for e in found]
                for kind, found in self.entities.items()
            },
            "topics": [{"id": topic.id, "name": topic.label(language)} for topic in self.topics],
        }


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
    """Who stands in the same articles, and in how many. association: how much they belong together."""

    entity: Entity
    count: int
    association: float = 0.0


@dataclass(frozen=True, slots=True)
class Tie:
    """How many articles have both of these neighbours (ids), beside the entity whose page it is."""

    one: str
    other: str
    count: int


@dataclass(frozen=True, slots=True)
class EntityView:
    """An entity page.

    total: articles that mention it. aliases: as it is written, the most frequent first.
    neighbours: who stands in the same articles, those that belong to it most first.
    drawn: those of them that the network shows, and ties: between these.
    desks, sources, topics: in which it stands, with articles counted.
    """

    entity: Entity
    aliases: tuple[Alias, ...]
    total: int
    histogram: tuple[Bar, ...]
    neighbours: dict[Kind, tuple[Neighbour, ...]]
    drawn: tuple[Neighbour, ...]
    ties: tuple[Tie, ...]
    desks: tuple[FacetValue, ...]
    sources: tuple[FacetValue, ...]
    topics: tuple[FacetValue, ...]
    newest: tuple[Hit, ...]

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
            "total": self.total,
            "histogram": [
                {"from": b.start.isoformat(), "to": b.end.isoformat(), "count": b.count} for b in self.histogram
            ],
            "neighbours": {
                kind: [
                    {"id": n.entity.id, "name": n.entity.name, "count": n.count, "association": round(n.association, 2)}
                    for n in neighbours
                ]
                for kind, neighbours in self.neighbours.items()
            },
            "network": {
                "nodes": [n.entity.id for n in self.drawn],
                "ties": [{"between": [tie.one, tie.other], "count": tie.count} for tie in self.ties],
            },
            "desks": _values_json(self.desks),
            "sources": _values_json(self.sources),
            "topics": [{"id": t.value, "name": t.label, "count": t.count} for t in self.topics],
            "newest": [hit_json(hit) for hit in self.newest],
        }


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic page: its saved query, articles over time, the people and countries in it, newest first."""

    topic: Topic
    total: int
    histogram: tuple[Bar, ...]
    people: tuple[FacetValue, ...]
    countries: tuple[FacetValue, ...]
    newest: tuple[Hit, ...]


def _place(section: int, is_heading: bool) -> str:
    return "title" if section < 0 else "heading" if is_heading else "text"


def _article_json(article_id: str, title: str, published: Published | None) -> dict[str, Any]:
    return {"id": article_id, "title": title, "published": published.at.isoformat() if published else None}


def _seen_json(seen: Seen | None) -> dict[str, Any] | None:
    return _article_json(seen.article_id, seen.title, seen.published) if seen else None


def _values_json(values: Iterable[FacetValue]) -> list[dict[str, Any]]:
    return [{"value": v.value, "count": v.count} for v in values]
