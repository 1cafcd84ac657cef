"""An article as a record of an export, which `add` reads back to the same article."""

from __future__ import annotations

from typing import Any

from indexer.formats.jsonlines import KNOWN_KEYS
from search.archive_schema import section_record
from search.articles import Article, Published


def as_record(article: Article) -> dict[str, Any]:
    """An article in the form of an export, which `add` reads back to the same article."""
    # What the source called, say, "date" must not be read as the article's date now.
    hidden = {key: value for key, value in article.extra.items() if key in KNOWN_KEYS}
    record: dict[str, Any] = {
        **{key: value for key, value in article.extra.items() if key not in hidden},
        "id": article.id,
        "title": article.title,
        "body": article.body(),
        "published": _written(article.published),
        "source": article.source,
        "desk": article.desk,
        "url": article.url,
        "authors": list(article.authors),
        "sections": [section_record(section) for section in article.sections],
    }
    if article.credits:
        record["credits"] = list(article.credits)
    if article.ruby:
        record["ruby"] = [[r.section, r.is_heading, r.start, r.end, r.reading] for r in article.ruby]
    if article.published and article.published.is_inferred:
        record["published_inferred"] = True
    if hidden:
        record["extra"] = hidden
    if article.title_inferred:
        record["title_inferred"] = True
    return record


def _written(published: Published | None) -> str | None:
    """As precise as the source was: 2024, 2024-04, 2024-04-10 or with the time."""
    if published is None:
        return None
    lengths = {"year": 4, "month": 7, "day": 10}
    return published.at.isoformat()[: lengths.get(published.precision)]
