"""Numbers in as few bits as most of them need; the few that need more lie apart, as exceptions.

A stream NAME of B bits is the array NAMEB, of bytes; where the number in it is the largest that B bits hold, the true
one is in NAMEB.odd, at the same place as its index is in NAMEB.odd_at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import AnyInts, Ints, starts_of
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter

EXCEPTION_BYTES = 16
PAIRED = (4, 12, 20)
"""Bits of numbers of which two share a byte."""


class StreamWriter:
    """Appends numbers to a stream. bits: 4, 8, 12, 16, 20, 24 or 32."""

    def __init__(self, file: SegmentFileWriter, name: str, bits: int) -> None:
        self._file = file
        self._name = f"{name}{bits}"
        self._bits = bits
        self._half: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.size = 0

    def append(self, values: AnyInts) -> None:
        """Add numbers from 0."""
        highest = (1 << self._bits) - 1
        odd = np.flatnonzero(values >= highest)
        if len(odd):
            self._file.append(f"{self._name}.odd_at", (odd + self.size).astype("<u8"))
            self._file.append(f"{self._name}.odd", values[odd].astype("<u8"))
        kept = np.minimum(values, highest) if len(odd) else values
        self.size += len(values)
        if self._bits in PAIRED:
            pairs = np.concatenate((self._half, kept.astype(np.uint32)))
            whole = len(pairs) // 2 * 2
            self._half = pairs[whole:]
            self._file.append(self._name, _packed(pairs[:whole], self._bits))
        elif self._bits == 24:
            self._file.append(self._name, kept.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3].ravel())
        else:
            self._file.append(self._name, kept.astype(f"<u{self._bits // 8}"))

    def finish(self) -> None:
        """Write what waited for its other half."""
        if len(self._half):
            self._file.append(self._name, _packed(np.append(self._half, np.uint32(0)), self._bits))


def _packed(pairs: NDArray[np.uint32], bits: int) -> NDArray[np.uint8]:
    """Two values of 4 bits in one byte, of 12 in three, or of 20 in five; the first one in the lower bits."""
    first, second = pairs[0::2], pairs[1::2]
    if bits == 4:
        return (first | second << 4).astype(np.uint8)
    half = bits // 8
    packed = np.empty((len(first), 2 * half + 1), np.uint8)
    for byte in range(half):
        packed[:, byte] = first >> 8 * byte & 0xFF
        packed[:, half + 1 + byte] = second >> 4 + 8 * byte & 0xFF
    packed[:, half] = first >> 8 * half | (second & 0xF) << 4
    return packed.ravel()


class StreamReader:
    """Reads stretches of a stream."""

    def __init__(self, file: SegmentFile, name: str, bits: int) -> None:
        self._file = file
        self._name = f"{name}{bits}"
        self._bits = bits
        self._has_odd = f"{self._name}.odd_at" in file

    def read(self, first: int, end: int) -> AnyInts:
        """The numbers from `first` to before `end`, in the type that they are kept in, or in int64."""
        if first == end:
            return np.zeros(0, np.int64)
        if self._bits in PAIRED:
            found = self._unpacked(first, end)
        elif self._bits == 24:
            padded = np.zeros((end - first, 4), np.uint8)
            padded[:, :3] = self._file.slice(self._name, 3 * first, 3 * end).reshape(-1, 3)
            found = padded.view("<u4").ravel()
        else:
            found = self._file.slice(self._name, first, end)
        if self._has_odd:
            odd_at = self._file.array(f"{self._name}.odd_at")
            low, high = odd_at.searchsorted(np.array((first, end), odd_at.dtype)).tolist()
            if low < high:
                found = found.astype(np.int64)
                found[odd_at[low:high].astype(np.int64) - first] = self._file.array(f"{self._name}.odd")[low:high]
        return found

    def at(self, places: Ints) -> AnyInts:
        """The numbers at any places, in any order."""
        found = self._file.at(self._name, places) if self._bits in (8, 16, 32) else self._bits_at(places)
        if self._has_odd:
            odd = np.flatnonzero(found == (1 << self._bits) - 1)
            if len(odd):
                place = self._file.array(f"{self._name}.odd_at").searchsorted(places.take(odd).astype(np.uint64))
                found = found.astype(np.int64)
                found[odd] = self._file.array(f"{self._name}.odd").take(place)
        return found

    def _bits_at(self, places: Ints) -> Ints:
        """Every width packs numbers from the lowest bit of a byte on, without a gap."""
        first, shift = np.divmod(places * self._bits, 8)
        found = np.zeros(len(places), np.int64)
        for byte in range(-(-self._bits // 8)):
            found |= self._file.at(self._name, first + byte).astype(np.int64) << 8 * byte
        return found >> shift & (1 << self._bits) - 1

    def _unpacked(self, first: int, end: int) -> AnyInts:
        packed = self._bytes(first, end)
        if self._bits == 4:
            values = np.empty((len(packed), 2), np.uint8)
            np.bitwise_and(packed, 0xF, out=values[:, 0])
            np.right_shift(packed, 4, out=values[:, 1])
        elif self._bits == 12:
            triples = packed.reshape(-1, 3).astype(np.uint16)
            values = np.empty((len(triples), 2), np.uint16)
            values[:, 0] = triples[:, 0] | (triples[:, 1] & 0xF) << 8
            values[:, 1] = triples[:, 1] >> 4 | triples[:, 2] << 4
        else:
            five = packed.reshape(-1, 5).astype(np.uint32)
            values = np.empty((len(five), 2), np.uint32)
            values[:, 0] = five[:, 0] | five[:, 1] << 8 | (five[:, 2] & 0xF) << 16
            values[:, 1] = five[:, 2] >> 4 | five[:, 3] << 4 | five[:, 4] << 12
        return values.ravel()[first % 2 : first % 2 + end - first]

    def _bytes(self, first: int, end: int) -> NDArray[np.uint8]:
        """Those that hold the pairs with these numbers."""
        width = self._bits * 2 // 8
        return self._file.slice(self._name, first // 2 * width, (end + 1) // 2 * width)


def cheapest(values: AnyInts, sizes: AnyInts, bits: Sequence[int]) -> Ints:
    """For each of several stretches of numbers: which of the widths takes the fewest bytes, exceptions included."""
    starts = starts_of(sizes)
    costs = []
    for width in bits:
        cost = sizes * (width / 8)
        if width < 32:
            # Sums up to each place are many times as fast as those of each stretch.
            odd = np.zeros(len(values) + 1, np.int32)
            np.cumsum(values >= (1 << width) - 1, out=odd[1:])
            before = odd.take(starts)
            cost += (before[1:] - before[:-1]) * EXCEPTION_BYTES
        costs.append(cost)
    chosen: Ints = np.argmin(costs, axis=0)
    return chosen
