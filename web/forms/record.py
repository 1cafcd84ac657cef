"""What every form for other programs says of an article; a hit and a whole article give the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from search.articles import JST, Article, Published
from search.results import Hit
from web.addresses import web_address

SUMMARY_CHARS = 200
"""Code points of an article's opening, where no words were asked for that could choose a better stretch."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (https://www.w3.org/TR/xml/#charsets)."""


@dataclass(frozen=True, slots=True)
class Record:
    """An article as it is saved or cited. Every text is one line.

    url: where the article first stood, if a browser may be sent there. here: its page in this archive, None where
        that is not served.
    summary: the stretches that answer, parted by " … ", or the opening.
    """

    id: str
    title: str
    source: str | None
    desk: str | None
    published: Published | None
    authors: tuple[str, ...]
    url: str | None
    here: str | None
    summary: str

    @property
    def urn(self) -> str:
        """What names the article where it has no page."""
        return f"urn:kijigura:article:{quote(self.id, safe='')}"

    @property
    def date_parts(self) -> tuple[int, ...]:
        """Year, month and day in Japan, as far as they are known; empty without a date."""
        if self.published is None:
            return ()
        day = self.published.at.astimezone(JST)
        known = {"year": 1, "month": 2}.get(self.published.precision, 3)
        return (day.year, day.month, day.day)[:known]


def of_hit(hit: Hit, base_url: str = "") -> Record:
    """base_url: where the archive's pages stand, such as http://host:8000; "" where it is not served."""
    summary = " … ".join(one_line(section.snippet.text) for section in hit.sections)
    return Record(
        hit.id, one_line(hit.title.text), _line(hit.source), _line(hit.desk), hit.published, _lines(hit.authors),
        web_address(hit.url), page_address(hit.id, base_url), summary,
    )


def of_article(article: Article, base_url: str = "") -> Record:
    """base_url: as for `of_hit`."""
    opening = next((section.text for section in article.sections if section.text), "")
    return Record(
        article.id, one_line(article.title), _line(article.source), _line(article.desk), article.published,
        _lines(article.authors), web_address(article.url), page_address(article.id, base_url),
        one_line(opening[:SUMMARY_CHARS]),
    )


def page_address(article_id: str, base_url: str) -> str | None:
    """Where the article is shown; None where the archive is not served."""
    return f"{base_url}/article/{quote(article_id, safe='')}" if base_url else None


def one_line(text: str) -> str:
    """The text with every run of space as one, since a line break would begin a new field or record.

    Without what XML 1.0 cannot hold, which no other form needs either: controls and halves of surrogate pairs.
    """
    return " ".join(NOT_XML.sub("", text).split())


def _line(text: str | None) -> str | None:
    return one_line(text) or None if text else None


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for text in texts if (line := one_line(text)))
