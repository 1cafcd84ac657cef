"""Whether a text without id and address is another version of an earlier one, by its words alone."""

from __future__ import annotations

import re

from search.articles import Article

LEAST_ALIKE = 0.5
"""Of what two texts have in common: corrections and additions stay far above it, another day's article far below."""

SHINGLE_CHARS = 3

_MADE_OF_WORDS = re.compile(r"t-[0-9a-f]{16}")


def is_made_of_words(article_id: str) -> bool:
    """Whether an id is what `sections.divide` makes of an article's words."""
    return _MADE_OF_WORDS.fullmatch(article_id) is not None


def is_like(one: Article, other: Article) -> bool:
    """Whether two texts have at least half of their characters in common, three by three."""
    ours, theirs = _shingles(one), _shingles(other)
    return len(ours & theirs) >= LEAST_ALIKE * len(ours | theirs)


def _shingles(article: Article) -> set[str]:
    text = "".join(f"{article.title}{article.body()}".split())
    return {text[at : at + SHINGLE_CHARS] for at in range(max(1, len(text) - SHINGLE_CHARS + 1))}
