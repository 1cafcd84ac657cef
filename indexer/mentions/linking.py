"""Whom the names in one article mean: full names first, then the short forms that stand for them.

A pure function of one article. What tells namesakes of other articles apart is kept with each name, as a
`DistinctName`; which entity that is, `search.name_linking` decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from indexer.mentions.looks import is_kanji
from indexer.mentions.runs import Span
from indexer.mentions.tagger import Tagged
from indexer.mentions.titles import most_telling, title_before
from search.articles import DistinctName, Kind, Published
from search.known_names import KnownNames, bundled_offices, usual_office
from search.name_linking import held_by
from search.names import bundled_aliases, bundled_entities, fold_name

SEEN_ELSEWHERE = 0.85
"""How sure we are of a bare word that is a person's name elsewhere in the article."""

_DOTS = re.compile("[・＝=゠･‐-]")


class Linked(NamedTuple):
    """A span, and the entity it names: a bundled one, if linking knows it. name: to show.

    is_inferred: the words stand for a name, and are none (`stand_ins`).
    """

    part: int
    span: Span
    surface: str
    entity_id: str | None
    name: str
    said: DistinctName | None
    is_inferred: bool = False


class _Mention(NamedTuple):
    """before: the title in front of the name (教皇フランシスコ), or "". country: of which there is a word beside it."""

    part: int
    span: Span
    surface: str
    before: str = ""
    country: str = ""

    @property
    def place(self) -> tuple[int, int]:
        return self.part, self.span.start


@dataclass(slots=True)
class _Person:
    """Someone the article names in full, or by a short form that leads to no full name.

    shorts: folded forms that may stand for the full name, the usual (surname) first.
    titles: what follows the name anywhere, how often. places: (part, start) of the mentions so far, ascending.
    """

    written: str
    is_full: bool
    entity_id: str | None
    shorts: tuple[str, ...]
    titles: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """To show."""
        return bundled_entities()[self.entity_id].name if self.entity_id else self.written

    def take(self, mention: _Mention) -> None:
        insort(self.places, mention.place)
        for title in (mention.span.title, mention.before):
            if title:
                self.titles[title] += 1
        if mention.country:
            self.countries[mention.country] += 1

    def said(self, published: Published | None) -> DistinctName:
        """What the article calls the person. A surname with an office is somebody else after the next election."""
        title = most_telling(title for title, _ in self.titles.most_common())
        country = self.countries.most_common(1)[0][0] if self.countries else ""
        depends = not self.is_full and usual_office(title) in _dated_offices()
        date = written_month(published) if depends else ""
        return DistinctName("person", self.written, self.is_full, self.shorts, title, country, date)


@cache
def _dated_offices() -> frozenset[str]:
    return frozenset(office for _, office in bundled_offices())


def written_month(published: Published | None) -> str:
    """2024-04, or "" where that is not known."""
    known = published is not None and published.precision != "year"
    return published.at.strftime("%Y-%m") if known and published else ""


def link(texts: Sequence[str], tagged: Sequence[Tagged], published: Published | None = None) -> list[Linked]:
    """The names of an article with the entity of each, ordered by part and start."""
    mentions = [
        _mention(part, text, span, found.spans[max(0, at - 1):at + 2])
        for part, (text, found) in enumerate(zip(texts, tagged, strict=True))
        for at, span in enumerate(found.spans)
    ]
    persons = [mention for mention in mentions if mention.span.kind == "person"]
    persons += _seen_elsewhere(persons, tagged)
    said: dict[int, DistinctName] = {}
    linked: list[Linked] = []
    resolved = _resolve(persons)
    for _, person in resolved:
        if id(person) not in said:
            said[id(person)] = person.said(published)
            person.entity_id = person.entity_id or held_by(said[id(person)], KnownNames.load())
    for mention, person in resolved:
        linked.append(_linked(mention, person.entity_id, person.name, said[id(person)]))
    linked += _link_others([mention for mention in mentions if mention.span.kind != "person"], texts)
    return sorted(linked, key=lambda one: (one.part, one.span.start))


def _mention(part: int, text: str, span: Span, beside: Sequence[Span]) -> _Mention:
    """beside: the span with its neighbours."""
    surface = text[span.start:span.end]
    if span.kind != "person":
        return _Mention(part, span, surface)
    if not span.pieces and _DOTS.search(surface):
        span = span._replace(pieces=tuple(filter(None, _DOTS.split(surface))))
    country = next((
        other.entity_id for other in beside if other.kind == "country" and other.entity_id and (
            text[other.end:span.start] in ("", "の") if other.end <= span.start
            else other.start == span.end                                       # トランプ米大統領
        )
    ), None)
    return _Mention(part, span, surface, title_before(text, span.start), country or "")


# --- persons ------------------------------------------------------------------------------------------------


def _seen_elsewhere(persons: Sequence[_Mention], tagged: Sequence[Tagged]) -> Iterator[_Mention]:
    """Bare words that are persons elsewhere in the article: トランプ in a headline, 石破 after 石破茂首相."""
    known = {short for mention in persons if mention.span.confidence > SEEN_ELSEWHERE for short in _shorts(mention)}
    for part, found in enumerate(tagged):
        for unit in found.loose:
            if fold_name(unit.surface) in known:
                yield _Mention(part, Span(unit.start, unit.end, "person", SEEN_ELSEWHERE), unit.surface)


def _resolve(mentions: Sequence[_Mention]) -> list[tuple[_Mention, _Person]]:
    """Each mention with its person. Full names are looked at before short ones, and before what may be either."""
    by_id: dict[str, _Person] = {}
    by_short: defaultdict[str, list[_Person]] = defaultdict(list)
    by_name: dict[str, _Person] = {}
    resolved: list[tuple[_Mention, _Person]] = []
    for mention in sorted(mentions, key=lambda m: (not _is_full(m), _may_be_short(m), *m.place)):
        key = fold_name(mention.surface)
        person = by_name.get(key) if _is_full(mention) else None
        if person is None and _may_be_short(mention):
            person = _meant(mention, by_short[key])
        if person is None:
            entity_id = mention.span.entity_id or _bundled_person(mention)
            person = by_id.get(entity_id) if entity_id else None
            if person is None:
                person = _Person(mention.surface, _is_full(mention), entity_id, ())
                if entity_id:
                    by_id[entity_id] = person
            for short in _shorts(mention):
                if short not in person.shorts:
                    person.shorts += (short,)
                    by_short[short].append(person)
        by_name.setdefault(key, person)
        person.take(mention)
        resolved.append((mention, person))
    return resolved


def _is_full(mention: _Mention) -> bool:
    return bool(mention.span.pieces) or (is_kanji(mention.surface) and len(mention.surface) > 2) or (
        mention.span.entity_id is not None
    )


def _may_be_short(mention: _Mention) -> bool:
    """Two kanji may be a name in full, 李鵬, and a surname, the 林鄭 of 林鄭月娥."""
    return not _is_full(mention) or (is_kanji(mention.surface) and len(mention.surface) == 2)


def _meant(mention: _Mention, fitting: Sequence[_Person]) -> _Person | None:
    """The person a short form stands for, of those that it fits: by rank of the form, then by title, then the last one
    named before."""
    short = fold_name(mention.surface)

    def fitness(person: _Person) -> tuple[int, bool, tuple[int, int]]:
        before = bisect_left(person.places, mention.place)
        by_title = mention.span.title not in ("", "氏") and mention.span.title in person.titles
        return -person.shorts.index(short), by_title, person.places[before - 1] if before else (-1, 0)

    return max(fitting, key=fitness, default=None)


def _shorts(mention: _Mention) -> tuple[str, ...]:
    """What may stand for a name later on: ラブロフ and セルゲイ; 習 and 習近 where nobody knows the cut."""
    surface, pieces = mention.surface, mention.span.pieces
    if pieces and not is_kanji(surface):
        pieces = tuple(piece for piece in (pieces[-1], *pieces[:-1]) if len(piece) > 1)
    elif is_kanji(surface) and len(surface) > 1:
        # The dictionary may cut 林鄭|月娥 after the first character.
        pieces = (*pieces, *(surface[:length] for length in range(1, min(3, len(surface)))))
    return tuple(dict.fromkeys(fold_name(piece) for piece in (*pieces, surface)))


def _bundled_person(mention: _Mention) -> str | None:
    """The bundled person of this name, or of this name with its title: 安倍 + 首相."""
    for form in (mention.surface + mention.span.title, mention.before + mention.surface, mention.surface):
        found = _bundled(form, "person")
        if found:
            return found
    return None


# --- all others ---------------------------------------------------------------------------------------------


_OPENS, _CLOSES = "（(", "）)"
_LEAST_SHARED, _MOST_ALIKE = 4, 50


def _link_others(mentions: Sequence[_Mention], texts: Sequence[str]) -> Iterator[Linked]:
    """Organizations and the rest, each with the fullest form that the article has of it."""
    fullest = _fullest_forms(mentions, texts)
    for mention in mentions:
        kind = mention.span.kind
        name = mention.span.name or mention.surface
        entity_id = mention.span.entity_id or _bundled(name, kind)
        if entity_id is None and kind == "organization" and name in fullest:
            name = fullest[name]
            entity_id = _bundled(name, kind)
        said = None if kind == "country" else DistinctName(kind, name)
        yield _linked(mention, entity_id, bundled_entities()[entity_id].name if entity_id else name, said)


def _fullest_forms(mentions: Sequence[_Mention], texts: Sequence[str]) -> dict[str, str]:
    """Short forms of bodies, and what they stand for in this article.

    What stands in brackets after a body is its other name, 国際原子力機関（IAEA）; and 楽天イーグルス leaves out
    letters of 東北楽天ゴールデンイーグルス, if there is one such body alone.
    """
    bodies = [mention for mention in mentions if mention.span.kind == "organization"]
    found: dict[str, str] = {}
    for before, after in pairwise(bodies):
        if before.part == after.part and (
            texts[before.part][before.span.end:after.span.start] in _OPENS
            and texts[after.part][after.span.end:after.span.end + 1] in _CLOSES
        ):
            found.setdefault(after.surface, before.span.name or before.surface)
    by_end: defaultdict[str, set[str]] = defaultdict(set)
    for mention in bodies:
        by_end[mention.surface[-_LEAST_SHARED:]].add(mention.surface)
    for names in by_end.values():
        for name in names - found.keys() if len(names) <= _MOST_ALIKE else ():
            longer = [other for other in names if _leaves_out_letters(name, other)]
            if len(longer) == 1:
                found[name] = longer[0]
    return found


def _leaves_out_letters(name: str, other: str) -> bool:
    """Whether `name` is `other` without letters in it, with the same end."""
    if len(name) >= len(other) or other.endswith(name):
        return False
    letters = iter(other)
    return all(letter in letters for letter in name)


def _bundled(name: str, kind: Kind) -> str | None:
    for entity_id in bundled_aliases().get(fold_name(name), ()):
        if bundled_entities()[entity_id].kind == kind:
            return entity_id
    return None


def _linked(mention: _Mention, entity_id: str | None, name: str, said: DistinctName | None) -> Linked:
    return Linked(mention.part, mention.span, mention.surface, entity_id, name, said)
