"""Mails taken apart (RFC 5322, 2045 to 2047, 2231): headers as text, and the parts as stretches of the mail's bytes.

The standard library decodes words and parameters. Its parser of whole mails is not used: it takes quadratic time and
a deep stack for parts within parts, and keeps every part in memory before the first can be looked at.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from indexer.decoding import Undecodable, decode
from indexer.formats.source import Source, Unreadable

# Mails that many servers have signed have some 30 KiB.
MAX_HEADERS_BYTES = 256 * 1024
# A header that people read; the standard library takes quadratic time for the parameters of longer ones.
MAX_HEADER_BYTES = 8_192

# A forwarded newsletter with pictures is four deep and has some dozens of parts; a digest has a few hundred.
MAX_MIME_DEPTH = 10
MAX_PARTS = 1_000

FIELD = re.compile(rb"([!-9;-~]{1,100}):[ \t]*")
BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")
FOLD = re.compile(rb"\r?\n(?=[ \t])")

# Two of these at the top, and nothing but headers down to the first blank line, are a mail.
TELLING = frozenset({
    *(b"from", b"to", b"subject", b"date", b"message-id", b"received", b"return-path", b"delivered-to"),
    *(b"mime-version", b"reply-to", b"dkim-signature", b"list-id"),
})


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has no parts of its own.

    begin, end: its bytes in the mail with its headers and the boundary above it. body: its own bytes, still encoded.
    kind: `text/plain`. alternative: the number of the multipart/alternative it is one side of, None elsewhere.
    """

    begin: int
    end: int
    body: bytes
    kind: str
    headers: Mapping[str, bytes]
    alternative: int | None

    @property
    def name(self) -> str | None:
        """The name of the file that it is, if it says so."""
        for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
            found = _message(header, self.headers.get(header)).get_param(parameter, None, header)
            if found:
                return words(collapse_rfc2231_value(found))
        return None


def is_mail(source: Source) -> bool:
    """Whether a file begins with a mail's headers; of a file named `.eml` one is enough."""
    found = BLANK_LINE.search(source.head)
    lines = source.head[: found.start() if found else None].removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if not found and source.size > len(source.head):
        lines.pop()
    names = set()
    for line in lines:
        field = FIELD.match(line)
        if field:
            names.add(field[1].lower())
        elif not names or not line.startswith((b" ", b"\t")):
            return False
    return len(names & TELLING) >= (1 if source.named(".eml") else 2)


def split_headers(data: bytes) -> tuple[dict[str, bytes], int]:
    """The first of each header by its name in small letters, and where the body begins. Raises Unreadable."""
    found = BLANK_LINE.search(data, 0, MAX_HEADERS_BYTES)
    if not found and len(data) > MAX_HEADERS_BYTES:
        raise Unreadable(f"a mail with over {MAX_HEADERS_BYTES // 1024} KiB of headers; a trap, not an article")
    headers: dict[str, bytes] = {}
    for line in FOLD.sub(b"", data[: found.start() if found else None]).split(b"\n"):
        field = FIELD.match(line)
        if field:
            headers.setdefault(field[1].decode("ascii").lower(), line[field.end() :][:MAX_HEADER_BYTES].strip())
    return headers, found.end() if found else len(data)


def parts(data: bytes) -> list[Part]:
    """What a mail consists of, in order. Raises Unreadable for more than any mail has."""
    found: list[Part] = []
    for part in _parts(data, 0, 0, len(data), "text/plain", None, 0):
        if len(found) >= MAX_PARTS:
            raise Unreadable(f"a mail of more than {MAX_PARTS:,} parts; a trap, not an article")
        found.append(part)
    return found


def _parts(
    data: bytes, begin: int, start: int, end: int, default: str, alternative: int | None, depth: int
) -> Iterator[Part]:
    """begin: of the boundary above the part, whose headers begin at `start`. default: the kind of one that has none."""
    headers, body = split_headers(data[start:end])
    body += start
    about = _message("content-type", headers.get("content-type"))
    kind = about.get_content_type() if "content-type" in headers else default
    boundary = about.get_boundary() if kind.startswith("multipart/") else None
    sides = list(_between(data, boundary.encode(), body, end)) if boundary else []
    if not sides:
        # Of several parts there is none: all of it is text.
        kind = "text/plain" if kind.startswith("multipart/") else kind
        yield Part(begin, end, data[body:end], kind, headers, alternative)
        return
    if depth >= MAX_MIME_DEPTH:
        raise Unreadable(f"a mail with parts in parts, more than {MAX_MIME_DEPTH} deep; a trap, not an article")
    if kind == "multipart/alternative" and alternative is None:
        alternative = begin
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    for side_begin, side_start, side_end in sides:
        yield from _parts(data, side_begin, side_start, side_end, default, alternative, depth + 1)


def _between(data: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each part's boundary line begins, where the part itself does, and where it ends."""
    # A body follows a line end, and so does each boundary.
    line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    opened: tuple[int, int] | None = None
    for count, found in enumerate(line.finditer(data, start - 1, end)):
        if opened:
            yield *opened, found.start() + 1
        if found[1]:
            return
        if count >= MAX_PARTS:
            raise Unreadable(f"a mail of more than {MAX_PARTS:,} parts; a trap, not an article")
        below = data.find(b"\n", found.end(), end) + 1
        opened = found.start() + 1, below or end
    if opened:
        yield *opened, end


def decoded(part: Part) -> bytes:
    """The bytes of a part as they were before they were made fit for sending."""
    encoding = part.headers.get("content-transfer-encoding", b"").strip().lower()
    if encoding == b"quoted-printable":
        return quopri.decodestring(part.body)
    if encoding == b"base64":
        # A cut one ends in the middle of four characters; what comes before is as it was.
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", part.body)
        return binascii.a2b_base64(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==")
    return part.body


def parameter(part: Part, name: str) -> str | None:
    """A parameter of its Content-Type: charset, format."""
    found = _message("content-type", part.headers.get("content-type")).get_param(name)
    return found if isinstance(found, str) else None


def _message(header: str, value: bytes | None) -> Message:
    about = Message()
    if value is not None:
        about[header] = _plain(value)
    return about


def header_text(value: bytes | None, charset: str | None = None) -> str | None:
    """A header as people read it; raw bytes in it are of any encoding, most likely `charset`."""
    return words(_plain(value, charset)) if value is not None else None


def words(text: str) -> str:
    """Text with its encoded words (`=?utf-8?b?…?=`) decoded; a character may be cut in two between words."""
    try:
        found = decode_header(text)
    except (MessageError, ValueError):
        return text
    return "".join(one if isinstance(one, str) else _word(one, charset) for one, charset in found).strip()


def _word(data: bytes, charset: str | None) -> str:
    if charset is None:
        return data.decode("raw-unicode-escape", "replace")
    # RFC 2231 lets a language follow: utf-8*ja
    return _decoded(data, charset.partition("*")[0])


def _plain(value: bytes, charset: str | None = None) -> str:
    return " ".join(_decoded(value, charset).split())


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return decode(data, charset)
    except Undecodable:
        return data.decode("utf-8", "replace")
