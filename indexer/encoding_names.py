"""The names that files give to encodings, and what Python calls those."""

from __future__ import annotations

import codecs

# What files call the encodings of Windows, and what Python calls them. "shift_jis" nearly always means
# cp932 (①, ㈱, 髙); iso2022_jp_ext adds half-width katakana to iso2022_jp.
CODECS = {
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "windows-932": "cp932",
    "ms932": "cp932",
    "ms-kanji": "cp932",
    "cp943": "cp932",
    "x-euc-jp": "euc_jp",
    "x-euc": "euc_jp",
    "cp51932": "euc_jp",
    "eucjp-ms": "euc_jp",
    "eucjp-win": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "shift-jis-2004": "shift_jis_2004",
    "shift-jisx0213": "shift_jis_2004",
    "euc-jisx0213": "euc_jis_2004",
}

# Python encodes with these too, but no file is kept in them.
NO_ENCODINGS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7"))

# What servers declare where nobody told them anything.
BY_DEFAULT = frozenset(("ascii", "iso8859-1", "cp1252", "iso8859-15"))


def codec_of(declared: str | None) -> str | None:
    """The codec for a declared name, or None where the name is unknown or says nothing."""
    name = (declared or "").strip().strip("\"'").lower().replace("_", "-")
    try:
        codec = codecs.lookup(CODECS.get(name, name)).name
        "".encode(codec)
    except (LookupError, UnicodeError, ValueError):
        return None
    # UTF-16 and UTF-32 are known by their bytes, and never true of a page whose tags were just read as ASCII.
    # Strict UTF-8 was asked before.
    return None if codec in NO_ENCODINGS or codec.startswith("utf") else CODECS.get(codec.replace("_", "-"), codec)
