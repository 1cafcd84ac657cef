"""The pages of an entity and of a topic: their articles over time, who stands in them, and where they were printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from search import answer, periods
from search.articles import Entity, Topic
from search.asking import DEADLINE_MS, Asker
from search.batches import IndexedArticle
from search.company import CANDIDATES, KINDS, Company
from search.engine import Engine, Matches
from search.errors import NotFound
from search.name_views import NEWEST_SHOWN, EntityView, Member, Profile, Series, TopicView
from search.query.model import Named, Node, Query
from search.results import Bar, FacetValue, Hit

COVERED = ("source", "desk")
"""Facets of which it is shown how they change over time."""

LINES_SHOWN = 5
"""Values of each: what is rarer is counted together."""

MOST_PERIODS = 24
"""Bars of a line: two years of months, six of quarters."""

Read = Callable[[Matches], tuple[Sequence[IndexedArticle], tuple[Hit, ...]]]
"""The articles of some matches, as they were indexed and as they are shown."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """Answers for one snapshot of the index. Threads may share it."""

    engine: Engine
    asker: Asker
    company: Company
    read: Read

    def entity(self, entity: Entity, topics: Sequence[Topic], language: str) -> EntityView:
        """The page of one entity."""
        own = self.company.articles_of(entity)
        profile = self._profile(own, topics, language, entity)
        aliases = self.company.aliases(entity)
        named = Query(
            own, sort="newest", limit=NEWEST_SHOWN, facets=(), also_mark=(Named(entity.id),), about=True,
            deadline_ms=DEADLINE_MS,
        )
        if entity.kind not in KINDS:
            return EntityView(entity, aliases, profile, mentioned=self._hits(named))
        itself: Mapping[str, tuple[str, ...]] = {entity.kind: (entity.id,)}
        about = self.engine.search(replace(named, filters=itself))
        return EntityView(
            entity, aliases, profile, about.total,
            periods.bars(about.days, ((bar.start, bar.end) for bar in profile.histogram)),
            self.read(about)[1], self._hits(replace(named, excluded=itself)),
        )

    def topic(self, topic: Topic, language: str) -> TopicView:
        """The page of one topic."""
        own = self.asker.topic_nodes([topic])[topic.id]
        query = Query(own, limit=NEWEST_SHOWN, facets=(), days=False, deadline_ms=DEADLINE_MS)
        return TopicView(
            topic, self._profile(own, (), language), self._members(query),
            self._members(replace(query, sort="newest")),
        )

    def _members(self, query: Query) -> tuple[Member, ...]:
        matches = self.engine.search(query)
        indexed, hits = self.read(matches)
        return tuple(
            Member(hit, answer.evidence(match, one))
            for hit, match, one in zip(hits, matches.matches, indexed, strict=True)
        )

    def _hits(self, query: Query) -> tuple[Hit, ...]:
        return self.read(self.engine.search(query))[1]

    def _profile(
        self, own: Node, topics: Sequence[Topic], language: str, entity: Entity | None = None
    ) -> Profile:
        matches = self.engine.search(Query(
            own, topics=self.asker.topic_nodes(topics), limit=0, facets=(*KINDS, "desk", "source", "topic"),
            facet_values=CANDIDATES, spans=False, deadline_ms=DEADLINE_MS,
        ))
        called = {topic.id: topic.label(language) for topic in topics}
        values = {
            facet: answer.facet_values(matches.facets[facet], (), facet, lambda facet, value: called.get(value, value))
            for facet in ("desk", "source", "topic")
        }
        return Profile(
            matches.total, answer.bars(matches.days), *self.company.ends(own),
            self.company.beside(own, matches, entity), values["desk"], values["source"], values["topic"],
            {facet: self._coverage(own, facet, matches, values[facet]) for facet in COVERED},
        )

    def _coverage(
        self, own: Node, facet: str, matches: Matches, values: Sequence[FacetValue]
    ) -> tuple[Series, ...]:
        """The most frequent values of a facet over time, then all others; () where there is no more than one."""
        axis = periods.axis([matches.days], MOST_PERIODS)
        if len(values) < 2 or len(axis) < 2:
            return ()
        shown = [Series(v.value, v.label, v.count, self._bars(own, {facet: (v.value,)}, axis))
                 for v in values[:LINES_SHOWN]]
        rest = _left(periods.bars(matches.days, axis), [series.bars for series in shown])
        others = matches.total - sum(series.count for series in shown)
        return (*shown, Series(None, "", others, rest)) if others else tuple(shown)

    def _bars(
        self, own: Node, filters: Mapping[str, tuple[str, ...]], axis: Sequence[periods.Period]
    ) -> tuple[Bar, ...]:
        query = Query(own, filters, limit=0, facets=(), spans=False, deadline_ms=DEADLINE_MS)
        return periods.bars(self.engine.search(query).days, axis)


def _left(everything: Sequence[Bar], taken: Sequence[Sequence[Bar]]) -> tuple[Bar, ...]:
    """What some lines of bars leave of those of all articles."""
    return tuple(
        replace(bar, count=bar.count - sum(bars[place].count for bars in taken)) for place, bar in enumerate(everything)
    )


def topic_called(topics: Sequence[Topic], topic_id: str) -> Topic:
    """The topic with this id. Raises NotFound."""
    for topic in topics:
        if topic.id == topic_id:
            return topic
    raise NotFound(f"The archive has no topic {topic_id!r}. See those it has: kijigura topics list")
