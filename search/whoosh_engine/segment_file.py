"""One file of named numpy arrays, with a checksum for every block: what a segment lies in.

    "KIJISEG1" | array | array | … | checksums of the blocks, uint32 | footer, msgpack | length and CRC-32 of the footer

Arrays begin at multiples of 64 bytes. The footer says where each lies. Opening reads the footer only; a block of
64 KiB is compared with its checksum when one of its bytes is first used, so that damage is never taken for an
answer, and a large index still opens at once.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import msgpack
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Ints = NDArray[np.int64]

MAGIC = b"KIJISEG1"
BLOCK_BYTES = 1 << 16
ALIGN_BYTES = 64
SPOOL_BYTES = 8 << 20
"""An array that grows past this while a segment is written waits in a temporary file."""

_TAIL = struct.Struct("<II")


class SegmentFileWriter:
    """Collects arrays, each in as many pieces as it comes in, and writes them as one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spools: dict[str, tuple[str, tempfile.SpooledTemporaryFile[bytes]]] = {}

    def append(self, name: str, piece: Array) -> None:
        """Add a piece to the end of the array; all pieces have one type, little-endian."""
        if name not in self._spools:
            fresh = tempfile.SpooledTemporaryFile(SPOOL_BYTES, dir=str(self._path.parent))  # noqa: SIM115
            self._spools[name] = (piece.dtype.str, fresh)
        kind, spool = self._spools[name]
        if kind != piece.dtype.str:
            raise TypeError(f"{name} has type {kind}, not {piece.dtype.str}")
        spool.write(np.ascontiguousarray(piece).data.cast("B"))

    def finish(self, facts: dict[str, Any]) -> None:
        """Write the file; facts: what the footer keeps beside the arrays."""
        with self._path.open("wb") as handle:
            blocks = _BlockWriter(handle)
            blocks.write(MAGIC)
            arrays: dict[str, tuple[str, int, int]] = {}
            for name, (kind, spool) in self._spools.items():
                blocks.align()
                start = blocks.at
                spool.seek(0)
                while piece := spool.read(1 << 20):
                    blocks.write(piece)
                spool.close()
                arrays[name] = (kind, start, (blocks.at - start) // np.dtype(kind).itemsize)
            sums = blocks.finish()
            handle.write(sums.tobytes())
            footer = msgpack.packb({"arrays": arrays, "bytes": blocks.at, "facts": facts})
            checksum = zlib.crc32(footer, zlib.crc32(sums.tobytes()))
            handle.write(footer + _TAIL.pack(len(footer), checksum))


class _BlockWriter:
    """Writes bytes, and keeps the CRC-32 of each block."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self._open = 0
        self._sums: list[int] = []
        self.at = 0

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            taken = view[: BLOCK_BYTES - self.at % BLOCK_BYTES]
            self._open = zlib.crc32(taken, self._open)
            self.at += len(taken)
            view = view[len(taken) :]
            if self.at % BLOCK_BYTES == 0:
                self._close_block()
        self._handle.write(data)

    def align(self) -> None:
        self.write(bytes(-self.at % ALIGN_BYTES))

    def finish(self) -> NDArray[np.uint32]:
        if self.at % BLOCK_BYTES:
            self._close_block()
        return np.array(self._sums, np.uint32)

    def _close_block(self) -> None:
        self._sums.append(self._open)
        self._open = 0


class SegmentFile:
    """The arrays of one file, mapped into memory.

    damaged: makes the error to raise, from what is wrong. Raises that for a footer that is not as it was written.
    """

    def __init__(self, path: Path, damaged: Callable[[str], Exception]) -> None:
        self._damaged = damaged
        self._name = path.name
        with path.open("rb") as handle:
            self._map = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        footer, self._sums = self._read_footer()
        self._arrays: dict[str, tuple[str, int, int]] = footer["arrays"]
        self._data_bytes: int = footer["bytes"]
        self.facts: dict[str, Any] = footer["facts"]
        self._is_checked = bytearray(len(self._sums))
        self._whole: dict[str, Array] = {}

    def _read_footer(self) -> tuple[dict[str, Any], NDArray[np.uint32]]:
        size = len(self._map)
        try:
            length, checksum = _TAIL.unpack(self._map[-_TAIL.size :])
            footer = self._map[size - _TAIL.size - length : size - _TAIL.size]
            read = msgpack.unpackb(footer)
            sums = self._map[read["bytes"] : size - _TAIL.size - length]
            if zlib.crc32(footer, zlib.crc32(sums)) != checksum:
                raise ValueError("its footer is not as it was written")
            return read, np.frombuffer(sums, np.uint32)
        except Exception as error:  # msgpack raises many kinds for bytes that are not its own
            raise self._damaged(f"{self._name} cannot be read ({error})") from error

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def size(self, name: str) -> int:
        """How many items the array has; 0 for one that was never written."""
        return self._arrays[name][2] if name in self._arrays else 0

    def array_bytes(self) -> dict[str, int]:
        """Array -> its size."""
        return {name: count * np.dtype(kind).itemsize for name, (kind, _, count) in self._arrays.items()}

    def array(self, name: str) -> Array:
        """The whole array, every block of it checked."""
        if name not in self._whole:
            self._whole[name] = self.slice(name, 0, self.size(name))
        return self._whole[name]

    def slice(self, name: str, first: int, end: int) -> Array:
        """A stretch of the array, its blocks checked; a view on the file, not a copy."""
        kind, start, _ = self._arrays[name]
        width = np.dtype(kind).itemsize
        self._check(start + first * width, start + end * width)
        return np.frombuffer(self._map, kind, end - first, start + first * width)

    def at(self, name: str, places: Ints) -> Array:
        """Items of the array, their blocks checked; a copy."""
        kind, start, count = self._arrays[name]
        width = np.dtype(kind).itemsize
        # An item lies in one block: arrays begin at multiples of their items' size.
        blocks = (places * width + start) // BLOCK_BYTES
        is_checked = np.frombuffer(self._is_checked, np.uint8)
        for block in set(blocks[is_checked.take(blocks) == 0].tolist()):
            self._check(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)
        return np.frombuffer(self._map, kind, count, start).take(places)

    def _check(self, start: int, end: int) -> None:
        first, last = start // BLOCK_BYTES, -(-end // BLOCK_BYTES)
        at = self._is_checked.find(0, first, last)
        while at >= 0:
            block = memoryview(self._map)[at * BLOCK_BYTES : min((at + 1) * BLOCK_BYTES, self._data_bytes)]
            if zlib.crc32(block) != self._sums[at]:
                raise self._damaged(f"{self._name} has other content than was written, near byte {at * BLOCK_BYTES}")
            self._is_checked[at] = 1
            at = self._is_checked.find(0, at + 1, last)

    def check_all(self) -> None:
        """Compare every block with its checksum, whatever was checked before."""
        self._is_checked = bytearray(len(self._sums))
        self._check(0, self._data_bytes)
