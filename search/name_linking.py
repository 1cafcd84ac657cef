"""Which entity each name of an archive means, decided over all of its articles.

An article says 習氏, 王外相 or セルゲイ・ラブロフ, and what it says is kept as a `DistinctName`. Here each of them gets
its entity: the one that `names.toml` or the program knows by that name, the holder of the office on the day, the one
full name that a short one can stand for, or an entity of its own. The outcome depends on the names alone, neither on
their order nor on who found them; so names are linked anew as often as there is something new, without a look at any
text, and an index, which has numbers of names, stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from search.archive import Archive
from search.archive_links import LinkedName
from search.articles import DistinctName, Kind
from search.known_names import KnownNames, digest_of, usual_office
from search.names import fold_name, names_version

LINKING_REVISION = 1
"""Raise it when names are linked otherwise than before: archives then link all of theirs anew."""

SHORTEST_VARIANT = 4
"""Characters of a katakana part that may differ in one: シャラポワ and シャラポア, but not ジャック and ジャーク."""

_KATAKANA = re.compile("[ァ-ヺー]+")


def link_names(archive: Archive, known: KnownNames | None = None) -> int:
    """Decide anew whom the archive's names mean, if there are new names or `names.toml` is another than last time.

    Begins a transaction of its own, unless the caller has one. Returns how many names mean somebody else now.
    Raises UsageError for a `names.toml` that cannot be read.
    """
    known = known or KnownNames.load(archive.directory)
    made_by = _made_by(known.digest)
    last = archive.last_name()
    done = int(archive.meta("last name linked") or 0) if archive.meta("names linked by") == made_by else 0
    if done == last:
        return 0
    names = archive.linked_names(but_persons_after=done)
    with archive.transaction_or_joined():
        meant = _entities(names, known, _Own(archive))
        changed = {
            name.id: entity_id for name, entity_id in zip(names, meant, strict=True) if entity_id != name.entity_id
        }
        if changed:
            archive.link(changed)
        archive.note_linking(made_by, last)
    return len(changed)


def is_linked(archive: Archive) -> bool:
    """Whether names were linked by this program and by `names.toml` as it is now."""
    return archive.meta("names linked by") in (None, _made_by(digest_of(archive.directory)))


def _made_by(digest: str) -> str:
    return f"{LINKING_REVISION} {names_version()} {digest}"


class _Own:
    """The archive's own entities: those that no file names."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._known: dict[Kind, dict[str, tuple[str, str]]] = {}

    def of(self, name: LinkedName) -> str:
        """The one with this name. 田中選手 and 田中監督 may be two, and are kept apart from whoever is just 田中."""
        called = name.name + name.title if _tells_by_title(name) else name.name or name.title
        folded = fold_name(called)
        if name.kind not in self._known:
            self._known[name.kind] = self._archive.own_entities(name.kind)
        known = self._known[name.kind].get(folded)
        if known is None or called < known[1]:
            entity_id = self._archive.own_entity(name.kind, folded, called, name.role)
            known = self._known[name.kind][folded] = (entity_id, called)
        return known[0]


def _tells_by_title(name: LinkedName) -> bool:
    return name.kind == "person" and not name.is_full and not _KATAKANA.search(name.name)


def _entities(names: Sequence[LinkedName], known: KnownNames, own: _Own) -> list[str]:
    """Whom each of the names means."""
    meant = [_known(name, known) for name in names]
    full = [at for at, name in enumerate(names) if name.is_full]
    for group in _variants([at for at in full if names[at].kind == "person"], names):
        ids = {meant[at] for at in group if meant[at]}
        # Of the spellings of one name the one that is known, else the first by code point, names them all.
        first = min(group, key=lambda at: (names[at].folded, names[at].id))
        if len(ids) < 2:
            entity = next(iter(ids), None) or own.of(names[first])
            for at in group:
                meant[at] = entity
    for at in full:
        meant[at] = meant[at] or own.of(names[at])
    persons = _Persons(names, meant, full)
    for at, name in enumerate(names):
        if meant[at] is None:
            meant[at] = held_by(name.said, known) or persons.fitting(name) or own.of(name)
    return [entity for entity in meant if entity is not None]


def _known(name: LinkedName, known: KnownNames) -> str | None:
    return known.meant_by(name.said) if name.folded else None      # or else an office without a name


# ---- offices -------------------------------------------------------------------------------------


def held_by(name: DistinctName, known: KnownNames) -> str | None:
    """Who held the office on the article's day, and is called so: 菅首相 in 2010 and in 2021, 米大統領."""
    if not (name.date and name.title) or name.is_full:
        return None
    first, last = days_of(name.date)
    countries = (name.country,) if name.country else known.countries_with(name.title)
    holders = {holder for of in countries for holder in known.holders(of, name.title, first, last)}
    if name.written:
        holders = {holder for holder in holders if fold_name(name.written) in short_forms(known, holder)}
    return next(iter(holders)) if len(holders) == 1 else None


def days_of(written: str) -> tuple[date, date]:
    """The first and last day of 2024-04-10 or 2024-04."""
    if len(written) > len("2024-04"):
        day = date.fromisoformat(written)
        return day, day
    first = date.fromisoformat(f"{written}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def short_forms(known: KnownNames, entity_id: str) -> frozenset[str]:
    """Folded forms that may stand for a known person: parts of katakana names, the first one or two kanji."""
    found: set[str] = set()
    for name in known.names_of(entity_id):
        if name.isascii():
            continue
        pieces = re.split("[・＝=]", name)
        if len(pieces) == 1 and not _KATAKANA.search(name):
            pieces = [name[:length] for length in (1, 2, 3) if length < len(name)]
        found.update(fold_name(piece) for piece in pieces)
    return frozenset(found - {""})


# ---- short names ---------------------------------------------------------------------------------


def _evidence(name: LinkedName) -> set[str]:
    """The office and the country that an article gives to a person."""
    return {word for word in (usual_office(name.title), name.country) if word}


class _Persons:
    """The persons whose full names are in the archive, by the short forms that may stand for them."""

    def __init__(self, names: Sequence[LinkedName], meant: Sequence[str | None], full: Iterable[int]) -> None:
        self._by_short: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for at in full:
            name, entity = names[at], meant[at]
            if name.kind == "person" and entity:
                for short in name.shorts:
                    self._by_short[short][entity] |= _evidence(name)

    def fitting(self, name: LinkedName) -> str | None:
        """The one person whom a short name can mean by its title or country."""
        if name.is_full or name.kind != "person" or not name.folded:
            return None
        said = _evidence(name)
        fitting = [entity for entity, words in self._by_short.get(name.folded, {}).items() if words & said]
        return fitting[0] if len(fitting) == 1 else None


# ---- spellings of one name -----------------------------------------------------------------------


def _variants(persons: Sequence[int], names: Sequence[LinkedName]) -> Iterator[list[int]]:
    """Names of persons in katakana that are spellings of one: all parts alike but one, which differs in a letter.

    A group that holds two names which are no spellings of each other is left out.
    """
    by_part: dict[str, list[int]] = defaultdict(list)
    for at in persons:
        parts = _parts(names[at])
        if len(parts) > 1:
            for number, part in enumerate(parts):
                by_part[f"{len(parts)} {number} {part}"].append(at)
    leader: dict[int, int] = {}

    def find(at: int) -> int:
        while leader.get(at, at) != at:
            at = leader[at]
        return at

    pairs = set()
    for group in by_part.values():
        for one, other in combinations(group, 2) if len(group) <= _MOST_COMPARED else ():
            if are_spellings(_parts(names[one]), _parts(names[other])) and _may_be_one(names[one], names[other]):
                pairs.add((one, other))
                leader[find(other)] = find(one)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in dict.fromkeys(at for pair in sorted(pairs) for at in pair):
        groups[find(at)].append(at)
    for group in groups.values():
        if all(are_spellings(_parts(names[a]), _parts(names[b])) for a, b in combinations(group, 2)):
            yield group


_MOST_COMPARED = 200
"""Bearers of one part of a name who are compared with each other: マイケル says nothing."""


def _parts(name: LinkedName) -> tuple[str, ...]:
    """The parts of a katakana name in their order, folded; () for others."""
    pieces = re.split("[・＝=]", name.name)
    return tuple(map(fold_name, pieces)) if all(_KATAKANA.fullmatch(piece) for piece in pieces) else ()


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
