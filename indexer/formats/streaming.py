"""Text of files too large to be read whole: one encoding for all of it, decoded piece by piece."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from indexer.decoding import Undecodable, decode, utf_16_or_32
from indexer.formats.source import HEAD_BYTES, MIB, Source
from indexer.vendor_codecs import VENDOR, VENDOR_OR_BROKEN

PIECE_BYTES = 262_144

# Enough to tell encodings apart.
SAMPLE_BYTES = 16_384

# Up to here a file may be of several encodings; in a larger one its first lines that are not ASCII decide for all.
DECODED_WHOLE_BYTES = MIB

# Bytes of other scripts, and the escapes of ISO-2022.
BEYOND_ASCII = re.compile(rb"[\x1b\x80-\xff]")

# Python's names, how to read them strictly, and how to go on where a byte is wrong.
CODECS = (
    ("utf-8", "strict", "replace"),
    ("iso2022_jp_ext", VENDOR, VENDOR_OR_BROKEN),
    ("cp932", "strict", "replace"),
    ("euc_jp", VENDOR, VENDOR_OR_BROKEN),
    ("shift_jis_2004", "strict", "replace"),
    ("euc_jis_2004", "strict", "replace"),
)


def pieces(source: Source) -> Iterator[str]:
    """All of a file's text in order, with `\\n` for every line end, without byte order mark and zero characters.

    Bytes that are no character are U+FFFD. Raises Undecodable.
    """
    if source.size <= DECODED_WHOLE_BYTES:
        yield _plain(decode(source.whole(), source.facts.charset))
        return
    name, errors = _encoding(source)
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(name)(errors), translate=True)
    source.file.seek(0)
    is_first = True
    while data := source.file.read(PIECE_BYTES):
        text = decoder.decode(data).replace("\0", "")
        yield text.removeprefix("\ufeff") if is_first else text
        is_first = False
    yield decoder.decode(b"", final=True).replace("\0", "")


def opening(source: Source) -> str:
    """The whole lines among the first HEAD_BYTES, as `pieces` has them. Raises Undecodable."""
    return _plain(decode(_whole_lines(source.head) if source.size > len(source.head) else source.head,
                         source.facts.charset))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")


def _encoding(source: Source) -> tuple[str, str]:
    """The codec of a file and how it goes on after an error. Raises Undecodable."""
    marked = utf_16_or_32(source.head)
    if marked:
        return marked, "replace"
    sample = _first_beyond_ascii(source)
    text = decode(sample, source.facts.charset)
    # `decode` does not say what it read them as: it is what gives the same, or where some bytes are broken, nearly.
    for name, strictly, errors in CODECS:
        if _read_as(sample, name, strictly) == text:
            return name, errors
    same, name, errors = max((_same(_read_as(sample, name, errors), text), name, errors) for name, _, errors in CODECS)
    if same < len(text) / 2:
        raise Undecodable("is not text in UTF-8, Shift_JIS, EUC-JP, ISO-2022-JP or UTF-16")
    return name, errors


def _read_as(sample: bytes, name: str, errors: str) -> str:
    try:
        return sample.decode(name, errors).removeprefix("\ufeff")
    except ValueError:
        return ""


def _same(one: str, other: str) -> int:
    return sum(map(str.__eq__, one, other))


def _first_beyond_ascii(source: Source) -> bytes:
    """Whole lines from the first one that is not ASCII on, about SAMPLE_BYTES of them."""
    source.file.seek(0)
    while data := source.file.read(HEAD_BYTES):
        first = BEYOND_ASCII.search(data)
        if first:
            data += source.file.read(SAMPLE_BYTES)
            begin = data.rfind(b"\n", 0, first.start()) + 1
            return _whole_lines(data[begin : max(begin, first.start()) + SAMPLE_BYTES])
    return b""


def _whole_lines(data: bytes) -> bytes:
    """The data up to its last line end; all of it where there is none, or nothing but ASCII before it."""
    marked = utf_16_or_32(data)
    if marked:
        # A code unit is 2 or 4 bytes, and a line end is not the last byte of one.
        return data[: len(data) // 4 * 4]
    lines = data[: data.rfind(b"\n") + 1]
    return lines if BEYOND_ASCII.search(lines) or (lines and not BEYOND_ASCII.search(data)) else data
