"""Bytes to text, for the encodings that Japanese archives are kept in.

What a file says about itself is often wrong, so the ladder asks the bytes first:
byte order mark, ISO-2022 escapes, strict UTF-8, what was declared, cp932 or EUC-JP (whichever looks
more like Japanese), the same with a few broken characters, and last charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What pages call the encodings of Windows, and what Python calls them. "shift_jis" nearly always means
# cp932 (①, ㈱, 髙); iso2022_jp_ext adds half-width katakana to iso2022_jp.
CODECS = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "x-euc-jp": "euc_jp",
    "cp51932": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
}

# ESC $ @, ESC $ B, ESC $ ( D, ESC ( J and ESC ( I: only ISO-2022-JP has them.
ISO_2022_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([JI])")

# UTF-8 again, for one that is broken in a few places.
JAPANESE = ("utf-8", "cp932", "euc_jp")

# Enough characters to tell cp932 from EUC-JP; more only costs time.
SCORED_CHARS = 4_000

# charset-normalizer takes seconds on megabytes and learns nothing more from them.
GUESSED_BYTES = 65_536

# Below this mean score bytes are not Japanese: cp932 also "decodes" much of Latin-1 and of UTF-8.
# Japanese prose scores 0.7 to 1, the wrong one of cp932 and EUC-JP below 0.
MIN_SCORE = 0.4

# A page cut in the middle of a character, or one bad byte in a long text, is worth more than nothing.
MAX_BROKEN = 0.01

KANA_OR_MARK = re.compile("[ぁ-んァ-ヶー、。「」・]")
HALF_WIDTH_KATAKANA = re.compile("[｡-ﾟ]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")

# JIS X 0208 rows 16 to 47: the 2,965 kanji of level 1, nearly all that newspapers print.
LEVEL_1 = frozenset(
    bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp", "ignore")
    for row in range(16, 48)
    for cell in range(1, 95)
)


class Undecodable(ValueError):
    """The bytes are no text in any encoding known here; the message is the reason in plain words."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Return `data` as text, without a byte order mark.

    declared: the encoding that the file names for itself, in any spelling; believed only after strict UTF-8.
    Raises Undecodable.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    for encoding in _stated(data, declared):
        text = _decoded(data, encoding)
        if text is not None:
            return text
    text = _japanese(data) or _japanese(data, forgiving=True) or _guessed(data)
    if text is None:
        raise Undecodable("is not text in UTF-8, Shift_JIS, EUC-JP or ISO-2022-JP")
    return text


def peek(head: bytes) -> str:
    """The opening of a file as far as its ASCII is concerned, to tell formats by; never raises."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    return head.decode("utf-8", "replace")


def utf_16_or_32(head: bytes) -> str | None:
    """The encoding that a byte order mark names, if lines of that encoding cannot be split as bytes."""
    for mark, encoding in BOMS[1:]:
        if head.startswith(mark):
            return encoding
    return None


def _stated(data: bytes, declared: str | None) -> Iterator[str]:
    """The encodings that the bytes or the file itself name."""
    if data.isascii() and ISO_2022_ESCAPE.search(data):
        yield "iso2022_jp_ext"
    yield "utf-8"
    named = _codec(declared)
    if named:
        yield named


def _codec(declared: str | None) -> str | None:
    """The codec for a declared name, or None where the name is unknown or names no text encoding."""
    name = (declared or "").strip().strip("\"'").lower().replace("shift_jis", "shift-jis")
    name = CODECS.get(name, name)
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        return None
    # UTF-16 without a mark is never true of a page whose tags were just read as ASCII.
    return None if "16" in name else name


def _japanese(data: bytes, forgiving: bool = False) -> str | None:
    """The most Japanese text that the bytes give; None where none looks Japanese.

    forgiving: a text with at most MAX_BROKEN of its characters broken will do.
    """
    best, best_score = None, MIN_SCORE
    for encoding in JAPANESE:
        # The head decides first: replacing millions of broken characters takes minutes.
        if _whole_enough(_decoded(data[:GUESSED_BYTES], encoding, forgiving=True)):
            text = _decoded(data, encoding, forgiving)
            if text is not None and _whole_enough(text) and (score := _score(text)) > best_score:
                best, best_score = text, score
    return best


def _guessed(data: bytes) -> str | None:
    """What charset-normalizer makes of them; last, for on short Japanese texts it is often wrong."""
    guess = from_bytes(data[:GUESSED_BYTES]).best()
    return _decoded(data, guess.encoding) if guess is not None else None


def _score(text: str) -> float:
    """How Japanese a text looks: the mean over its non-ASCII characters, from -1 to 1.

    Kana and Japanese marks count 1, common kanji 0.7, rare kanji -0.5. Half-width katakana count -1: EUC-JP
    read as cp932 is full of them, and so is UTF-8.
    """
    chars = NOT_ASCII.findall(text, 0, SCORED_CHARS * 4)[:SCORED_CHARS]
    if not chars:
        return 0.0
    return sum(map(_weight, chars)) / len(chars)


def _weight(char: str) -> float:
    if KANA_OR_MARK.match(char):
        return 1.0
    if char in LEVEL_1:
        return 0.7
    if HALF_WIDTH_KATAKANA.match(char):
        return -1.0
    return -0.5 if "一" <= char <= "鿿" else 0.0


def _decoded(data: bytes, encoding: str, forgiving: bool = False) -> str | None:
    """The text, or None where the bytes are not (or, if `forgiving`, cannot be) of this encoding."""
    if encoding in ("euc_jp", "iso2022_jp_ext"):
        errors = "kijigura-nec-or-broken" if forgiving else "kijigura-nec"
    else:
        errors = "replace" if forgiving else "strict"
    try:
        return data.decode(encoding, errors)
    except (LookupError, ValueError):
        return None


def _marked(data: bytes, encoding: str) -> str:
    """Text after a byte order mark: the mark is believed, and a few broken characters forgiven."""
    text = data.decode(encoding, "replace")
    if not _whole_enough(text):
        raise Undecodable(f"begins as {encoding.upper()} but is not text in it")
    return text


def _whole_enough(text: str | None) -> bool:
    """Whether at most MAX_BROKEN of the characters could not be decoded."""
    return text is not None and text.count("\ufffd") <= MAX_BROKEN * len(text)


def _nec_character(error: UnicodeError) -> tuple[str, int]:
    """Read what Windows writes into EUC-JP and ISO-2022-JP beyond the standard: ①, ㈱, 髙, 﨑.

    Python knows these rows (NEC's 13, IBM's 89 to 92) only in cp932, so the pair of bytes is moved there.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) < 2:
        raise error
    row, cell = (pair[0] & 0x7F) - 0x21, (pair[1] & 0x7F) - 0x21
    if not (0 <= row < 94 and 0 <= cell < 94):
        raise error
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)
    try:
        return bytes((lead, trail)).decode("cp932"), error.start + 2
    except UnicodeDecodeError:
        raise error from None


def _nec_character_or_broken(error: UnicodeError) -> tuple[str, int]:
    """The same, with U+FFFD for what is no character there either."""
    try:
        return _nec_character(error)
    except UnicodeDecodeError as broken:
        return "\ufffd", broken.end


codecs.register_error("kijigura-nec", _nec_character)
codecs.register_error("kijigura-nec-or-broken", _nec_character_or_broken)
