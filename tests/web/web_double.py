"""An archive in memory: the smallest thing that answers as `search.library.Library` does.

It looks for words letter by letter, so that its counts can be checked by eye.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import combinations

from web_sample import ALIASES, ARTICLES, EARLIER, ENTITIES, OTHER_FORMS, TOPICS

from search import periods
from search.archive import Version
from search.archive_schema import Stored
from search.articles import Article, Entity, Kind, Topic
from search.comparing import DIFFERING, Compared, Comparison, Pair, Shared, Subject
from search.errors import KijiguraError, NotFound
from search.facet_values import VALUES_A_PAGE, FacetValues, Order
from search.histogram import bars, units
from search.history import History
from search.name_suggestions import Suggestion, Suggestions
from search.name_views import (
    Alias,
    Company,
    EntityView,
    Member,
    Neighbour,
    Profile,
    Seen,
    Series,
    Tie,
    TopicView,
)
from search.query.model import Request
from search.query.parts import parts
from search.query.saving import Saved, as_query
from search.results import (
    FACETS,
    NO_DATE,
    Condition,
    FacetValue,
    Health,
    Hit,
    Interpretation,
    NameMark,
    ResultPage,
    SectionHit,
    Snippet,
    WordForm,
)
from search.topic_counts import TopicCount
from search.views import ArticleView, EntityCount, Related, SectionView

KINDS: tuple[Kind, ...] = ("person", "country", "organization", "place", "event")


class DoubleLibrary:
    def __init__(self, articles: list[Article] = ARTICLES) -> None:
        self.articles = articles
        self.asked: list[Request] = []

    def search(self, request: Request) -> ResultPage:
        self.asked.append(request)
        found = self._matching(request)
        words = self._words(request)
        newest = request.sort == "newest" or (request.sort is None and not request.text)
        if newest or request.sort == "oldest":
            dated = [a for a in found if a.published]
            dated.sort(key=lambda a: a.published.at if a.published else None, reverse=newest)  # type: ignore[arg-type, return-value]
            found = dated + [a for a in found if not a.published]
        start = (request.page - 1) * request.size
        end = start + request.size
        partial = self._partial(request) if len(found) < end and (not found or not request.sort) else []
        counted = found or [article for article, _ in partial]
        conditions = [Condition("q", part.text, part.text) for part in parts(request.text)] if request.text else []
        conditions += [
            Condition(facet, value, self._label(facet, value, request.language))
            for facet, values in request.filters.items() for value in self._ids(facet, values)
        ]
        conditions += [
            Condition(facet, value, self._label(facet, value, request.language), excludes=True)
            for facet, values in request.excluded.items() for value in self._ids(facet, values)
        ]
        for name, day in (("from", request.since), ("to", request.until)):
            if day:
                conditions.append(Condition(name, day.isoformat(), day.isoformat()))
        if not found:
            conditions = [replace(c, total_without=0 if c.facet == "q" else 7) for c in conditions]
        return ResultPage(
            query=request.text, total=len(found), took_ms=1.2,
            hits=(
                *(_hit(a, words) for a in found[start:end]),
                *(replace(_hit(a, words), partial=True, missing=missing)
                  for a, missing in partial[max(0, start - len(found)) : end - len(found)]),
            ),
            facets={name: self._facet(name, request) for name in FACETS},
            histogram=bars(_days(counted), request.by),
            histogram_units=units(_days(counted)),
            ways_out={} if found else {"as typed": 3, "all forms": 4, "any date": 5},
            without_two=((0, 2, 6), (1, 2, 4)) if len(conditions) == 3 and all(
                c.total_without == 0 for c in conditions
            ) else (),
            interpreted=() if request.as_typed else tuple(
                Interpretation(
                    w, e.kind, e.id, e.label(request.language), tuple(n for n in ALIASES[e.id] if n != w),
                    is_off=not {w, e.id}.isdisjoint(request.off),
                )
                for w in request.text.split() for e in _called(w)
            ),
            forms=() if request.as_typed else tuple(
                WordForm(w, form.text, form.why, is_off=not {w, form.text}.isdisjoint(request.off))
                for w in request.text.split() for form in OTHER_FORMS.get(w, ())
            ),
            conditions=tuple(conditions),
            partial_total=len(partial),
            did_you_mean="作柄" if request.text == "作がら" else None,
            notes=("索引は古い版です。",) if "古い" in request.text else (),
            page=request.page, size=request.size,
        )

    def all_hits(self, request: Request) -> Iterator[tuple[Hit, ...]]:
        """Three at a time, so that there are several batches."""
        found = self.search(replace(request, page=1, size=len(self.articles))).hits
        full = [hit for hit in found if not hit.partial]
        yield from (tuple(full[at : at + 3]) for at in range(0, max(1, len(full)), 3))

    def facet_values(
        self, request: Request, facet: str, *, find: str = "", order: Order = "count", page: int = 1
    ) -> FacetValues:
        values = self._facet(facet, request)
        fitting = [v for v in values if find in v.label or any(find in name for name in ALIASES.get(v.value, ()))]
        if order == "name":
            fitting.sort(key=lambda value: value.label)
        shown = fitting[(page - 1) * VALUES_A_PAGE : page * VALUES_A_PAGE]
        conditions = self.search(request).conditions
        return FacetValues(facet, len(values), len(fitting), tuple(shown), page, conditions)

    def article(self, article_id: str, request: Request) -> ArticleView:
        article = next((a for a in self.articles if a.id == article_id), None)
        if article is None:
            raise NotFound(f"no article {article_id}")
        words = self._words(request)
        return ArticleView(
            article, _named(_marked(article.title, words)),
            tuple(
                SectionView(n, _named(_marked(s.heading, words)) if s.heading else None,
                            tuple(_named(_marked(p, words)) for p in s.text.split("\n\n")))
                for n, s in enumerate(article.sections)
            ),
            {kind: tuple(EntityCount(e, _text(article).count(ALIASES[e.id][-1]) + 1) for e in _who(article, kind))
             for kind in KINDS},
            tuple(t for t in TOPICS if self._in_topic(article, t)),
            tuple((part, names) for part in article.parts() if (names := _named(Snippet(part.text)).names)),
            related=tuple(self._related(article)), version=len(EARLIER.get(article_id, ())) + 1,
        )

    def _related(self, article: Article) -> Iterator[Related]:
        """Those that are in a topic of the article."""
        for other in self.articles:
            topics = tuple(t for t in TOPICS if self._in_topic(article, t) and self._in_topic(other, t))
            if topics and other.id != article.id:
                names = tuple(e for kind in KINDS for e in _who(article, kind) if e in _who(other, kind))
                yield Related(other, names, topics, tuple(topics[0].query.split()), 0.5)

    def history(self, article_id: str) -> History:
        article = next((a for a in self.articles if a.id == article_id), None)
        if article is None:
            raise NotFound(f"no article {article_id}")
        several = (*EARLIER.get(article_id, ()), article)
        versions = [Version(n, f"2024-05-{n:02}T09:30:00+09:00", one) for n, one in enumerate(several, 1)]
        return History.of(Stored(article, len(several), 1), versions)

    def entity(self, name_or_id: str, language: str) -> EntityView:
        entity = ENTITIES.get(name_or_id) or next(iter(_called(name_or_id)), None)
        if entity is None:
            raise NotFound(f"nobody called {name_or_id}")
        found = [a for a in self.articles if entity in _who(a, entity.kind)]
        about = [a for a in found if any(name in a.title for name in ALIASES[entity.id])]
        profile = self._profile(found, language, entity)
        spans = [(bar.start, bar.end) for bar in profile.histogram]
        return EntityView(
            entity, tuple(_alias(name, found) for name in ALIASES[entity.id]), profile, len(about),
            periods.bars(_days(about), spans), tuple(_hit(a, ALIASES[entity.id]) for a in about[:10]),
            tuple(_hit(a, ALIASES[entity.id]) for a in found if a not in about)[:10],
        )

    def _profile(self, found: list[Article], language: str, entity: Entity | None = None) -> Profile:
        neighbours = {
            kind: tuple(
                Neighbour(e, n, float(n), e.name if entity and e.kind == entity.kind else None)
                for e, n in Counter(e for a in found for e in _who(a, kind)).most_common() if e != entity
            )
            for kind in KINDS
        }
        drawn = tuple(n for kind in ("person", "organization", "country") for n in neighbours[kind])
        ties = ((one.entity, other.entity, sum(
            one.entity in _who(a, one.entity.kind) and other.entity in _who(a, other.entity.kind) for a in found
        )) for one, other in combinations(drawn, 2))
        axis = periods.axis([_days(found)], 24)
        dated = sorted((a for a in found if a.published), key=lambda a: str(a.published and a.published.at))
        ends = [Seen(a.id, a.title, a.published) for a in (dated[:1] + dated[-1:]) if a.published] or [None, None]
        return Profile(
            len(found), bars(_days(found)), ends[0], ends[1],
            Company(neighbours, drawn, tuple(Tie(one.id, other.id, n) for one, other, n in ties if n)),
            _values(a.desk for a in found), _values(a.source for a in found),
            tuple(FacetValue(t.id, t.label(language), n) for t in TOPICS
                  if (n := sum(self._in_topic(a, t) for a in found))),
            {"desk": tuple(
                Series(v.value, v.label, v.count, periods.bars(_days(a for a in found if a.desk == v.value), axis))
                for v in _values(a.desk for a in found)
            )},
        )

    def topic(self, topic_id: str, language: str) -> TopicView:
        topic = next((t for t in TOPICS if t.id == topic_id), None)
        if topic is None:
            raise NotFound(f"no topic {topic_id}")
        found = [a for a in self.articles if self._in_topic(a, topic)]
        words = topic.query.split()
        members = tuple(
            Member(_hit(a, words), tuple((word, _text(a).count(word)) for word in words)) for a in found[:10]
        )
        return TopicView(topic, self._profile(found, language), members, members)

    def compare(
        self, names: Sequence[str], since: date | None = None, until: date | None = None
    ) -> Comparison:
        """Without what needs more than counting."""
        subjects: dict[str, Subject] = {}
        unknown = []
        for name in names:
            topic = next((t for t in TOPICS if name in (f"topic:{t.id}", t.name)), None)
            entity = ENTITIES.get(name) or next(iter(_called(name)), None)
            if topic:
                subjects[f"topic:{topic.id}"] = Subject(f"topic:{topic.id}", "topic", topic.id, topic)
            elif entity:
                subjects[entity.id] = Subject(entity.id, entity.kind, entity.name, entity)
            else:
                unknown.append(name)
        chosen, span = list(subjects.values())[:4], Request(since=since, until=until)
        found = [
            [a for a in self.articles if self._has(a, one) and self._meets_filters(a, span)] for one in chosen
        ]
        axis = periods.axis([_days(several) for several in found], 36)
        together = [a for a in found[0] if all(a in several for several in found)] if len(found) > 1 else []
        return Comparison(
            tuple(
                Compared(one, len(several), None, periods.bars(_days(several), axis), None, None, {
                    facet: dict(Counter(value for a in several if (value := getattr(a, facet)))) for facet in DIFFERING
                })
                for one, several in zip(chosen, found, strict=True)
            ),
            tuple(Pair(a, b, sum(one in found[b] for one in found[a])) for a, b in combinations(range(len(found)), 2)),
            len(together), tuple(_hit(a, ()) for a in together[:10]),
            (Shared(ENTITIES["CN"], "中国", tuple(1 for _ in chosen)),) if len(chosen) > 1 else (),
            (ENTITIES["RU"],) if chosen and "RU" not in subjects and len(chosen) < 4 else (),
            tuple(unknown), tuple(subjects)[4:], since, until,
        )

    def _has(self, article: Article, subject: Subject) -> bool:
        if isinstance(subject.what, Topic):
            return self._in_topic(article, subject.what)
        return subject.what in _who(article, subject.kind)

    def topics(self, language: str) -> tuple[FacetValue, ...]:
        return tuple(
            FacetValue(t.id, t.label(language), sum(self._in_topic(a, t) for a in self.articles)) for t in TOPICS
        )

    def topic_counts(self) -> tuple[TopicCount, ...]:
        members = [[a for a in self.articles if self._in_topic(a, t)] for t in TOPICS]
        return tuple(
            TopicCount(t, len(found), Counter(a.published.at.date() for a in found if a.published))
            for t, found in zip(TOPICS, members, strict=True)
        )

    def as_query(self, request: Request) -> Saved:
        return as_query(request, TOPICS, lambda _, value: ENTITIES[value].name if value in ENTITIES else value)

    def suggest(self, text: str, language: str) -> Suggestions:
        """The last word may be the beginning of any name, in Latin letters of the English one, or in a topic's name."""
        typed = text.split(" ")[-1]
        found = [
            Suggestion(e.id, e.kind, e.label(language), e.label(language), e.name_en, n)
            for e in ENTITIES.values() if e.kind in FACETS
            if (n := sum(e in _who(a, e.kind) for a in self.articles))
            if typed and any(name.lower().startswith(typed.lower()) for name in (*ALIASES[e.id], e.name_en or "-"))
        ]
        found += [
            Suggestion(t.id, "topic", f"話題:{t.name}", t.label(language), None, 2) for t in TOPICS if typed in t.name
        ] if typed else []
        found.sort(key=lambda one: -one.count)
        return Suggestions(text, typed if found else "", tuple(found))

    def health(self) -> Health:
        return Health(len(self.articles), len(self.articles), 0, "2026-01-01T00:00:00+09:00")

    def state(self) -> str:
        return f"{len(self.articles)}"

    # ---- what matches ----

    def _matching(self, request: Request, but: str = "") -> list[Article]:
        """but: a facet whose own choice is not looked at."""
        return [a for a in self.articles if self._matches(a, request, but)]

    def _matches(self, article: Article, request: Request, but: str) -> bool:
        return not self._missing(article, request) and self._meets_filters(article, request, but)

    def _partial(self, request: Request) -> list[tuple[Article, tuple[str, ...]]]:
        """Articles that lack some words, but not all, those that lack the fewest first."""
        lacking = [(a, self._missing(a, request)) for a in self.articles if self._meets_filters(a, request)]
        some = [(a, missing) for a, missing in lacking if 0 < len(missing) < len(request.text.split())]
        return sorted(some, key=lambda one: len(one[1]))

    def _missing(self, article: Article, request: Request) -> tuple[str, ...]:
        text = _text(article)
        return tuple(
            word for word in request.text.split() if not any(form in text for form in self._searched(word, request))
        )

    def _searched(self, word: str, request: Request) -> tuple[str, ...]:
        """The word and its other forms that are not off."""
        if request.as_typed or word in request.off:
            return (word,)
        named = [name for e in _called(word) if e.id not in request.off for name in ALIASES[e.id]]
        return (word, *named, *(f.text for f in OTHER_FORMS.get(word, ()) if f.text not in request.off))

    def _meets_filters(self, article: Article, request: Request, but: str = "") -> bool:
        for facet, values in request.filters.items():
            if facet != but and not set(self._ids(facet, values)) & set(self._values(article, facet)):
                return False
        for facet, values in request.excluded.items():
            if set(self._ids(facet, values)) & set(self._values(article, facet)):
                return False
        if request.since or request.until:
            if not article.published:
                return False
            day = article.published.at.date()
            return not (request.since and day < request.since) and not (request.until and day > request.until)
        return True

    def _ids(self, facet: str, values: tuple[str, ...]) -> list[str]:
        return [next((e.id for e in _called(v) if e.kind == facet), v) for v in values]

    def _values(self, article: Article, facet: str) -> list[str]:
        if facet == "topic":
            return [t.id for t in TOPICS if self._in_topic(article, t)]
        if facet == "year":
            return [str(article.published.at.year) if article.published else NO_DATE]
        if facet in ("desk", "source"):
            return [v for v in (getattr(article, facet),) if v]
        return [e.id for e in _who(article, facet)]

    def _facet(self, name: str, request: Request) -> tuple[FacetValue, ...]:
        chosen, excluded = (self._ids(name, of.get(name, ())) for of in (request.filters, request.excluded))
        counts = Counter(v for a in self._matching(request, but=name) for v in self._values(a, name))
        lifted = replace(request, excluded={f: values for f, values in request.excluded.items() if f != name})
        without = Counter(v for a in self._matching(lifted, but=name) for v in self._values(a, name))
        counts.update({v: without[v] for v in excluded})
        return tuple(
            FacetValue(v, self._label(name, v, request.language), counts[v], v in chosen, v in excluded)
            for v in sorted({*counts, *chosen, *excluded}, key=lambda v: (-counts[v], v))
        )

    def _label(self, facet: str, value: str, language: str) -> str:
        if value in ENTITIES:
            return ENTITIES[value].label(language)
        return next((t.label(language) for t in TOPICS if facet == "topic" and t.id == value), value)

    def _in_topic(self, article: Article, topic: Topic) -> bool:
        return all(word in _text(article) for word in topic.query.split())

    def _words(self, request: Request) -> tuple[str, ...]:
        names = [v for facet in KINDS for v in self._ids(facet, request.filters.get(facet, ()))]
        return (
            *(form for word in request.text.split() for form in self._searched(word, request)),
            *(n for v in names for n in ALIASES.get(v, ())),
        )


class DoubleKeeper:
    """broken: raised instead of handing out the library."""

    def __init__(self, broken: KijiguraError | None = None) -> None:
        self.broken = broken
        self.double = DoubleLibrary()

    @contextmanager
    def library(self) -> Iterator[DoubleLibrary]:
        if self.broken:
            raise self.broken
        yield self.double


def _days(articles: Iterable[Article]) -> Counter[date]:
    return Counter(a.published.at.date() for a in articles if a.published)


def _text(article: Article) -> str:
    return "\n".join(part.text for part in article.parts())


def _who(article: Article, kind: str) -> list[Entity]:
    text = _text(article)
    return [e for e in ENTITIES.values() if e.kind == kind and any(n in text for n in ALIASES[e.id])]


def _called(name: str) -> list[Entity]:
    return [ENTITIES[i] for i, names in ALIASES.items() if name in names]


def _marked(text: str, words: tuple[str, ...] | list[str]) -> Snippet:
    marks: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        end = max((at + len(w) for w in words if text.startswith(w, at)), default=at)
        if end > at:
            marks.append((at, end))
        at = max(end, at + 1)
    return Snippet(text, tuple(marks))


def _named(snippet: Snippet) -> Snippet:
    """With every name of ENTITIES; where the shorter form of a name stands, one is not sure."""
    forms = {name: ENTITIES[i] for i, names in ALIASES.items() for name in names}
    names: list[NameMark] = []
    for start, end in _marked(snippet.text, tuple(forms)).marks:
        surface = snippet.text[start:end]
        entity = forms[surface]
        names.append(NameMark(start, end, entity.kind, entity, 0.4 if surface.endswith("氏") else 1.0))
    return replace(snippet, names=tuple(names))


def _alias(name: str, articles: list[Article]) -> Alias:
    seen = [
        Seen(a.id, a.title, a.published)
        for a in sorted((a for a in articles if a.published), key=lambda a: str(a.published and a.published.at))
        if a.published and name in _text(a)
    ]
    count = sum(_text(a).count(name) for a in articles)
    return Alias(name, count, seen[0] if seen else None, seen[-1] if seen else None)


def _days(articles: Iterable[Article]) -> Counter[date]:
    return Counter(a.published.at.date() for a in articles if a.published)


def _values(given: Iterable[str | None]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, value, n) for value, n in Counter(v for v in given if v).most_common())


def _hit(article: Article, words: tuple[str, ...] | list[str]) -> Hit:
    sections = [
        SectionHit(n, _marked(s.heading, words) if s.heading else None, _marked(s.text, words))
        for n, s in enumerate(article.sections)
    ]
    answering = [s for s in sections if s.snippet.marks] or sections[:1]
    return Hit(
        article.id, _marked(article.title, words), article.url, article.published, article.source, article.desk,
        1.0, tuple(answering[:3]), max(0, len(answering) - 3), tuple(_who(article, "person")),
        tuple(_who(article, "country")), article.title_inferred, authors=article.authors,
    )
