"""Packed streams as what is in them, counted while they are read: gzip, bzip2, xz, Zstandard, and those of ZIP."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import zstandard

from indexer.formats.source import MIB, Source, Unreadable
from indexer.formats.spooling import (
    COPY_BYTES,
    MAX_RATIO,
    RATIO_COUNTS_FROM_BYTES,
    BrokenStream,
    Budget,
    budget_of,
)

# What `xz -9` (65 MiB) and `zstd --ultra --long` (2^27 bytes) ask of whoever unpacks; more is asked only to harm.
MAX_UNPACKER_BYTES = 128 * MIB

# One read. Small, because what follows a stream in it is copied for each of many short streams.
PACKED_READ_BYTES = 16_384
# Zstandard's library unpacks all it is given at once, four bytes to 128 KiB at the worst.
ZSTANDARD_READ_BYTES = 256
# Streams without content in a row, of which gzip files that were put together have a few.
MAX_EMPTY_STREAMS = 1_000

MAGIC = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00", "Zstandard": b"\x28\xb5\x2f\xfd"}


def compression(head: bytes) -> str | None:
    """How a file that begins so is packed: a key of MAGIC."""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), None)


def unpacked(packed: BinaryIO, how: str, packed_bytes: int, budget: Budget) -> io.BufferedReader[Any]:
    """What is packed in the stream, counted while it is read.

    how: a key of MAGIC, or "deflate" for the bare stream of ZIP and "zlib" for the one of HTTP.
    packed_bytes: how many bytes `packed` has; more than MAX_RATIO times as many are not read.
    The reader raises BrokenStream and Exhausted.
    """
    return io.BufferedReader(Unpacked(packed, how, packed_bytes, budget), COPY_BYTES)


def content(source: Source, budget: Budget) -> BinaryIO:
    """What the file holds from its first byte on, unpacked while it is read if it is packed."""
    source.file.seek(0)
    how = compression(source.head)
    return unpacked(source.file, how, source.size, budget) if how else source.file


def first_bytes(source: Source, count: int) -> bytes:
    """How the file begins, once unpacked; nothing where it is damaged. The file is left at its first byte."""
    if compression(source.head) is None:
        return source.head[:count]
    try:
        return content(source, budget_of(source)).read(count)
    except Unreadable:
        return b""
    finally:
        source.file.seek(0)


class Unpacked(io.RawIOBase):
    """A packed stream as what is in it.

    followed: something else stands behind it in the file. unused_bytes: so many were read of that already.
    """

    def __init__(self, packed: BinaryIO, how: str, packed_bytes: int, budget: Budget) -> None:
        self._left = max(RATIO_COUNTS_FROM_BYTES, MAX_RATIO * packed_bytes)
        self._budget = budget
        self._how = how
        self._streams = _Streams(packed, how)

    @property
    def followed(self) -> bool:
        return self._streams.followed

    @property
    def unused_bytes(self) -> int:
        return len(self._streams.unused)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._streams.read(len(buffer))
        except (EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError, MemoryError) as error:
            raise BrokenStream(_why_broken(error, self._how)) from None
        self._left -= len(data)
        if self._left < 0:
            raise BrokenStream(f"unpacks to over {MAX_RATIO} times its size; a trap, not text")
        self._budget.take_bytes(len(data))
        buffer[: len(data)] = data
        return len(data)


def _why_broken(error: Exception, how: str) -> str:
    if isinstance(error, EOFError):
        return f"breaks off in the middle of its {how} data"
    if isinstance(error, MemoryError) or "emory" in str(error):
        return f"needs more than {MAX_UNPACKER_BYTES // MIB} MiB of memory to unpack; a trap, not text"
    return f"damaged {how} data"


class _Unpacker(Protocol):
    """What bz2 and lzma offer for one stream."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Zlib:
    """zlib's own, with the manners of those two."""

    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        # A full answer may have left more inside.
        self.needs_input = not self._inner.unconsumed_tail and len(out) < max_length
        return out


class _Zstandard:
    """Zstandard's, with the same manners; what a few packed bytes unpack to is kept until it is asked for."""

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=MAX_UNPACKER_BYTES).decompressobj()
        self._packed = b""
        self._out = io.BytesIO()
        self._left = 0

    @property
    def eof(self) -> bool:
        return self._inner.eof and not self._left

    @property
    def needs_input(self) -> bool:
        return not self._packed and not self._left

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._packed

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        self._packed += data
        if not self._left:
            piece, self._packed = self._packed[:ZSTANDARD_READ_BYTES], self._packed[ZSTANDARD_READ_BYTES:]
            unpacked = self._inner.decompress(piece)
            self._out, self._left = io.BytesIO(unpacked), len(unpacked)
        out = self._out.read(max_length)
        self._left -= len(out)
        return out


UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "gzip": lambda: _Zlib(16 + zlib.MAX_WBITS),
    "zlib": lambda: _Zlib(zlib.MAX_WBITS),
    "deflate": lambda: _Zlib(-zlib.MAX_WBITS),
    "bzip2": bz2.BZ2Decompressor,
    "Zstandard": _Zstandard,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_UNPACKER_BYTES),
}


class _Streams:
    """One packed stream after the other, as `cat a.gz b.gz` puts them; zero bytes behind them are padding.

    unused: what was read of the file and belongs to no stream.
    """

    def __init__(self, packed: BinaryIO, how: str) -> None:
        self._packed = packed
        self._new = UNPACKERS[how]
        self._magic = MAGIC.get(how)
        self._unpacker = self._new()
        self.unused = b""
        self.followed = False
        self._empty = 0

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end. Raises EOFError where the file ends first."""
        while True:
            if self._unpacker.eof and not self._next_stream():
                return b""
            packed = b""
            if self._unpacker.needs_input:
                packed = self.unused or self._packed.read(PACKED_READ_BYTES)
                self.unused = b""
                if not packed:
                    raise EOFError
            data = self._unpacker.decompress(packed, size)
            if data:
                self._empty = 0
                return data

    def _next_stream(self) -> bool:
        if self.followed:
            return False
        self.unused = self.unused or self._unpacker.unused_data
        if self._magic is None:
            return False
        while not (rest := self.unused.lstrip(b"\x00")):
            self.unused = self._packed.read(PACKED_READ_BYTES)
            if not self.unused:
                return False
        self.unused = rest + self._packed.read(len(self._magic)) if len(rest) < len(self._magic) else rest
        self._empty += 1
        self.followed = not self.unused.startswith(self._magic)
        if self._empty > MAX_EMPTY_STREAMS:
            raise OSError("nothing but empty streams")
        if not self.followed:
            self._unpacker = self._new()
        return not self.followed
