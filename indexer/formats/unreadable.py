"""Files that hold no article text, told by their first bytes: what they are, and what to do next."""

from __future__ import annotations

import re

from indexer.decoding import BOMS
from indexer.formats.source import Source

_IMAGE = "an image; articles in it would have to be recognized (OCR) first"
_SOUND = "a sound or video file"
_PACKED = "; unpack it and add the directory"

# (where the bytes stand, the bytes, what such a file is)
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "a PDF document; save its text as a .txt file and add that"),
    (0, b"PK\x03\x04", "a ZIP archive or an Office document" + _PACKED + ", or save the document as text"),
    (0, b"PK\x05\x06", "an empty ZIP archive"),
    (0, b"\x1f\x8b", "a gzip file" + _PACKED),
    (0, b"BZh", "a bzip2 file" + _PACKED),
    (0, b"\xfd7zXZ\x00", "an xz file" + _PACKED),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard file" + _PACKED),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive" + _PACKED),
    (0, b"Rar!\x1a\x07", "a RAR archive" + _PACKED),
    (257, b"ustar", "a tar archive" + _PACKED),
    (2, b"-lh", "an LZH archive" + _PACKED),
    (0, b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint document; save it as text"),
    (0, b"{\\rtf", "a Rich Text document; save it as text"),
    (0, b"SQLite format 3\x00", "an SQLite database"),
    (0, b"\x89PNG", _IMAGE),
    (0, b"\xff\xd8\xff", _IMAGE),
    (0, b"GIF8", _IMAGE),
    (0, b"II*\x00", _IMAGE),
    (0, b"MM\x00*", _IMAGE),
    (8, b"WEBP", _IMAGE),
    (0, b"ID3", _SOUND),
    (0, b"OggS", _SOUND),
    (4, b"ftyp", _SOUND),
    (0, b"RIFF", _SOUND),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ\x90", "a program"),
)

# Text in a form whose tags or columns would end up in the article. A format that learns to read one of
# these takes its line away.
NOT_YET: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<\?xml|<(?:rss|feed|rdf:RDF|nitf|newsml|newsItem|newsMessage)[\s>]", re.I), "XML"),
    (re.compile(r"WARC/\d"), "a web archive (WARC)"),
    (re.compile(r"(?:(?:From|To|Received|Return-Path|Message-ID|MIME-Version|Subject):.*\n){2}"), "a mail"),
)


def why_unreadable(source: Source) -> str | None:
    """The reason in one plain phrase, or None where a format may try."""
    if not source.size:
        return "empty file"
    for offset, magic, what in MAGIC:
        if source.head.startswith(magic, offset):
            return what
    if b"\x00" in source.head and not any(source.head.startswith(mark) for mark, _ in BOMS[1:]):
        return "a binary file (it has zero bytes), not text"
    if not source.opening:
        return "nothing but white space" if source.size == len(source.head) else None
    for pattern, what in NOT_YET:
        if pattern.match(source.opening) and "<html" not in source.opening.lower():
            return f"{what}, which cannot be read yet"
    if source.named(".csv", ".tsv"):
        return "a table (CSV), which cannot be read yet"
    return None
