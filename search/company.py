"""How one entity is written, who stands in some articles, and who of these stand together: for pages of names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations

from search.archive import Archive
from search.articles import Entity, Kind
from search.asking import DEADLINE_MS
from search.association import association
from search.engine import Engine, Matches
from search.errors import NotFound
from search.name_views import Alias, Neighbour, Seen, Tie
from search.name_views import Company as Shown
from search.query.model import AllOf, Everything, HasValue, Named, Node, Query
from search.registry import Registry

KINDS: tuple[Kind, ...] = ("person", "country", "organization", "place")
"""Of the neighbours."""

CANDIDATES = 61
"""Of a kind, by plain count, of whom it is asked how much they belong to the entity: itself may be one of them."""

NEIGHBOURS_SHOWN = 20

DRAWN_KINDS: tuple[Kind, ...] = ("person", "organization", "country")
MOST_DRAWN = 14
MOST_TIES = 24
LEAST_TOGETHER = 2
"""Articles that have both: one alone may be chance, so it draws no line, and in tables it comes last."""

COUNTED_AT_ONCE = 10_000
"""Of each kind, the most frequent: one look at a facet counts them all, where each name alone would have to be read."""

COUNTS_KEPT = 4_096
ALIASES_KEPT = 512
"""Of a name with 30,000 articles they take 60 ms."""

OFTEN = 500
"""Times a form is written. Its first and last articles are looked for among the NEAR_AN_END oldest and newest."""

NEAR_AN_END = 50


class Company:
    """Answers for one snapshot of the index. Threads may share it."""

    def __init__(self, archive: Archive, engine: Engine, registry: Registry) -> None:
        self._archive = archive
        self._engine = engine
        self._registry = registry
        self._articles_in_all = engine.info().articles
        self._count_one = lru_cache(COUNTS_KEPT)(self._articles_with)
        self.aliases = lru_cache(ALIASES_KEPT)(self._aliases)

    # ---- as it is written ----

    def _aliases(self, entity: Entity) -> tuple[Alias, ...]:
        """Every form that current articles have, the most frequent first."""
        dated = Query(
            Named(entity.id), since=date.min, sort="oldest", facets=(), spans=False, days=False, deadline_ms=DEADLINE_MS
        )
        counts = self._archive.surfaces(entity.id, entity.kind)
        ends = self._ends_of(entity, counts, list(self._engine.matching(dated)))
        articles = {article_id: self.seen(article_id) for article_id in {i for both in ends.values() for i in both}}
        return tuple(
            Alias(surface, count, *(articles[i] for i in ends.get(surface, ()))) for surface, count in counts
        )

    def _ends_of(
        self, entity: Entity, counts: Sequence[tuple[str, int]], ids: Sequence[str]
    ) -> dict[str, tuple[str, str]]:
        """Surface -> the first and the last article with it.

        A form that is written often stands near both ends, so a few articles tell; of others all articles are read.
        counts: (surface, how often). ids: of all dated articles with the entity, oldest first.
        """
        place = {article_id: n for n, article_id in enumerate(ids)}
        near: dict[str, list[int]] = {}
        if counts and counts[0][1] > OFTEN:
            for surface, article_id in self._archive.surfaces_in(entity.id, {*ids[:NEAR_AN_END], *ids[-NEAR_AN_END:]}):
                near.setdefault(surface, []).append(place[article_id])
        ends = {}
        for surface, _ in counts:
            places = near.get(surface, [])
            if not places or min(places) >= NEAR_AN_END or max(places) < len(ids) - NEAR_AN_END:
                places = [place[i] for i in self._archive.articles_with(entity.id, surface) if i in place]
            if places:
                ends[surface] = ids[min(places)], ids[max(places)]
        return ends

    def seen(self, article_id: str) -> Seen | None:
        """The article, if it has a date."""
        with suppress(NotFound):        # removed since the index was made
            article = self._archive.get(article_id).article
            return Seen(article.id, article.title, article.published) if article.published else None
        return None

    def ends(self, own: Node, since: date | None = None, until: date | None = None) -> tuple[Seen | None, Seen | None]:
        """The earliest and the newest article between two days that has a date."""
        dated = Query(
            own, since=since or date.min, until=until, limit=1, facets=(), spans=False, days=False,
            deadline_ms=DEADLINE_MS,
        )
        oldest = self._engine.search(replace(dated, sort="oldest")).matches
        newest = self._engine.search(replace(dated, sort="newest")).matches
        return (self.seen(oldest[0].article_id), self.seen(newest[0].article_id)) if oldest else (None, None)

    # ---- who stands beside it ----

    def articles_of(self, entity: Entity) -> Node:
        """Those that a search narrowed to the entity finds; where none is sure to name it, those that may."""
        return _has(entity) if self._articles(entity) else Named(entity.id)

    def beside(self, own: Node, matches: Matches, entity: Entity | None = None) -> Shown:
        """Who stands in the articles `own`, and how these hang together.

        matches: of `own`, with facets of KINDS. entity: whose articles they are, if an entity's.
        """
        neighbours = self.neighbours(matches, entity)
        return Shown(neighbours, *self._network(own, matches.total, neighbours))

    def candidates(self, matches: Matches) -> dict[Kind, Counter[Entity]]:
        """Kind -> who stands in the matches most often, and in how many. matches: with facets of KINDS."""
        self._registry.look_up(value for kind in KINDS for value in matches.facets[kind])
        return {kind: self._by_entity(matches.facets[kind]) for kind in KINDS}

    def association(self, other: Entity, both: int, total: int) -> float:
        """How much somebody belongs to `total` articles who stands in `both` of them."""
        return association(both, total, self._articles(other), self._articles_in_all)

    def neighbours(self, matches: Matches, entity: Entity | None = None) -> dict[Kind, tuple[Neighbour, ...]]:
        """By kind, those first that belong to the matches most. matches: with facets of KINDS.

        entity: whose articles they are, if an entity's: it is no neighbour of its own.
        """
        own = entity.id if entity else None
        ranked = {
            kind: self._ranked(matches.total, [one for one in counts.items() if one[0].id != own])
            for kind, counts in self.candidates(matches).items()
        }
        if entity and entity.kind in ranked:
            # A search has all of a facet's values or any of them: the second of a kind is asked for in its text.
            ranked[entity.kind] = tuple(
                replace(n, written=self._registry.written(n.entity)) for n in ranked[entity.kind]
            )
        return ranked

    def _ranked(self, total: int, counts: Sequence[tuple[Entity, int]]) -> tuple[Neighbour, ...]:
        """total: of the articles in which they are counted."""
        ranked = [Neighbour(other, both, self.association(other, both, total)) for other, both in counts]
        ranked.sort(key=lambda n: (n.count < LEAST_TOGETHER, *_order(n)))
        return tuple(ranked[:NEIGHBOURS_SHOWN])

    # ---- who of these stand together ----

    def _network(
        self, own: Node, total: int, neighbours: Mapping[Kind, Sequence[Neighbour]]
    ) -> tuple[tuple[Neighbour, ...], tuple[Tie, ...]]:
        """The neighbours to draw, and the closest ties between them within the `total` articles `own`."""
        candidates = [n for kind in DRAWN_KINDS for n in neighbours[kind]]
        drawn = sorted((n for n in candidates if n.association > 0 and n.count >= LEAST_TOGETHER), key=_order)
        drawn = drawn[:MOST_DRAWN]
        beside = {n.entity.id: self._counts_beside(AllOf((own, _has(n.entity)))) for n in drawn}
        ties: list[tuple[float, Tie]] = []
        for one, other in combinations(drawn, 2):
            both = beside[one.entity.id][other.entity.kind].get(other.entity.id, 0)
            closeness = association(both, one.count, other.count, total)
            if both >= LEAST_TOGETHER and closeness > 0:
                ties.append((closeness, Tie(one.entity.id, other.entity.id, both)))
        ties.sort(key=lambda item: (-item[0], item[1].one, item[1].other))
        return tuple(drawn), tuple(tie for _, tie in ties[:MOST_TIES])

    def _counts_beside(self, node: Node) -> Mapping[str, Mapping[str, int]]:
        """Kind -> entity -> in how many of these articles it stands."""
        query = Query(node, limit=0, facets=DRAWN_KINDS, spans=False, days=False, deadline_ms=DEADLINE_MS)
        return self._engine.search(query).facets

    def _by_entity(self, counts: Mapping[str, int]) -> Counter[Entity]:
        """A value of a facet may be another id of an entity."""
        found: Counter[Entity] = Counter()
        for value, count in counts.items():
            found[self._registry.entity(value)] += count
        return found

    def _articles(self, entity: Entity) -> int:
        return self._most_frequent.get(entity.id) or self._count_one(entity)

    @cached_property
    def _most_frequent(self) -> Mapping[str, int]:
        query = Query(
            Everything(), limit=0, facets=KINDS, facet_values=COUNTED_AT_ONCE, spans=False, days=False,
            deadline_ms=DEADLINE_MS,
        )
        facets = self._engine.search(query).facets
        return {value: count for kind in KINDS for value, count in facets[kind].items()}

    def _articles_with(self, entity: Entity) -> int:
        query = Query(_has(entity), limit=0, facets=(), spans=False, days=False, deadline_ms=DEADLINE_MS)
        return self._engine.search(query).total


def _has(entity: Entity) -> Node:
    return HasValue(entity.kind, entity.id) if entity.kind in KINDS else Named(entity.id)


def _order(neighbour: Neighbour) -> tuple[float, int, str]:
    """Those that belong most to the entity first."""
    return -neighbour.association, -neighbour.count, neighbour.entity.id
