"""Unpacking within bounds: streams that are counted as they are unpacked, and temporary files to seek in.

No size that a file declares is believed. Nothing is written under a name that stands in an archive: what is
unpacked goes to memory, and from SPOOLED_IN_MEMORY_BYTES on to a file without a name.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from typing import BinaryIO, cast

from indexer.finding import plain
from indexer.formats.source import MIB, Facts, Source, Unreadable

# Japanese text packs to a third or a tenth, lists with much repetition to a thirtieth; zeros to a thousandth.
MAX_RATIO = 100
# Below this a bomb does no harm, and small files of one repeated line stay readable.
RATIO_COUNTS_FROM_BYTES = 64 * MIB

# Over all the files in one file, each of which is within MAX_RATIO: twice that ratio, since a file in a file
# is unpacked twice; and four members at the limit above.
MAX_TOTAL_RATIO = 2 * MAX_RATIO
TOTAL_COUNTS_FROM_BYTES = 4 * RATIO_COUNTS_FROM_BYTES

# A newspaper prints about as many articles in a year; an archive of more is better added as a directory.
MAX_MEMBERS = 100_000

# On disk, for each of at most MAX_DEPTH files in one another: a century of one newspaper as one list.
MAX_SPOOLED_BYTES = 10 * 1024 * MIB
# Nearly all articles and pages are smaller, so most members never touch the disk.
SPOOLED_IN_MEMORY_BYTES = 4 * MIB

COPY_BYTES = 65_536


class BrokenStream(Unreadable):
    """A packed stream is damaged or a trap; what came out of it before is as it should be."""


class Exhausted(BrokenStream):
    """The files in a file are too much together; nothing more is unpacked from it."""


@dataclass(slots=True)
class Budget:
    """What one file on disk may still unpack to (bytes, files), counted over all the files in it."""

    bytes_left: int
    members_left: int

    def take_bytes(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise Exhausted(f"its files unpack to over {MAX_TOTAL_RATIO} times its size; a trap, so no more is read")

    def take_member(self) -> None:
        self.members_left -= 1
        if self.members_left < 0:
            raise Exhausted(f"more than {MAX_MEMBERS:,} files in it; unpack it and add the directory")


class Spool(tempfile.SpooledTemporaryFile[bytes]):
    """A temporary file without a name that knows what the file it comes from may still unpack to."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(max_size=SPOOLED_IN_MEMORY_BYTES)
        self.budget = budget


def budget_of(source: Source) -> Budget:
    """The budget of the file on disk that the source is, or lies in."""
    if isinstance(source.file, Spool):
        return source.file.budget
    return Budget(max(TOTAL_COUNTS_FROM_BYTES, MAX_TOTAL_RATIO * source.size), MAX_MEMBERS)


def member(source: Source, name: str, file: Spool, facts: Facts | None = None) -> Source:
    """Something unpacked as a file in `source`. Raises Unreadable where too deep."""
    # A SpooledTemporaryFile does all that a BinaryIO does, and only its type says otherwise.
    return source.member(name, cast(BinaryIO, file), facts)


def spool(stream: BinaryIO, budget: Budget, head: bytes = b"") -> Spool:
    """`head` and the rest of a stream as a file that can be sought in. Raises Unreadable, or as the stream does."""
    file = Spool(budget)
    size = 0
    try:
        chunk = head or stream.read(COPY_BYTES)
        while chunk:
            size += len(chunk)
            if size > MAX_SPOOLED_BYTES:
                raise Unreadable(f"unpacks to over {MAX_SPOOLED_BYTES // MIB:,} MiB, more than is kept on disk at once")
            _write(file, chunk)
            chunk = stream.read(COPY_BYTES)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write(file: Spool, chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise Unreadable(f"cannot be unpacked in {tempfile.gettempdir()}: {plain(error)}") from None


class Part(io.RawIOBase):
    """The next `length` bytes of a stream, which must be read in order.

    left: how many are still to come. Raises BrokenStream where the stream ends first.
    """

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream = stream
        self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), self.left))
        if not data and self.left and len(buffer):
            raise BrokenStream(f"breaks off {self.left:,} bytes before its end")
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def skip(self) -> None:
        """Read to the end of it."""
        while self.left and self.read(COPY_BYTES):
            pass
