"""What the trained tagger sees of a word: features of the word alone, so that each sort of word is looked at once.

A word here is a short unit, seen with the long unit that holds it. Training (`tools/train_names.py`) and tagging
(`crf.py`) both build on `describe`; what a feature weighs depends on where it is seen from, see `SEEN_FROM`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from indexer.mentions.clusters import NO_VECTOR, Cluster, cluster
from search.japanese.tokens import PartOfSpeech, Unit, parts_of_speech
from search.names import bundled_entities, bundled_names, load_data

SLOTS: Final = ("0", "-1", "+1", "-2", "+2", "first", "last", "before", "after")
"""Where a feature is seen from: the word itself, its neighbours, and, for the words of a run of nouns, the first and
the last word of the run and the words just outside of it."""

_NEAR: Final = ("0", "-1", "+1")
_OUTSIDE: Final = ("-2", "+2", "before", "after")
_RUN: Final = ("first", "last")

SEEN_FROM: Final[dict[str, tuple[str, ...]]] = {
    "edge": ("-1", "+1", "-2", "+2", "before", "after"),
    "word": SLOTS, "pos": SLOTS, "shape": SLOTS, "title": SLOTS, "modifier": SLOTS,
    "lexicon": _NEAR, "end1": (*_NEAR, *_RUN), "end2": _NEAR, "unknown": _NEAR, "place": _NEAR,
    "lexicon of unit": _NEAR,
    "cluster": _NEAR, "kin": (*_NEAR, *_OUTSIDE, *_RUN), "family": (*_NEAR, *_OUTSIDE, *_RUN),
    "kin of unit": _NEAR, "family of unit": _NEAR,
}
"""The slots from which each sort of feature is seen; the sorts that are not here are seen from the word itself only."""

VECTORS_SEEN_FROM: Final = (SLOTS, _NEAR)
"""The slots from which the vector of a word is seen, and that of the long unit that holds it."""

_NOUNS = frozenset(("名詞", "接頭辞", "接尾辞", "形状詞", "記号"))
_CONNECTORS = frozenset("・＝=゠･‐-")

# No name goes on over these, or so few (under 1 in 1,000 of the words in the names of the training data are such) that
# cutting here costs nothing. What lies between two of them is decided by itself: most such pieces are short.
_CUTS = frozenset(("動詞", "助動詞", "連体詞", "接続詞", "代名詞"))
_JOINING_PARTICLES = frozenset("のやか")
_MARKS = frozenset("、？?")

STOPS: Final = frozenset("。！？\n")
"""Units that end a sentence. What is seen from a word lies in its sentence."""


class Word(NamedTuple):
    """All that features depend on. place: which short unit of the long one it is, of how many."""

    surface: str
    part_of_speech: PartOfSpeech
    term: str
    unit: str
    unit_part_of_speech: PartOfSpeech
    unit_term: str
    is_unknown: bool
    place: int
    places: int


class Description(NamedTuple):
    """features: "sort=value". group: the coarse class of which pairs are weighed. in_run: a noun or what joins nouns.

    is_cut: no name goes on over it. vectors: rows of `clusters.vectors`, of the word and of the unit that holds it.
    """

    features: tuple[str, ...]
    group: str
    in_run: bool
    is_cut: bool
    vectors: tuple[int, int] = (NO_VECTOR, NO_VECTOR)


EDGE: Final = Description(("edge",), "edge", False, True)
"""What stands before and after a sentence."""


def words(unit: Unit) -> Iterator[Word]:
    """The words of a long unit."""
    for place, short in enumerate(unit.shorts):
        yield Word(
            surface_of(unit, place), short.part_of_speech, short.term, unit.surface, unit.part_of_speech, unit.term,
            unit.is_unknown, place, len(unit.shorts),
        )


def surface_of(unit: Unit, place: int) -> str:
    """A short unit as it is written. Characters that nobody sees are in the offsets, not in the surface."""
    if len(unit.shorts) == 1:
        return unit.surface
    if unit.end - unit.start != len(unit.surface):
        return unit.shorts[place].term or unit.surface
    start, end = unit.shorts[place].start - unit.start, unit.shorts[place].end - unit.start
    return unit.surface[start:end] or unit.surface


def describe(word: Word) -> Description:
    """What the tagger sees of a word. It takes about 30 µs, so whoever tags remembers what came of it."""
    surface = unicodedata.normalize("NFKC", word.surface)
    is_cut = _is_cut(word)
    features = [*_seen_from_around(word, surface)]
    if not is_cut:
        features += _seen_from_itself(word, surface)
    return Description(tuple(features), _group(word), _in_run(word), is_cut, _vectors(word))


def _vectors(word: Word) -> tuple[int, int]:
    own = cluster(word.surface, word.term)
    of_unit = cluster(word.unit, word.unit_term) if word.places > 1 else None
    return own.vector if own else NO_VECTOR, of_unit.vector if of_unit else NO_VECTOR


def _in_run(word: Word) -> bool:
    return word.part_of_speech[0] in _NOUNS or word.surface in _CONNECTORS


def _is_cut(word: Word) -> bool:
    first, second = word.part_of_speech[:2]
    if first == "助詞":
        return word.surface not in _JOINING_PARTICLES
    if first == "補助記号":
        return second in ("括弧開", "括弧閉", "読点") or word.surface in _MARKS or word.surface in STOPS
    return first in _CUTS or (first == "形容詞" and second == "非自立可能")


def _group(word: Word) -> str:
    """A coarse class: particles and marks by themselves, nouns by part of speech and script."""
    first, second, third, fourth = word.part_of_speech[:4]
    if first == "補助記号":
        return word.surface if len(word.surface) == 1 else first
    if first in ("助詞", "助動詞"):
        return word.surface if len(word.surface) < 3 else first
    if first == "名詞":
        return f"{second}{third}{fourth[:1]}{_shape(word.surface)[:1]}{'?' if word.is_unknown else ''}"
    return first + second


def _pos(word: Word) -> str:
    first, second, third, fourth = word.part_of_speech[:4]
    return f"{first}{second}{third}{fourth}" if first == "名詞" else first + second


def _seen_from_around(word: Word, surface: str) -> Iterator[str]:
    """What `SEEN_FROM` has. surface: normalized."""
    yield f"word={'0' * min(len(surface), 4) if surface.isdigit() else surface}"
    yield f"pos={_pos(word)}"
    yield f"shape={_shape(surface)}"
    yield f"end1={surface[-1:]}"
    yield f"end2={surface[-2:]}"
    yield f"unknown={word.is_unknown}"
    yield f"place={_place(word)}"
    title = _titles().get(word.surface) or _titles().get(word.unit)
    if title:
        yield f"title={title}"
    if word.surface in _modifiers():
        yield "modifier"
    for sort in lexicon(word.surface):
        yield f"lexicon={sort}"
    yield from _of_cluster(cluster(word.surface, word.term), "")
    if word.places > 1:
        for sort in lexicon(word.unit):
            yield f"lexicon of unit={sort}"
        yield from _of_cluster(cluster(word.unit, word.unit_term), " of unit")


def _seen_from_itself(word: Word, surface: str) -> Iterator[str]:
    """All the rest. surface: normalized."""
    place, (second, third, fourth) = _place(word), word.unit_part_of_speech[1:4]
    yield f"shape and pos={_shape(surface)} {_pos(word)}"
    yield f"term={word.term}"
    yield f"length={min(len(surface), 8)}"
    yield f"start1={surface[:1]}"
    yield f"start2={surface[:2]}"
    yield f"start3={surface[:3]}"
    yield f"end3={surface[-3:]}"
    yield f"unit pos={place} {second}{third}{fourth}"
    if word.unit in _bundled_kinds():
        yield f"bundled={_bundled_kinds()[word.unit]}"
    if word.places > 1:
        unit = unicodedata.normalize("NFKC", word.unit)
        yield f"unit={unit}"
        yield f"unit end1={unit[-1:]}"
        yield f"unit end2={unit[-2:]}"
        yield f"unit length={min(len(unit), 8)}"


def _place(word: Word) -> str:
    """Where the word is in its long unit."""
    if word.places == 1:
        return "only"
    return "first" if word.place == 0 else "last" if word.place == word.places - 1 else "middle"


def _of_cluster(found: Cluster | None, whose: str) -> Iterator[str]:
    if found:
        yield f"cluster{whose}={found.own}"
        yield f"kin{whose}={found.kin}"
        yield f"family{whose}={found.family}"
    else:
        yield f"no cluster{whose}"


# --- look-ups -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 15)
def lexicon(surface: str) -> tuple[str, ...]:
    """What kinds of words the dictionary has under this spelling: 地名国, 人名姓, 普一般."""
    found = set()
    for first, second, third, fourth, *_ in parts_of_speech(surface):
        if second == "固有名詞":
            found.add(third + fourth)
        else:
            found.add(f"普{third}" if first == "名詞" else first)
    if surface in _given_names():
        found.add("人名名")
    return tuple(sorted(found))


@cache
def _given_names() -> frozenset[str]:
    lines = (files("search") / "data" / "given_names.tsv").read_text("utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if not line.startswith("#"))


@cache
def _titles() -> dict[str, str]:
    data = load_data("titles")
    return {word: sort for sort in ("local", "heads", "posts", "offices", "honorifics") for word in data[sort]}


@cache
def _modifiers() -> frozenset[str]:
    return frozenset(load_data("titles")["modifiers"])


@cache
def _bundled_kinds() -> dict[str, str]:
    """From each name of a bundled entity to its kinds. One character is no name."""
    kinds: dict[str, set[str]] = {}
    for entity in bundled_entities().values():
        for name in bundled_names(entity.id):
            if len(name) > 1:
                kinds.setdefault(name, set()).add(entity.kind)
    return {name: " ".join(sorted(found)) for name, found in kinds.items()}


# --- scripts ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 15)
def _shape(surface: str) -> str:
    """The scripts in order, K for katakana, J for kanji, H for hiragana, A and a for letters: KJ for ロシア人."""
    shape = ""
    for char in surface:
        script = _script(char)
        if not shape.endswith(script):
            shape += script
    return shape


@lru_cache(maxsize=1 << 14)
def _script(char: str) -> str:
    if "ァ" <= char <= "ヺ" or char == "ー":
        return "K"
    if "一" <= char <= "鿿" or char in "々〆ヶ" or char >= "\U00020000":
        return "J"
    if "ぁ" <= char <= "ん":
        return "H"
    if char.isupper():
        return "A"
    if char.islower():
        return "a"
    if char.isdigit():
        return "0"
    return "-" if char in "・＝=゠‐-" else "S"
