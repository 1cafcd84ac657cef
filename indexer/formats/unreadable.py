"""Files that hold no article text, told by their first bytes: what they are, and what to do next."""

from __future__ import annotations

from indexer.decoding import utf_16_or_32
from indexer.formats.source import Source

_IMAGE = "an image; articles in it would have to be recognized (OCR) first"
_SOUND = "a sound or video file"
_PROGRAM = "a program"
_FONT = "a font"
_PACKED = "; unpack it and add the directory"

# (where the bytes stand, the bytes, what such a file is)
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive" + _PACKED),
    (0, b"Rar!\x1a\x07", "a RAR archive" + _PACKED),
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
    (0, b"\x00\x00\x01\x00", _IMAGE),
    (0, b"\x7fELF", _PROGRAM),
    (0, b"MZ\x90", _PROGRAM),
    (0, b"\x00asm", _PROGRAM),
    (0, b"wOFF", _FONT),
    (0, b"wOF2", _FONT),
    (0, b"OTTO", _FONT),
    (0, b"ttcf", _FONT),
    (0, b"\x00\x01\x00\x00\x00", _FONT),
)

# What a site has by the thousand beside its pages; reasons of MAGIC, and names of text that no reader sees.
_BESIDE_PAGES = {_IMAGE: "image", _SOUND: "sound or video file", _PROGRAM: "program", _FONT: "font"}
_BESIDE_PAGES_BY_NAME: tuple[tuple[tuple[str, ...], str], ...] = (
    ((".css", ".scss", ".less"), "style sheet"),
    ((".js", ".mjs", ".js.map", ".css.map"), "script"),
)


def why_unreadable(source: Source) -> str | None:
    """The reason in one plain phrase, or None where a format may try."""
    if not source.size:
        return "empty file"
    for offset, magic, what in MAGIC:
        if source.head.startswith(magic, offset):
            return what
    has_zeros = b"\x00" in source.head and b"%PDF-" not in source.head[:1_024]
    if has_zeros and utf_16_or_32(source.head) is None:
        return "a binary file (it has zero bytes), not text"
    if not source.opening:
        return "nothing but white space" if source.size == len(source.head) else None
    return None


def is_no_article(source: Source) -> str | None:
    """What a file is that sites have beside their articles ("image", "style sheet"), in the singular, or None.

    Of such files a report says how many there are, and does not name each.
    """
    reason = next((what for at, magic, what in MAGIC if source.head.startswith(magic, at)), None)
    if reason:
        return _BESIDE_PAGES.get(reason)
    if source.opening.startswith("<svg") or ("<svg" in source.opening[:1_000] and source.named(".svg")):
        return "image"
    if source.opening.startswith("<"):
        return None
    return next((kind for suffixes, kind in _BESIDE_PAGES_BY_NAME if source.named(*suffixes)), None)
