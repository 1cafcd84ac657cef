"""From ids to what is shown: articles with their texts, values of facets and words of a query with their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search import answer, batches
from search.archive import Archive
from search.articles import Entity, Topic
from search.asking import NAMED_FACETS
from search.batches import IndexedArticle
from search.engine import Matches
from search.query.expanded import Expanded
from search.query.model import Everything, Query
from search.registry import Registry
from search.results import Hit, Interpretation
from search.texts import say

ALSO_SHOWN = 6
"""Other spellings shown beside a word that was taken for a name."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Answers for one snapshot of the index. Threads may share it. analysis: the one that the index was made from."""

    archive: Archive
    registry: Registry
    analysis: str

    def read(self, matches: Matches) -> tuple[Sequence[IndexedArticle], tuple[Hit, ...]]:
        """The articles of matches without facets, as they were indexed and as they are shown."""
        indexed, _ = self.named(matches, Query(Everything()), (), "ja")
        return indexed, self.hits(matches, indexed)

    def named(
        self, matches: Matches, query: Query, topics: Sequence[Topic], language: str
    ) -> tuple[Sequence[IndexedArticle], answer.Label]:
        """The articles of the matches, and what to call a value of a facet; all names are looked up at once."""
        wanted = [(match.article_id, match.version) for match in matches.matches]
        indexed = batches.read(self.archive, wanted, self.analysis)
        in_facets = (
            value for facet in NAMED_FACETS
            for value, _ in answer.shown_values(
                matches.facets.get(facet, {}), (*query.filters.get(facet, ()), *query.excluded.get(facet, ())), facet
            )
        )
        in_hits = (i for one in indexed for ids in one.named.values() for i in ids[: answer.NAMES_SHOWN])
        self.registry.look_up((*in_facets, *in_hits))
        return indexed, self.label(topics, language)

    def label(self, topics: Sequence[Topic], language: str) -> answer.Label:
        """What to call a value of a facet."""
        called = {topic.id: topic.label(language) for topic in topics}

        def label(facet: str, value: str) -> str:
            if facet in NAMED_FACETS:
                return self.registry.entity(value).label(language)
            if facet == "topic":
                return called.get(value, value)
            if facet == "year" and value == answer.NO_DATE:
                return say("no date", language)
            return value

        return label

    def hits(
        self, matches: Matches, indexed: Sequence[IndexedArticle], words: Sequence[str] = (), full: int | None = None
    ) -> tuple[Hit, ...]:
        """words: of the query. full: how many of the matches have all of them; None for every one."""
        hits = [
            answer.hit(match, one, self.registry.entity) for match, one in zip(matches.matches, indexed, strict=True)
        ]
        for place in range(len(hits) if full is None else full, len(hits)):
            told = matches.matches[place].told
            missing = tuple(word for word, is_there in zip(words, told, strict=True) if not is_there)
            hits[place] = replace(hits[place], partial=True, missing=missing)
        copies = self.archive.copies_of(hit.id for hit in hits)
        return tuple(replace(hit, copy_of=copies[hit.id]) if hit.id in copies else hit for hit in hits)

    def interpreted(self, expanded: Expanded, language: str) -> tuple[Interpretation, ...]:
        """The words of a query that were taken for names, those last that somebody switched off."""
        return (
            *(self._interpretation(word, entity, language) for word, entity in expanded.entities),
            *(replace(self._interpretation(w, e, language), is_off=True) for w, e in expanded.switched_off),
        )

    def _interpretation(self, word: str, entity: Entity, language: str) -> Interpretation:
        written = self.registry.surfaces(entity.id)
        # 習氏 is found by its mention; 習 alone would look as if every 習 were.
        also = tuple(s for s in written if s != word and len(s) > 1)[:ALSO_SHOWN]
        return Interpretation(word, entity.kind, entity.id, entity.label(language), also)
