"""Ways to read bytes, and which of them looks most like Japanese."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from indexer.likeness import bits, look_of
from indexer.vendor_codecs import JIS_TO_ASCII, NOT_IN_CP932, VENDOR, VENDOR_OR_BROKEN

# Those of JIS X 0213 are read where cp932 and EUC-JP have no character or one for private use.
JAPANESE = ("utf-8", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004")
JIS_X_0213 = frozenset(JAPANESE[3:])
# Less than one character for private use costs more than a rare one, so that a single one decides.
JIS_X_0213_BITS = 5

# How much dearer a reading may be and still be believed because it was declared.
DECLARED = 0.9

# Most wrong encodings show in so many, and replacing what is broken is slow.
PROBE_BYTES = 512
MAX_BROKEN_AT_FIRST = 0.2

# Below this share of usual characters bytes are not Japanese: cp932 also "decodes" much of Latin-1 and of UTF-8.
# In the half of the articles for choosing numbers the least of 3,000 pieces had 0.9, but for one in English.
MIN_USUAL = 0.6

# One bad byte in a long text is worth more than nothing.
MAX_BROKEN = 0.01

# Of a character that was cut through up to three bytes are left, each of which may give U+FFFD. That a text begins
# so is unlikely, and cannot be told of a few bytes; that it ends so is told by the bytes that are missing.
MAX_CUT = 3
MIN_CUT_BYTES = 16
CUT_START_BITS, CUT_END_BITS = 18, 4

NOT_ASCII_CHAR = re.compile(r"[^\x00-\x7f]")

# Upper halves of the code units in Japanese UTF-16: ASCII, marks, kana, ㈱, kanji, 﨑, full-width, surrogates.
UTF_16_UPPER = bytes((0x00, 0x20, 0x21, 0x22, 0x25, 0x26, *range(0x30, 0x34), *range(0x4E, 0xA0), *range(0xD8, 0xE0),
                      0xFA, 0xFF))
# One of ten code units of a short title may be of another kind, é or ☆.
MAX_OTHER_UPPER = 0.1
# So many of the characters are ASCII or usual in Japanese; numbers in two bytes are not.
MIN_FIT = 0.8


class Reading(NamedTuple):
    """A way to read bytes. skipped: bytes at the start that are the rest of a character. cost: of the text, in bits."""

    encoding: str
    skipped: int
    text: str
    cost: float


def utf_16_reading(head: bytes) -> Reading | None:
    """The byte order that makes Japanese or ASCII of `head`, if nothing else makes more of it."""
    readings = []
    for encoding, first_upper in (("utf-16-be", 0), ("utf-16-le", 1)):
        for skipped in (0, 1):
            upper = head[first_upper + skipped :: 2]
            if len(upper) > 1 and len(upper.translate(None, UTF_16_UPPER)) <= MAX_OTHER_UPPER * len(upper):
                readings.append(_reading(head, encoding, skipped))
    best = min(readings, key=lambda one: one.cost, default=None)
    if best is None or look_of(best.text).fit < MIN_FIT:
        return None
    if b"\x00" in head:
        return best
    others = (_reading(head, encoding, 0).cost for encoding in JAPANESE[:3])
    return best if best.cost < min(others) else None


def japanese_readings(sample: bytes, declared: str | None) -> list[Reading]:
    """The encodings in which the sample looks Japanese, the likeliest first."""
    readings = []
    for encoding in JAPANESE:
        opening = sample[:PROBE_BYTES].decode(encoding, errors_of(encoding, forgiving=True))
        if opening.count("\ufffd") > MAX_CUT + MAX_BROKEN_AT_FIRST * len(opening):
            continue
        # The rest of a character that was cut through stands before a whole one.
        may_be_cut = len(sample) >= MIN_CUT_BYTES and min(sample[:2]) >= 0x80 and encoding != "utf-8"
        for skipped in (0, 1) if may_be_cut else (0,):
            reading = _reading(sample, encoding, skipped)
            if encoding == declared:
                reading = reading._replace(cost=reading.cost * DECLARED)
            if whole_enough(reading.text) and (encoding == declared or _is_likely(reading)):
                readings.append(reading)
    return sorted(readings, key=lambda one: one.cost)


def _reading(sample: bytes, encoding: str, skipped: int) -> Reading:
    """The sample in this encoding, and what that costs."""
    decoder = codecs.getincrementaldecoder(encoding)(errors_of(encoding, forgiving=True))
    text = mended(decoder.decode(sample[skipped:]), encoding)
    is_cut_at_end = bool(decoder.getstate()[0])
    is_cut_at_start = bool(skipped)
    if encoding == "utf-8" and text[:1] == "\ufffd":
        # Here the rest of a character is known by its bytes.
        text, is_cut_at_start = text[:MAX_CUT].lstrip("\ufffd") + text[MAX_CUT:], True
    cost = bits(text) + CUT_START_BITS * is_cut_at_start + CUT_END_BITS * is_cut_at_end
    return Reading(encoding, skipped, text, cost + JIS_X_0213_BITS * (encoding in JIS_X_0213))


def _is_likely(reading: Reading) -> bool:
    """Whether it looks Japanese; what fits into the strict pattern of UTF-8 may be of any script."""
    if look_of(reading.text).usual >= MIN_USUAL:
        return True
    broken = reading.text.count("\ufffd")
    return reading.encoding == "utf-8" and len(NOT_ASCII_CHAR.findall(reading.text)) > 2 * broken


def strictly(data: bytes, encoding: str) -> str | None:
    """The text, or None where the bytes are not of this encoding."""
    try:
        text = data.decode(encoding, errors_of(encoding, forgiving=False))
    except (LookupError, ValueError):
        return None
    meant = mended(text, encoding)
    return None if meant != text and "\ufffd" in meant else meant


def mended(text: str, encoding: str) -> str:
    """Where Python reads bytes otherwise than they are meant."""
    if encoding == "shift_jis_2004":
        return text.translate(JIS_TO_ASCII)
    if encoding == "cp932":
        for char in NOT_IN_CP932:
            text = text.replace(char, "\ufffd")
    return text


def errors_of(encoding: str, forgiving: bool) -> str:
    """The name of the handler of errors."""
    if encoding in ("euc_jp", "iso2022_jp_ext"):
        return VENDOR_OR_BROKEN if forgiving else VENDOR
    return "replace" if forgiving else "strict"


def whole_enough(text: str) -> bool:
    """Whether at most MAX_BROKEN of the characters could not be decoded, not counting one cut at either end."""
    start = len(text) - len(text[:MAX_CUT].lstrip("\ufffd") + text[MAX_CUT:])
    end = len(text.rstrip("\ufffd"))
    broken = text.count("\ufffd") - start - min(len(text) - end, MAX_CUT)
    return broken <= MAX_BROKEN * len(text)
