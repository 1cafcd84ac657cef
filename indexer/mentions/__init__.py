"""Names in an article: where they stand, and whom they name.

    tagger       words -> spans with a kind (persons, countries, organizations, places)
    linking      spans of one article -> names: 習主席 is the 習近平 of the same article
    stand_ins    what stands for a name: 同氏, 米大統領
    aboutness    whom of all these the article is about
    looks, runs, titles, and search/data/*.toml: what they stand on
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from indexer.mentions.aboutness import subjects
from indexer.mentions.linking import Linked, link
from indexer.mentions.stand_ins import stand_ins
from indexer.mentions.tagger import tag_parts
from search.articles import FoundName, Part, Published
from search.japanese.tokens import Unit
from search.names import bundled_entities

__all__ = ["FoundName", "find_names"]


def find_names(
    parts: Sequence[Part], units_by_part: Sequence[Sequence[Unit]], published: Published | None = None
) -> list[FoundName]:
    """Every name in the parts of one article, in order and without overlap.

    A country inside the name of an organization (日本経済新聞) or of a place (日本海) is not named by it.
    published: by which an office without a name says who holds it.
    """
    texts = [part.text for part in parts]
    linked = link(texts, tag_parts(texts, units_by_part), published)
    about = subjects(parts, linked, _key)
    everything = sorted((*linked, *stand_ins(texts, linked, published)), key=lambda one: (one.part, one.span.start))
    return [_found(one, _key(one) in about) for one in everything]


def _key(one: Linked) -> Hashable:
    """The same for all mentions of one entity in an article."""
    return one.entity_id or one.said


def _found(linked: Linked, is_about: bool) -> FoundName:
    span = linked.span
    role = bundled_entities()[linked.entity_id].role if linked.entity_id else None
    return FoundName(
        linked.part, span.start, span.end, linked.surface, span.kind, linked.entity_id, linked.name,
        span.confidence, role, linked.said, is_about, linked.is_inferred,
    )
