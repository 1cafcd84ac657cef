"""How katakana may write a name that is spelled with Latin letters: Schumacher, シューマッハ.

`search/data/spelled_sounds.tsv` has pairs of a few letters and a few sounds, and how frequent each is. A spelling and
a sound fit as well as the best division of both into such pairs; costs are negative logarithms, in nats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import product
from math import inf
from operator import itemgetter

LONGEST_LETTERS, LONGEST_SOUND = 3, 4
"""Letters, and sounds, in the longest piece of the table."""

ODD = 9.0
"""What a letter costs that is not heard, or a sound that is not written, where the table has no such piece."""

WORST = 1.6
"""Nats for each letter above the likeliest sound: skeletons of worse ones are not considered."""

SOUNDS_A_LETTER, LENGTHS_APART = 1.2, 0.6
"""How long sounds are, in the letters of `romaji`; and how much longer or shorter they may be, as a share of that."""

_SKELETONS_KEPT = 40
_VOWELS = "aiueo"
_UNHEARD = re.compile("[aiueoyw]")
_DOUBLED = re.compile(r"(.)\1+")
_COMMENT, _NONE = "#", "-"


@lru_cache(maxsize=1 << 15)
def skeleton(sound: str) -> str:
    """The consonants of a sound, and whether it opens with a vowel: what hardly differs between spellings.

    rabrof and raburofu are both `rbrf`, uribe is `arb`.
    """
    return ("a" if sound[:1] in _VOWELS and sound else "") + _bones(sound)


def _bones(sound: str) -> str:
    return _DOUBLED.sub(r"\1", _UNHEARD.sub("", sound))


@cache
def _pieces() -> Mapping[str, Mapping[str, float]]:
    """letters -> {sound: cost}"""
    pieces: dict[str, dict[str, float]] = {}
    text = (files("search") / "data" / "spelled_sounds.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith(_COMMENT):
            letters, sound, cost = line.split("\t")
            pieces.setdefault(letters.strip(_NONE), {})[sound.strip(_NONE)] = int(cost) / 100
    return pieces


@cache
def _cheapest() -> Mapping[str, float]:
    """letters -> the cost of their cheapest sound"""
    return {letters: min(sounds.values()) for letters, sounds in _pieces().items()}


@cache
def _skeleton_pieces(first: bool) -> Mapping[str, Sequence[tuple[str, float]]]:
    """letters -> (skeleton, cost of the cheapest sound that has it). first: at the beginning of a word."""
    found: dict[str, dict[str, float]] = {}
    for letters, sounds in _pieces().items():
        bones = found.setdefault(letters, {})
        for sound, cost in sounds.items():
            bone = skeleton(sound) if first else _bones(sound)
            bones[bone] = min(cost, bones.get(bone, cost))
    return {letters: tuple(bones.items()) for letters, bones in found.items()}


class Spelling:
    """One word in Latin letters. length: that its sound is expected to have."""

    def __init__(self, letters: str) -> None:
        """letters: as `romaji.plain_letters` makes them, a to z alone."""
        self.letters = letters
        self.length = round(SOUNDS_A_LETTER * len(letters))
        self._excess: dict[tuple[str, float], float] = {}
        self._least = self._least_of_the_rest()

    def _least_of_the_rest(self) -> list[float]:
        """For each place, what the letters from there on cost at least, whatever the sound."""
        letters, cheapest = self.letters, _cheapest()
        least = [0.0] * (len(letters) + 1)
        for i in reversed(range(len(letters))):
            least[i] = ODD + least[i + 1]
            for n in range(1, min(LONGEST_LETTERS, len(letters) - i) + 1):
                least[i] = min(least[i], cheapest.get(letters[i : i + n], inf) + least[i + n])
        return least

    @cached_property
    def _steps(self) -> list[dict[str, list[tuple[int, float]]]]:
        """For each place, the sounds that may begin there: {sound: [(how many letters, cost), …]}."""
        letters = self.letters
        steps: list[dict[str, list[tuple[int, float]]]] = [{"": [(1, ODD)]} for _ in letters]
        for i, at in enumerate(steps):
            for n in range(1, min(LONGEST_LETTERS, len(letters) - i) + 1):
                for sound, cost in _pieces().get(letters[i : i + n], {}).items():
                    at.setdefault(sound, []).append((n, cost))
        return steps

    @cached_property
    def skeletons(self) -> tuple[tuple[str, float], ...]:
        """The skeletons of its likeliest sounds, with their costs, the likeliest first."""
        letters = self.letters
        most = self._least[0] + WORST * len(letters)
        so_far: list[dict[str, float]] = [{"": 0.0}, *({} for _ in letters)]
        for i, reached in enumerate(so_far[:-1]):
            pieces = _skeleton_pieces(i == 0)
            best = sorted(reached.items(), key=itemgetter(1))[:_SKELETONS_KEPT]
            for n in range(1, min(LONGEST_LETTERS, len(letters) - i) + 1):
                options = pieces.get(letters[i : i + n], (("", ODD),) if n == 1 else ())
                after = so_far[i + n]
                limit = most - self._least[i + n]
                for more, extra in options:
                    for bones, cost in best:
                        total = cost + extra
                        if total > limit:
                            break
                        joined = join_skeletons(bones, more)
                        if total < after.get(joined, inf):
                            after[joined] = total
        return tuple(sorted(so_far[-1].items(), key=itemgetter(1))[:_SKELETONS_KEPT])

    def excess(self, sound: str, most: float) -> float:
        """How much worse than its likeliest sound this one fits, in nats for each letter: 0 is as good as can be.

        most: what is worse than that is infinity, and takes less time the less it is.
        """
        # Sounds much longer or shorter than the likeliest never fit.
        if abs(len(sound) - self.length) > 1 + self.length * LENGTHS_APART:
            return inf
        known = self._excess.get((sound, most))
        if known is None:
            cost = self._cost(sound, self._least[0] + most * len(self.letters))
            known = self._excess[sound, most] = (cost - self._least[0]) / max(len(self.letters), 1)
        return known

    def _cost(self, sound: str, most: float) -> float:
        """Of the best division; places that no good division goes through are left out."""
        n, m = len(self.letters), len(sound)
        unwritten = _pieces().get("", {})
        rows: list[dict[int, float]] = [{} for _ in range(n + 1)]
        rows[0][0] = 0.0
        heard = [[sound[j : j + length] for length in range(min(LONGEST_SOUND, m - j) + 1)] for j in range(m + 1)]
        for i, row in enumerate(rows):
            limit = most - self._least[i]
            for j in range(m + 1):
                here = row.get(j, inf)
                if here > limit:
                    continue
                for length in range(1, min(2, m - j) + 1):
                    cost = here + unwritten.get(heard[j][length], ODD * length)
                    if cost < row.get(j + length, limit):
                        row[j + length] = cost
                if i == n:
                    continue
                steps = self._steps[i]
                for length, piece in enumerate(heard[j]):
                    for letters, more in steps.get(piece, ()):
                        after = rows[i + letters]
                        if here + more < after.get(j + length, inf):
                            after[j + length] = here + more
        total = rows[n].get(m, inf)
        return total if total <= most else inf


def join_skeletons(first: str, second: str) -> str:
    """One after the other; the same consonant twice counts once, and a vowel inside not at all."""
    second = second.lstrip("a") if first else second
    return first + second[1:] if first and second and first[-1] == second[0] else first + second


@lru_cache(maxsize=1 << 10)
def spelling(letters: str) -> Spelling:
    """The `Spelling` of these letters, kept for the next time."""
    return Spelling(letters)


def joined_skeletons(words: Sequence[Spelling], most: int) -> list[tuple[str, float]]:
    """Likely skeletons of all the words as one, and what each costs more than the likeliest: `most`, that one first."""
    each = max(1, int(most ** (1 / max(len(words), 1))))
    found = []
    for combination in product(*(word.skeletons[: each + 1] for word in words)):
        joined = ""
        for bones, _ in combination:
            joined = join_skeletons(joined, bones)
        found.append((sum(cost for _, cost in combination), joined))
    found.sort()
    return [(joined, cost - found[0][0]) for cost, joined in found[:most]]
