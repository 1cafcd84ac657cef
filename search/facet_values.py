"""Every value of one facet, with those sifted out that do not fit what somebody looks for, a page at a time.

A value fits if its label, or any name that articles give it, has what is typed; or if a name is read or spelled so:
しゅう, shu and xi find 習近平. Width, case and the forms of characters make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from search.answer import Label
from search.archive import Archive
from search.asking import NAMED_FACETS
from search.foreign.romaji import begun_romaji, is_kana, plain_letters, sound_of_kana
from search.japanese.spelling import fold
from search.known_names import KnownNames
from search.names import fold_name
from search.query.model import Query
from search.registry import Registry
from search.results import NO_DATE, Condition, FacetValue

Order = Literal["count", "name"]
ORDERS: tuple[Order, ...] = ("count", "name")

VALUES_A_PAGE = 100

LEAST_SOUND = 2
"""Letters of a reading: one would fit every tenth name."""

_LATIN = re.compile(r"[A-Za-zÀ-ɏ.'’\- ]+")


@dataclass(frozen=True, slots=True)
class FacetValues:
    """One page of the values of a facet in a search.

    total: how many there are. found: how many of them fit what was looked for. page: from 1.
    conditions: of the search.
    """

    facet: str
    total: int
    found: int
    values: tuple[FacetValue, ...]
    page: int = 1
    conditions: tuple[Condition, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.found // VALUES_A_PAGE))

    def as_json(self) -> dict[str, Any]:
        """The form of `/values/FACET?format=json`, a contract."""
        return {
            "facet": self.facet,
            "total": self.total,
            "found": self.found,
            "page": self.page,
            "pages": self.pages,
            "values": [
                {"value": v.value, "label": v.label, "count": v.count, "selected": v.selected, "excluded": v.excluded}
                for v in self.values
            ],
        }


@dataclass(frozen=True, slots=True)
class AllValues:
    """The values of a facet in the articles of a query. counts: value -> articles, the most frequent first."""

    facet: str
    counts: Mapping[str, int]
    query: Query
    archive: Archive
    registry: Registry

    def page(self, find: str, order: Order, page: int, label: Label) -> FacetValues:
        """One page of those that fit `find`, from 1; names are looked up only where they are needed."""
        chosen, excluded = (of.get(self.facet, ()) for of in (self.query.filters, self.query.excluded))
        none_have = [value for value in dict.fromkeys((*chosen, *excluded)) if value not in self.counts]
        counts = {**self.counts, **dict.fromkeys(none_have, 0)}
        fitting = self._sifted(counts, find, label)
        if order == "name":
            self._look_up(fitting)
        ordered = self._in_order(fitting, order, label)
        shown = ordered[(page - 1) * VALUES_A_PAGE : page * VALUES_A_PAGE]
        self._look_up(shown)
        values = tuple(
            FacetValue(v, label(self.facet, v), counts[v], v in chosen, v in excluded) for v in shown
        )
        return FacetValues(self.facet, len(counts), len(fitting), values, page)

    def _look_up(self, values: Iterable[str]) -> None:
        if self.facet in NAMED_FACETS:
            self.registry.look_up(values)

    def _sifted(self, counts: Mapping[str, int], find: str, label: Label) -> Mapping[str, int]:
        if not find.strip():
            return counts
        if self.facet in NAMED_FACETS:
            fitting = self._entities_called(find)
            return {value: count for value, count in counts.items() if value in fitting}
        wanted = fold(find.strip())
        return {v: n for v, n in counts.items() if wanted in fold(label(self.facet, v)) or wanted in fold(v)}

    def _entities_called(self, find: str) -> set[str]:
        wanted = fold_name(find)
        if not wanted:
            return set()
        known = KnownNames.load(self.archive.directory)
        by_program = {i for i in self.counts if any(wanted in fold_name(name) for name in known.names_of(i))}
        return by_program | self.archive.entities_with(wanted, *heard_as(find))

    def _in_order(self, counts: Mapping[str, int], order: Order, label: Label) -> list[str]:
        if order == "count":
            return sorted(counts, key=lambda value: -counts[value])
        if self.facet == "year":
            return sorted(counts, key=lambda year: (year != NO_DATE, year), reverse=True)
        return sorted(counts, key=lambda value: (fold(label(self.facet, value)), value))


def heard_as(find: str) -> tuple[str, str]:
    """How what is typed is read, and its Latin letters, as the sounds of names are kept; "" where they say nothing."""
    text = find.strip()
    sound = letters = ""
    if is_kana(text):
        sound = sound_of_kana(text)
    elif _LATIN.fullmatch(text):
        sound, letters = begun_romaji(text), re.sub("[^a-z]", "", plain_letters(text))
    return sound if len(sound) >= LEAST_SOUND else "", letters if len(letters) >= LEAST_SOUND else ""
