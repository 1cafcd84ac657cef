"""How an article lies in a Whoosh index: one document, pre-cut terms, one column of facts.

Text reaches Whoosh as terms with positions, never as text: an analyzer kept in the schema would be pickled
by its module's path, and so break every index when that module moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgpack
from whoosh import columns, fields, formats

from search.engine import AnalyzedArticle
from search.japanese.tokens import Analysis

SCHEMA_REVISION = 1
"""Raise it when documents are laid out otherwise: old indexes are then rebuilt."""

# A word in the title says more about an article than one in its text (BM25F: the frequency of a term is
# weighted by field before it saturates). Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009.
TITLE_WEIGHT = 3.0
HEADING_WEIGHT = 2.0
TEXT_WEIGHT = 1.0

FACET_KINDS = ("person", "country", "organization", "place")


class Postings(NamedTuple):
    """What one term has in one document. positions: ascending."""

    weight: float
    positions: list[int]


class PrecutField(fields.FieldType):  # type: ignore[misc]
    """A field whose value is {term: Postings}. Indexed with positions, scored, not stored."""

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.analyzer = None
        self.scorable = True
        self.stored = False
        self.unique = False
        self.vector = None
        self.multitoken_query = "default"
        self.spelling = False
        self.column_type = None

    def index(self, value: dict[str, Postings], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term in UTF-8, occurrences, weight, encoded positions), as Whoosh's writer wants them."""
        for term, postings in value.items():
            positions = postings.positions
            yield term.encode(), len(positions), postings.weight, self.format.encode(positions)


class Facts(NamedTuple):
    """The column of an article: all that filters, facets and sorting need.

    at: seconds since 1970, None without a date. day: proleptic ordinal in JST. precision is not needed here.
    named: entity ids by FACET_KINDS.
    """

    article_id: str
    version: int
    change: int
    at: int | None
    day: int | None
    source: str | None
    desk: str | None
    named: tuple[tuple[str, ...], ...]

    def pack(self) -> bytes:
        """As the column holds it."""
        packed: bytes = msgpack.packb(tuple(self))
        return packed

    @staticmethod
    def unpack(data: bytes) -> Facts:
        """What `pack` made these bytes from."""
        return Facts(*msgpack.unpackb(data))


def schema() -> fields.Schema:
    """id: to find an article by. text: words. names: entity ids, at the positions of their mentions."""
    return fields.Schema(
        id=fields.ID(unique=True),
        text=PrecutField(),
        names=PrecutField(),
        facts=fields.COLUMN(columns.VarBytesColumn()),
    )


def document(article: AnalyzedArticle) -> dict[str, Any]:
    """The Whoosh document of an article."""
    published = article.published
    named = tuple(
        tuple(sorted({m.entity_id for m in article.mentions if m.kind == kind})) for kind in FACET_KINDS
    )
    facts = Facts(
        article.id,
        article.version,
        article.change,
        int(published.at.timestamp()) if published else None,
        published.at.date().toordinal() if published else None,
        article.source,
        article.desk,
        named,
    )
    return {
        "id": article.id,
        "text": _word_postings(article.analysis),
        "names": _name_postings(article),
        "facts": facts.pack(),
    }


def _word_postings(analysis: Analysis) -> dict[str, Postings]:
    positions: dict[str, list[int]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    long_terms = iter((*analysis.long_terms, (len(analysis.terms), "")))
    next_long, long_term = next(long_terms)
    for part in analysis.parts:
        weight = TITLE_WEIGHT if part.section < 0 else HEADING_WEIGHT if part.is_heading else TEXT_WEIGHT
        shift = part.first_position - part.first_token
        for token in range(part.first_token, part.first_token + part.tokens):
            term = analysis.terms[token]
            if term:
                positions[term].append(token + shift)
                weights[term] += weight
            if token == next_long:
                if long_term != term:
                    positions[long_term].append(token + shift)
                    weights[long_term] += weight
                next_long, long_term = next(long_terms)
    return {term: Postings(weights[term], found) for term, found in positions.items()}


def _name_postings(article: AnalyzedArticle) -> dict[str, Postings]:
    # A mention stands at every position it covers, so that the whole name is marked, but counts once.
    covered: dict[str, set[int]] = defaultdict(set)
    weights: dict[str, float] = defaultdict(float)
    for mention in article.mentions:
        part = article.analysis.parts[mention.part]
        weight = TITLE_WEIGHT if part.section < 0 else HEADING_WEIGHT if part.is_heading else TEXT_WEIGHT
        covered[mention.entity_id].update(article.analysis.covering(mention.part, mention.start, mention.end))
        weights[mention.entity_id] += weight
    return {
        entity: Postings(weights[entity], sorted(positions))
        for entity, positions in covered.items()
        if positions
    }
