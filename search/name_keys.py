"""Keys by which a name is found while it is typed: how articles write it, how it is read, how it is spelled.

The keys with one first character lie in one text, a line each, those of the best known entity first; so the first
lines that begin as what was typed are the answer, and no other line is looked at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from search.foreign.name_sounds import Heard, korean, spelled
from search.foreign.romaji import begun_romaji, is_kana, plain_letters, sound_of_kana
from search.names import fold_name
from search.registry import person_titles

SHORTEST_GIVEN_NAME = 2
"""Characters of one in kanji: 徹 begins too much else."""

_SOUND, _SPELLING, _KOREAN, _GIVEN_NAME = "=", "'", "^", "~"
"""Open the keys that no article writes; those that articles write begin with a letter or a digit."""

_OPENS = {"=": _SOUND, "+": _SOUND, "'": _SPELLING, "%": _SPELLING, "^": _KOREAN}
"""By the voice of a name (`name_sounds.Voice`)."""

_OPENING = frozenset((*_OPENS, _GIVEN_NAME))

_END = "\t"
_KANJI = re.compile("[一-鿿々]+")
LATIN = re.compile(r"[A-Za-zÀ-ɏ.'’\- ]+")
# In the middle of a conversion: しゅうk.
_HALF_TYPED = re.compile(r"([ぁ-ゖァ-ヺー]+)([A-Za-zＡ-Ｚａ-ｚ]{1,3})")


class Known(NamedTuple):
    """An entity that may be suggested. articles: in how many it is surely named."""

    entity_id: str
    kind: str
    articles: int


class NameKeys:
    """The keys of every name. Threads may share it."""

    def __init__(self, known: Iterable[tuple[Known, Iterable[str]]]) -> None:
        """known: each entity with its keys, the best known first."""
        lines: defaultdict[str, list[str]] = defaultdict(list)
        self._known: list[Known] = []
        for number, (one, keys) in enumerate(known):
            self._known.append(one)
            for key in keys:
                lines[_shelf(key)].append(f"\n{key}{_END}{number}")
        self._shelves = {shelf: f"{''.join(some)}\n".encode() for shelf, some in lines.items()}

    def beginning(self, prefix: str, kinds: Collection[str]) -> Iterator[Known]:
        """Those with a key that begins so, the best known first, each once."""
        shelf = self._shelves.get(_shelf(prefix), b"")
        line, last = f"\n{prefix}".encode(), -1
        at = shelf.find(line)
        while at >= 0:
            end = shelf.index(b"\n", at + 1)
            number = int(shelf[shelf.rindex(b"\t", at, end) + 1 : end])
            if number != last and self._known[number].kind in kinds:
                yield self._known[number]
            last = number
            at = shelf.find(line, end)

    def called(self, name: str, kinds: Collection[str]) -> Iterator[Known]:
        """Those with just this key, the best known first."""
        return self.beginning(name + _END, kinds)


def _shelf(key: str) -> str:
    """What the keys of one text have in common."""
    return key[:2] if key[:1] in _OPENING else key[:1]


def prefixes(typed: str) -> list[str]:
    """How the keys of what is typed begin, as a name is written and as it sounds."""
    found: list[str] = []
    half = _HALF_TYPED.fullmatch(typed)
    if half:
        found.append(_SOUND + sound_of_kana(half[1]) + begun_romaji(half[2]))
    elif is_kana(typed):
        found.append(_SOUND + sound_of_kana(typed))
    elif LATIN.fullmatch(typed):
        found += [_SOUND + begun_romaji(typed), _SPELLING + spelled(typed), _KOREAN + korean(plain_letters(typed))]
        found.append(_SPELLING + re.sub("[^a-z]", "", plain_letters(typed)))
    found.append(fold_name(typed))
    if len(typed) >= SHORTEST_GIVEN_NAME:
        found.append(_GIVEN_NAME + fold_name(typed))
    return [prefix for prefix in dict.fromkeys(found) if prefix.strip("".join(_OPENING))]


def key_of_given_name(name: str, others: Collection[str]) -> Iterator[str]:
    """That of 近平, for 習近平 whom articles call 習 too: what comes after the surname, where that is known.

    others: all names of the person, folded.
    """
    if not _KANJI.fullmatch(name):
        return
    whole = fold_name(name)
    longest = len(whole) - SHORTEST_GIVEN_NAME
    surname = max((other for other in others if len(other) <= longest and whole.startswith(other)), key=len, default="")
    given_name = whole.removeprefix(surname)
    if surname and given_name not in person_titles():
        yield _GIVEN_NAME + given_name


def keys_as_heard(kind: str, sounds: Iterable[str]) -> set[str]:
    """sounds: of one entity, as `Heard.pack` makes them; that of the name to show comes first."""
    found: set[str] = set()
    surnames: tuple[str, ...] = ()
    for name in map(Heard.unpack, sounds):
        if name.voice == "=" and kind == "person":
            surnames = surnames or name.parts[name.main]
            # What articles put around a name is read as a name too: 国家 of 習国家主席.
            if not name.parts[0][0].startswith(surnames):
                continue
        opens = _OPENS[name.voice]
        found.update(opens + whole for whole in name.wholes())
        # The later parts of ドナルド・トランプ and Donald Trump.
        found.update(opens + "".join(part[0] for part in name.parts[at:]) for at in range(1, len(name.parts)))
    return found
