"""The articles of one page of results, read together: a few statements however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.archive import Archive
from search.archive_schema import CONTENT, to_article
from search.articles import Article, Kind
from search.errors import NotFound
from search.japanese.analysis import Places

VersionedId = tuple[str, int]
"""An article's id and one version of it."""

VERSIONS_A_STATEMENT = 250
"""Two values each; SQLite takes 999, or more where it is newer."""

NAMED_KINDS: tuple[Kind, ...] = ("person", "country")
"""Of whom and what a result names those it mentions most."""


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """One version of an article, with what a result shows of its analysis.

    packed: its tokens as `Analysis.pack` made them; None if nothing was derived by those who made the index.
    named: ids of the entities of NAMED_KINDS, the most mentioned first.
    """

    article: Article
    packed: bytes | None
    named: Mapping[Kind, Sequence[str]]

    def places(self) -> Places | None:
        """Where the tokens stand; None where that is not known."""
        return Places.unpack(self.packed) if self.packed is not None else None


def read(archive: Archive, wanted: Sequence[VersionedId], made_by: str) -> list[IndexedArticle]:
    """The articles in the order asked for, in those versions, though they may have been removed since.

    made_by: the analysis wanted. Where the archive has another one, nothing is known of tokens and names.
    Raises NotFound.
    """
    whole = articles(archive, wanted)
    analyses = archive.packed(_rows(archive, _ANALYSES, wanted, made_by))
    packed = {row[0]: row[3] for row in analyses if row[2] == made_by}
    named = _named(_rows(archive, _MENTIONS, [one for one in wanted if one[0] in packed], *NAMED_KINDS))
    return [IndexedArticle(article, packed.get(article.id), named.get(article.id, {})) for article in whole]


def articles(archive: Archive, wanted: Sequence[VersionedId]) -> list[Article]:
    """The same without what was derived from them. Raises NotFound."""
    found = {row[0]: to_article(row) for row in archive.whole(_rows(archive, _CONTENT, wanted))}
    for article_id, _ in wanted:
        if article_id not in found:
            raise NotFound(f"The archive has no article {article_id!r}. Look for it: kijigura search WORDS")
    return [found[article_id] for article_id, _ in wanted]


# CROSS JOIN: SQLite is to look up each wanted version, not to guess.
_WANTED = "WITH wanted (id, version) AS (VALUES {values})"
_CONTENT = f"SELECT {CONTENT} FROM wanted w CROSS JOIN content c ON c.id = w.id AND c.version = w.version"
_ANALYSES = (
    "SELECT x.id, x.version, x.made_by, x.tokens FROM wanted w"
    " CROSS JOIN analyses x ON x.id = w.id AND x.version = w.version"
    " WHERE x.made_by = ?"
)
_MENTIONS = (
    "SELECT m.article_id, m.kind, m.entity_id FROM wanted w"
    " CROSS JOIN mentions m ON m.article_id = w.id AND m.version = w.version"
    " WHERE m.kind IN (?, ?) AND NOT m.inferred"
)


def _rows(archive: Archive, select: str, wanted: Sequence[VersionedId], *values: str) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(wanted), VERSIONS_A_STATEMENT):
        some = wanted[start : start + VERSIONS_A_STATEMENT]
        statement = f"{_WANTED.format(values=', '.join(['(?, ?)'] * len(some)))} {select}"
        yield from archive.rows(statement, [*(value for one in some for value in one), *values])


def _named(mentions: Iterator[tuple[Any, ...]]) -> dict[str, dict[Kind, list[str]]]:
    """Article -> kind -> ids, the most mentioned first, then by id."""
    counts: dict[str, dict[Kind, dict[str, int]]] = defaultdict(lambda: {kind: {} for kind in NAMED_KINDS})
    for article_id, kind, entity_id in mentions:
        of_kind = counts[article_id][kind]
        of_kind[entity_id] = of_kind.get(entity_id, 0) + 1
    return {
        article_id: {kind: sorted(n, key=lambda i: (-n[i], i)) for kind, n in by_kind.items()}
        for article_id, by_kind in counts.items()
    }
