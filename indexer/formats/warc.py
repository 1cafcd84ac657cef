"""Web crawls (WARC): each page, feed and document that was fetched whole, under its address.

warcio reads the headers. Its reading of whole records is not used: it keeps an endless line in memory, unpacks
without a bound, and stops at a record whose length is wrong, where here the next one is looked for.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeadersParser

from indexer.dates import parse_date
from indexer.formats.archives import Tally, printable
from indexer.formats.source import MIB, Facts, Source, Unreadable
from indexer.formats.spooling import COPY_BYTES, BrokenStream, Budget, Exhausted, Part, Spool, budget_of, member, spool
from indexer.formats.unpacking import compression, content, first_bytes, unpacked
from indexer.formats.unreadable import is_no_article
from indexer.raw import Rejection, Where

BEGINS = b"WARC/"
# Headers of WARC and of HTTP have the same form; its version is of no interest.
PARSER = StatusAndHeadersParser([], verify=False)

# Browsers and servers refuse headers over 64 KiB or less.
MAX_HEADERS_BYTES = 256 * 1024
# A document in it may have MAX_DOCUMENT_BYTES, and is packed here; films and disk images are larger.
MAX_RECORD_BYTES = 256 * MIB

FETCHED = frozenset({"response", "resource"})
CONTENT_TYPES = re.compile(
    r"text/(?:html|plain|xml|markdown|csv)|application/(?:[\w.-]+\+)?(?:xml|json)|application/(?:xhtml\+xml|pdf|jsonl"
    r"|x-ndjson)"
)
# An address, a date and a status are shorter; longer lines are read in pieces.
MAX_LINE_BYTES = 8_192

# The length of a chunk, in hexadecimal digits, and what may follow it.
CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
MAX_CHUNK_LINE = 512
PACKINGS = frozenset({"gzip", "x-gzip", "deflate", "zstd"})
# Servers pack a page once, misled ones twice.
MAX_PACKINGS = 2
TEXT_BEGINS = re.compile(rb"\s*[<{\[]")

# What a server says to programs, not to readers.
FOR_PROGRAMS = re.compile(r"https?://[^/?#]*/(?:robots\.txt|ads\.txt|favicon\.ico|manifest\.json)\Z", re.IGNORECASE)
IN_THE_WEB = re.compile(r"https?://", re.IGNORECASE)
MAX_ADDRESS_CHARS = 2_000


def claims(source: Source) -> bool:
    """A file that begins with a record, once unpacked if need be."""
    return first_bytes(source, len(BEGINS)) == BEGINS


def members(source: Source) -> Iterator[Source | Rejection]:
    """The pages in it. Raises Unreadable where it breaks off or nothing more may be unpacked.

    What was fetched beside pages, in vain, or is only about fetching, is passed over.
    """
    budget = budget_of(source)
    crawl = _Crawl(source, content(source, budget), budget, Tally())
    broken: Unreadable | None = None
    try:
        yield from crawl.pages()
    except Unreadable as error:
        broken = error
    yield from crawl.tally.summary(source.where)
    if crawl.in_brotli:
        yield Rejection(source.where, f"pages packed with Brotli, which cannot be unpacked here: {crawl.in_brotli:,}")
    if broken or not crawl.records:
        raise broken or Unreadable("a web archive without a record")


@dataclass(slots=True)
class _Crawl:
    """A crawl while it is read. stream: what it holds, unpacked. in_brotli: how many pages no library here unpacks."""

    source: Source
    stream: BinaryIO
    budget: Budget
    tally: Tally
    records: int = 0
    in_brotli: int = 0

    def pages(self) -> Iterator[Source | Rejection]:
        # Lines that begin no record part them, or are what a wrong length has left.
        while line := self.stream.readline(MAX_LINE_BYTES):
            if line.startswith(BEGINS):
                self.records += 1
                yield from self._record(line)

    def _record(self, line: bytes) -> Iterator[Source | Rejection]:
        address: str | None = None
        try:
            headers = PARSER.parse(_Headers(self.stream), line)
            address = _address(headers)
            length = _length(headers)
            start = self._start(length)
        except _BadRecord as error:
            yield from self.tally.refused(self._where(address), str(error))
            return
        part = Part(self.stream, length)
        file, facts, why = None, Facts(), None
        try:
            file, facts = self._fetched(headers, address, part)
        except Exhausted:
            raise
        except Unreadable as error:
            why = str(error)
        # Where the crawl itself is damaged this raises, and nothing half read is handed on.
        self._skip(part)
        if not self._is_followed_well():
            why = "a record of a web archive with a wrong length, so where it ends is not known"
            self._go_back(start)
        if why:
            yield from self.tally.refused(self._where(address), why)
        elif file:
            with file:
                page = member(self.source, printable(address or "")[:MAX_ADDRESS_CHARS], file, facts)
                if not is_no_article(page):
                    yield page

    def _where(self, address: str | None) -> Where:
        path = self.source.where.path
        return Where(f"{path}/{printable(address)[:MAX_ADDRESS_CHARS]}" if address else path)

    @property
    def _is_packed(self) -> bool:
        return self.stream is not self.source.file

    def _start(self, length: int) -> int:
        """Where its bytes begin in a crawl that can be sought in. Raises _BadRecord where it cannot be so long."""
        start = 0 if self._is_packed else self.stream.tell()
        if not self._is_packed and start + length > self.source.size:
            raise _BadRecord(f"a record of a web archive that breaks off, or with a wrong length ({length:,} bytes)")
        return start

    def _skip(self, part: Part) -> None:
        if self._is_packed:
            part.skip()
        else:
            self.stream.seek(part.left, io.SEEK_CUR)

    def _is_followed_well(self) -> bool:
        if self._is_packed and isinstance(self.stream, io.BufferedReader):
            # It may see fewer bytes, but only where one of several streams ends.
            after = self.stream.peek(len(BEGINS) + 4)[: len(BEGINS) + 4]
        else:
            after = self.stream.read(len(BEGINS) + 4)
            self.stream.seek(-len(after), io.SEEK_CUR)
        return BEGINS.startswith(after.lstrip(b"\r\n")[: len(BEGINS)])

    def _go_back(self, start: int) -> None:
        """To look for the next record from where this one began; in a packed crawl only from where it seemed to end."""
        if not self._is_packed:
            self.stream.seek(start)

    def _fetched(self, headers: Any, address: str | None, part: Part) -> tuple[Spool | None, Facts]:
        """What was fetched, as it came out of the server's packing, if it may be an article. Raises Unreadable."""
        kind = headers.get_header("WARC-Type")
        if kind not in FETCHED or not address or FOR_PROGRAMS.match(address):
            return None, Facts()
        # Other responses are of servers of names, dns:mihon.example
        if kind == "response" and not IN_THE_WEB.match(address):
            return None, Facts()
        stream: io.BufferedReader[Any] = io.BufferedReader(part, COPY_BYTES)
        if kind == "response":
            headers_of_warc, headers = headers, PARSER.parse(_Headers(stream), _status_line(stream))
            if headers.get_statuscode() != "200":
                return None, Facts()
        else:
            headers_of_warc = headers
        about = _content_type(headers)
        if not CONTENT_TYPES.fullmatch(about.get_content_type()):
            return None, Facts()
        if part.left > MAX_RECORD_BYTES:
            raise Unreadable(f"{part.left / MIB:,.0f} MiB is over the limit of {MAX_RECORD_BYTES // MIB} MiB of a page")
        try:
            body = _plain(stream, headers if kind == "response" else None, part.left, self.budget)
        except _Brotli:
            self.in_brotli += 1
            return None, Facts()
        charset = about.get_param("charset")
        fetched = parse_date(headers_of_warc.get_header("WARC-Date"))
        facts = Facts(
            charset=charset if isinstance(charset, str) else None,
            url=address if IN_THE_WEB.match(address) else None,
            as_of=fetched.at if fetched else None,
        )
        return spool(body, self.budget), facts


class _BadRecord(Unreadable):
    """A record that cannot be read; the next one perhaps can."""


class _Brotli(Unreadable):
    """A page packed as no library here unpacks it."""


# --- headers --------------------------------------------------------------------------------------------


class _Headers:
    """A stream's lines up to MAX_HEADERS_BYTES, for warcio. Raises _BadRecord beyond."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = MAX_HEADERS_BYTES

    def readline(self) -> bytes:
        line = self._stream.readline(self._left)
        self._left -= len(line)
        if not self._left:
            limit = MAX_HEADERS_BYTES // 1024
            raise _BadRecord(f"a record of a web archive with over {limit} KiB of headers; a trap, not a page")
        return line


def _address(headers: Any) -> str | None:
    """wget once wrote it in angle brackets."""
    address = (headers.get_header("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    return address or None


def _length(headers: Any) -> int:
    """Raises _BadRecord where the header is not there, or is no length."""
    length = (headers.get_header("Content-Length") or "").strip()
    if not re.fullmatch(r"[0-9]{1,20}", length):
        raise _BadRecord(f"a record of a web archive with an impossible length ({length[:20] or 'none'})")
    return int(length)


def _status_line(stream: BinaryIO) -> bytes:
    """Raises _BadRecord where a response does not begin with one."""
    line = stream.readline(MAX_LINE_BYTES)
    if not line.startswith(b"HTTP/"):
        raise _BadRecord("a response without the server's status line")
    return line


def _content_type(headers: Any) -> Message:
    about = Message()
    about["Content-Type"] = " ".join((headers.get_header("Content-Type") or "").split())[:MAX_ADDRESS_CHARS]
    return about


# --- what the server packed -----------------------------------------------------------------------------


def _plain(
    stream: io.BufferedReader[Any], headers: Any, packed_bytes: int, budget: Budget
) -> io.BufferedReader[Any]:
    """A body as it was before the server packed it. Many crawlers unpack it and leave the headers as they were.

    headers: of HTTP, or None. Raises _Brotli.
    """
    if headers is None:
        return stream
    transfer = (headers.get_header("Transfer-Encoding") or "").lower()
    if "chunked" in transfer and CHUNK.match(stream.peek(MAX_CHUNK_LINE)):
        stream = io.BufferedReader(_Chunks(stream), COPY_BYTES)
    packings = (headers.get_header("Content-Encoding") or "").lower().split(",")
    for packing in list(reversed(packings))[:MAX_PACKINGS]:
        head = stream.peek(4)
        how = compression(head)
        if packing.strip() == "br" and not TEXT_BEGINS.match(head):
            raise _Brotli("packed with Brotli")
        if packing.strip() == "deflate" and not TEXT_BEGINS.match(head):
            # Servers never agreed on whether the word means zlib's format or what is in it.
            is_zlib = len(head) > 1 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
            how = "zlib" if is_zlib else "deflate"
        if packing.strip() in PACKINGS and how:
            stream = unpacked(stream, how, packed_bytes, budget)
    return stream


class _Chunks(io.RawIOBase):
    """A chunked body as one. A crawler may have left out the last chunk, which is empty. Raises BrokenStream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._part = Part(stream, 0)
        self._is_done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._part.left and not self._is_done:
            line = self._stream.readline(MAX_CHUNK_LINE)
            # The line end after the chunk before.
            if line in (b"\r\n", b"\n"):
                line = self._stream.readline(MAX_CHUNK_LINE)
            found = CHUNK.match(line)
            if line and not found:
                raise BrokenStream("its chunks have wrong lengths")
            self._part = Part(self._stream, int(found[1], 16) if found else 0)
            self._is_done = not self._part.left
        return self._part.readinto(buffer) if self._part.left else 0
