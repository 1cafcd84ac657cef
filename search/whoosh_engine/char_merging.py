"""The characters of several segments and runs -> those of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.char_pairs import BLOCK, BLOCK_BITS, Bits, Chars, Pairs, blocks_of, united_pairs
from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.postings import AnyInts, Ints, append, read, spread, starts_of, stretches_of, sums_of

PIECE_PLACES = 1 << 19
"""Places that are merged at a time; with what is computed of them, about 50 bytes each."""

PairRange = tuple[np.uint64, np.uint64]
"""Keys: the first and the last one, both included."""

Keys = NDArray[np.uint64]
_KINDS = {"keys": "<u8", "counts": "<u4", "places": "<u4", "begins": "<u8", "borders": "<u8"}


class CharSource(Protocol):
    """What merging reads of a segment, or of the runs of a batch."""

    @property
    def deleted(self) -> Ints:
        """Documents that are no longer there, ascending."""

    @property
    def facts(self) -> DocumentFacts:
        """Of every document."""

    def char_pairs(self) -> tuple[Keys, Ints]:
        """Every pair, and how many places it has."""

    def char_places(self, ranges: Sequence[PairRange], each: Callable[..., Iterator[Any]]) -> Iterator[Pairs]:
        """The pairs of each range. each: as `map`."""

    def char_bits(self) -> Iterator[Bits]:
        """Those of all blocks, in pieces."""


# ---- runs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CharsOfRun:
    """The file with the characters of a run. at: array -> (first byte, how many). blocks: of the line."""

    path: Path
    blocks: int
    at: dict[str, tuple[int, int]]

    def read(self, name: str, first: int = 0, end: int | None = None) -> AnyInts:
        """The array, or a stretch of it."""
        offset, size = self.at[name]
        count = (size if end is None else end) - first
        return read(self.path, _KINDS[name], count, offset + first * np.dtype(_KINDS[name]).itemsize)

    def bits(self) -> Bits:
        """Of all blocks."""
        return Bits(self.read("begins"), self.read("borders"))


def write_chars(path: Path, pairs: Pairs, bits: Bits) -> CharsOfRun:
    """Put them into a file. Nothing but where they lie is kept in memory."""
    at: dict[str, tuple[int, int]] = {}
    arrays: dict[str, AnyInts] = {
        "keys": pairs.keys, "counts": pairs.counts, "places": pairs.places, "begins": bits.begins,
        "borders": bits.borders,
    }
    with path.open("wb") as handle:
        for name, values in arrays.items():
            at[name] = (handle.tell(), len(values))
            append(handle, values.astype(_KINDS[name]))
    return CharsOfRun(path, len(bits.begins), at)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Consecutive pairs of one run, not read yet: their numbers and places, (first, end). base: to add to places."""

    run: CharsOfRun
    pairs: tuple[int, int]
    places: tuple[int, int]
    base: int


@dataclass(frozen=True, slots=True)
class CharStretches:
    """The pairs of one range of keys, of all runs, not read yet. It can be sent to another process."""

    of_runs: tuple[_Stretch, ...]

    def joined(self) -> Pairs:
        """All of them, the places of the first run first, then those of the second …"""
        runs = self.of_runs
        end = max((one.base + (one.run.blocks << BLOCK_BITS) for one in runs), default=0)
        kind = np.dtype(np.uint32 if end < 1 << 32 else np.int64)
        places = [one.run.read("places", *one.places).astype(kind) + kind.type(one.base) for one in runs]
        keys = [one.run.read("keys", *one.pairs) for one in runs]
        counts = [one.run.read("counts", *one.pairs).astype(np.int64) for one in runs]
        return joined([Pairs(*one) for one in zip(keys, counts, places, strict=True)])


def stretches(runs: Sequence[CharsOfRun], ranges: Sequence[PairRange]) -> list[CharStretches]:
    """Where the pairs of each range lie in runs that follow each other."""
    found: list[list[_Stretch]] = [[] for _ in ranges]
    base = 0
    for run in runs:
        keys, starts = run.read("keys"), starts_of(run.read("counts"))
        for number, (first, last) in enumerate(ranges):
            begin, end = int(keys.searchsorted(first)), int(keys.searchsorted(last, side="right"))
            if begin < end:
                found[number].append(_Stretch(run, (begin, end), (int(starts[begin]), int(starts[end])), base))
        base += run.blocks << BLOCK_BITS
    return [CharStretches(tuple(several)) for several in found]


# ---- merging ------------------------------------------------------------------------------------


def merged_chars(
    sources: Sequence[CharSource], kept: Sequence[Ints], each: Callable[..., Iterator[Any]]
) -> Chars:
    """kept: the documents of each source that go on. each: as `map`, see `merging.merge`."""
    blocks = [_kept_blocks(source, docs) for source, docs in zip(sources, kept, strict=True)]
    return Chars(_merged_pairs(sources, blocks, each), _merged_bits(sources, blocks))


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Of one source. size: how many there are. kept: which of them go on, ascending; None for all."""

    size: int
    kept: Ints | None

    def __len__(self) -> int:
        return self.size if self.kept is None else len(self.kept)


def _kept_blocks(source: CharSource, docs: Ints) -> _Blocks:
    parts = source.facts.parts
    blocks = blocks_of(parts.chars)
    size = int(blocks.sum())
    if not len(source.deleted):
        return _Blocks(size, None)
    which = parts.numbers_of(docs)
    return _Blocks(size, spread(starts_of(blocks).take(which), blocks.take(which)))


def _merged_bits(sources: Sequence[CharSource], blocks: Sequence[_Blocks]) -> Iterator[Bits]:
    for source, own in zip(sources, blocks, strict=True):
        first = 0
        for bits in source.char_bits():
            end = first + len(bits.begins)
            if own.kept is None:
                yield bits
            else:
                low, high = own.kept.searchsorted((first, end)).tolist()
                yield bits.take(own.kept[low:high] - first)
            first = end


def _merged_pairs(
    sources: Sequence[CharSource], blocks: Sequence[_Blocks], each: Callable[..., Iterator[Any]]
) -> Iterator[Pairs]:
    keys, counts = united_pairs(source.char_pairs() for source in sources)
    ranges = [(keys[first], keys[end - 1]) for first, end in stretches_of(counts, PIECE_PLACES)]
    bases = starts_of([len(own) for own in blocks]) << BLOCK_BITS
    several = [
        _renumbered(source.char_places(ranges, each), own, base)
        for source, own, base in zip(sources, blocks, bases.tolist(), strict=False)
    ]
    for found in zip(*several, strict=True):
        yield joined(found)


def _renumbered(pieces: Iterable[Pairs], blocks: _Blocks, base: int) -> Iterator[Pairs]:
    """The places as the merged segment has them. base: where those of this source begin there."""
    if blocks.kept is None:
        for piece in pieces:
            yield Pairs(piece.keys, piece.counts, piece.places.astype(np.int64) + base) if base else piece
        return
    block_of = np.full(blocks.size, -1, np.int64)
    block_of[blocks.kept] = np.arange(len(blocks.kept))
    for piece in pieces:
        block = block_of.take(piece.places >> BLOCK_BITS)
        live = block >= 0
        counts = sums_of(live, piece.counts)
        places = ((block << BLOCK_BITS) + (piece.places & BLOCK - 1))[live] + base
        yield Pairs(piece.keys[counts > 0], counts[counts > 0], places)


def joined(several: Sequence[Pairs]) -> Pairs:
    """The places of each pair, those of the first one's first, then of the second …"""
    several = [one for one in several if len(one.keys)]
    if len(several) == 1:
        return several[0]
    if not several:
        return Pairs(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    keys = np.concatenate([one.keys for one in several])
    sizes = np.concatenate([one.counts for one in several])
    places = np.concatenate([one.places for one in several])
    # By key, then by source, as the sort is stable; it is fast, as each source's keys ascend.
    order = np.argsort(keys, kind="stable")
    keys, starts, sizes = keys.take(order), starts_of(sizes)[:-1].take(order), sizes.take(order)
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return Pairs(keys.take(begins), np.add.reduceat(sizes, begins), places.take(spread(starts, sizes)))
