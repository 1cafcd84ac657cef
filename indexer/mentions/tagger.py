"""Where names stand in one part of an article, and of what kind they are; who bears them is for `linking`.

Rules over parts of speech. A trained model can take the place of `tag` with the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from indexer.mentions.countries import countries_at, may_open_country
from indexer.mentions.looks import Look, look, may_be_family_name
from indexer.mentions.organizations import (
    may_open_organization,
    opens_with_place,
    organization_at,
    place_at,
    proper_noun_at,
)
from indexer.mentions.persons import person_at
from indexer.mentions.runs import UNLISTED, Run, Span, runs
from search.japanese.tokens import Unit

_MAY_BE_NAMES = Look.NAMED | Look.KATAKANA | Look.INITIAL | Look.MIXED


class Tagged(NamedTuple):
    """spans: in order, without overlap. loose: nouns outside of them, which may be names by what stands elsewhere."""

    spans: list[Span]
    loose: list[Unit]


def tag(text: str, units: Sequence[Unit]) -> Tagged:
    """Find the names in `text`, of which `units` are the words."""
    tagged = Tagged([], [])
    for run in runs(units):
        index = 0
        while index < len(run):
            if not _may_begin_name(run[index]):
                index += 1
                continue
            before = tagged.spans[-1] if tagged.spans and tagged.spans[-1].end == run[index].start else None
            following, found = _name_at(text, run, index, before)
            if found:
                tagged.spans.extend(found)
            elif look(run[index]):
                tagged.loose.append(run[index])
            index = following
    return tagged


def _may_begin_name(unit: Unit) -> bool:
    judged = look(unit)
    if judged & _MAY_BE_NAMES:
        return True
    return bool(judged & Look.KANJI) and (_opens_a_name(unit.surface) or opens_with_place(unit))


@lru_cache(maxsize=1 << 16)
def _opens_a_name(word: str) -> bool:
    """Whether a common noun may begin a name or hold an abbreviation: 外務省, 日米, 国際; most (会談) may not."""
    return may_open_country(word) or may_open_organization(word) or may_be_family_name(word)


def _name_at(text: str, run: Run, first: int, before: Span | None) -> tuple[int, list[Span]]:
    """The names that begin with the unit `first`, and the index of the unit after them."""
    person = None if before and before.kind == "person" else person_at(text, run, first)
    if person and person[1].title:
        return person[0], [person[1]]
    organization = organization_at(text, run, first, before)
    if person and person[1].confidence >= UNLISTED and not (organization and organization[0] > person[0]):
        return person[0], [person[1]]
    if organization:
        return organization[0], [organization[1]]
    countries = countries_at(text, run, first)
    if countries:
        return countries
    found = person or place_at(text, run, first) or proper_noun_at(text, run, first)
    return (found[0], [found[1]]) if found else (first + 1, [])
