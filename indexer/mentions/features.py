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

from indexer.mentions.clusters import Cluster
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

CLUSTER_SORTS: Final = ("cluster", "kin", "family")
"""What the fields of `clusters.Cluster` are called."""

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
    """Features are "sort=value". around: of sorts that `SEEN_FROM` has. own: of those seen from the word itself only.

    shared: more of either, in bundles that many words have. group: the coarse class of which pairs are weighed.
    in_run: a noun or what joins nouns. is_cut: no name goes on over it, so that it needs none of its own.
    What company the word keeps is looked up for many words at once, see `clusters`, and named by
    `of_company`.
    """

    around: tuple[str, ...]
    own: tuple[str, ...]
    shared: tuple[tuple[str, ...], ...]
    group: str
    in_run: bool
    is_cut: bool


EDGE: Final = Description(("edge",), (), (), "edge", False, True)
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
    """What the tagger sees of a word. It takes about 10 µs, so whoever tags remembers what came of it."""
    surface = unicodedata.normalize("NFKC", word.surface)
    is_cut, place, shape = _is_cut(word), _place(word), _shape(surface)
    own: tuple[str, ...] = ()
    shared = [_of_class(word.part_of_speech, shape, word.is_unknown, place), lexicon(word.surface)]
    if word.places > 1:
        shared.append(_lexicon_of_unit(word.unit))
    if not is_cut:
        unit = unicodedata.normalize("NFKC", word.unit) if word.places > 1 else ""
        own = _own(word, surface, unit)
        shared.append(_of_class_itself(word.part_of_speech, shape, place, word.unit_part_of_speech))
        shared.append(_of_lengths(len(surface), len(unit)))
    return Description(_around(word, surface), own, tuple(shared), _group(word), _in_run(word), is_cut)


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


def _pos(part_of_speech: PartOfSpeech) -> str:
    first, second, third, fourth = part_of_speech[:4]
    return f"{first}{second}{third}{fourth}" if first == "名詞" else first + second


def _around(word: Word, surface: str) -> tuple[str, ...]:
    """surface: normalized."""
    seen = [
        f"word={'0' * min(len(surface), 4) if surface.isdigit() else surface}",
        f"end1={surface[-1:]}",
        f"end2={surface[-2:]}",
    ]
    title = _titles().get(word.surface) or _titles().get(word.unit)
    if title:
        seen.append(f"title={title}")
    if word.surface in _modifiers():
        seen.append("modifier")
    return tuple(seen)


def _own(word: Word, surface: str, unit: str) -> tuple[str, ...]:
    """surface, unit: normalized; unit: "" for a word that is one."""
    seen = [
        f"term={word.term}",
        f"start1={surface[:1]}",
        f"start2={surface[:2]}",
        f"start3={surface[:3]}",
        f"end3={surface[-3:]}",
    ]
    kinds = _bundled_kinds().get(word.unit)
    if kinds:
        seen.append(f"bundled={kinds}")
    if unit:
        seen += (f"unit={unit}", f"unit end1={unit[-1:]}", f"unit end2={unit[-2:]}")
    return tuple(seen)


@lru_cache(maxsize=1 << 14)
def _of_class(part_of_speech: PartOfSpeech, shape: str, is_unknown: bool, place: str) -> tuple[str, ...]:
    """What `SEEN_FROM` has of all words that are alike in this."""
    return f"pos={_pos(part_of_speech)}", f"shape={shape}", f"unknown={is_unknown}", f"place={place}"


@lru_cache(maxsize=1 << 14)
def _of_class_itself(
    part_of_speech: PartOfSpeech, shape: str, place: str, unit_part_of_speech: PartOfSpeech,
) -> tuple[str, ...]:
    """The rest of it."""
    return (
        f"shape and pos={shape} {_pos(part_of_speech)}",
        f"unit pos={place} {''.join(unit_part_of_speech[1:4])}",
    )


@lru_cache(maxsize=1 << 14)
def _of_lengths(word: int, unit: int) -> tuple[str, ...]:
    """In characters. unit: 0 for a word that is a unit."""
    of_word = f"length={min(word, 8)}"
    return (of_word, f"unit length={min(unit, 8)}") if unit else (of_word,)


def _place(word: Word) -> str:
    """Where the word is in its long unit."""
    if word.places == 1:
        return "only"
    return "first" if word.place == 0 else "last" if word.place == word.places - 1 else "middle"


def of_company(found: Cluster | None, whose: str) -> tuple[str, ...]:
    """Features of the cluster that a word is in, or, with " of unit" for `whose`, the unit that holds it."""
    if found is None:
        return (no_cluster(whose),)
    return tuple(cluster_feature(sort, whose, number) for sort, number in zip(CLUSTER_SORTS, found, strict=True))


def cluster_feature(sort: str, whose: str, number: int) -> str:
    """One of them. sort: of `CLUSTER_SORTS`."""
    return f"{sort}{whose}={number}"


def no_cluster(whose: str) -> str:
    """That of a word of which no cluster is known."""
    return f"no cluster{whose}"


# --- look-ups -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 13)
def lexicon(surface: str) -> tuple[str, ...]:
    """What kinds of words the dictionary has under this spelling: 地名国, 人名姓, 普一般."""
    return _lexicon(parts_of_speech(surface), surface in _given_names(), "")


@lru_cache(maxsize=1 << 13)
def _lexicon_of_unit(surface: str) -> tuple[str, ...]:
    return _lexicon(parts_of_speech(surface), surface in _given_names(), " of unit")


@lru_cache(maxsize=1 << 14)
def _lexicon(entries: tuple[PartOfSpeech, ...], is_given_name: bool, whose: str) -> tuple[str, ...]:
    found = {"人名名"} if is_given_name else set()
    for first, second, third, fourth, *_ in entries:
        if second == "固有名詞":
            found.add(third + fourth)
        else:
            found.add(f"普{third}" if first == "名詞" else first)
    return tuple(f"lexicon{whose}={sort}" for sort in sorted(found))


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


@lru_cache(maxsize=1 << 13)
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
