"""Which articles are copies of one another: one wire story in several papers, cut, edited and under another title.

What comes of a text is a `Signature`, by which the archive finds articles that look like it, and a `Compared`, by
which two of those are told to be copies or not. All of this is pure; `copy_groups.py` keeps it in an archive.

Thresholds were chosen on one half of the articles of `python -m benchmarks.copies`, which reports on the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from search.archive_copies import Signature
from search.articles import Article
from search.japanese.numerals import number_of

REVISION = f"1 {RMinHash.ALGORITHM_VERSION}"
"""Signatures are stored: who changes what goes into one counts up, and the archive makes all of them anew."""

SHORTEST_CHARS = 200
"""Code points of a text that can have copies: shorter ones consist of turns of phrase that many share."""

SHINGLE_CHARS = 4
"""With 3, 1 of 100 pairs of unlike articles share an eighth of the shorter one; with 5, a text that was edited by
25 % keeps 66 % of its shingles instead of 70."""

SLOTS = 80
DATED_SLOTS_A_KEY = 2
"""40 keys. Of two texts that share 3 of 10 shingles (one is cut to a third) 98 of 100 pairs have one in common, of
two that share 1 of 150, as unlike articles do, 1 in 550: some 4 of the articles of nine days, at 270 a day."""

UNDATED_SLOTS_A_KEY = 4
"""20 keys. What has no date is looked for among all that has none, so that it must be more alike: of two texts that
share 6 of 10 shingles 94 of 100 pairs are found, of two that share 1 of 150 none in ten million."""

LEAST_SKETCH_SLOTS = 10
"""Slots of 80 in which two sketches agree. Those with 3 shingles of 10 in common agree in 24 ± 4, others in 1."""

WINDOW_DAYS = 3
"""A wire story is printed by all within some days; bulletins of one form come again and again."""

LEAST_SHARED = 0.6
"""Of the shingles of the shorter text, how many the longer one has. Edited by 25 %: 0.64 to 0.77."""

PASSAGE_SHINGLES = 50
LEAST_SHARED_IN_PASSAGE = 0.2
"""And of any so many in a row: a copy has no passage of its own, where two stories on one storm, with the same notice
below, have. Edited by 25 %, a copy has 0.22 at least in 98 of 100; two stories with a tail in common 0.16 at most."""

MOST_NEW_NUMBERS = 0.2
"""Of the shorter text's different numbers, how many the longer one may lack, one always: editors drop numbers and
write them in other characters, but do not change them. Of bulletins in one form 0.3 to 0.9 are new."""

MOST_CONTRADICTIONS = 0.08
"""Of the places that both texts have, with a number in them, those with another number: two earthquakes, or the
same one with more injured. Copies edited by 25 %: 0 to 0.07; a later version of a story: from 0.1 on."""

_SEED = 0x6B696A69      # any number, but always the same

_FACTOR = np.uint64(0x9E3779B97F4A7C15)      # odd, its bits without a pattern: 2 ** 64 over the golden ratio
_KEY_BITS_LEFT_OUT = np.uint64(32)

_NUMERAL = "[0-9〇零一二三四五六七八九十百千万億兆]"
_NUMBER = re.compile(rf"{_NUMERAL}(?:[,.・]?{_NUMERAL})*")
_BETWEEN_WORDS = re.compile(r"[\W_]+")

_CHARS_BEFORE_NUMBER = 3
_CHARS_AFTER_NUMBER = 2

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is looked at in a text, to tell whether it is a copy.

    shingles: a hash for each run of SHINGLE_CHARS, in the order of the text. ascending: the same.
    numbers: the different ones, in plain digits. by_place: the same by the characters around them.
    """

    shingles: Hashes
    ascending: Hashes
    numbers: frozenset[str]
    by_place: Mapping[str, set[str]]


# ---- of one article ----


def signature(article: Article) -> Signature | None:
    """By what articles that look like this one are found; None for one that is too short to have copies.

    The title and what stands below pictures do not count: each paper has its own.
    """
    text = article.body()
    if len(text) < SHORTEST_CHARS:
        return None
    hashes = _hashes(_letters(text))
    if not len(hashes):
        return None
    published = article.published
    day = published.at.toordinal() if published and published.precision in ("minute", "day") else None
    slots = np.array(RMinHash.digest_matrix_from_flat_token_hashes(hashes, [0, len(hashes)], SLOTS, _SEED).to_rows()[0])
    return Signature(
        day=day,
        rank=f"{published.at.isoformat() if published else '9999'} {article.id}",
        keys=_keys(slots.astype(np.uint64), UNDATED_SLOTS_A_KEY if day is None else DATED_SLOTS_A_KEY),
        sketch=slots.astype(np.uint8).tobytes(),
    )


def _keys(slots: Hashes, slots_a_key: int) -> tuple[int, ...]:
    """Numbers below 2 ** 32, one for so many slots at a time; which ones they are is part of it."""
    keys = np.arange(len(slots) // slots_a_key, dtype=np.uint64)
    for column in slots.reshape(-1, slots_a_key).T:
        keys = _mixed(keys ^ column)
    return tuple((keys >> _KEY_BITS_LEFT_OUT).tolist())


def compared(article: Article) -> Compared:
    """What `are_copies` looks at."""
    text = article.body()
    letters, numbers = _letters(text), _numbers(text)
    hashes = _hashes(letters)
    return Compared(hashes, np.sort(hashes), frozenset(numbers), _by_place(letters, numbers))


def _letters(text: str) -> str:
    """The letters of a text in plain forms, each number as one 0."""
    return _BETWEEN_WORDS.sub("", _NUMBER.sub("0", unicodedata.normalize("NFKC", text)))


def _numbers(text: str) -> list[str]:
    """What stands for each 0 of `_letters`: in plain digits, where that can be read as one number."""
    runs = _NUMBER.findall(unicodedata.normalize("NFKC", text))
    return [number_of(run.replace("・", ".")) or run for run in runs]


def _by_place(letters: str, numbers: list[str]) -> dict[str, set[str]]:
    """The characters around a number -> the numbers that stand there. At the ends of the text there are too few."""
    found: dict[str, set[str]] = defaultdict(set)
    at = -1
    for number in numbers:
        at = letters.index("0", at + 1)
        end = at + 1 + _CHARS_AFTER_NUMBER
        if at >= _CHARS_BEFORE_NUMBER and end <= len(letters):
            found[letters[at - _CHARS_BEFORE_NUMBER : end]].add(number)
    return found


def _hashes(letters: str) -> Hashes:
    """64 bits for each run of SHINGLE_CHARS characters, in their order; two unlike runs share them once in 10 ** 19."""
    chars = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(0, len(chars) - SHINGLE_CHARS + 1)
    runs = chars[:count]
    for place in range(1, SHINGLE_CHARS):
        runs = runs * _FACTOR + chars[place : place + count]
    return _mixed(runs)


def _mixed(values: Hashes) -> Hashes:
    """Each bit depends on every bit: the finalizer of SplitMix64, without its increment."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


# ---- of two ----


def look_alike(sketch: bytes, other: bytes) -> bool:
    """Whether it is worth while to compare the texts that have these sketches."""
    same = np.frombuffer(sketch, np.uint8) == np.frombuffer(other, np.uint8)
    return int(np.count_nonzero(same)) >= LEAST_SKETCH_SLOTS


def days_fit(day: int | None, other: int | None) -> bool:
    """Whether copies may have these dates (`date.toordinal`); what has none is compared with its like alone."""
    if day is None or other is None:
        return day is other
    return abs(day - other) <= WINDOW_DAYS


def are_copies(one: Compared, other: Compared) -> bool:
    """Whether one text is the other, but for cuts, other words here and there, and numbers in other characters."""
    # By their content where they are as long, so that it does not matter which of the two comes first.
    shorter, longer = sorted((one, other), key=lambda text: (len(text.shingles), text.shingles.tobytes()))
    new_numbers = len(shorter.numbers - longer.numbers)
    if not len(shorter.shingles) or new_numbers > max(1, MOST_NEW_NUMBERS * len(shorter.numbers)):
        return False
    if _contradict(shorter.by_place, longer.by_place):
        return False
    at = np.minimum(np.searchsorted(longer.ascending, shorter.shingles), len(longer.ascending) - 1)
    is_shared = longer.ascending[at] == shorter.shingles
    return bool(np.mean(is_shared) >= LEAST_SHARED) and _weakest_passage(is_shared) >= LEAST_SHARED_IN_PASSAGE


def _weakest_passage(is_shared: NDArray[np.bool_]) -> float:
    """The least share of PASSAGE_SHINGLES in a row."""
    length = min(PASSAGE_SHINGLES, len(is_shared))
    so_far = np.concatenate(([0], np.cumsum(is_shared)))
    return float(np.min(so_far[length:] - so_far[:-length])) / length


def _contradict(one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> bool:
    both = one.keys() & other.keys()
    return sum(one[place].isdisjoint(other[place]) for place in both) > MOST_CONTRADICTIONS * len(both)
