"""Stored characters turned inside out: every two that stand next to each other, and where.

The parts of all documents are laid on one line of characters, on which each begins a block of 64 places, with at
least one empty place after it. So a place is one number that says part and offset, nothing reaches over the border of
a part, and what is known of a part is found by block. The last character of a part makes a pair with END.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import AnyInts, Ints, spread, starts_of

BLOCK_BITS = 6
BLOCK = 1 << BLOCK_BITS
"""Places of a block: the bits of one number that says something of each."""

END = 0
"""What stands after the last character of a part. A character is its code point plus 1, so that none is END."""

FIRST_BITS = 32
"""A pair is one number: the first character << 32 | the second."""

CHARACTERS = 0x110000 + 1
"""With END."""
_WIDEST = 63

Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some pairs. keys: ascending. counts: places of each. places: of each pair ascending, one pair after another."""

    keys: NDArray[np.uint64]
    counts: Ints
    places: AnyInts


@dataclass(frozen=True, slots=True)
class Chars:
    """The characters of a segment. pairs: in pieces of consecutive keys. bits: in pieces of consecutive blocks."""

    pairs: Iterable[Pairs]
    bits: Iterable[Bits]


@dataclass(frozen=True, slots=True)
class Bits:
    """A bit for each place, a number for each block, the lowest bit first.

    begins: a token begins there. borders: no token covers both this place and the one before it.
    """

    begins: Words
    borders: Words

    def take(self, blocks: Ints) -> Bits:
        """Those of these blocks alone."""
        return Bits(self.begins.take(blocks), self.borders.take(blocks))


def blocks_of(chars: AnyInts) -> Ints:
    """How many blocks parts of so many characters take."""
    return chars.astype(np.int64) // BLOCK + 1


def key_of(first: str, second: str) -> int:
    """The pair of two characters."""
    return ord(first) + 1 << FIRST_BITS | ord(second) + 1


def pairs_of(points: AnyInts, chars: Ints) -> Pairs:
    """Every pair of some parts. points: the code points of all of them. chars: how many each part has."""
    if not len(points):
        return Pairs(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    ends = np.cumsum(chars)
    starts = starts_of(blocks_of(chars)) << BLOCK_BITS
    # Characters are numbered as they occur: so a pair and its place together fit into one number, to sort by.
    alphabet, pair = _numbered(points)
    bits = int(len(alphabet) - 1).bit_length()
    place_bits = int(starts[-1]).bit_length()
    followers = np.empty_like(pair)
    followers[:-1] = pair[1:]
    followers[ends[chars > 0] - 1] = 0
    pair <<= bits
    pair |= followers
    del followers
    known = None
    if 2 * bits + place_bits > _WIDEST:
        known, pair = np.unique(pair, return_inverse=True)
    pair <<= place_bits
    pair += np.arange(len(points))
    pair += np.repeat(starts[:-1] - (ends - chars), chars)
    pair.sort()
    places = pair & (1 << place_bits) - 1
    pair >>= place_bits
    is_new = np.ones(len(pair), np.bool_)
    np.not_equal(pair[1:], pair[:-1], out=is_new[1:])
    begins = np.flatnonzero(is_new)
    found = pair.take(begins) if known is None else known
    keys = alphabet.take(found >> bits) << np.uint64(FIRST_BITS) | alphabet.take(found & (1 << bits) - 1)
    return Pairs(keys, np.diff(begins, append=len(pair)), places)


def _numbered(points: AnyInts) -> tuple[NDArray[np.uint64], Ints]:
    """(END and the characters that occur, ascending; the place of each point's character among these)."""
    characters = points.astype(np.int64)
    characters += 1
    table = np.zeros(CHARACTERS, np.int64)
    table[characters] = 1
    table[END] = 1
    alphabet = np.flatnonzero(table)
    table[alphabet] = np.arange(len(alphabet))
    return alphabet.astype(np.uint64), table.take(characters)


def bits_of(chars: Ints, tokens: Ints, starts: AnyInts, ends: AnyInts) -> Bits:
    """chars, tokens: how many each part has. starts, ends: of each token, in code points of its part; ascending."""
    part_starts = starts_of(blocks_of(chars)) << BLOCK_BITS
    size = int(part_starts[-1])
    first = np.repeat(part_starts[:-1], tokens)
    begin, end = first + starts, first
    end += ends
    flags = np.zeros(size, np.bool_)
    flags[np.minimum(begin, size - 1)] = True
    begins = _packed(flags)
    # What no token covers lies before the first, between two, or after the last, with the place after the part.
    of_part = starts_of(tokens)
    before = np.empty_like(end)
    before[1:] = end[:-1]
    has_tokens = np.flatnonzero(tokens)
    before[of_part.take(has_tokens)] = part_starts.take(has_tokens)
    last = part_starts[:-1].copy()
    last[has_tokens] = end.take(of_part.take(has_tokens + 1) - 1)
    between = np.flatnonzero(begin > before)
    gaps = np.concatenate((before.take(between), last))
    after = np.concatenate((begin.take(between), part_starts[:-1] + chars + 1))
    flags[np.minimum(spread(gaps, np.maximum(after - gaps, 0)), size - 1)] = True
    return Bits(begins, _packed(flags))


def _packed(flags: NDArray[np.bool_]) -> Words:
    return np.packbits(flags, bitorder="little").view("<u8")


def united_pairs(several: Iterable[tuple[NDArray[np.uint64], AnyInts]]) -> tuple[NDArray[np.uint64], Ints]:
    """(keys, counts) of all of these, each with ascending keys: every key once, its counts summed up."""
    keys, counts = np.zeros(0, np.uint64), np.zeros(0, np.int64)
    for own, own_counts in several:
        if not len(keys):
            keys, counts = own.astype(np.uint64), own_counts.astype(np.int64)
            continue
        at = keys.searchsorted(own)
        is_known = keys.take(at, mode="clip") == own
        counts[at[is_known]] += own_counts[is_known]
        fresh = np.flatnonzero(~is_known)
        keys = np.insert(keys, at.take(fresh), own.take(fresh))
        counts = np.insert(counts, at.take(fresh), own_counts.take(fresh))
    return keys, counts
