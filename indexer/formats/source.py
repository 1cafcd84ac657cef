"""An open file as the formats see it: its opening, its size, its bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Source:
    """A file opened for reading, at its first byte.

    size: bytes.
    head: the first HEAD_BYTES.
    opening: `head` as text as far as its ASCII goes, without leading white space; for telling formats only.
    """

    file: BinaryIO
    where: Where
    size: int
    head: bytes
    opening: str

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


def open_source(file: BinaryIO, where: Where) -> Source:
    """Look at a file that can be sought in."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return Source(file, where, size, head, peek(head).lstrip("\ufeff \t\r\n\u3000"))


def too_large(size: int) -> str:
    return f"{size / MIB:.1f} MiB is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB"


class _Utf8Lines(io.RawIOBase):
    """A file in UTF-16 or UTF-32 as UTF-8, so that lines can be split as bytes."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        # The name without byte order reads it from the mark, and drops the mark.
        self._text = io.TextIOWrapper(file, encoding[: len("utf-16")], errors="replace")
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
