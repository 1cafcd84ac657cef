"""All topics of an archive at a glance: how many articles each has, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from search.articles import Topic
from search.engine import Engine
from search.query.model import Everything, Node, Query


@dataclass(frozen=True, slots=True)
class TopicCount:
    """total: articles of the topic. days: day of publication -> articles; undated ones are left out."""

    topic: Topic
    total: int
    days: Mapping[date, int]

    @property
    def newest(self) -> date | None:
        """The last day with an article."""
        return max(self.days, default=None)


def topic_counts(
    engine: Engine, topics: Sequence[Topic], nodes: Mapping[str, Node], deadline_ms: int
) -> tuple[TopicCount, ...]:
    """Of each topic in turn. nodes: topic id -> its saved query. Raises QueryTooHeavy."""
    found: list[TopicCount] = []
    for topic in topics:
        query = Query(
            Everything(), {"topic": (topic.id,)}, nodes, limit=0, facets=(), spans=False, deadline_ms=deadline_ms
        )
        matches = engine.search(query)
        found.append(TopicCount(topic, matches.total, matches.days))
    return tuple(found)
