"""Text to rows of cells, as CSV and its kin write them, one at a time; a row that is broken costs only itself."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB, Unreadable

# Text read again after rows whose quotes do not end, in characters: more is a trap.
MAX_READ_AGAIN_CHARS = 4 * MAX_DOCUMENT_BYTES


@dataclass(frozen=True, slots=True)
class Dialect:
    """What parts cells, and what stands before a quote in a quoted cell if it is not doubled."""

    delimiter: str
    escape: str | None


def rows_of(pieces: Iterator[str], dialect: Dialect, above: int) -> Iterator[tuple[int, list[str] | str]]:
    """The line on which each row begins, from 1, and its cells, or why it is none. Empty lines are no rows.

    pieces: the text, with `\\n` for every line end. above: lines to pass over.
    After a row whose quotes do not match, reading goes on with the line below the one on which it began, so that
    a quote that is never closed does not swallow what follows. Raises Unreadable where that has no end.
    """
    csv.field_size_limit(MAX_DOCUMENT_BYTES)
    lines = _Lines(pieces)
    for _ in range(above):
        next(lines, None)
    reader = csv.reader(
        lines, delimiter=dialect.delimiter, escapechar=dialect.escape, doublequote=dialect.escape is None,
        skipinitialspace=dialect.delimiter != " ", strict=True,
    )
    while True:
        lines.begin_row()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _why(error)
            lines.go_back()
        else:
            if cells:
                yield line, cells


class _TooLong(csv.Error):
    """A row of more than MAX_DOCUMENT_BYTES characters."""


class _Lines:
    """Lines with their ends, some of which can be handed out again. number: of the last one, from 1."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._rest = _lines(pieces)
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._row_chars = 0
        self._chars_again = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self.number += 1
        self._row.append(line)
        self._row_chars += len(line)
        if self._row_chars > MAX_DOCUMENT_BYTES:
            raise _TooLong
        return line

    def begin_row(self) -> None:
        self._row = []
        self._row_chars = 0

    def go_back(self) -> None:
        """Hand out again all lines of the row but the first. Raises Unreadable."""
        again = self._row[1:]
        self._chars_again += sum(map(len, again))
        if self._chars_again > MAX_READ_AGAIN_CHARS:
            raise Unreadable(f"too many cells from line {self.number} on that begin with a quote and do not end")
        self._again.extendleft(reversed(again))
        self.number -= len(again)


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    """Lines with their ends. Of one longer than MAX_DOCUMENT_BYTES characters only so much that this shows."""
    parts: list[str] = []
    chars = 0
    for piece in pieces:
        *ended, rest = piece.split("\n")
        for end in ended:
            parts.append(end)
            yield "".join(parts) + "\n"
            parts, chars = [], 0
        if rest and chars <= MAX_DOCUMENT_BYTES:
            parts.append(rest)
            chars += len(rest)
    if parts:
        yield "".join(parts)


def _why(error: csv.Error) -> str:
    if isinstance(error, _TooLong) or "limit" in str(error):
        return f"the row is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB"
    return "its quotes do not match: a cell begins with a quote and does not end with one"
