"""An open file as the formats see it: its opening, its size, its bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from indexer.decoding import peek, utf_16_or_32
from indexer.raw import Where

MIB = 1024 * 1024

# A year of one newspaper is about 100 MiB of text, so a single article over this is something else.
MAX_DOCUMENT_BYTES = 32 * MIB

# Enough for the `<head>` of a page and for the first articles of a list.
HEAD_BYTES = 65_536


class Unreadable(ValueError):
    """The file cannot be taken in; the message is the reason in one plain phrase."""


# A page in a crawl in a compressed tar in a zip; more is a trap.
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a file beside its bytes.

    charset: as whoever delivered it declared it (HTTP, a mail's header). url: where it was fetched from.
    as_of: when it was fetched or written; what "yesterday" in it is counted from, and never its date.
    columns: of a table, column -> field, as `--map` has them.
    """

    charset: str | None = None
    url: str | None = None
    as_of: datetime | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


NOTHING_KNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Source:
    """A file opened for reading, at its first byte; or what a file of many has in it.

    size: bytes.
    head: the first HEAD_BYTES.
    opening: `head` as text as far as its ASCII goes, without leading white space; for telling formats only.
    depth: in how many files it lies.
    """

    file: BinaryIO
    where: Where
    size: int
    head: bytes
    opening: str
    facts: Facts = NOTHING_KNOWN
    depth: int = 0

    def named(self, *suffixes: str) -> bool:
        """Whether the file's name ends so; a hint where the content leaves a choice, never more."""
        return self.where.path.lower().endswith(suffixes)

    def whole(self) -> bytes:
        """All of a file that is one document. Raises Unreadable, before reading, where it is too large."""
        if self.size > MAX_DOCUMENT_BYTES:
            raise Unreadable(f"{too_large(self.size)} for one article")
        self.file.seek(0)
        return self.file.read(MAX_DOCUMENT_BYTES)

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Number (from 1) and bytes of every line, read one at a time; None for a line that is too large."""
        self.file.seek(0)
        marked = utf_16_or_32(self.head)
        file = _as_utf_8(self.file, marked) if marked else self.file
        number = 0
        while line := file.readline(MAX_DOCUMENT_BYTES + 1):
            number += 1
            if len(line) <= MAX_DOCUMENT_BYTES:
                yield number, line
                continue
            while line and not line.endswith(b"\n"):
                line = file.readline(MIB)
            yield number, None


    def member(self, name: str, file: BinaryIO, facts: Facts | None = None) -> Source:
        """Something in this file, as a file of its own that can be sought in. Raises Unreadable where too deep."""
        if self.depth >= MAX_DEPTH:
            raise Unreadable(f"files in files, more than {MAX_DEPTH} deep")
        where = Where(f"{self.where.path}/{name}")
        return open_source(file, where, facts or self.facts, self.depth + 1)


def open_source(file: BinaryIO, where: Where, facts: Facts | None = None, depth: int = 0) -> Source:
    """Look at a file that can be sought in."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    opening = peek(head).lstrip("\ufeff \t\r\n\u3000")
    return Source(file, where, size, head, opening, facts or NOTHING_KNOWN, depth)


def too_large(size: int) -> str:
    return f"{size / MIB:.1f} MiB is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB"


class _Utf8Lines(io.RawIOBase):
    """A file in UTF-16 or UTF-32 as UTF-8, so that lines can be split as bytes."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        # A mark stays at the start of the first line, where `decode` drops it.
        self._text = io.TextIOWrapper(file, encoding, errors="replace")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._left or self._text.read(HEAD_BYTES).encode()
        taken, self._left = chunk[: len(buffer)], chunk[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        """Leave the file to whoever opened it."""
        if not self.closed:
            self._text.detach()
        super().close()


def _as_utf_8(file: BinaryIO, encoding: str) -> BinaryIO:
    return io.BufferedReader(_Utf8Lines(file, encoding))
