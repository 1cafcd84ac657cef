"""Whether a text is another version of an earlier one, by its words alone; and which of two versions is the older."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b

from indexer.dates import parse_date
from search.articles import Article

LEAST_ALIKE = 0.5
"""Of what two texts have in common: corrections and additions stay far above it, another day's article far below."""

LEAST_OF_ONE_STORY = 0.3
"""Of the shorter text, what the longer one has: two stories share turns of phrase, a tenth at most."""

SHINGLE_CHARS = 3

_ONLY_COUNTS = re.compile(r"\d{1,7}")

_MADE_OF_WORDS = re.compile(r"t-[0-9a-f]{16}(?:~[0-9a-f]{8})*")
"""Of a second source, too."""

_NUMBERS = ("revision", "version")
_TIME = "revised"


def is_made_of_words(article_id: str) -> bool:
    """Whether an id is what `sections.divide` makes of an article's words."""
    return _MADE_OF_WORDS.fullmatch(article_id) is not None


def is_like(one: Article, other: Article) -> bool:
    """Whether two texts have at least half of their characters in common, three by three."""
    ours, theirs = _shingles(one), _shingles(other)
    return len(ours & theirs) >= LEAST_ALIKE * len(ours | theirs)


def only_counts(article_id: str) -> bool:
    """Whether an id is a mere number: of an article that names no source, it may only count those of one file."""
    return _ONLY_COUNTS.fullmatch(article_id) is not None


def with_own_id(article: Article, standing: Article | None) -> Article:
    """The article; under another id if what the archive has under a number is another article.

    standing: what the archive has; None for nothing.
    """
    if standing is None or not _is_another(standing, article):
        return article
    return replace(article, id=f"{article.id}~{blake2b(article.title.encode(), digest_size=4).hexdigest()}")


def _is_another(one: Article, other: Article) -> bool:
    """Whether two texts have next to nothing in common, not even the first report what the full one has."""
    ours, theirs = _shingles(one), _shingles(other)
    return len(ours & theirs) < LEAST_OF_ONE_STORY * min(len(ours), len(theirs))


def is_older(one: Article, other: Article) -> bool:
    """Whether both say which version they are, by number or else by time, and the first one is an earlier one."""
    for name in _NUMBERS:
        ours, theirs = str(one.extra.get(name, "")), str(other.extra.get(name, ""))
        if ours.isdecimal() and theirs.isdecimal():
            return int(ours) < int(theirs)
    at, other_at = (parse_date(article.extra[_TIME]) if says_when(article) else None for article in (one, other))
    return bool(at and other_at and at.at < other_at.at)


def says_version(article: Article) -> bool:
    """Whether `is_older` could tell anything of it."""
    return says_when(article) or any(name in article.extra for name in _NUMBERS)


def says_when(article: Article) -> bool:
    """Whether it says when it was revised."""
    return isinstance(article.extra.get(_TIME), str)


def _shingles(article: Article) -> set[str]:
    text = "".join(f"{article.title}{article.body()}".split())
    return {text[at : at + SHINGLE_CHARS] for at in range(max(1, len(text) - SHINGLE_CHARS + 1))}
