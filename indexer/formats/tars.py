"""Tar archives, packed or not, read from front to back without being unpacked to disk.

The standard library's TarFile keeps every header in memory and reads the long ones whole, however long they say
they are, so only its reading of one header is used here.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from indexer.formats.archives import Tally, decoded_name, member_name, passed_over, unpack_member, why_name_refused
from indexer.formats.source import HEAD_BYTES, Source, Unreadable
from indexer.formats.spooling import COPY_BYTES, Budget, Part, budget_of
from indexer.formats.unpacking import content, first_bytes
from indexer.raw import Rejection, Where

BLOCK_BYTES = tarfile.BLOCKSIZE
MAGIC = slice(257, 262)

# Linux has no path over 4 KiB; a longer header is no name.
MAX_LONG_HEADER_BYTES = HEAD_BYTES
PAX = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
ABOUT_THE_NEXT = PAX | {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
ABOUT_ALL = tarfile.XGLTYPE
SPARSE = tarfile.GNUTYPE_SPARSE
# In a header of a sparse file: whether a block with more of its map follows; in such a block.
SPARSE_GOES_ON, SPARSE_BLOCK_GOES_ON = 482, 504

NOT_A_FILE = {
    tarfile.LNKTYPE: "a hard link; the file it leads to is read under its own name",
    tarfile.SYMTYPE: "a symbolic link, which is not followed in an archive",
    tarfile.CHRTYPE: "a device, not a file",
    tarfile.BLKTYPE: "a device, not a file",
    tarfile.FIFOTYPE: "a pipe, not a file",
    SPARSE: "a sparse file, as disk images are, not text",
}


def claims(source: Source) -> bool:
    """A file that begins with a tar header, once unpacked if need be."""
    block = first_bytes(source, BLOCK_BYTES)
    if len(block) < BLOCK_BYTES or not (block[MAGIC] == b"ustar" or source.named(".tar", ".tgz", ".tar.gz")):
        # Before POSIX a header had no magic, only its checksum.
        return False
    return _header(block) is not None or not any(block)


def members(source: Source) -> Iterator[Source | Rejection]:
    """Its files in their order. Raises Unreadable where it breaks off or nothing more may be unpacked."""
    budget = budget_of(source)
    tally = Tally()
    broken: Unreadable | None = None
    is_empty = True
    try:
        for entry in _entries(content(source, budget)):
            is_empty = False
            budget.take_member()
            yield from _file(source, entry, budget, tally)
    except Unreadable as error:
        broken = error
    yield from tally.summary(source.where)
    if broken or is_empty:
        raise broken or Unreadable("an empty tar archive")


def _file(source: Source, entry: _Entry, budget: Budget, tally: Tally) -> Iterator[Source | Rejection]:
    name = member_name(entry.name)
    why = why_name_refused(entry.name) or NOT_A_FILE.get(entry.kind)
    if why:
        yield from tally.refused(Where(f"{source.where.path}/{name}"), why)
    elif entry.kind in tarfile.REGULAR_TYPES and not passed_over(entry.name):
        yield from unpack_member(source, name, io.BufferedReader(entry.part, COPY_BYTES), budget, tally)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of an archive. kind: a type of `tarfile`. part: its bytes, good until the next is asked for."""

    name: str
    kind: bytes
    part: Part


def _entries(stream: BinaryIO) -> Iterator[_Entry]:
    """Raises Unreadable where the archive breaks off or is damaged."""
    about: dict[str, bytes] = {}
    while any(block := stream.read(BLOCK_BYTES)):
        header = _header(block)
        if header is None:
            raise Unreadable("a damaged tar archive; what comes before the damage was read")
        if header.type in ABOUT_THE_NEXT:
            about |= _about_the_next(header, _long_header(stream, header.size))
        elif header.type == ABOUT_ALL:
            _long_header(stream, header.size)
        else:
            yield from _entry(stream, header, block, about)
            about = {}


def _entry(stream: BinaryIO, header: tarfile.TarInfo, block: bytes, about: dict[str, bytes]) -> Iterator[_Entry]:
    kind = header.type
    if kind == SPARSE:
        goes_on = block[SPARSE_GOES_ON]
        while goes_on:
            goes_on = stream.read(BLOCK_BYTES).ljust(BLOCK_BYTES, b"\0")[SPARSE_BLOCK_GOES_ON]
    elif any(key.startswith("GNU.sparse.") for key in about):
        kind = SPARSE
    size = header.size
    if about.get("size", b"").isdigit():
        size = int(about["size"][:20])
    # A header of a link may say how large its target is; only files, and what is unknown here, have bytes.
    has_bytes = header.isreg() or header.type not in tarfile.SUPPORTED_TYPES
    part = Part(stream, size if has_bytes else 0)
    name = about.get("path", header.name.encode("latin-1"))
    yield _Entry(decoded_name(name), kind, part)
    part.skip()
    if has_bytes:
        stream.read(-size % BLOCK_BYTES)


def _header(block: bytes) -> tarfile.TarInfo | None:
    """A header, its name with a character for each byte; None where the block is none."""
    try:
        header = tarfile.TarInfo.frombuf(block, "latin-1", "strict")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return None
    return header if header.size >= 0 else None


def _long_header(stream: BinaryIO, size: int) -> bytes:
    if size > MAX_LONG_HEADER_BYTES:
        raise Unreadable(f"a tar archive with a header of {size:,} bytes; a trap, so no more of it is read")
    data = Part(stream, size).read()
    stream.read(-size % BLOCK_BYTES)
    return data


def _about_the_next(header: tarfile.TarInfo, data: bytes) -> dict[str, bytes]:
    """What a header of GNU tar or pax says of the file after it. A pax record is `27 path=…\\n`, its length first."""
    if header.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": data.rstrip(b"\0")}
    about: dict[str, bytes] = {}
    while header.type in PAX and data:
        digits = data[:20].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        key, sign, value = data[len(digits) + 1 : max(length - 1, 0)].partition(b"=")
        if not sign:
            raise Unreadable("a damaged tar archive; what comes before the damage was read")
        about[key.decode("utf-8", "replace")] = value
        data = data[length:]
    return about
