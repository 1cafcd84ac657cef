"""Whom the names in one article mean: full names first, then the short forms that stand for them.

A pure function of one article. An entity that is not bundled is known by its kind and name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.mentions.looks import Look, is_kanji, look
from indexer.mentions.runs import Span
from indexer.mentions.tagger import Tagged
from search.articles import Kind
from search.names import bundled_aliases, bundled_entities, fold_name

SEEN_ELSEWHERE = 0.85
"""How sure we are of a bare word that is a person's name elsewhere in the article."""

_DOTS = re.compile("[・＝=゠･‐-]")


class Linked(NamedTuple):
    """A span, and the entity it names. name: to show, and to know an entity by that is not bundled."""

    part: int
    span: Span
    surface: str
    entity_id: str | None
    name: str
    role: str | None


class _Mention(NamedTuple):
    """before: the two characters in front of it, which may be a title (教皇フランシスコ)."""

    part: int
    span: Span
    surface: str
    before: str = ""


@dataclass(slots=True)
class _Person:
    """Someone the article names in full, or by a short form that leads to no full name.

    shorts: folded forms that may stand for the full name, the usual (surname) first.
    titles: what follows the name anywhere. places: (part, start) of the mentions so far.
    """

    name: str
    entity_id: str | None
    shorts: tuple[str, ...]
    titles: set[str] = field(default_factory=set)
    places: list[tuple[int, int]] = field(default_factory=list)

    def take(self, mention: _Mention) -> None:
        self.places.append((mention.part, mention.span.start))
        if mention.span.title:
            self.titles.add(mention.span.title)


def link(texts: Sequence[str], tagged: Sequence[Tagged]) -> list[Linked]:
    """The names of an article with the entity of each, ordered by part and start."""
    mentions = [
        _Mention(part, span, text[span.start:span.end], text[max(0, span.start - 2):span.start])
        for part, (text, found) in enumerate(zip(texts, tagged, strict=True))
        for span in found.spans
    ]
    persons = [mention for mention in mentions if mention.span.kind == "person"]
    persons += _seen_elsewhere(persons, tagged)
    linked = [_linked(mention, person.entity_id, person.name) for mention, person in _resolve(persons)]
    linked += [_link_other(mention) for mention in mentions if mention.span.kind != "person"]
    return sorted(linked, key=lambda one: (one.part, one.span.start))


# --- persons ------------------------------------------------------------------------------------------------


def _seen_elsewhere(persons: Sequence[_Mention], tagged: Sequence[Tagged]) -> Iterator[_Mention]:
    """Bare words that are persons elsewhere in the article: トランプ in a headline, 石破 after 石破茂首相."""
    known = {short for mention in persons if mention.span.confidence > SEEN_ELSEWHERE for short in _shorts(mention)}
    for part, found in enumerate(tagged):
        for unit in found.loose:
            judged = look(unit)
            is_long = len(unit.surface) > 2 if judged & Look.KATAKANA else (
                len(unit.surface) > 1 and bool(judged & (Look.PERSON | Look.UNKNOWN | Look.PLACE))
            )
            if is_long and fold_name(unit.surface) in known:
                yield _Mention(part, Span(unit.start, unit.end, "person", SEEN_ELSEWHERE), unit.surface)


def _resolve(mentions: Sequence[_Mention]) -> list[tuple[_Mention, _Person]]:
    """Each mention with its person. Full names are looked at before short ones, long ones before all."""
    known: list[_Person] = []
    by_name: dict[str, _Person] = {}
    resolved: list[tuple[_Mention, _Person]] = []
    for mention in sorted(mentions, key=lambda m: (not _is_full(m), m.part, m.span.start)):
        key = fold_name(mention.surface)
        person = by_name.get(key) if _is_full(mention) else _meant(mention, known)
        if person is None:
            entity_id = mention.span.entity_id or _bundled_person(mention)
            name = bundled_entities()[entity_id].name if entity_id else mention.surface
            person = next((p for p in known if entity_id and p.entity_id == entity_id), None)
            if person is None:
                person = _Person(name, entity_id, _shorts(mention))
                known.append(person)
        by_name.setdefault(key, person)
        person.take(mention)
        resolved.append((mention, person))
    return resolved


def _is_full(mention: _Mention) -> bool:
    return bool(mention.span.pieces) or (is_kanji(mention.surface) and len(mention.surface) > 2) or (
        mention.span.entity_id is not None
    )


def _meant(mention: _Mention, known: Sequence[_Person]) -> _Person | None:
    """The person a short form stands for: by rank of the form, then by title, then the last one named before."""
    short = fold_name(mention.surface)
    fitting = [person for person in known if short in person.shorts]
    if not fitting:
        return None
    here = (mention.part, mention.span.start)

    def fitness(person: _Person) -> tuple[int, bool, bool, tuple[int, int]]:
        earlier = [place for place in person.places if place < here]
        by_title = mention.span.title not in ("", "氏") and mention.span.title in person.titles
        return -person.shorts.index(short), by_title, bool(earlier), max(earlier, default=(0, 0))

    return max(fitting, key=fitness)


def _shorts(mention: _Mention) -> tuple[str, ...]:
    """What may stand for a name later on: ラブロフ and セルゲイ; 習 and 習近 where nobody knows the cut."""
    surface, pieces = mention.surface, mention.span.pieces
    if pieces and not is_kanji(surface):
        pieces = tuple(piece for piece in (pieces[-1], *pieces[:-1]) if len(piece) > 1)
    elif not pieces and is_kanji(surface) and len(surface) > 1:
        pieces = tuple(surface[:length] for length in range(1, min(3, len(surface))))
    return tuple(dict.fromkeys(fold_name(piece) for piece in (*pieces, surface)))


def _bundled_person(mention: _Mention) -> str | None:
    """The bundled person of this name, or of this name before its title: 安倍 + 首相."""
    for form in (mention.surface + mention.span.title, mention.before + mention.surface, mention.surface):
        for entity_id in bundled_aliases().get(fold_name(form), ()):
            if bundled_entities()[entity_id].kind == "person":
                return entity_id
    return None


# --- all others ---------------------------------------------------------------------------------------------


def _link_other(mention: _Mention) -> Linked:
    name = mention.span.name or mention.surface
    entity_id = mention.span.entity_id or _bundled(name, mention.span.kind)
    return _linked(mention, entity_id, bundled_entities()[entity_id].name if entity_id else name)


def _bundled(name: str, kind: Kind) -> str | None:
    for entity_id in bundled_aliases().get(fold_name(name), ()):
        if bundled_entities()[entity_id].kind == kind:
            return entity_id
    return None


def _linked(mention: _Mention, entity_id: str | None, name: str) -> Linked:
    role = bundled_entities()[entity_id].role if entity_id else None
    return Linked(mention.part, mention.span, mention.surface, entity_id, name, role)
