"""An article -> its terms and names: a pure function, and the work that takes longest."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.mentions import find_names_in
from search.articles import Article, FoundName
from search.japanese.analysis import Analysis, analyze, analyze_parts

_LOG = logging.getLogger(__name__)

CHARS_TOGETHER = 15_000
"""Articles of so many characters have their names found at once: a third less work than one by one."""


class Analyzed(NamedTuple):
    """An article's terms and names. packed: the terms as the archive keeps them."""

    tokens: Analysis
    names: list[FoundName]
    packed: bytes


def together(articles: Sequence[Article], most: int) -> Iterator[list[Article]]:
    """The articles in order, as many at once as have `CHARS_TOGETHER`, and at most `most`."""
    group: list[Article] = []
    chars = 0
    for article in articles:
        group.append(article)
        chars += sum(len(part.text) for part in article.parts())
        if chars >= CHARS_TOGETHER or len(group) >= most:
            yield group
            group, chars = [], 0
    if group:
        yield group


def analyze_article(article: Article) -> Analyzed:
    """Terms and names of an article; a pure function of its text and date."""
    return analyze_articles([article])[0]


def analyze_articles(articles: Sequence[Article]) -> list[Analyzed]:
    """The same for several, each by itself.

    One that cannot be analyzed, by a fault of ours or of a library, has no words and no names; letter by letter it
    is found even so. It must not keep all others, and all to come, out of the index.
    """
    try:
        return _analyzed(articles)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:      # what Sudachi raises is no Exception
        if len(articles) > 1:
            return [analyze_article(article) for article in articles]
        return [without_words(articles[0], f"{type(error).__name__}: {error}")]


def without_words(article: Article, why: str) -> Analyzed:
    """What can be told of an article at which analysis fails; says so in the log."""
    _LOG.warning("Article %s: not all of its words and names can be found (%s).", article.id, why)
    parts = list(article.parts())
    tokens = analyze_parts(parts, [[] for _ in parts], article.published)
    return Analyzed(tokens, [], tokens.pack())


def _analyzed(articles: Sequence[Article]) -> list[Analyzed]:
    analyzed = [analyze(article) for article in articles]
    names = find_names_in([
        (tuple(article.parts()), units_by_part, article.published)
        for article, (units_by_part, _) in zip(articles, analyzed, strict=True)
    ])
    return [Analyzed(tokens, found, tokens.pack()) for (_, tokens), found in zip(analyzed, names, strict=True)]
