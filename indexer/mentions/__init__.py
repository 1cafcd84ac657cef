"""Names in an article: where they stand, and whom they name.

    tagger       words -> spans with a kind (persons, countries, organizations, places)
    linking      spans of one article -> names: 習主席 is the 習近平 of the same article
    looks, runs, titles, and search/data/*.toml: what the two of them stand on
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.mentions.linking import Linked, link
from indexer.mentions.tagger import tag
from search.articles import Kind, Part
from search.japanese.tokens import Unit

__all__ = ["FoundName", "find_names"]


@dataclass(frozen=True, slots=True)
class FoundName:
    """Words that name an entity, linked within their article.

    part: index of the part. start, end: code points in that part's text.
    entity_id: the id of a bundled entity, where linking knows one.
    name: the fullest form in this article (習近平 for 習氏), or the bundled name.
    confidence: 0 to 1, that the words are a name of this kind.
    role: as `Entity.role`.
    """

    part: int
    start: int
    end: int
    surface: str
    kind: Kind
    entity_id: str | None
    name: str
    confidence: float = 1.0
    role: str | None = None


def find_names(parts: Sequence[Part], units_by_part: Sequence[Sequence[Unit]]) -> list[FoundName]:
    """Every name in the parts of one article, in order and without overlap.

    A country inside the name of an organization (日本経済新聞) or of a place (日本海) is not named by it.
    """
    texts = [part.text for part in parts]
    tagged = [tag(text, units) for text, units in zip(texts, units_by_part, strict=True)]
    return [_found(linked) for linked in link(texts, tagged)]


def _found(linked: Linked) -> FoundName:
    span = linked.span
    return FoundName(
        linked.part, span.start, span.end, linked.surface, span.kind, linked.entity_id, linked.name,
        span.confidence, linked.role,
    )
