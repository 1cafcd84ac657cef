"""Which entity each name of an archive means, decided over all of its articles.

An article says 習氏, 王外相 or セルゲイ・ラブロフ, and what it says is kept as a `DistinctName`. Here each of them gets
its entity: the one that `names.toml` or the program knows by that name, the holder of the office on the day, the one
full name that a short one can stand for, or an entity of its own. The outcome depends on the names alone, neither on
their order nor on who found them; so names are linked without a look at any text, and an index, which has numbers of
names, stays as it is. Of the names that were linked before, those alone are looked at which new ones can touch: what
comes out is what linking all of them anew would give.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from search.archive import Archive
from search.archive_links import LinkedName
from search.articles import DistinctName
from search.japanese.tokens import analysis_version, parts_of_speech
from search.known_names import KnownNames, digest_of, usual_office
from search.name_spellings import Spellings, parts_of
from search.names import fold_name, load_data

LINKING_REVISION = 2
"""Raise it when names are linked otherwise than before: archives then link all of theirs anew."""

_KATAKANA = re.compile("[ァ-ヺー]+")


def link_names(archive: Archive, known: KnownNames | None = None) -> int:
    """Decide whom new names mean, and those that they touch; or all, by another `names.toml` than last time.

    Begins a transaction of its own, unless the caller has one. Returns how many names mean somebody else now.
    Raises UsageError for a `names.toml` that cannot be read.
    """
    known = known or KnownNames.load(archive.directory)
    made_by = _made_by(known.digest)
    last = archive.last_name()
    done = archive.last_linked_name() if archive.meta("names linked by") == made_by else 0
    if done == last and not archive.rewritten_names():
        return 0
    with archive.transaction_or_joined():
        undecided = _unsettled(archive, done)
        meant = _entities(undecided, known, archive)
        changed = {name.id: meant[name.id] for name in undecided.names if meant[name.id] != name.entity_id}
        if changed:
            archive.link(changed)
        archive.note_linking(made_by, last)
    return len(changed)


def is_linked(archive: Archive) -> bool:
    """Whether names were linked by this program and by `names.toml` as it is now."""
    return archive.meta("names linked by") in (None, _made_by(digest_of(archive.directory)))


def _made_by(digest: str) -> str:
    return f"{LINKING_REVISION} {analysis_version()} {digest}"


# ---- what there is to decide ---------------------------------------------------------------------


class _Unsettled(NamedTuple):
    """Names to be linked, and what tells whom they mean.

    names: with each one all that may be spellings of it. settled: others, which mean whom they meant: all whole names
    that a short one of `names` may stand for.
    """

    names: Sequence[LinkedName]
    settled: Sequence[LinkedName]
    spellings: Spellings


def _unsettled(archive: Archive, done: int) -> _Unsettled:
    """Names that came after number `done`, or are written otherwise now, and older ones that mean others by them."""
    before = {number: written for number, written in archive.rewritten_names().items() if number <= done}
    names = [*archive.names_after(done), *archive.names_numbered(before)]
    # Spellings: who hangs together with these, or did with what is not written any more.
    came = {name.id: name.name for name in names if name.is_whole_person}
    gone = [before[number] for number in came.keys() & before.keys()]
    in_parts = any(map(parts_of, (*came.values(), *gone)))
    spellings = Spellings(archive.persons_in_parts() if in_parts else ())
    names += archive.names_numbered(spellings.touched(came, gone) - came.keys())
    # Short names that one of these whole ones fits, and all other whole ones that fit a short one then.
    chosen = {name.id for name in names}
    fitting = {clue for name in names if name.is_full for clue in _clues(name)}
    short = archive.short_names({form for form, _ in fitting})
    names += [name for name in short if name.id not in chosen and not fitting.isdisjoint(_clues(name))]
    forms = {form for name in names if not name.is_full for form, _ in _clues(name)}
    return _Unsettled(names, archive.names_numbered(archive.persons_with_form(forms) - chosen), spellings)


# ---- the decision --------------------------------------------------------------------------------


def _entities(unsettled: _Unsettled, known: KnownNames, archive: Archive) -> dict[int, str]:
    """Number of a name -> whom it means."""
    names, settled, spellings = unsettled
    meant = {name.id: of_name for name in names if (of_name := _known(name, known))}
    full = {name.id: name for name in names if name.is_full}
    for group in spellings.groups({name.id: name for name in names if name.is_whole_person}):
        ids = {meant[name.id] for name in group if name.id in meant}
        # Of the spellings of one name the one that is known, else the first by code point, names them all.
        first = min(group, key=lambda name: (name.folded, name.id))
        if len(ids) < 2:
            entity = next(iter(ids), None) or _own(first, archive)
            meant |= {name.id: entity for name in group}
    for name in full.values():
        meant[name.id] = meant.get(name.id) or _own(name, archive)
    fitting: defaultdict[_Clue, set[str]] = defaultdict(set)
    for name in (*full.values(), *settled):
        for clue in _clues(name):
            fitting[clue].add(meant.get(name.id, name.entity_id))
    for name in names:
        if name.id not in meant:
            persons = holders(name.said, known) or {
                person for person in _fitting(name, fitting) if _may_have_held(person, name, known)
            }
            meant[name.id] = persons.pop() if len(persons) == 1 else _own(name, archive)
    return meant


def _known(name: LinkedName, known: KnownNames) -> str | None:
    return known.meant_by(name.said) if name.folded else None      # or else an office without a name


def _own(name: LinkedName, archive: Archive) -> str:
    """The archive's entity of this name. 田中選手 and 田中監督 may be two, and are kept apart from who is just 田中."""
    tells_by_title = name.kind == "person" and not name.is_full and not _KATAKANA.search(name.name)
    called = name.name + name.title if tells_by_title else name.name or name.title
    return archive.own_entity(name.kind, fold_name(called), called, name.role)


# ---- offices -------------------------------------------------------------------------------------


def held_by(name: DistinctName, known: KnownNames) -> str | None:
    """Who held the office on the article's day, and is called so: 菅首相 in 2010 and in 2021, 米大統領."""
    found = holders(name, known)
    return found.pop() if len(found) == 1 else None


def holders(name: DistinctName, known: KnownNames) -> set[str]:
    """All who did: アウン大統領 may be Lebanon's or Myanmar's."""
    if not (name.date and name.title) or name.is_full:
        return set()
    first, last = days_of(name.date)
    countries = (name.country,) if name.country else known.countries_with(name.title)
    found = {holder for of in countries for holder in known.holders(of, name.title, first, last)}
    if name.written:
        found = {holder for holder in found if fold_name(name.written) in short_forms(known, holder)}
    return found


def _may_have_held(person: str, name: LinkedName, known: KnownNames) -> bool:
    """Whether the person may have held the office by then: シャリフ元首相 of 2008 is not who came to it in 2022."""
    first = known.first_held(person, name.title)
    return not name.date or first is None or first <= days_of(name.date)[1]


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


_Clue = tuple[str, str]
"""A folded form that may stand for a whole name, with an office or a country that an article gives to the person."""


def _clues(name: LinkedName) -> set[_Clue]:
    """A short name may stand for a whole one if they have one of these in common.

    An office of state has one holder. Players, coaches and suspects are many, of every surname that is not rare: the
    ジダン of one article is not the ジダン・イクバル of another.
    """
    if name.kind != "person":
        return set()
    if name.title in _offices_of_state():
        forms = name.shorts if name.is_full else (name.folded,)
        return {(form, word) for form in forms for word in (usual_office(name.title), name.country) if form and word}
    surname = _rare_surname(name)
    return {(surname, word) for word in (name.title, name.country) if word} if surname else set()


@cache
def _offices_of_state() -> frozenset[str]:
    return frozenset(load_data("titles")["offices"])


def _rare_surname(name: LinkedName) -> str:
    """The folded last part of a foreign name, or the name itself; "" if the dictionary has it as many bear it."""
    last = re.split("[・＝=]", name.name)[-1]
    if not _KATAKANA.fullmatch(last) or (name.is_full and last == name.name):
        return ""
    return "" if any(third == "人名" for _, _, third, *_ in parts_of_speech(last)) else fold_name(last)


def _fitting(name: LinkedName, fitting: Mapping[_Clue, Set[str]]) -> set[str]:
    """The persons whom a short name can mean by its title or country."""
    return {person for clue in _clues(name) for person in fitting.get(clue, ())}
