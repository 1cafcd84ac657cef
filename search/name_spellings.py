"""Spellings of one name: which persons of an archive are one, though articles write them in other katakana.

シャラポワ and シャラポア: all parts of a name are alike but one, which differs in a letter. Whoever is a spelling of
somebody hangs together with all of that one's spellings; but only if all of them are spellings of each other, they
are one person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations

from search.archive_links import LinkedName
from search.names import fold_name

SHORTEST_VARIANT = 4
"""Characters of a katakana part that may differ in one: シャラポワ and シャラポア, but not ジャック and ジャーク."""

_MOST_COMPARED = 200
"""Bearers of one part of a name who are compared with each other: マイケル says nothing."""

_BETWEEN_PARTS = re.compile("[・＝=]")
_IN_KATAKANA = re.compile("[ァ-ヺー]+(?:[・＝=][ァ-ヺー]+)+")

_Part = tuple[int, int, str]
"""What bearers of one part share: parts of the whole name, place of this one among them, and the part, folded."""


class Spellings:
    """The persons of an archive whose names have several katakana parts, by number: who bears the same part."""

    def __init__(self, persons: Iterable[tuple[int, str]]) -> None:
        """persons: (number, as written) of all names that have several parts; others do no harm."""
        self._persons = list(persons)
        # Of these parts, everybody who bears one; and the parts of those.
        self._bearers: dict[_Part, list[int]] = {}
        self._parts: dict[int, tuple[str, ...]] = {}

    def touched(self, came: Mapping[int, str], gone: Iterable[str]) -> set[int]:
        """Those who may be spellings of others than before, and all who hang together with them.

        came: persons who are new, or written otherwise now, as they are written. gone: how they were written before.
        """
        gained = Counter(part for written in came.values() for part in _places(parts_of(written)))
        lost = Counter(part for written in gone for part in _places(parts_of(written)))
        self._look_for({*gained, *lost})
        found = set(came)
        for part in {*gained, *lost}:
            bearers = self._bearers[part]
            before = len(bearers) - gained[part] + lost[part]
            # Old bearers of a part hang together otherwise than before where one is gone who may have held them
            # together, and where they are compared now and were not, or are not any more.
            if lost[part] or (before > _MOST_COMPARED) is not (len(bearers) > _MOST_COMPARED):
                found.update(bearers)
        more = found
        while more:
            self._look_for({part for number in more for part in _places(self._parts.get(number, ()))})
            more = {other for number in more for other in self._beside(number)} - found
            found |= more
        return found

    def groups(self, touched: Mapping[int, LinkedName]) -> Iterator[list[LinkedName]]:
        """Those of the touched persons, by number, that are one: two or more."""
        seen: set[int] = set()
        for number in touched:
            group, left = {number}, [] if number in seen else [number]
            while left:
                one = touched[left.pop()]
                more = {other for other in self._beside(one.id) if _may_be_one(one, touched[other])} - group
                group |= more
                left += more
            seen |= group
            pairs = combinations([self._parts[member] for member in group], 2) if len(group) > 1 else ()
            if pairs and all(are_spellings(one, other) for one, other in pairs):
                yield [touched[member] for member in group]

    def _look_for(self, parts: Set[_Part]) -> None:
        """Find the bearers of these parts, unless they are known: in one go, for each looks at everybody."""
        new = parts - self._bearers.keys()
        self._bearers |= {part: [] for part in new}
        words = {word for _, _, word in new}
        for number, written in self._persons if new else ():
            # Most have none of them, and cost a microsecond.
            if not words.isdisjoint(map(fold_name, _BETWEEN_PARTS.split(written))):
                of_name = parts_of(written)
                for part in new.intersection(_places(of_name)):
                    self._bearers[part].append(number)
                    self._parts[number] = of_name

    def _beside(self, number: int) -> Iterator[int]:
        """Whose name is a spelling of this one."""
        parts = self._parts.get(number, ())
        for part in _places(parts):
            bearers = self._bearers[part]
            for other in bearers if len(bearers) <= _MOST_COMPARED else ():
                if are_spellings(parts, self._parts[other]):
                    yield other


def parts_of(written: str) -> tuple[str, ...]:
    """The parts of a katakana name in their order, folded; () for others, and for one part alone."""
    return tuple(map(fold_name, _BETWEEN_PARTS.split(written))) if _IN_KATAKANA.fullmatch(written) else ()


def _places(parts: Sequence[str]) -> list[_Part]:
    return [(len(parts), place, part) for place, part in enumerate(parts)]


def are_spellings(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two katakana names, as folded parts, are one name: at most one part differs, and that in one letter."""
    if len(one) != len(other):
        return False
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differing) <= 1 and all(
        min(len(a), len(b)) >= SHORTEST_VARIANT and differ_in_one(a, b) for a, b in differing
    )


def differ_in_one(one: str, other: str) -> bool:
    """Whether one letter was put in, taken out or replaced."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[same + (len(one) >= len(other)) :] == other[same + (len(other) >= len(one)) :]


def _may_be_one(one: LinkedName, other: LinkedName) -> bool:
    """Whether neither title nor country speaks against it."""
    return all(not a or not b or a == b for a, b in ((one.title, other.title), (one.country, other.country)))
