"""Numbers for terms: one after another for a few of them, and many at once for the words of a batch."""

from __future__ import annotations

import secrets
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, spread, starts_of

LINE_BREAK = 10
MULTIPLIER = secrets.randbits(64) | 1
"""A term's hash is a polynomial in it. Terms of one hash are told apart, but take longer to find: so nobody is to know
which they are."""

_MIXER = np.uint64(0x9E37_79B9_7F4A_7C15)
FIRST_BITS = 12
_LONGEST_TEXT = 1 << 18
"""Code points that are numbered at once; what is computed of them takes about 20 MB."""


class Terms(NamedTuple):
    """Terms in order of their bytes in UTF-8, which is that of their code points; and their numbers."""

    ascending: list[str]
    order: Ints


class Ordered:
    """Keeps the numbers of a growing collection of terms in the order of the terms."""

    def __init__(self) -> None:
        self._order = NOTHING

    def of(self, terms: Sequence[str]) -> Ints:
        """Those of all terms. terms: by number, those that were there before first."""
        count = len(self._order)
        if len(terms) > count:
            # Few are fresh where there are many already: only those that they are compared with are looked at.
            fresh, known = sorted(range(count, len(terms)), key=terms.__getitem__), self._order.tolist()
            places = [bisect_left(known, terms[number], key=terms.__getitem__) for number in fresh]
            self._order = np.insert(self._order, places, fresh)
        return self._order


class Vocabulary(dict[str, int]):
    """Term -> its number, in the order in which they were met. Looking a new one up gives it a number."""

    def __init__(self) -> None:
        super().__init__()
        self._ordered = Ordered()

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number

    def order(self) -> Ints:
        """The numbers of all terms in order of their bytes."""
        return self._ordered.of(list(self))

    def terms(self) -> Terms:
        """All of them."""
        terms, order = list(self), self.order()
        return Terms([terms[number] for number in order.tolist()], order)


class _Words(NamedTuple):
    """Terms in a text. points: all of its code points. starts, lengths, hashes: of each term."""

    points: NDArray[np.uint32]
    starts: Ints
    lengths: Ints
    hashes: NDArray[np.uint64]

    def at(self, places: Ints) -> _Words:
        """Some of them."""
        return _Words(self.points, self.starts.take(places), self.lengths.take(places), self.hashes.take(places))


class _Grown:
    """An array that numbers are appended to."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._room = np.zeros(1 << FIRST_BITS, kind)
        self.all: NDArray[Any] = self._room[:0]

    def append(self, values: AnyInts) -> None:
        size = len(self.all) + len(values)
        if size > len(self._room):
            self._room = np.concatenate((self.all, np.zeros(2 * size - len(self.all), self._room.dtype)))
        self._room[len(self.all) : size] = values
        self.all = self._room[:size]


class Lexicon:
    """The same for terms without line breaks, many looked up at once: a hash table of numpy arrays.

    A dictionary waits for memory several times for each word of a large vocabulary; here the waits overlap.
    """

    def __init__(self) -> None:
        self._terms: list[str] = []
        self._ordered = Ordered()
        self._hashes = _Grown(np.uint64)
        self._starts = _Grown(np.int64)
        self._lengths = _Grown(np.int64)
        self._points = _Grown(np.uint32)
        self._bits = FIRST_BITS
        self._table = np.full(1 << FIRST_BITS, -1, np.int32)

    def __len__(self) -> int:
        return len(self._terms)

    def order(self) -> Ints:
        """As `Vocabulary` has it."""
        return self._ordered.of(self._terms)

    def terms(self) -> Terms:
        """All of them."""
        return Terms([self._terms[number] for number in self.order().tolist()], self.order())

    def numbers(self, text: str) -> Ints:
        """The numbers of the terms in the text, in which line breaks part them."""
        return np.concatenate([self._numbers(stretch) for stretch in _stretches(text)])

    def _numbers(self, text: str) -> Ints:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = np.append(np.flatnonzero(points == LINE_BREAK), len(points))
        starts = np.append(0, ends[:-1] + 1)
        words = _Words(points, starts, ends - starts, _hashes(points, starts, ends))
        numbers = self._found(words)
        while len(missing := np.flatnonzero(numbers < 0)):
            # One of each hash; should another term have the same, it is still missing afterwards.
            _, first = np.unique(words.hashes.take(missing), return_index=True)
            first.sort()
            self._add(text, words.at(missing.take(first)))
            numbers[missing] = self._found(words.at(missing))
        return numbers

    def _found(self, words: _Words) -> Ints:
        """The number of each of the words; -1 for those that have none."""
        numbers = np.full(len(words.starts), -1, np.int64)
        slots = self._slots(words.hashes)
        asked = np.arange(len(slots))
        while len(asked):
            met = self._table.take(slots)
            # Whoever comes to a free slot is not there.
            going_on = np.flatnonzero(met >= 0)
            met, asked, slots = met.take(going_on), asked.take(going_on), slots.take(going_on)
            is_same = self._hashes.all.take(met) == words.hashes.take(asked)
            same = np.flatnonzero(is_same)
            is_same[same] = self._are_spelled_as(met.take(same), words.at(asked.take(same)))
            numbers[asked[is_same]] = met[is_same]
            others = np.flatnonzero(~is_same)
            asked = asked.take(others)
            slots = self._next(slots.take(others), words.hashes.take(asked))
        return numbers

    def _are_spelled_as(self, numbers: AnyInts, words: _Words) -> NDArray[np.bool_]:
        """For each pair of a term's number and a word, of the same hash, whether all their letters are the same."""
        same: NDArray[np.bool_] = self._lengths.all.take(numbers) == words.lengths
        lengths = np.where(same, words.lengths, 0)
        kept = self._points.all.take(spread(self._starts.all.take(numbers), lengths))
        differs = np.flatnonzero(kept != words.points.take(spread(words.starts, lengths)))
        same[np.searchsorted(np.cumsum(lengths), differs, side="right")] = False
        return same

    def _add(self, text: str, words: _Words) -> None:
        """Give words of different hashes, none of which is there, their numbers."""
        number = len(self._terms)
        ends = words.starts + words.lengths
        self._terms += [text[s:e] for s, e in zip(words.starts.tolist(), ends.tolist(), strict=True)]
        self._starts.append(starts_of(words.lengths)[:-1] + len(self._points.all))
        self._lengths.append(words.lengths)
        self._points.append(words.points.take(spread(words.starts, words.lengths)))
        self._hashes.append(words.hashes)
        if 2 * len(self._terms) > len(self._table):
            self._bits = (4 * len(self._terms)).bit_length()
            self._table = np.full(1 << self._bits, -1, np.int32)
            number = 0
        self._claim(np.arange(number, len(self._terms)))

    def _claim(self, numbers: Ints) -> None:
        """Put numbers into the first of their slots that are free."""
        slots = self._slots(self._hashes.all.take(numbers))
        while len(numbers):
            free = np.flatnonzero(self._table.take(slots) < 0)
            self._table[slots.take(free)] = numbers.take(free)
            # Of several that wanted one slot, one has it.
            others = np.flatnonzero(self._table.take(slots) != numbers)
            numbers = numbers.take(others)
            slots = self._next(slots.take(others), self._hashes.all.take(numbers))

    def _slots(self, hashes: NDArray[np.uint64]) -> Ints:
        """Where to look first."""
        return (hashes >> np.uint64(64 - self._bits)).astype(np.int64)

    def _next(self, slots: Ints, hashes: NDArray[np.uint64]) -> Ints:
        """Where to look then: steps that differ from hash to hash make no long rows of taken slots."""
        return slots + (hashes & np.uint64(len(self._table) - 1)).astype(np.int64) * 2 + 1 & len(self._table) - 1


def _stretches(text: str) -> Iterator[str]:
    """The text, cut at line breaks into stretches of about _LONGEST_TEXT."""
    start = 0
    while (end := text.find("\n", start + _LONGEST_TEXT)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _hashes(points: NDArray[np.uint32], starts: Ints, ends: Ints) -> NDArray[np.uint64]:
    """Of each term: the difference of two sums over the whole text, brought down to where the term begins."""
    up, down = _powers((len(points) + 1).bit_length())
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum((points + np.uint64(1)) * up[: len(points)], out=sums[1:])
    hashes = (sums.take(ends) - sums.take(starts)) * down.take(starts)
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIXER
    return hashes


@lru_cache(maxsize=4)
def _powers(bits: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The first 2 ** bits powers of an odd number, and of its inverse, modulo 2 ** 64."""
    up, down = np.ones((2, 1 << bits), np.uint64)
    up[1:], down[1:] = MULTIPLIER, pow(MULTIPLIER, -1, 1 << 64)
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)
