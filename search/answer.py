"""Matches and stored text -> what is shown: hits with their best sections, facets, an article with marks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from search.archive import Analyzed
from search.archive_schema import Stored
from search.articles import TITLE, Entity, Kind, Mention, Part, Ruby, Topic
from search.batches import IndexedArticle
from search.engine import Match
from search.histogram import bars
from search.japanese.analysis import Places
from search.query.model import Query
from search.results import (
    FACETS,
    NO_DATE,
    VALUES_SHOWN,
    FacetValue,
    Hit,
    NameMark,
    SectionHit,
    Snippet,
)
from search.snippets import Span, cut, make_snippet, paragraphs
from search.views import ArticleView, EntityCount, SectionView

__all__ = [
    "FACET_KINDS", "NO_DATE", "VALUES_SHOWN", "article", "bars", "by_count", "evidence", "facet_values", "facets",
    "hit", "shown_values",
]

SECTIONS_SHOWN = 3
NAMES_SHOWN = 4

FACET_KINDS: tuple[Kind, ...] = ("person", "country", "organization", "place")

_BETWEEN = re.compile(r"[\s、。，．・（）()「」『』]+")
"""What stands between words that are marked as one, as in 日銀、金融政策."""

EntityFor = Callable[[str], Entity]
Label = Callable[[str, str], str]
"""(facet, value) -> what people read."""


def hit(match: Match, indexed: IndexedArticle, entity_for: EntityFor) -> Hit:
    """The article of a match with its best one to three sections, in the version that was indexed.

    Where the archive has a newer analysis already, nothing is marked: its positions are others.
    """
    article = indexed.article
    parts = tuple(article.parts())
    marks = _marks(indexed.places() if match.spans else None, match.spans, match.char_spans)
    sections = _sections_by_worth(parts, marks)
    title = next((i for i, part in enumerate(parts) if part.section == TITLE), None)
    people, countries = (
        tuple(map(entity_for, indexed.named.get(kind, ())[:NAMES_SHOWN])) for kind in ("person", "country")
    )
    return Hit(
        id=article.id,
        title=cut(article.title, 0, len(article.title), marks.get(title, ()) if title is not None else ()),
        url=article.url,
        published=article.published,
        source=article.source,
        desk=article.desk,
        score=match.score,
        sections=tuple(_section_hit(parts, number, marks) for number in sections[:SECTIONS_SHOWN]),
        more_sections=max(0, len(sections) - SECTIONS_SHOWN),
        people=people,
        countries=countries,
        title_inferred=article.title_inferred,
        authors=article.authors,
    )


def evidence(match: Match, indexed: IndexedArticle) -> tuple[tuple[str, int], ...]:
    """What of the query stands in the article, as it is written there, and how often; the most frequent first."""
    parts = tuple(indexed.article.parts())
    marks = _marks(indexed.places() if match.spans else None, match.spans, match.char_spans)
    marked = (parts[part].text[a:b] for part, spans in sorted(marks.items()) for a, b in spans)
    counts = Counter(word for text in marked for word in _BETWEEN.split(text))
    del counts[""]
    return tuple(counts.most_common())


def article(
    stored: Stored, analyzed: Analyzed | None, found: Match | None, topics: tuple[Topic, ...], entity_for: EntityFor
) -> ArticleView:
    """The whole article, with what was found in it marked, and who is named where."""
    article = stored.article
    parts = tuple(article.parts())
    spans, char_spans = (found.spans, found.char_spans) if found else ((), ())
    marks = _marks(analyzed.tokens.places if analyzed else None, spans, char_spans)
    names = _names(analyzed.mentions if analyzed else (), entity_for)
    apart = {part: _none_over_another(several) for part, several in names.items()}

    def ruby(part: int) -> list[Ruby]:
        where = (parts[part].section, parts[part].is_heading)
        return [one for one in article.ruby if (one.section, one.is_heading) == where]

    def whole(part: int) -> Snippet:
        text = parts[part].text
        return cut(text, 0, len(text), marks.get(part, ()), apart.get(part, ()), ruby(part))

    views: list[SectionView] = []
    for number in range(len(article.sections)):
        heading, text = _parts_of(parts, number)
        shown = paragraphs(parts[text].text, marks.get(text, ()), apart.get(text, ()), ruby(text))
        views.append(SectionView(
            number, whole(heading) if heading is not None else None, shown, article.sections[number].is_captions
        ))
    return ArticleView(
        article, _whole(article.title, ()) if article.title_inferred else whole(0), tuple(views), _entities(names),
        topics, tuple((parts[part], tuple(several)) for part, several in sorted(names.items())),
    )


def facets(
    counts: Mapping[str, Mapping[str, int]], query: Query, label: Label
) -> dict[str, tuple[FacetValue, ...]]:
    """Every facet, in the order they are shown."""
    return {
        name: facet_values(counts.get(name, {}), query.filters.get(name, ()), name, label, query.excluded.get(name, ()))
        for name in FACETS
    }


def facet_values(
    counts: Mapping[str, int], chosen: Sequence[str], facet: str, label: Label, excluded: Sequence[str] = ()
) -> tuple[FacetValue, ...]:
    """What `shown_values` says, with the labels to read."""
    shown = shown_values(counts, (*chosen, *excluded), facet)
    return tuple([
        FacetValue(value, label(facet, value), count, value in chosen, value in excluded) for value, count in shown
    ])


def shown_values(counts: Mapping[str, int], chosen: Sequence[str], facet: str) -> list[tuple[str, int]]:
    """The most frequent values (years: newest first, no date last), and every chosen one, even with no articles.

    counts: the most frequent first, as an engine has them. chosen: or excluded.
    """
    ordered = [*counts.items(), *((value, 0) for value in sorted(set(chosen).difference(counts)))]
    shown = ordered[:VALUES_SHOWN]
    if chosen:
        shown += [item for item in ordered[VALUES_SHOWN:] if item[0] in chosen]
    if facet == "year":
        shown.sort(key=lambda item: (item[0] != NO_DATE, item[0]), reverse=True)
    return shown


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Most frequent first, then by value."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _marks(
    places: Places | None, spans: Iterable[Span], char_spans: Iterable[tuple[int, int, int]]
) -> dict[int, list[Span]]:
    """Index of the part -> what to mark in it, in code points, ascending, none over another.

    spans: positions of tokens. char_spans: (index of the part, start, end in code points).
    """
    found: dict[int, list[Span]] = defaultdict(list)
    if places is not None:
        for first, end in spans:
            part, start, stop = places.offsets(first, end)
            found[part].append((start, stop))
    for part, start, stop in char_spans:
        found[part].append((start, stop))
    if char_spans:
        return {part: _apart(sorted(several)) for part, several in found.items()}
    return found


def _apart(several: Sequence[Span]) -> list[Span]:
    """The spans, ascending, those that overlap as one."""
    joined: list[Span] = []
    for start, end in several:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _sections_by_worth(parts: Sequence[Part], marks: Mapping[int, Sequence[Span]]) -> list[int]:
    """The sections that answer, best first: most different words, then most marks.

    If none does (the title alone, or no words were asked for), the first one with text.
    """
    words: dict[int, set[str]] = defaultdict(set)
    counts: dict[int, int] = defaultdict(int)
    for index, part in enumerate(parts):
        if part.section != TITLE and marks.get(index):
            words[part.section].update(part.text[a:b] for a, b in marks[index])
            counts[part.section] += len(marks[index])
    best = sorted(words, key=lambda s: (-len(words[s]), -counts[s], s))
    with_text = (p.section for p in parts if p.section != TITLE and not p.is_heading and p.text)
    return best or [next(with_text, 0)]


def _section_hit(parts: Sequence[Part], number: int, marks: Mapping[int, Sequence[Span]]) -> SectionHit:
    heading, text = _parts_of(parts, number)
    return SectionHit(
        number,
        _whole(parts[heading].text, marks.get(heading, ())) if heading is not None else None,
        make_snippet(parts[text].text, marks.get(text, ())),
    )


def _parts_of(parts: Sequence[Part], number: int) -> tuple[int | None, int]:
    """The indexes of a section's heading, if it has one, and of its text."""
    found = [i for i, part in enumerate(parts) if part.section == number]
    return (found[0], found[1]) if len(found) == 2 else (None, found[0])


def _whole(text: str, marks: Sequence[Span]) -> Snippet:
    return cut(text, 0, len(text), marks)


def _names(mentions: Iterable[Mention], entity_for: EntityFor) -> dict[int, list[NameMark]]:
    """Index of the part -> who is named in it, ascending, of two that begin together the longer one first."""
    found: dict[int, list[NameMark]] = defaultdict(list)
    for m in sorted(mentions, key=lambda m: (m.part, m.start, -m.end, -m.confidence)):
        found[m.part].append(NameMark(m.start, m.end, m.kind, entity_for(m.entity_id), m.confidence, m.is_inferred))
    return found


def _none_over_another(names: Iterable[NameMark]) -> list[NameMark]:
    """Without those that begin inside another."""
    apart: list[NameMark] = []
    for name in names:
        if not apart or name.start >= apart[-1].end:
            apart.append(name)
    return apart


def _entities(names: Mapping[int, Sequence[NameMark]]) -> dict[Kind, tuple[EntityCount, ...]]:
    """By kind, those with most mentions first; what only stands for a name does not count."""
    counts = Counter(
        (name.kind, name.entity) for several in names.values() for name in several if not name.is_inferred
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][1].id))
    return {kind: tuple(EntityCount(e, n) for (k, e), n in ordered if k == kind) for kind in FACET_KINDS}
