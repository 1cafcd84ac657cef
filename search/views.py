"""What the page of one article shows, ready to draw: no engine, no HTML behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.articles import Article, Entity, Kind, Part, Published, Topic
from search.results import NameMark, Snippet


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
    related: other articles on its matter, the closest first. version: which one of its own this is, counted from 1.
    """

    article: Article
    title: Snippet
    sections: tuple[SectionView, ...]
    entities: dict[Kind, tuple[EntityCount, ...]]
    topics: tuple[Topic, ...]
    names: tuple[tuple[Part, tuple[NameMark, ...]], ...] = ()
    copies: tuple[Article, ...] = ()
    more_copies: int = 0
    related: tuple[Related, ...] = ()
    version: int = 1

    def as_json(self, language: str) -> dict[str, Any]:
        """The form of `/article/ID?format=json`: `start` and `end` count code points in the text that `in` says."""
        article = self.article
        return {
            **article_json(article.id, article.title, article.published),
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
            "topics": _topics_json(self.topics, language),
            "version": self.version,
            "copies": [_named_json(copy) for copy in self.copies],
            "related": [one.as_json(language) for one in self.related],
        }


@dataclass(frozen=True, slots=True)
class Related:
    """An article on the same matter as another, and why it is one: what both have, the most telling first.

    words: as they are written in the other one. likeness: 1 for an article with the same words and names.
    """

    article: Article
    names: tuple[Entity, ...]
    topics: tuple[Topic, ...]
    words: tuple[str, ...]
    likeness: float

    def as_json(self, language: str) -> dict[str, Any]:
        """One of `related` in `/article/ID?format=json`."""
        return {
            **_named_json(self.article),
            "names": [{"id": entity.id, "name": entity.label(language)} for entity in self.names],
            "topics": _topics_json(self.topics, language),
            "words": list(self.words),
            "likeness": round(self.likeness, 3),
        }


def _named_json(article: Article) -> dict[str, Any]:
    return {**article_json(article.id, article.title, article.published), "source": article.source}


def _topics_json(topics: Iterable[Topic], language: str) -> list[dict[str, str]]:
    return [{"id": topic.id, "name": topic.label(language)} for topic in topics]


def _place(section: int, is_heading: bool) -> str:
    return "title" if section < 0 else "heading" if is_heading else "text"


def article_json(article_id: str, title: str, published: Published | None) -> dict[str, Any]:
    """An article, as every form names one."""
    return {"id": article_id, "title": title, "published": published.at.isoformat() if published else None}
