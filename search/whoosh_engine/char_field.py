"""The pairs of characters of a segment, as its file has them (see `char_pairs`).

    chars.alphabet      END and the characters that occur, ascending
    chars.pair_ends     per character: how many pairs begin with it or with one before it
    chars.seconds       per pair, its second character, as a place in the alphabet
    chars.counts8       a stream: the places of each pair
    chars.form          per pair, in how many bits its places are kept, as an index into WIDTHS
    chars.places8 …     streams of places, as distances from the one before
    chars.skips         for every 64th pair, where its places begin in each of the streams
    chars.begins, chars.borders     see `char_pairs.Bits`

A pair takes some five bytes beside its places, and a place a little more than two: as news has about 14 bits of
information in two characters, less than 16 bits a place is not to be had.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.char_pairs import BLOCK, BLOCK_BITS, CHARACTERS, FIRST_BITS, Bits, Pairs, Words
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, starts_of
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter
from search.whoosh_engine.streams import StreamReader, StreamWriter

WIDTHS = (8, 12, 16, 20, 24, 32)
SKIP_PAIRS = 64
MEANS_KEPT = 4
"""Distances up to so many times the mean fit into the width of a pair, the others are exceptions."""

_LOW = (1 << FIRST_BITS) - 1


class CharWriter:
    """Packs pairs, which come in pieces of consecutive keys, and the bits of blocks."""

    def __init__(self, file: SegmentFileWriter) -> None:
        self._file = file
        self._streams = [StreamWriter(file, "chars.places", width) for width in WIDTHS]
        self._counts = StreamWriter(file, "chars.counts", 8)
        self._keys: list[NDArray[np.uint64]] = []
        self._pairs = 0

    def append(self, pairs: Pairs) -> None:
        """Add the next pairs."""
        if not len(pairs.keys):
            return
        counts = pairs.counts.astype(np.int64)
        first = starts_of(counts)[:-1]
        kind = np.uint32 if int(pairs.places.max()) <= _LOW else np.int64
        places = pairs.places.astype(kind, copy=False)
        distances = np.empty(len(places), kind)
        np.subtract(places[1:], places[:-1], out=distances[1:])
        distances[first] = places.take(first)
        chosen = _widths(places.take(first + counts - 1), counts)
        self._put_skips(chosen, counts)
        of_place = np.repeat(chosen, counts)
        for number, stream in enumerate(self._streams):
            here = np.flatnonzero(of_place == number)
            if len(here):
                stream.append(distances.take(here))
        self._counts.append(counts)
        self._file.append("chars.form", chosen)
        self._keys.append(pairs.keys)
        self._pairs += len(counts)

    def _put_skips(self, chosen: NDArray[np.uint8], counts: Ints) -> None:
        sizes = np.zeros((len(counts), len(WIDTHS)), np.int64)
        sizes[np.arange(len(counts)), chosen] = counts
        at = np.cumsum(sizes, axis=0) - sizes + np.array([stream.size for stream in self._streams])
        self._file.append("chars.skips", at[-self._pairs % SKIP_PAIRS :: SKIP_PAIRS].astype("<u8").ravel())

    def put_bits(self, bits: Bits) -> None:
        """Add those of the next blocks."""
        self._file.append("chars.begins", bits.begins.astype("<u8"))
        self._file.append("chars.borders", bits.borders.astype("<u8"))

    def finish(self) -> None:
        """Write what is known once all pairs have come."""
        for stream in (*self._streams, self._counts):
            stream.finish()
        keys = np.concatenate([np.zeros(0, np.uint64), *self._keys])
        firsts, seconds = (keys >> np.uint64(FIRST_BITS)).astype("<u4"), (keys & np.uint64(_LOW)).astype("<u4")
        is_there = np.zeros(CHARACTERS, np.bool_)
        is_there[firsts] = is_there[seconds] = True
        alphabet = np.flatnonzero(is_there).astype("<u4")
        self._file.append("chars.alphabet", alphabet)
        self._file.append("chars.pair_ends", firsts.searchsorted(alphabet, side="right").astype("<u4"))
        kind = "<u2" if len(alphabet) <= 1 << 16 else "<u4"
        self._file.append("chars.seconds", alphabet.searchsorted(seconds).astype(kind))


def _widths(last: AnyInts, counts: Ints) -> NDArray[np.uint8]:
    """For each pair, from its last place and how many it has, an index into WIDTHS.

    By the mean distance, as counting the exceptions of each width takes half as long as all else here: so places
    take one in a hundred bytes more (wikinews-ja and newscope-intl; 0.4 % where articles come in no order).
    """
    likely = (last.astype(np.float64) + 2) / counts * np.where(counts > 1, MEANS_KEPT, 1)
    return np.searchsorted(1 << np.array(WIDTHS[:-1]), likely).astype(np.uint8)


class CharReader:
    """The characters of one segment. Pairs are known by their place in the order of keys, from 0."""

    def __init__(self, file: SegmentFile) -> None:
        self._file = file
        self._streams = [StreamReader(file, "chars.places", width) for width in WIDTHS]
        self._counts = StreamReader(file, "chars.counts", 8)
        self.pairs = file.size("chars.form")
        self.blocks = file.size("chars.begins")

    # ---- pairs ----

    def beginning_with(self, character: str) -> tuple[int, int]:
        """The pairs that begin with this character: first, end excluded."""
        number = self._number(character)
        if number is None:
            return 0, 0
        ends = self._file.array("chars.pair_ends")
        return int(ends[number - 1]) if number else 0, int(ends[number])

    def pair(self, first: str, second: str) -> int | None:
        """The pair of two characters; None if they never stand next to each other."""
        wanted = self._number(second)
        if wanted is None:
            return None
        begin, end = self.beginning_with(first)
        seconds = self._file.array("chars.seconds")[begin:end]
        at = int(seconds.searchsorted(seconds.dtype.type(wanted)))
        return begin + at if at < len(seconds) and int(seconds[at]) == wanted else None

    def _number(self, character: str) -> int | None:
        alphabet = self._file.array("chars.alphabet")
        wanted = ord(character) + 1
        at = int(alphabet.searchsorted(np.uint32(wanted)))
        return at if at < len(alphabet) and int(alphabet[at]) == wanted else None

    def keys(self) -> NDArray[np.uint64]:
        """Every pair, as `char_pairs` has them."""
        if not self.pairs:
            return np.zeros(0, np.uint64)
        alphabet = self._file.array("chars.alphabet").astype(np.uint64)
        ends = self._file.array("chars.pair_ends").astype(np.int64)
        firsts = alphabet.repeat(ends - np.append(0, ends[:-1]))
        return firsts << np.uint64(FIRST_BITS) | alphabet.take(self._file.array("chars.seconds"))

    def counts(self, first: int, end: int) -> Ints:
        """The places of each of the pairs from `first` to before `end`."""
        return self._counts.read(first, end).astype(np.int64)

    def places(self, first: int, end: int) -> Ints:
        """Those of the pairs from `first` to before `end`: of each pair ascending, one pair after another."""
        if first >= end:
            return NOTHING
        skip, passed = divmod(first, SKIP_PAIRS)
        forms = self._file.array("chars.form")[first - passed : end]
        counts = self.counts(first - passed, end)
        starts = self._file.array("chars.skips")[skip * len(WIDTHS) : (skip + 1) * len(WIDTHS)].astype(np.int64)
        if passed:
            starts += np.bincount(forms[:passed], counts[:passed], len(WIDTHS)).astype(np.int64)
        return self._undone(forms[passed:], counts[passed:], starts.tolist())

    def _undone(self, forms: AnyInts, counts: Ints, starts: list[int]) -> Ints:
        """Distances -> places. starts: where the first pair begins in each of the streams."""
        if len(forms) == 1:
            form, start = int(forms[0]), starts[int(forms[0])]
            return np.cumsum(self._streams[form].read(start, start + int(counts[0])), dtype=np.int64)
        of_place = np.repeat(forms, counts)
        sums = np.empty(len(of_place), np.int64)
        for number, stream in enumerate(self._streams):
            here = np.flatnonzero(of_place == number)
            if len(here):
                sums[here] = stream.read(starts[number], starts[number] + len(here))
        np.cumsum(sums, out=sums)
        begins = starts_of(counts)[:-1]
        before = np.zeros(len(counts), np.int64)
        before[1:] = sums.take(begins[1:] - 1)
        sums -= np.repeat(before, counts)
        return sums

    # ---- places ----

    @property
    def bits(self) -> Bits:
        """Of all blocks."""
        if not self.blocks:
            return Bits(np.zeros(0, np.uint64), np.zeros(0, np.uint64))
        return Bits(self._file.array("chars.begins"), self._file.array("chars.borders"))

    def is_border(self, places: Ints) -> NDArray[np.bool_]:
        """Whether no token covers both the place and the one before it."""
        return _is_set(self._file.array("chars.borders"), places)

    def token_in_part(self, places: Ints, first_blocks: Ints) -> Ints:
        """The number, in its part, of the last token that begins at or before each place; 0 where none does.

        first_blocks: of each place's part.
        """
        blocks = places >> BLOCK_BITS
        until = np.uint64((1 << BLOCK) - 1) >> (BLOCK - 1 - (places & BLOCK - 1)).astype(np.uint64)
        here = np.bitwise_count(self._file.array("chars.begins").take(blocks) & until)
        before = self._tokens_before
        found: Ints = np.maximum(before.take(blocks).astype(np.int64) - before.take(first_blocks) + here - 1, 0)
        return found

    @cached_property
    def _tokens_before(self) -> NDArray[np.uint32]:
        """Of each block: how many tokens begin in those before it, but for a multiple of 2³²."""
        counts = np.bitwise_count(self._file.array("chars.begins"))
        return np.cumsum(counts, dtype=np.uint32) - counts


def _is_set(words: Words, places: Ints) -> NDArray[np.bool_]:
    found = words.take(places >> BLOCK_BITS) >> (places & BLOCK - 1).astype(np.uint64)
    return (found & np.uint64(1)).astype(np.bool_)


