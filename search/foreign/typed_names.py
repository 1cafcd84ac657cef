"""A name as it was typed, the keys to look it up by, and how well it fits a name of the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from math import inf
from typing import NamedTuple

from search.foreign.name_sounds import MAIN, OTHER, SKELETON, UNVOICED, WHOLE, Heard, chinese, korean, spelled, unvoiced
from search.foreign.romaji import is_kana, plain_letters, sound_of
from search.foreign.sounds import Spelling, joined_skeletons, skeleton, spelling

SLIP_DISTANCE = 0.5
"""The distance where a reading differs in voiced consonants alone: Tashima and Tajima are both 田嶋.

All distances are in nats a letter, as `Spelling.excess` has them.
"""

LOOSE_DISTANCE = 0.3
"""The distance where Korean readings agree, or Chinese ones but for the system: so do many others."""

SURNAME_DISTANCE = 0.7
"""The distance where a full name was typed, and the archive has the surname alone (アネルカ)."""

SURNAME_LIMIT = 1.3
"""The greatest distance where a Japanese surname agrees, however the given name is read."""

UNLIKE = 2.0
"""The distance of a word that is like no part: Juan Montoya may be ファン・モントーヤ, if nobody fits better."""

SKELETONS_A_WORD, SKELETON_COST = 14, 6.0
"""Likeliest skeletons of a word that names are looked up by, and their greatest cost in nats above the likeliest."""

SKELETONS_COMPARED = 60
"""A part of a name is compared only if it has one of so many skeletons."""

SHORTEST_SKELETON, SHORTEST_SURNAME = 3, 3
"""Letters of a word that is looked for by its consonants; and that may be all that the archive has of a name."""

WORDS_TYPED, LONGEST_WORD = 6, 24
"""More words, or longer ones, are no name."""

_WORDS = re.compile(r"[^\s・＝=.,/]+")
_LETTERS = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’`.\s・=\-‐–]+")
_HYPHEN = re.compile("[-‐–]")
_NOT_PLAIN = re.compile("[^a-z]")

# Words that Japanese says otherwise (Strait of Hormuz, Princess Mako), or leaves out (de, bin).
_GENERIC = frozenset(
    "mr mrs ms dr sir president prime minister chancellor secretary senator general king queen prince princess "
    "emperor empress pope coach governor mayor of the strait island islands isle mount mt river lake sea state city "
    "province prefecture region district gulf peninsula bay airport airlines university county territory republic"
    .split()
)
_PARTICLES = frozenset("de da di do du del la le el al der den van von bin ibn ben abu st".split())


class Match(NamedTuple):
    """distance: nats a letter. place: what of the name the words are. same: whether it is read or spelled just so.

    unlike: the words that are like no part of the name. joined: words that are it only if they are taken as one.
    """

    distance: float
    place: int
    same: bool
    unlike: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()


NO_MATCH = Match(inf, 9, False)


class Key(NamedTuple):
    """words: the numbers of the typed words it stands for. rank: 0 for what is read just so, growing with the cost."""

    key: str
    words: tuple[int, ...]
    rank: float


class Word(NamedTuple):
    """One or more typed words as one. sound: as `romaji` spells it, "" if it is no romaji. spelling: None for kana."""

    numbers: tuple[int, ...]
    letters: str
    sound: str
    spelling: Spelling | None
    skeletons: Mapping[str, float]

    def lookups(self) -> Iterator[Key]:
        if self.sound:
            yield Key("=" + self.sound, self.numbers, 0)
            yield Key(UNVOICED + unvoiced(self.sound), self.numbers, 1)
        if self.spelling is not None:
            yield Key("'" + spelled(self.letters), self.numbers, 0)
            yield Key("^" + korean(self.letters), self.numbers, 0)
            yield Key("%" + chinese(self.letters), self.numbers, 0)
        if self.spelling is None or len(self.letters) >= SHORTEST_SKELETON:
            for bones, cost in islice(self.skeletons.items(), SKELETONS_A_WORD):
                if cost <= SKELETON_COST:
                    yield Key(SKELETON + bones, self.numbers, 1 + cost)

    def distance(self, voice: str, part: str, most: float) -> float:
        """From a part of a name: 0 if it is read or spelled so, inf if it is another one."""
        if voice == "'":
            return 0.0 if spelled(self.letters) == part else inf
        if voice == "%":
            if spelled(self.letters) == part:
                return 0.0
            return LOOSE_DISTANCE if chinese(self.letters) == chinese(part) else inf
        if voice == "^":
            return LOOSE_DISTANCE if korean(self.letters) == part else inf
        if self.sound == part:
            return 0.0
        if voice == "=":
            return SLIP_DISTANCE if self.sound and unvoiced(self.sound) == unvoiced(part) else inf
        if skeleton(part) not in self.skeletons:
            return inf
        return (self.spelling or spelling(self.sound)).excess(part, most) + 1e-6


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. words: letters or kana. divisions: the ways to see it as the parts of a name."""

    words: tuple[str, ...]
    divisions: tuple[tuple[Word, ...], ...]

    @staticmethod
    def of(text: str) -> Typed | None:
        """None for what is neither kana nor Latin letters, or too long to be a name."""
        kana = is_kana(text)
        if not kana and not _LETTERS.fullmatch(text):
            return None
        given = [word for word in _WORDS.findall(text) if kana or not _says_little(plain_letters(word))] or [text]
        words: list[str] = []
        hyphened: list[tuple[int, ...]] = []        # the numbers of the words that hyphens join
        for word in given:
            parts = [part for part in (_bare(part, kana) for part in _HYPHEN.split(word)) if part]
            if parts:
                hyphened.append(tuple(range(len(words), len(words) + len(parts))))
                words += parts
        if not 0 < len(words) <= WORDS_TYPED or max(map(len, words)) > LONGEST_WORD:
            return None
        divisions = dict.fromkeys(_divisions(len(words), tuple(hyphened)))
        return Typed(tuple(words), tuple(
            tuple(_word(words, group, kana) for group in division) for division in divisions
        ))

    def lookups(self) -> Iterator[Key]:
        """Each once, the longest stretch of words first."""
        seen: set[str] = set()
        for word in {word.numbers: word for division in reversed(self.divisions) for word in division}.values():
            for key in word.lookups():
                if key.key not in seen:
                    seen.add(key.key)
                    yield key

    def apart(self, packed: str) -> int:
        """How much the lengths differ of the one word and of the nearest part of a name, as `Heard.pack` has it."""
        word = self.divisions[0][0]
        length = word.spelling.length if word.spelling else len(word.sound)
        _, *parts = packed.split(" ")
        return min(abs(len(part.partition(",")[0]) - length) for part in (*parts, "".join(parts)))

    def compare(self, heard: Heard, limit: float) -> Match | None:
        """How well the best division fits the name; None if it does not."""
        best: Match | None = None
        for division in self.divisions:
            match = _compare(division, heard, limit)
            if match is not None and (best is None or match < best):
                joined = (self.words[i] for word in division if len(word.numbers) > 1 for i in word.numbers)
                best = match._replace(joined=tuple(joined))
        return best


def _says_little(word: str) -> bool:
    """Titles, kinds of places, and initials."""
    return word in _GENERIC or len(word) == 1


def _bare(word: str, kana: bool) -> str:
    return word if kana else _NOT_PLAIN.sub("", plain_letters(word))


def _word(words: Sequence[str], group: tuple[int, ...], kana: bool) -> Word:
    letters = "".join(words[i] for i in group)
    sound = sound_of(letters)
    if kana:
        return Word(group, letters, sound, None, {skeleton(sound): 0.0})
    each = [spelling(words[i]) for i in group]
    skeletons = dict(joined_skeletons(each, SKELETONS_COMPARED))
    if sound:
        skeletons.setdefault(skeleton(sound), 0.0)
    return Word(group, letters, sound, spelling(letters), skeletons)


def _divisions(count: int, hyphened: tuple[tuple[int, ...], ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Word for word; as hyphens join them; the first or the last alone; all as one, in either order."""
    every = tuple(range(count))
    yield tuple((i,) for i in every)
    yield hyphened
    if count > 2:
        yield (every[:1], every[1:])
        yield (every[:-1], every[-1:])
    yield (every,)
    if count > 1:
        yield ((*every[1:], every[0]),)


def _compare(words: Sequence[Word], heard: Heard, limit: float) -> Match | None:
    """Each word with a part of its own, in the order that fits best; or one word with the whole name."""
    if len(words) == 1:
        whole = min(words[0].distance(heard.voice, sound, limit) for sound in heard.wholes())
        if whole <= limit:
            return Match(whole, WHOLE, whole == 0)
    needed = [word for word in words if word.letters not in _PARTICLES] or words
    if len(needed) > len(heard.parts):
        return _surname_alone(needed, heard, limit)
    distances = [
        [min([word.distance(heard.voice, sound, limit) for sound in part]) for part in heard.parts] for word in needed
    ]
    letters = [len(word.letters) for word in needed]
    # 荒井 is read so for certain, whatever the characters of the given name may be read like.
    surname = heard.voice == "=" and limit >= SURNAME_LIMIT and any(of_word[heard.main] == 0 for of_word in distances)
    unlike = sum(n for n, of_word in zip(letters, distances, strict=True) if min(of_word) > UNLIKE)
    if unlike * UNLIKE > limit * sum(letters) and not surname:
        return None
    distance, order = min(
        (sum(min(distances[i][part], UNLIKE) * letters[i] for i, part in enumerate(order)) / sum(letters), order)
        for order in permutations(range(len(heard.parts)), len(needed))
    )
    like = {part: i for i, part in enumerate(order) if distances[i][part] < UNLIKE}
    if len(like) < len(needed):
        surname_word = like.get(heard.main)
        if surname_word is None or (heard.voice == "+" and surname_word < len(needed) - 1):
            return None     # another surname: Luis Figo is no カール・ルイス
    if surname:
        distance = min(distance, SURNAME_LIMIT)
    if distance > limit:
        return None
    place = WHOLE if len(needed) == len(heard.parts) else MAIN if heard.main in order else OTHER
    unlike_words = tuple(word.letters for i, word in enumerate(needed) if i not in like.values())
    return Match(distance, place, distance == 0, unlike_words)


def _surname_alone(words: Sequence[Word], heard: Heard, limit: float) -> Match | None:
    """Where the name has one part: the last word, or the first."""
    if len(heard.parts) > 1 or len(words) > 2:
        return None
    distance, surname = min(
        ((SURNAME_DISTANCE + (word is not words[-1]) / 2 + word.distance(heard.voice, sound, limit), i)
         for i, word in enumerate(words) if len(word.letters) >= SHORTEST_SURNAME for sound in heard.parts[0]),
        default=(inf, 0),
    )
    unlike = tuple(word.letters for i, word in enumerate(words) if i != surname)
    return Match(distance, OTHER, False, unlike) if distance <= limit else None
