"""What the page of one article shows, ready to draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from markupsafe import Markup

from search.articles import KINDS
from search.query.model import Request
from search.results import Snippet
from search.views import ArticleView, Related, SectionView
from web.addresses import web_address
from web.dates import machine, written
from web.forms.record import of_article
from web.links import Links, pairs_of, shown_pairs
from web.markup import is_unsure
from web.pages import cards, metas
from web.pages.cards import CopyCard, Link
from web.pages.citations import Citation, citations
from web.params import Asked
from web.words import one_of_kind


@dataclass(frozen=True, slots=True)
class MarksCard:
    """The words that are marked in the text, and how often; first: the anchor of the first paragraph with any.

    words: those that the reader looks for here, or those of the search. switch_url shows or hides the marks of the
        search, None if there is no search; is_on: whether they are shown. clear_url: without what is looked for here.
    """

    words: str
    count: int
    first: str | None
    switch_url: str | None
    is_on: bool
    clear_url: str | None


@dataclass(frozen=True, slots=True)
class RelatedCard:
    """An article on the same matter. names, words: what both have; topics: in which both are."""

    title: str
    url: str
    inferred: bool
    day: str | None
    datetime: str
    source: str | None
    topics: tuple[Link, ...]
    names: tuple[Link, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the page tells programs. canonical: its address without what depends on the reader.

    alternates: (media type, address) of its other forms.
    """

    canonical: str
    alternates: tuple[tuple[str, str], ...]
    metas: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, str], ...]
    json_ld: Markup


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """title, sections: with names only if they are to be shown; names_url shows or hides them.

    original: the article's own address, None unless it is on the web. contents: (number, heading).
    legend: the kinds of the names that are shown, and what they are called; unsure: whether any is uncertain.
    kept: the parameters that a form of this page hands on. history_url: None if there is one version only.
    forms: the article for other programs: (what it is called, address).
    here_path: the path of this page. here: its whole address, for paper.
    """

    view: ArticleView
    head: Head
    title: Snippet
    sections: tuple[SectionView, ...]
    with_names: bool
    names_url: str | None
    legend: tuple[tuple[str, str], ...]
    unsure: bool
    marks: MarksCard
    kept: tuple[tuple[str, str], ...]
    find: str
    day: str | None
    datetime: str
    original: str | None
    original_host: str
    contents: tuple[tuple[int, str], ...]
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    topics: tuple[Link, ...]
    back_url: str | None
    history_url: str | None
    copies: tuple[CopyCard, ...]
    more_copies: int
    related: tuple[RelatedCard, ...]
    citations: tuple[Citation, ...]
    forms: tuple[tuple[str, str], ...]
    here_path: str
    here: str


def article_page(view: ArticleView, asked: Asked, links: Links, base_url: str, today: date) -> ArticlePage:
    """base_url: where the archive's pages stand. today: the day on which the reader sees the page, in Japan."""
    article, language = view.article, asked.request.language
    headings = tuple((s.number, s.heading.text) for s in view.sections if s.heading)
    original = web_address(article.url)
    record = of_article(article, base_url)
    named = [name for _, names in view.names for name in names] if asked.names else []
    kinds = {name.kind for name in named}
    article_url = links.articles(asked.request)
    forms = _forms(article.id, links)
    here = record.here or ""
    return ArticlePage(
        view=view,
        head=Head(
            here, tuple((mimetype, url) for _, mimetype, url in forms), metas.metas(record),
            metas.properties(record), metas.json_ld(record, view),
        ),
        title=view.title if asked.names else replace(view.title, names=()),
        sections=view.sections if asked.names else tuple(map(_nameless, view.sections)),
        with_names=asked.names,
        names_url=_address(asked, links, article.id, names=not asked.names) if view.names else None,
        legend=tuple((kind, one_of_kind(kind)) for kind in cards.kinds_in_order(KINDS) if kind in kinds),
        unsure=any(is_unsure(name) for name in named),
        marks=_marks(view, asked, links),
        kept=(*links.pairs(replace(asked.request, page=1)), *shown_pairs(asked.names, asked.marks, "")),
        find=asked.find,
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
        back_url=links.search(asked.request) if pairs_of(asked.request) else None,
        history_url=links.history(article.id) if view.version > 1 else None,
        copies=tuple(
            cards.copy_card(copy.title, copy.published, copy.source, article_url(copy.id, None), language)
            for copy in view.copies
        ),
        more_copies=view.more_copies,
        related=tuple(_related(one, links, language) for one in view.related),
        citations=citations(record, today),
        forms=tuple((name, url) for name, _, url in forms),
        here_path=links.article_path(article.id),
        here=here,
    )


def _forms(article_id: str, links: Links) -> tuple[tuple[str, str, str], ...]:
    """(name, media type, address) of the article for other programs."""
    return tuple(
        (name, mimetype, links.article_form(article_id, form))
        for name, mimetype, form in (
            ("RIS", "application/x-research-info-systems", "ris"), ("BibTeX", "application/x-bibtex", "bibtex"),
            ("JSON", "application/json", "json"),
        )
    )


def _related(one: Related, links: Links, language: str) -> RelatedCard:
    article = one.article
    return RelatedCard(
        article.title, links.article(Request(language=language), article.id), article.title_inferred,
        written(article.published, language) if article.published else None,
        machine(article.published) if article.published else "", article.source,
        tuple(Link(topic.label(language), links.topic(topic.id)) for topic in one.topics),
        tuple(Link(entity.label(language), links.entity(entity.id)) for entity in one.names),
        one.words,
    )


# ---- What is marked -------------------------------------------------------------------------------


def _marks(view: ArticleView, asked: Asked, links: Links) -> MarksCard:
    can_switch = bool(asked.request.text or asked.request.filters) and not asked.find
    counts = {anchor: len(snippet.marks) for anchor, snippet in _marked(view) if snippet.marks}
    return MarksCard(
        words=asked.find or asked.request.text,
        count=sum(counts.values()),
        first=next((anchor for anchor in counts if anchor != _TITLE), None),
        switch_url=_address(asked, links, view.article.id, marks=not asked.marks) if can_switch else None,
        is_on=asked.marks,
        clear_url=_address(asked, links, view.article.id, find="") if asked.find else None,
    )


_TITLE = ""


def is_marked(view: ArticleView) -> bool:
    """Whether anything in the article is."""
    return any(snippet.marks for _, snippet in _marked(view))


def _marked(view: ArticleView) -> Iterator[tuple[str, Snippet]]:
    """Every stretch of text with its anchor; paragraphs are counted from 1."""
    yield _TITLE, view.title
    for section in view.sections:
        if section.heading:
            yield f"s{section.number}", section.heading
        for number, paragraph in enumerate(section.paragraphs, 1):
            yield f"s{section.number}p{number}", paragraph


def _address(
    asked: Asked, links: Links, article_id: str, *, names: bool | None = None, marks: bool | None = None,
    find: str | None = None,
) -> str:
    """That of this page with one thing shown otherwise."""
    return links.article(
        asked.request, article_id, names=asked.names if names is None else names,
        marks=asked.marks if marks is None else marks, find=asked.find if find is None else find,
    )


def _nameless(section: SectionView) -> SectionView:
    heading = replace(section.heading, names=()) if section.heading else None
    return replace(section, heading=heading, paragraphs=tuple(replace(p, names=()) for p in section.paragraphs))
