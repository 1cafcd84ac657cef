"""Bytes to text, for the encodings that Japanese archives are kept in.

What a file says about itself is often wrong, so the ladder asks the bytes first, and what is certain before what is
likely:

1. a byte order mark;
2. ISO-2022 escapes in bytes that are otherwise ASCII;
3. UTF-16 without a mark, by the upper halves of its code units: zero, kana, kanji, full-width;
4. strict UTF-8, also with surrogates in it (CESU-8);
5. cp932, EUC-JP or the JIS X 0213 forms of both, whichever looks most like Japanese, what was declared first among
   equals; an encoding of another script where it was declared and the bytes do not look Japanese;
6. the same line by line, for a file of several encodings put together;
7. the same with a few broken characters, or characters cut at either end;
8. charset-normalizer.

Characters stay as the codec gives them: cp932's ～ is U+FF5E and EUC-JP's is U+301C, ∥ and ‖ and － and − likewise.
To the search all of these are signs between words, so an archive of both is found alike.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from indexer.encoding_names import BY_DEFAULT, codec_of
from indexer.likeness import look_of
from indexer.readings import (
    JAPANESE,
    MAX_BROKEN,
    MAX_CUT,
    MIN_USUAL,
    Reading,
    errors_of,
    japanese_readings,
    mended,
    strictly,
    utf_16_reading,
    whole_enough,
)

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Only ISO-2022-JP has these escapes; the ones in parentheses lead back to single bytes.
ISO_2022_ESCAPE = re.compile(rb"\x1b(?:\$(?:[@AB]|\([CDOPQ])|\([BIJ])")
ISO_2022_BACK = (b"\x1b(B", b"\x1b(J")
ISO_2022_AWAY = re.compile(rb"\x1b(?:\$|\([IJ])")
ISO_2022 = ("iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_2")

# Enough to tell encodings apart; charset-normalizer takes seconds on megabytes and learns nothing more from them.
SAMPLE_BYTES = 16_384
CHUNK_BYTES = 65_536

# An encoding of another script that was declared gives way to Japanese with so many kana: GB 2312 and EUC-KR read
# as EUC-JP are full of usual kanji.
MIN_USUAL_AGAINST_DECLARED = 0.8
MIN_KANA = 0.1

# Replacing a hundred thousand takes a second, and a text of so many is no text.
MOST_BROKEN = 50_000

# A kana and three more characters of UTF-8: no text in cp932 or EUC-JP has these bytes.
UTF_8_AMONG_OTHERS = re.compile(rb"\xe3[\x81-\x83][\x80-\xbf](?:[\xe3-\xe9][\x80-\xbf]{2}){3}")

SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
NOT_ASCII = re.compile(rb"[^\x00-\x7f]")


class Undecodable(ValueError):
    """The bytes are no text in any encoding known here; the message is the reason in plain words."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Return `data` as text, without a byte order mark.

    declared: the encoding that the file names for itself, in any spelling; decides only where the bytes do not.
    What is broken, or cut at either end, gives U+FFFD. Raises Undecodable.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    if data.isascii() and not NOT_IN_TEXT.search(data, 0, SAMPLE_BYTES) and b"\x1b" not in data:
        return data.decode("ascii")
    text = _certain(data)
    if text is None:
        text = _likely(data, codec_of(declared))
    if text is None:
        raise Undecodable("is not text in UTF-8, Shift_JIS, EUC-JP, ISO-2022-JP or UTF-16")
    return text


def peek(head: bytes) -> str:
    """The opening of a file as far as its ASCII is concerned, to tell formats by; never raises."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    return head.decode(utf_16_without_mark(head) or "utf-8", "replace")


def utf_16_or_32(head: bytes) -> str | None:
    """The encoding, if it is one whose lines cannot be split as bytes: by its mark, or UTF-16 without one."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return None if encoding == "utf-8" else encoding
    return utf_16_without_mark(head)


def utf_16_without_mark(head: bytes) -> str | None:
    """ "utf-16-le" or "utf-16-be" where a file that begins so is Japanese or ASCII text in it; None otherwise."""
    reading = utf_16_reading(head[:SAMPLE_BYTES])
    return reading.encoding if reading and not reading.skipped else None


def _certain(data: bytes) -> str | None:
    """The text, where the bytes leave no doubt."""
    if data.isascii() and ISO_2022_ESCAPE.search(data):
        text = _iso_2022(data)
        if text is not None:
            return text
    reading = utf_16_reading(data[:SAMPLE_BYTES])
    if reading:
        text = _forgiven(data, reading.encoding, reading.skipped)
        if text is not None:
            return text
    if b"\xed" in data:
        data = SURROGATES.sub(_joined_surrogates, data)
    return strictly(data, "utf-8")


def _likely(data: bytes, declared: str | None) -> str | None:
    """The text in the encoding that makes the most of it."""
    sample = _sample(data)
    readings = japanese_readings(sample, declared)
    if data[:1].isascii():
        readings = [one for one in readings if not one.skipped]
    if declared and declared not in JAPANESE:
        text = strictly(data, declared)
        if text is not None and not _contradicted(readings, declared):
            return text
    text = _line_by_line(data)
    for reading in readings if text is None else ():
        text = None if reading.skipped else strictly(data, reading.encoding)
        text = _forgiven(data, reading.encoding, reading.skipped) if text is None else text
        if text is not None:
            return text
    return _guessed(sample, data) if text is None else text


def _sample(data: bytes) -> bytes:
    """The part that tells: from the first byte that is not ASCII, if that is far from the start.

    What stands behind ASCII begins a character.
    """
    first = NOT_ASCII.search(data)
    start = first.start() if first and first.start() > SAMPLE_BYTES // 2 else 0
    return data[start : start + SAMPLE_BYTES]


def _iso_2022(data: bytes) -> str | None:
    """Bytes with the escapes of ISO-2022, perhaps cut between two of them."""
    first = ISO_2022_ESCAPE.search(data)
    if first and first.start() and first[0] in ISO_2022_BACK:
        # It leads back to ASCII from where nothing led away: the start was cut off, or a terminal wrote this.
        odd = first.start() % 2
        cut = strictly(b"\x1b$B" + data[odd : first.start()] + b"\x1b(B", "iso2022_jp_ext")
        if cut and look_of(cut).usual >= MIN_USUAL:
            data = b"\x1b$B" + data[odd:]
    if not ISO_2022_AWAY.search(data):
        return None
    for encoding in ISO_2022:
        text = strictly(data, encoding)
        if text is not None:
            return text
    return _forgiven(data, "iso2022_jp_ext")


def _contradicted(readings: list[Reading], declared: str) -> bool:
    """Whether the sample is so Japanese that the other encoding cannot have been meant."""
    if not readings:
        return False
    look = look_of(readings[0].text)
    return look.usual >= MIN_USUAL_AGAINST_DECLARED and (look.kana >= MIN_KANA or declared in BY_DEFAULT)


def _line_by_line(data: bytes) -> str | None:
    """A text of lines in UTF-8 and others in one more encoding; None where it is not that, or any line is broken."""
    if not UTF_8_AMONG_OTHERS.search(data):
        return None
    lines = data.split(b"\n")
    texts = [strictly(line, "utf-8") for line in lines]
    others = b"\n".join(line for line, text in zip(lines, texts, strict=True) if text is None)
    likeliest = next(iter(japanese_readings(_sample(others), None)), None)
    if likeliest is None or likeliest.skipped or likeliest.encoding == "utf-8":
        return None
    decoded = strictly(others, likeliest.encoding)
    if decoded is None:
        return None
    rest = iter(decoded.split("\n"))
    return "\n".join(next(rest) if text is None else text for text in texts)


def _guessed(sample: bytes, data: bytes) -> str | None:
    """What charset-normalizer makes of it; last, for on short Japanese texts it is often wrong."""
    guess = from_bytes(sample).best()
    return strictly(data, guess.encoding) if guess is not None else None


def _forgiven(data: bytes, encoding: str, skipped: int = 0) -> str | None:
    """The text with U+FFFD for what is broken; None where that is too much, as soon as that is known."""
    decoder = codecs.getincrementaldecoder(encoding)(errors_of(encoding, forgiving=True))
    texts = ["\ufffd" * skipped]
    broken = 0
    for start in range(skipped, len(data), CHUNK_BYTES):
        is_last = start + CHUNK_BYTES >= len(data)
        text = mended(decoder.decode(data[start : start + CHUNK_BYTES], is_last), encoding)
        broken += text.count("\ufffd")
        # A character has at least a byte.
        if broken > MAX_CUT + min(MAX_BROKEN * len(data), MOST_BROKEN):
            return None
        texts.append(text)
    whole = "".join(texts)
    return whole if whole_enough(whole) else None


def _marked(data: bytes, encoding: str) -> str:
    """Text after a byte order mark, which is believed."""
    text = _forgiven(data, encoding)
    if text is None:
        raise Undecodable(f"begins as {encoding.upper()} but is not text in it")
    return text


def _joined_surrogates(match: re.Match[bytes]) -> bytes:
    """Two surrogates of three bytes each, as Java and old databases write them, as one character of four."""
    pair = match[0].decode("utf-8", "surrogatepass")
    return pair.encode("utf-16-be", "surrogatepass").decode("utf-16-be").encode()
