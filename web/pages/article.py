"""What the page of one article shows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from search.articles import KINDS
from search.results import Snippet
from search.views import ArticleView, SectionView
from web import params
from web.addresses import web_address
from web.dates import machine, written
from web.markup import is_unsure
from web.pages import cards
from web.pages.cards import CopyCard, Link
from web.params import Asked, Links
from web.words import one_of_kind


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """title, sections: with names only if they are to be shown; names_url shows or hides them.

    original: the article's own address, None unless it is on the web. contents: (number, heading).
    legend: the kinds of the names that are shown, and what they are called; unsure: whether any is uncertain.
    """

    view: ArticleView
    title: Snippet
    sections: tuple[SectionView, ...]
    with_names: bool
    names_url: str | None
    legend: tuple[tuple[str, str], ...]
    unsure: bool
    day: str | None
    datetime: str
    original: str | None
    original_host: str
    contents: tuple[tuple[int, str], ...]
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    topics: tuple[Link, ...]
    back_url: str | None
    copies: tuple[CopyCard, ...]
    more_copies: int


def article_page(view: ArticleView, asked: Asked, links: Links) -> ArticlePage:
    article, language = view.article, asked.request.language
    headings = tuple((s.number, s.heading.text) for s in view.sections if s.heading)
    original = web_address(article.url)
    article_url = links.articles(asked.request)
    named = [name for _, names in view.names for name in names] if asked.names else []
    kinds = {name.kind for name in named}
    return ArticlePage(
        view=view,
        title=view.title if asked.names else replace(view.title, names=()),
        sections=view.sections if asked.names else tuple(map(_nameless, view.sections)),
        with_names=asked.names,
        names_url=links.article(asked.request, article.id, names=not asked.names) if view.names else None,
        legend=tuple((kind, one_of_kind(kind)) for kind in cards.kinds_in_order(KINDS) if kind in kinds),
        unsure=any(is_unsure(name) for name in named),
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
        copies=tuple(
            cards.copy_card(copy.title, copy.published, copy.source, article_url(copy.id, None), language)
            for copy in view.copies
        ),
        more_copies=view.more_copies,
    )


def _nameless(section: SectionView) -> SectionView:
    heading = replace(section.heading, names=()) if section.heading else None
    return replace(section, heading=heading, paragraphs=tuple(replace(p, names=()) for p in section.paragraphs))
