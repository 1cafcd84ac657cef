"""How one entity is written, who stands in its articles, and who of these stand together: for its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations

from search.archive import Archive
from search.articles import Entity, Kind
from search.asking import DEADLINE_MS
from search.association import association
from search.engine import Engine, Matches
from search.errors import NotFound
from search.query.model import AllOf, Everything, HasValue, Named, Node, Query
from search.registry import Registry
from search.views import Alias, Neighbour, Seen, Tie

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


class Company:
    """Answers for one snapshot of the index. Threads may share it."""

    def __init__(self, archive: Archive, engine: Engine, registry: Registry) -> None:
        self._archive = archive
        self._engine = engine
        self._registry = registry
        self._articles_in_all = engine.info().articles
        self._count_one = lru_cache(COUNTS_KEPT)(self._articles_with)

    # ---- as it is written ----

    def aliases(self, entity: Entity) -> tuple[Alias, ...]:
        """Every form that current articles have, the most frequent first."""
        dated = Query(
            Named(entity.id), since=date.min, sort="oldest", facets=(), spans=False, days=False, deadline_ms=DEADLINE_MS
        )
        place = {article_id: n for n, article_id in enumerate(self._engine.matching(dated))}
        counts: Counter[str] = Counter()
        seen: dict[str, list[str]] = {}
        for surface, article_id, count in self._archive.mentioning(entity.id):
            counts[surface] += count
            if article_id in place:
                seen.setdefault(surface, []).append(article_id)
        articles: dict[str, Seen | None] = {}

        def article(article_id: str) -> Seen | None:
            if article_id not in articles:
                articles[article_id] = self._seen(article_id)
            return articles[article_id]

        return tuple(
            Alias(surface, count, article(min(ids, key=place.__getitem__)), article(max(ids, key=place.__getitem__)))
            if (ids := seen.get(surface)) else Alias(surface, count)
            for surface, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )

    def _seen(self, article_id: str) -> Seen | None:
        with suppress(NotFound):        # removed since the index was made
            article = self._archive.get(article_id).article
            return Seen(article.id, article.title, article.published) if article.published else None
        return None

    # ---- who stands beside it ----

    def articles_of(self, entity: Entity) -> Node:
        """Those that a search narrowed to the entity finds; where none is sure to name it, those that may."""
        return _has(entity) if self._articles(entity) else Named(entity.id)

    def neighbours(self, entity: Entity, matches: Matches) -> dict[Kind, tuple[Neighbour, ...]]:
        """By kind, those first that belong to the entity most. matches: of its articles, with facets of KINDS."""
        self._registry.look_up(value for kind in KINDS for value in matches.facets[kind])
        found = {kind: self._by_entity(matches.facets[kind]) for kind in KINDS}
        return {
            kind: self._ranked(matches.total, [one for one in counts.items() if one[0].id != entity.id])
            for kind, counts in found.items()
        }

    def _ranked(self, total: int, counts: Sequence[tuple[Entity, int]]) -> tuple[Neighbour, ...]:
        """total: articles of the entity."""
        ranked = [
            Neighbour(other, both, association(both, total, self._articles(other), self._articles_in_all))
            for other, both in counts
        ]
        ranked.sort(key=lambda n: (n.count < LEAST_TOGETHER, *_order(n)))
        return tuple(ranked[:NEIGHBOURS_SHOWN])

    # ---- who of these stand together ----

    def network(
        self, entity: Entity, total: int, neighbours: Mapping[Kind, Sequence[Neighbour]]
    ) -> tuple[tuple[Neighbour, ...], tuple[Tie, ...]]:
        """The neighbours to draw, and the closest ties between them within the entity's `total` articles."""
        candidates = [n for kind in DRAWN_KINDS for n in neighbours[kind]]
        drawn = sorted((n for n in candidates if n.association > 0 and n.count >= LEAST_TOGETHER), key=_order)
        drawn = drawn[:MOST_DRAWN]
        own = self.articles_of(entity)
        beside = {n.entity.id: self._beside(AllOf((own, _has(n.entity)))) for n in drawn}
        ties: list[tuple[float, Tie]] = []
        for one, other in combinations(drawn, 2):
            both = beside[one.entity.id][other.entity.kind].get(other.entity.id, 0)
            closeness = association(both, one.count, other.count, total)
            if both >= LEAST_TOGETHER and closeness > 0:
                ties.append((closeness, Tie(one.entity.id, other.entity.id, both)))
        ties.sort(key=lambda item: (-item[0], item[1].one, item[1].other))
        return tuple(drawn), tuple(tie for _, tie in ties[:MOST_TIES])

    def _beside(self, node: Node) -> Mapping[str, Mapping[str, int]]:
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
