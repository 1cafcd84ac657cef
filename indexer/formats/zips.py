"""ZIP archives. Office documents and e-books are ZIP archives too, of XML that is no article; they are named.

The standard library reads the directory at the end; the files are unpacked here, since its reader takes a block of
bzip2 whole, believes the sizes that an archive declares, and needs the directory, which a cut archive has lost.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

from indexer.formats.archives import Tally, decoded_name, member_name, passed_over, unpack_member, why_name_refused
from indexer.formats.source import MIB, Source, Unreadable
from indexer.formats.spooling import COPY_BYTES, BrokenStream, Budget, Exhausted, Part, budget_of
from indexer.formats.unpacking import Unpacked, unpacked
from indexer.raw import Rejection, Where

LOCAL, DIRECTORY_END, ZIP64_END, SPANNED = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08"

# Python holds the directory in memory, ten times as large: enough for MAX_MEMBERS of ordinary names.
MAX_DIRECTORY_BYTES = 16 * MIB
DIRECTORY_END_BYTES, ZIP64_END_BYTES, ZIP64_LOCATOR_BYTES, MAX_COMMENT_BYTES = 22, 56, 20, 65_535

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
ENCRYPTED, SIZES_FOLLOW, UTF_8 = 0x1, 0x8, 0x800

# Checksum and two sizes of four or eight bytes, after a mark that may be left out.
MAX_SIZES_BYTES = 24

STORED = 0
METHODS = {8: "deflate", 12: "bzip2", 93: "Zstandard", 95: "xz"}

# (what a name in the archive begins with, what such an archive is)
DOCUMENTS = (
    ("word/", "a Word document"),
    ("xl/", "an Excel document"),
    ("ppt/", "a PowerPoint document"),
    ("META-INF/container.xml", "an e-book (EPUB)"),
    ("Index/", "a Pages, Numbers or Keynote document"),
    ("META-INF/MANIFEST.MF", "a Java program"),
    ("META-INF/manifest.xml", "an OpenDocument document"),
)
# One of these says that it is such a document and no archive that happens to have a directory of that name.
DOCUMENT_MARKS = frozenset({"[Content_Types].xml", "mimetype", "Index/Document.iwa", "META-INF/MANIFEST.MF"})


def claims(source: Source) -> bool:
    """A file that begins as an archive does, or as one of several volumes."""
    return source.head.startswith((LOCAL, SPANNED, DIRECTORY_END))


def members(source: Source) -> Iterator[Source | Rejection]:
    """Its files in their order. Raises Unreadable for a document, and where nothing more may be unpacked."""
    budget = budget_of(source)
    broken: Unreadable | None = None
    tally = Tally()
    try:
        entries: Iterator[_Entry] = iter(_directory(source))
    except zipfile.BadZipFile:
        entries = _entries_before_the_break(source, budget)
    try:
        for entry in entries:
            budget.take_member()
            yield from _member(source, entry, budget, tally)
    except Unreadable as error:
        broken = error
    yield from tally.summary(source.where)
    if broken:
        raise broken


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in an archive. start: of its local header. checksum: None where nothing says it. mode: of Unix, or 0."""

    name: str
    start: int
    packed_bytes: int
    method: int
    is_encrypted: bool
    checksum: int | None = None
    mode: int = 0


def _member(source: Source, entry: _Entry, budget: Budget, tally: Tally) -> Iterator[Source | Rejection]:
    where = Where(f"{source.where.path}/{member_name(entry.name)}")
    why = why_name_refused(entry.name) or _why_refused(entry)
    if why:
        yield from tally.refused(where, why)
    elif not passed_over(entry.name) and not entry.name.endswith(("/", "\\")):
        try:
            with _opened(source.file, entry, source.size, budget) as stream:
                yield from unpack_member(source, member_name(entry.name), stream, budget, tally)
        except Exhausted:
            raise
        except BrokenStream as error:
            yield from tally.refused(where, str(error))


def _why_refused(entry: _Entry) -> str | None:
    if entry.is_encrypted:
        return "encrypted; unpack it with its password and add the directory"
    kind = stat.S_IFMT(entry.mode)
    if kind == stat.S_IFLNK:
        return "a symbolic link, which is not followed in an archive"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a device or a pipe, not a file"
    if entry.method != STORED and entry.method not in METHODS:
        return f"packed by a method that cannot be read here ({entry.method}); unpack it and add the directory"
    return None


# --- the directory --------------------------------------------------------------------------------------


def _directory(source: Source) -> Sequence[_Entry]:
    """What the directory at the end lists, in the order of the bytes. Raises BadZipFile, Unreadable."""
    if _directory_bytes(source) > MAX_DIRECTORY_BYTES:
        raise Unreadable("a ZIP archive of too many files; unpack it and add the directory")
    try:
        with zipfile.ZipFile(source.file) as archive:
            infos = archive.infolist()
    except (OSError, ValueError, struct.error, NotImplementedError, OverflowError, MemoryError) as error:
        raise zipfile.BadZipFile(str(error)) from None
    names = {info.filename for info in infos}
    if DOCUMENT_MARKS & names:
        for begins, what in DOCUMENTS:
            if any(name.startswith(begins) for name in names):
                raise Unreadable(f"{what}; save it as text and add that")
    if not infos:
        raise Unreadable("an empty ZIP archive")
    entries = sorted(map(_entry, infos), key=lambda entry: entry.start)
    for one, two in pairwise(entries):
        if one.start + LOCAL_HEADER.size + one.packed_bytes > two.start:
            raise Unreadable("a ZIP archive whose files share their bytes; a trap, so nothing of it is read")
    return entries


def _directory_bytes(source: Source) -> int:
    """As the end of the archive declares it. Raises BadZipFile where there is no such end."""
    start = max(0, source.size - DIRECTORY_END_BYTES - MAX_COMMENT_BYTES - ZIP64_END_BYTES - ZIP64_LOCATOR_BYTES)
    source.file.seek(start)
    tail = source.file.read()
    # Where there is no comment the end is where it should be, whatever its numbers look like.
    at = len(tail) - DIRECTORY_END_BYTES
    if not (tail[at:].startswith(DIRECTORY_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(DIRECTORY_END)
    end = tail[at : at + DIRECTORY_END_BYTES]
    if at < 0 or len(end) < DIRECTORY_END_BYTES:
        raise zipfile.BadZipFile
    at -= ZIP64_LOCATOR_BYTES + ZIP64_END_BYTES
    zip64 = tail[at : at + ZIP64_END_BYTES] if at >= 0 else b""
    if zip64.startswith(ZIP64_END):
        return int.from_bytes(zip64[40:48], "little")
    return int.from_bytes(end[12:16], "little")


def _entry(info: zipfile.ZipInfo) -> _Entry:
    return _Entry(
        name=_name(info.orig_filename, info.flag_bits),
        start=info.header_offset,
        packed_bytes=info.compress_size,
        method=info.compress_type,
        is_encrypted=bool(info.flag_bits & ENCRYPTED),
        checksum=info.CRC,
        mode=info.external_attr >> 16,
    )


def _name(name: str, flags: int) -> str:
    """The name as it was meant: without the flag Python has read it as cp437, and Windows wrote cp932."""
    return name if flags & UTF_8 else decoded_name(name.encode("cp437", "replace"), "cp932")


# --- the files ------------------------------------------------------------------------------------------


def _opened(file: BinaryIO, entry: _Entry, archive_bytes: int, budget: Budget) -> BinaryIO:
    """What an entry unpacks to. The reader raises BrokenStream, at its end also for a wrong checksum."""
    file.seek(max(entry.start, 0))
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL):
        raise BrokenStream("not where the archive's directory says")
    *_, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
    file.seek(name_bytes + extra_bytes, io.SEEK_CUR)
    left = max(archive_bytes - file.tell(), 0)
    packed = Part(file, min(entry.packed_bytes, left))
    if entry.method == STORED:
        stream: io.BufferedReader[Any] = io.BufferedReader(packed, COPY_BYTES)
    else:
        stream = unpacked(io.BufferedReader(packed, COPY_BYTES), METHODS[entry.method], packed.left, budget)
    return stream if entry.checksum is None else io.BufferedReader(_Checked(stream, entry.checksum), COPY_BYTES)


class _Checked(io.RawIOBase):
    """A stream that raises BrokenStream at its end where its bytes are not those that were packed."""

    def __init__(self, stream: io.BufferedReader[Any], checksum: int) -> None:
        self._stream = stream
        self._wanted = checksum
        self._found = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read1(len(buffer))
        if not data and len(buffer) and self._found != self._wanted:
            raise BrokenStream("damaged: its checksum is wrong")
        self._found = zlib.crc32(data, self._found)
        buffer[: len(data)] = data
        return len(data)


# --- an archive without its end -------------------------------------------------------------------------


def _entries_before_the_break(source: Source, budget: Budget) -> Iterator[_Entry]:
    """The files up to where a cut archive breaks off, one after the other. Raises Unreadable at the break."""
    start: int | None = len(SPANNED) if source.head.startswith(SPANNED) else 0
    while start is not None:
        entry, start = _local(source, start, budget)
        if entry is None:
            break
        if entry.name in DOCUMENT_MARKS:
            raise Unreadable("an Office document or an e-book that breaks off")
        yield entry
    raise Unreadable("a ZIP archive that breaks off; unpack it with a tool that can repair, or fetch it again")


def _local(source: Source, start: int, budget: Budget) -> tuple[_Entry | None, int | None]:
    """The file whose header stands at `start`, and where the next one does; None for one that is not whole."""
    source.file.seek(start)
    header = source.file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL):
        return None, None
    _, _, flags, method, _, _, checksum, size, _, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
    name = source.file.read(name_bytes)
    text = name.decode("utf-8", "replace") if flags & UTF_8 else decoded_name(name, "cp932")
    begin = start + LOCAL_HEADER.size + name_bytes + extra_bytes
    follows = bool(flags & SIZES_FOLLOW)
    end = _end(source, begin, method, budget) if follows else begin + size
    if end is None or end > source.size:
        return None, None
    packed = end - begin
    entry = _Entry(text, start, packed, method, bool(flags & ENCRYPTED), None if follows else checksum)
    return entry, _next_header(source, end) if follows else end


def _end(source: Source, begin: int, method: int, budget: Budget) -> int | None:
    """Where packed bytes of unsaid length end, which only unpacking tells; None where it does not."""
    if METHODS.get(method) != "deflate":
        return None
    source.file.seek(begin)
    stream = Unpacked(source.file, "deflate", source.size - begin, budget)
    try:
        while stream.read(COPY_BYTES):
            pass
    except Exhausted:
        raise
    except BrokenStream:
        return None
    return source.file.tell() - stream.unused_bytes


def _next_header(source: Source, end: int) -> int | None:
    """Behind the sizes that follow a file: 12 to 24 bytes, which nothing says."""
    source.file.seek(end)
    found = source.file.read(MAX_SIZES_BYTES + len(LOCAL)).find(LOCAL)
    return end + found if found >= 0 else None
