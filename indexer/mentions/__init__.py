"""Names in an article: where they stand, and whom they name.

    tagger       words -> spans with a kind (persons, countries, organizations, places)
    linking      spans of one article -> names: 習主席 is the 習近平 of the same article
    looks, runs, titles, and search/data/*.toml: what the two of them stand on
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.mentions.linking import Linked, link
from indexer.mentions.tagger import tag
from search.articles import FoundName, Part
from search.japanese.tokens import Unit

__all__ = ["FoundName", "find_names"]


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
