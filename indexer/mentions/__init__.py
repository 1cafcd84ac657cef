"""Names in an article: where they stand, and whom they name.

    tagger       words -> spans with a kind (persons, countries, organizations, places), by rules and a model (crf)
    linking      spans of one article -> names: 習主席 is the 習近平 of the same article
    stand_ins    what stands for a name: 同氏, 米大統領
    aboutness    whom of all these the article is about; evidence says which country a city speaks for
    bylines      who wrote the English articles that are cited
    looks, runs, titles, and search/data/*.toml: what they stand on
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from indexer.mentions.aboutness import subjects
from indexer.mentions.linking import Linked, link
from indexer.mentions.stand_ins import stand_ins
from indexer.mentions.tagger import Tagged, tag_parts
from search.articles import FoundName, Part, Published
from search.japanese.tokens import Unit
from search.names import bundled_entities

__all__ = ["FoundName", "find_names", "find_names_in"]

Cut = tuple[Sequence[Part], Sequence[Sequence[Unit]], Published | None]
"""An article's parts, the words of each, and when it appeared."""


def find_names(
    parts: Sequence[Part], units_by_part: Sequence[Sequence[Unit]], published: Published | None = None
) -> list[FoundName]:
    """Every name in the parts of one article, in order and without overlap.

    A country inside the name of an organization (日本経済新聞) or of a place (日本海) is not named by it.
    published: by which an office without a name says who holds it.
    """
    return find_names_in([(parts, units_by_part, published)])[0]


def find_names_in(articles: Sequence[Cut]) -> list[list[FoundName]]:
    """The same for several articles, each by itself: some of the work is done for all at once."""
    texts = [part.text for parts, _, _ in articles for part in parts]
    tagged = iter(tag_parts(texts, [units for _, units_by_part, _ in articles for units in units_by_part]))
    return [_names(parts, [next(tagged) for _ in parts], published) for parts, _, published in articles]


def _names(parts: Sequence[Part], tagged: Sequence[Tagged], published: Published | None) -> list[FoundName]:
    texts = [part.text for part in parts]
    linked = link(texts, tagged, published)
    about = subjects(parts, linked, [_key(one) for one in linked])
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
