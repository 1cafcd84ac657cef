"""What the head of an article's page tells programs: JSON-LD, Dublin Core, Highwire Press, Open Graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from search.views import ArticleView
from web.dates import machine
from web.forms.record import Record

MENTIONS = 20
"""Entities told of one kind; the text of a long article has hundreds."""

_TYPES = {"person": "Person", "country": "Country", "organization": "Organization", "place": "Place"}
"""Kind -> its class at schema.org."""


def metas(record: Record) -> tuple[tuple[str, str], ...]:
    """(name, content) of `<meta name>`: Dublin Core (DCMI, "Expressing Dublin Core metadata using HTML"), and the
    names of Highwire Press, as Google Scholar and Zotero read them."""
    return tuple((name, content) for name, content in _metas(record) if content)


def _metas(record: Record) -> Iterator[tuple[str, str]]:
    day = machine(record.published) if record.published else ""
    yield "description", record.summary
    yield "DC.title", record.title
    for author in record.authors:
        yield "DC.creator", author
    yield "DC.date", day
    yield "DC.publisher", record.source or ""
    yield "DC.subject", record.desk or ""
    yield "DC.identifier", record.url or record.here or ""
    yield "DC.language", "ja"
    yield "DC.type", "Text"
    yield "citation_title", record.title
    for author in record.authors:
        yield "citation_author", author
    yield "citation_publication_date", "/".join(f"{number:02}" for number in record.date_parts)
    yield "citation_journal_title", record.source or ""
    yield "citation_language", "ja"
    yield "citation_fulltext_html_url", record.url or record.here or ""


def properties(record: Record) -> tuple[tuple[str, str], ...]:
    """(property, content) of `<meta property>`: the Open Graph protocol, without an image."""
    found = (
        ("og:type", "article"), ("og:title", record.title), ("og:description", record.summary),
        ("og:url", record.here or ""), ("og:site_name", "記事蔵"), ("og:locale", "ja_JP"),
        ("article:published_time", machine(record.published) if record.published else ""),
        ("article:section", record.desk or ""),
    )
    return tuple((name, content) for name, content in found if content)


def json_ld(record: Record, view: ArticleView) -> Markup:
    """A NewsArticle of schema.org, safe between `<script>` and `</script>`."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": record.title,
        "inLanguage": "ja",
        "url": record.here,
        "datePublished": machine(record.published) if record.published else None,
        "author": [{"@type": "Person", "name": author} for author in record.authors],
        "publisher": {"@type": "Organization", "name": record.source} if record.source else None,
        "articleSection": record.desk,
        "sameAs": record.url,
        "mentions": [
            {"@type": _TYPES[kind], "name": found.entity.name}
            for kind, several in view.entities.items() if kind in _TYPES for found in several[:MENTIONS]
        ],
        "keywords": [topic.name for topic in view.topics],
    }
    kept = {name: value for name, value in data.items() if value}
    return htmlsafe_json_dumps(kept, dumps=json.dumps, ensure_ascii=False)
