"""Whom a name means that is typed in kana, in romaji or in English: Lavrov, Xi Jinping, abe shinzo, きしだふみお.

Looks up keys that the archive has for every name (`search/archive_names.py`), and compares only what they bring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from math import inf, log2
from typing import Literal, NamedTuple

from search.archive_names import ArchiveNames
from search.foreign.glosses import japanese_city, japanese_for
from search.foreign.name_sounds import MAIN, OTHER, WHOLE, Heard
from search.foreign.typed_names import NO_MATCH, Match, Typed
from search.names import bundled_aliases, fold_name

Why = Literal["exact", "english", "reading", "sound", "near"]

SCORES: dict[Why, float] = {"exact": 1.0, "english": 0.95, "reading": 0.9, "sound": 0.8, "near": 0.5}
"""Of the best candidate of each kind; see `Candidate`."""

DISTANCE_PENALTY = 0.2
PART_PENALTY: dict[int, float] = {WHOLE: 0.0, MAIN: 0.01, OTHER: 0.05}
"""What is taken from the score at NEAR_LIMIT, and in proportion before; and where the typed words are a surname alone,
or another part of a name alone."""

SOUND_LIMIT, NEAR_LIMIT = 0.6, 1.4
"""Greatest distances, in nats a letter. Chosen on the development list of names (benchmarks/foreign_names.tsv)."""

NAMES_A_KEY, FETCHED, COMPARED, ROUGHLY_COMPARED = 160, 320, 80, 60
"""Names that one key may bring; that are looked at; that are compared; and that are compared again with NEAR_LIMIT."""

ENOUGH_LETTERS, WELL_COVERED = 0.4, 0.8
"""A name is looked at if the words that led to it have that share of the letters of those that led to the best one;
from the second share on, it is compared at once, else where nothing sounds just so."""

SURNAME_SHARE = 0.7
"""The share that counts for a name with just that surname, however short it is: 荒井広宙 for Hiroyuki Arai."""

WEIGHED, MENTIONS_COUNTED, MENTIONS_WEIGHT = 20, 300, 0.006
"""Of so many best candidates, the more often mentioned goes first: each doubling, up to so many, is worth so much."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant.

    score: from 0 to 1, by what kind of evidence there is, `why`:
      exact    a name of it is spelled just so                            1.0
      english  a Japanese word for it is its name: Venice               0.95
      reading  all that was typed is read just so                         0.8 to 0.9
      sound    the spelling may well be written so in Japanese            0.6 to 0.8
      near     it may have been meant                                     below 0.5
    A plain English word (may, bill) is better evidence than anything below `exact`.
    """

    entity_id: str
    score: float
    why: Why
    match: Match | None = None
    """How what was typed fits the name, where that was compared."""


class NameIndex:
    """The names of one archive. Threads may share it."""

    def __init__(self, archive: ArchiveNames) -> None:
        self._archive = archive

    def find(self, text: str, most: int = 5) -> tuple[Candidate, ...]:
        """The entities that the text may mean, the likeliest first; () for text in other letters than kana or Latin."""
        typed = Typed.of(text)
        if typed is None:
            return ()
        found = {entity_id: Candidate(entity_id, SCORES["exact"], "exact") for entity_id in self._exact(text)}
        for entity_id in self._translated(text):
            found.setdefault(entity_id, Candidate(entity_id, SCORES["english"], "english"))
        for entity_id, match in self._matches(typed).items():
            found.setdefault(entity_id, _candidate(entity_id, match))
        return tuple(self._by_likelihood(found.values())[:most])

    def _by_likelihood(self, found: Iterable[Candidate]) -> list[Candidate]:
        """By score, and of much the same scores the one that articles name more often."""
        some = sorted(found, key=lambda candidate: -candidate.score)[:WEIGHED]
        weights = {c.entity_id: c.score + MENTIONS_WEIGHT * log2(
            1 + self._archive.count_mentions(c.entity_id, MENTIONS_COUNTED)) for c in some}
        return sorted(some, key=lambda c: (-weights[c.entity_id], c.entity_id))

    def _matches(self, typed: Typed) -> dict[str, Match]:
        """By entity. What sounds roughly so is looked at only where nothing sounds just so."""
        names = self._names(typed)
        one_word = len(typed.words) == 1
        rows = self._archive.sounds([name.number for name in names[: FETCHED if one_word else COMPARED]])
        if one_word:
            # Many names have the same consonants: those of the length to expect go first.
            order = [name.rank + typed.apart(packed) / 2 for name, (_, packed) in zip(names, rows, strict=False)]
            rows = [rows[i] for i in sorted(range(len(rows)), key=order.__getitem__)][:COMPARED]
        heard = [(entity_id, Heard.unpack(packed)) for entity_id, packed in rows]
        well_covered = sum(1 for name in names if name.letters >= WELL_COVERED * names[0].letters)
        matches: dict[str, Match] = {}
        for limit, most in ((SOUND_LIMIT, well_covered), (NEAR_LIMIT, ROUGHLY_COMPARED)):
            for entity_id, sounds in heard[:most]:
                match = typed.compare(sounds, limit)
                if match is not None and match < matches.get(entity_id, NO_MATCH):
                    matches[entity_id] = match
            if any(match.place == WHOLE and not one_word for match in matches.values()):
                break
        return matches

    def _exact(self, text: str) -> Iterator[str]:
        folded = fold_name(text)
        if len(folded) > 1:
            yield from (i for i in bundled_aliases().get(folded, ()) if self._archive.mentions(i))
            yield from self._archive.entities_called(folded)

    def _translated(self, text: str) -> Iterator[str]:
        """Those that are called by a Japanese word for it: Venice, ヴェネツィア."""
        for name in (*japanese_city(text), *(form.text for form in japanese_for(text))):
            if len(name) > 1:
                yield from self._archive.entities_called(fold_name(name))

    def _names(self, typed: Typed) -> list[_Name]:
        """The names most worth comparing, best first."""
        words: dict[int, int] = {}      # of each name, a bit for each word that led to it
        ranks: dict[int, float] = {}
        surnames: set[int] = set()
        for key in typed.lookups():
            found = self._archive.names_at(key.key, NAMES_A_KEY)
            bits = sum(1 << word for word in key.words)
            for number, place in found:
                words[number] = words.get(number, 0) | bits
                rank = key.rank + place
                if rank < ranks.get(number, inf):
                    ranks[number] = rank
            if key.key[0] == "=":
                surnames.update(number for number, place in found if place == MAIN)
        letters = {
            bits: sum(len(word) for i, word in enumerate(typed.words) if bits >> i & 1) for bits in set(words.values())
        }
        best = max(letters.values(), default=0)
        shared = []
        for number, bits in words.items():
            share = max(letters[bits], SURNAME_SHARE * best) if number in surnames else letters[bits]
            if share >= ENOUGH_LETTERS * best:
                shared.append((-share, ranks[number], number))
        return [_Name(number, rank, -less) for less, rank, number in nsmallest(FETCHED, shared)]


class _Name(NamedTuple):
    """number: as the archive has it. rank: of the best key that led to it. letters: of the words that led to it."""

    number: int
    rank: float
    letters: float


def _candidate(entity_id: str, match: Match) -> Candidate:
    why: Why = "reading" if match.same else "sound" if match.distance <= SOUND_LIMIT else "near"
    less = DISTANCE_PENALTY * min(match.distance / NEAR_LIMIT, 1.0)
    return Candidate(entity_id, round(SCORES[why] - less - PART_PENALTY[match.place], 3), why, match)
