"""A mailbox: mails one after the other, each below a line that begins with "From "."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from indexer.formats.source import MAX_DOCUMENT_BYTES, Source, too_large
from indexer.formats.spooling import Spool, budget_of, member
from indexer.raw import Rejection, Where

# "From a@mihon.example Wed Apr 10 09:00:00 2024": only with a time, and a header below it, is it no sentence.
FROM_LINE = re.compile(rb"From [^\r\n]*\d\d?:\d\d[^\r\n]*\r?\n")
HEADER = re.compile(rb"[!-9;-~]{1,100}:|>From ")
QUOTED = re.compile(rb">+From ")
CONTENT_LENGTH = re.compile(rb"content-length:\s*(\d{1,15})\s*\Z", re.IGNORECASE)

# Longer lines are read in pieces, of which only the first can begin a mail.
MAX_LINE_BYTES = 65_536


def claims(source: Source) -> bool:
    """A file that begins with such a line, and a header below it."""
    first, _, rest = source.head.partition(b"\n")
    return FROM_LINE.match(first + b"\n") is not None and HEADER.match(rest) is not None


def members(source: Source) -> Iterator[Source | Rejection]:
    """Its mails, each at the line where it begins. A mailbox is as long as it is: only its bytes are bounded."""
    budget = budget_of(source)
    mailbox = source.file
    mailbox.seek(0)
    begins = 1
    line = mailbox.readline(MAX_LINE_BYTES)
    while line:
        where = Where(source.where.path, begins)
        with Spool(budget) as file:
            size, line, begins = _copy_mail(mailbox, cast(BinaryIO, file), begins + 1)
            # Yielding below moves nothing in the mailbox, but a reader might.
            at = mailbox.tell()
            if size > MAX_DOCUMENT_BYTES:
                yield Rejection(where, f"{too_large(size)} for one mail")
            else:
                yield replace(member(source, str(where.line), file), where=where)
            mailbox.seek(at)


def _copy_mail(mailbox: BinaryIO, file: BinaryIO, number: int) -> tuple[int, bytes, int]:
    """Copy the mail whose first line is the next one, the line `number`, as far as MAX_DOCUMENT_BYTES.

    Returns its bytes, and the line below it, which begins another one, with its number; b"" at the end.
    """
    size = 0
    length = certain = 0
    in_headers = begins_line = True
    after_blank = False
    while line := mailbox.readline(MAX_LINE_BYTES):
        if after_blank and certain <= 0 and FROM_LINE.match(line) and _is_header_next(mailbox):
            return size, line, number
        size += len(line)
        certain -= len(line)
        if size <= MAX_DOCUMENT_BYTES:
            file.write(line[1:] if begins_line and not in_headers and QUOTED.match(line) else line)
        is_blank = begins_line and not line.strip()
        if in_headers and is_blank:
            in_headers = False
            certain = length if _ends_after(mailbox, length) else 0
        elif in_headers and (found := CONTENT_LENGTH.match(line.rstrip())):
            length = int(found[1])
        begins_line = line.endswith(b"\n")
        number += begins_line
        after_blank = is_blank
    return size, b"", number


def _is_header_next(mailbox: BinaryIO) -> bool:
    at = mailbox.tell()
    line = mailbox.readline(MAX_LINE_BYTES)
    mailbox.seek(at)
    return HEADER.match(line) is not None


def _ends_after(mailbox: BinaryIO, length: int) -> bool:
    """Whether what the mail says of its length (mboxcl) is so: another mail begins there, or nothing is left."""
    at = mailbox.tell()
    mailbox.seek(at + length - 1)
    last, rest = mailbox.read(1), mailbox.read(64)
    mailbox.seek(at)
    return last != b"" and (not rest.strip() or rest.lstrip(b"\r\n").startswith(b"From "))
