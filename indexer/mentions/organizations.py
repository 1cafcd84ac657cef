"""Organizations that are known beforehand, and those that are a country's: 外務省 in ロシア外務省."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from indexer.mentions.countries import is_country_name
from indexer.mentions.runs import BUNDLED, Gazetteer, Run, Span
from search.names import bundled_entities, bundled_names, load_data

_LONGEST_MINISTRY = 12


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(
        (name, entity.id)
        for entity in bundled_entities().values()
        if entity.kind == "organization"
        for name in bundled_names(entity.id)
        if len(name) > 1 and not _is_country_and_more(name, bundled_names(entity.id))
    )


def _is_country_and_more(name: str, names: tuple[str, ...]) -> bool:
    """米国防総省 is left to the country 米 and to 国防総省, which bears the same id."""
    return any(name.endswith(other) and is_country_name(name.removesuffix(other)) for other in names if other != name)


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(load_data("suffixes")[table])


def may_open_bundled(word: str) -> bool:
    """Whether a bundled organization's name may begin with this word."""
    return word[:2] in _gazetteer().openings


def bundled_organization_at(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    """The bundled organization that begins with the unit `first`, and the index of the unit after it."""
    known = _gazetteer().longest(text, run, first)
    if known is None:
        return None
    end, entity_id = known
    return end, Span(run[first].start, run[end - 1].end, "organization", BUNDLED, entity_id)


def ministries(text: str, countries: Sequence[Span]) -> Iterator[Span]:
    """The ministries that stand after a country's name: each is that country's."""
    for country in countries:
        found = _ministry().match(text, country.end, country.end + _LONGEST_MINISTRY)
        if found and country.entity_id:
            name = bundled_entities()[country.entity_id].name + found.group()
            yield Span(found.start(), found.end(), "organization", BUNDLED, name=name)


@cache
def _ministry() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _words("ministries")), key=len, reverse=True)))


def is_ministry(word: str) -> bool:
    """Whether a body of this name is one of the country before it: 国防総省 of 米国防総省."""
    return word in _words("ministries")


def is_generic(word: str) -> bool:
    """Whether the word is no body's name, nor is it one after a country's: 政府, ロシア軍."""
    return word in _words("generic")


def ends_as_body(name: str) -> bool:
    """Whether a name ends as bodies do: 警察署, 連盟."""
    return any(name[cut:] in _words("organization") for cut in range(1, len(name) - 1))


def ends_other_name(word: str) -> bool:
    """Whether a name that goes on with this word is a place's, a facility's or a body's: 駅, 州, 財団."""
    return word in _words("facility") or word in _words("place") or word in _words("organization")


def is_prefecture(word: str) -> bool:
    """Whether the word is a prefecture that is a surname as well: 福島."""
    return word in _words("prefectures")
