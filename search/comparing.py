"""Two to four persons, countries, organizations, places or topics beside one another: on one axis of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

from search import periods
from search.articles import Entity, Topic
from search.asking import DEADLINE_MS, Asker
from search.company import KINDS, LEAST_TOGETHER, Company
from search.engine import Engine, Matches
from search.errors import NotFound
from search.name_views import NEWEST_SHOWN, Seen, bars_json
from search.query.model import AllOf, Node, Query
from search.registry import Registry
from search.results import Bar, Hit, hit_json

LEAST_COMPARED, MOST_COMPARED = 2, 4

MOST_PERIODS = 36
"""Bars of a line: three years of months, nine of quarters."""

SHARED_SHOWN = 20
CANDIDATES = 200
"""Of a kind, by plain count, who is looked for in the articles of each."""

OFFERED = 6
"""Neighbours of the first, to be compared with it."""

DIFFERING = ("source", "desk")
TOPIC = "topic:"
"""Before the id of a topic, among names."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: an entity or a topic.

    id: of the entity, or `topic:` and that of the topic. written: what means it alone as a value of its facet.
    """

    id: str
    kind: str
    written: str
    what: Entity | Topic

    def label(self, language: str) -> str:
        """Its name for the reader's language."""
        return self.what.label(language)


@dataclass(frozen=True, slots=True)
class Compared:
    """One subject. bars: its articles over time, on the axis of all. first, last: of those that have a date.

    about: articles that are about it; None for a topic and for kinds of which that is not known.
    counts: facet of DIFFERING -> value -> articles.
    """

    subject: Subject
    total: int
    about: int | None
    bars: tuple[Bar, ...]
    first: Seen | None
    last: Seen | None
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Pair:
    """How many articles have both; one, other: their places among the subjects."""

    one: int
    other: int
    count: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Who belongs to the articles of each subject. counts: in how many of them, in the order of the subjects.

    written: what means them alone as a value of their facet.
    """

    entity: Entity
    written: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several subjects beside one another, in the order asked for.

    pairs: of any two. together: articles that have all of them, newest: the newest of these.
    shared: who belongs to each of them most first, after the one that they belong to least.
    offered: whom to compare them with. unknown: names that the archive does not know. left_out: those too many.
    """

    compared: tuple[Compared, ...]
    pairs: tuple[Pair, ...] = ()
    together: int = 0
    newest: tuple[Hit, ...] = ()
    shared: tuple[Shared, ...] = ()
    offered: tuple[Entity, ...] = ()
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def as_json(self, language: str) -> dict[str, Any]:
        """The form of `/compare?format=json`."""
        ids = [one.subject.id for one in self.compared]
        return {
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "compared": [
                {
                    "id": one.subject.id, "kind": one.subject.kind, "name": one.subject.label(language),
                    "total": one.total, "about_total": one.about, "histogram": bars_json(one.bars),
                    **{f"{facet}s": [{"value": v, "count": n} for v, n in one.counts[facet].items()]
                       for facet in DIFFERING},
                }
                for one in self.compared
            ],
            "pairs": [{"between": [ids[pair.one], ids[pair.other]], "count": pair.count} for pair in self.pairs],
            "together": self.together,
            "newest": [hit_json(hit) for hit in self.newest],
            "shared": [
                {"id": s.entity.id, "kind": s.entity.kind, "name": s.entity.label(language), "counts": list(s.counts)}
                for s in self.shared
            ],
            "unknown": list(self.unknown),
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True, slots=True)
class Comparing:
    """Compares for one snapshot of the index. Threads may share it."""

    engine: Engine
    registry: Registry
    asker: Asker
    company: Company
    hits: Callable[[Matches], tuple[Hit, ...]]

    def compare(
        self, names: Sequence[str], topics: Sequence[Topic], since: date | None = None, until: date | None = None
    ) -> Comparison:
        """names: of entities, or their ids; `topic:ID`, or a topic's name. since, until: days, both included.

        What is not known and what is too much is left out and named; one alone is shown, too.
        """
        subjects, unknown = self._subjects(names, topics)
        left_out = tuple(subject.id for subject in subjects[MOST_COMPARED:])
        subjects = subjects[:MOST_COMPARED]
        span = _Span(self.engine, since, until)
        nodes = [self._node(subject) for subject in subjects]
        found = [span.company_of(node) for node in nodes]
        axis = periods.axis([matches.days for matches in found], MOST_PERIODS)
        together = span.newest(AllOf(tuple(nodes))) if len(nodes) > 1 else Matches(0, ())
        return Comparison(
            tuple(self._compared(*one, axis, span) for one in zip(subjects, nodes, found, strict=True)),
            tuple(Pair(a, b, span.total(AllOf((nodes[a], nodes[b])))) for a, b in combinations(range(len(nodes)), 2)),
            together.total, self.hits(together), self._shared(subjects, found), self._offered(subjects, found),
            unknown, left_out, since, until,
        )

    # ---- who is meant ----

    def _subjects(self, names: Iterable[str], topics: Sequence[Topic]) -> tuple[list[Subject], tuple[str, ...]]:
        """Each once, and the names that nobody bears."""
        found: dict[str, Subject] = {}
        unknown: dict[str, None] = {}
        for name in names:
            subject = self._subject(name, topics)
            if subject:
                found.setdefault(subject.id, subject)
            else:
                unknown[name] = None
        return list(found.values()), tuple(unknown)

    def _subject(self, name: str, topics: Sequence[Topic]) -> Subject | None:
        with_id = name.removeprefix(TOPIC) if name.startswith(TOPIC) else None
        for topic in topics:
            if topic.id == with_id or name in (topic.name, topic.name_en):
                return Subject(f"{TOPIC}{topic.id}", "topic", topic.id, topic)
        with suppress(NotFound):
            entity = self.registry.find(name)
            return Subject(entity.id, entity.kind, self.registry.written(entity), entity)
        return None

    def _node(self, subject: Subject) -> Node:
        if isinstance(subject.what, Topic):
            return self.asker.topic_nodes([subject.what])[subject.what.id]
        return self.company.articles_of(subject.what)

    # ---- what is told of them ----

    def _compared(
        self, subject: Subject, node: Node, found: Matches, axis: Sequence[periods.Period], span: _Span
    ) -> Compared:
        return Compared(
            subject, found.total, span.about(node, subject) if subject.kind in KINDS else None,
            periods.bars(found.days, axis), *self.company.ends(node, span.since, span.until),
            {facet: found.facets[facet] for facet in DIFFERING},
        )

    def _shared(self, subjects: Sequence[Subject], found: Sequence[Matches]) -> tuple[Shared, ...]:
        """Whom chance alone would not have put into the articles of each, by the lowest association of them."""
        if len(subjects) < LEAST_COMPARED:
            return ()
        own = {subject.id for subject in subjects}
        ranked: list[tuple[tuple[bool, float, str], Entity, tuple[int, ...]]] = []
        candidates = [self.company.candidates(matches) for matches in found]
        for kind in KINDS:
            for entity in candidates[0][kind]:
                counts = tuple(counted[kind][entity] for counted in candidates)
                if entity.id in own or not min(counts):
                    continue
                least = min(
                    self.company.association(entity, count, matches.total)
                    for count, matches in zip(counts, found, strict=True)
                )
                if least > 0:
                    chance = min(counts) < LEAST_TOGETHER
                    ranked.append(((chance, -least, entity.id), entity, counts))
        ranked.sort(key=lambda one: one[0])
        return tuple(
            Shared(entity, self.registry.written(entity), counts) for _, entity, counts in ranked[:SHARED_SHOWN]
        )

    def _offered(self, subjects: Sequence[Subject], found: Sequence[Matches]) -> tuple[Entity, ...]:
        """The closest neighbours of the first, those of its own kind before others."""
        if not subjects or len(subjects) == MOST_COMPARED:
            return ()
        near = self.company.neighbours(found[0])
        own = {subject.id for subject in subjects}
        kinds = sorted(KINDS, key=lambda kind: kind != subjects[0].kind)
        offered = (n.entity for kind in kinds for n in near[kind] if n.count >= LEAST_TOGETHER)
        return tuple(entity for entity in offered if entity.id not in own)[:OFFERED]


@dataclass(frozen=True, slots=True)
class _Span:
    """Asks for articles between two days."""

    engine: Engine
    since: date | None
    until: date | None

    def query(self, node: Node) -> Query:
        return Query(
            node, since=self.since, until=self.until, sort="newest", limit=0, facets=(), spans=False, days=False,
            deadline_ms=DEADLINE_MS,
        )

    def company_of(self, node: Node) -> Matches:
        return self.engine.search(
            replace(self.query(node), facets=(*KINDS, *DIFFERING), facet_values=CANDIDATES, days=True)
        )

    def total(self, node: Node) -> int:
        return self.engine.search(self.query(node)).total

    def about(self, node: Node, subject: Subject) -> int:
        narrowed = replace(self.query(node), filters={subject.kind: (subject.id,)}, about=True)
        return self.engine.search(narrowed).total

    def newest(self, node: Node) -> Matches:
        return self.engine.search(replace(self.query(node), limit=NEWEST_SHOWN, spans=True))
